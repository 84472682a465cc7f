import path from 'node:path';
import type { ConfigLayer, ResolvedConfig } from '../core/config.js';
import { resolveConfig } from '../core/config.js';
import type { Rule } from '../core/rule.js';
import { createExcluder } from './discover.js';
import { createConfigLoader, type LoadedConfig, layersFor } from './load-config.js';
import { shownPath } from './shown-path.js';

/** Finds the config of any file; what is read is remembered, so make a new one when files change. */
export interface FileConfigs {
  /** The config file that holds for a file or folder (absolute). */
  loaded(file: string): LoadedConfig;
  /** What applies to a file (absolute), the caller's own layers last. */
  resolved(file: string): ResolvedConfig;
  /** Whether the config's `exclude` names the file (absolute). */
  excludes(file: string): boolean;
}

export interface FileConfigsOptions {
  readonly rules: readonly Rule[];
  /** Working folder, absolute; configs are named relative to it. */
  readonly cwd: string;
  /** Holds for every file; left out, the nearest config of each. */
  readonly fixed?: LoadedConfig | undefined;
  /** Stronger than any config. */
  readonly own?: readonly ConfigLayer[];
}

export function createFileConfigs({ rules, cwd, fixed, own = [] }: FileConfigsOptions): FileConfigs {
  const loader = createConfigLoader(rules);
  const known = new Map<string, ResolvedConfig>();
  const excluders = new Map<LoadedConfig, (file: string) => boolean>();
  const loaded = (file: string) => fixed ?? loader.nearest(path.dirname(file));
  return {
    loaded,
    resolved(file) {
      const layers = [...layersFor(loaded(file), file, (config) => shownPath(cwd, config)), ...own];
      // The same layers give the same result; most files of a project share them.
      const key = `${loaded(file).path}\n${layers.map(({ origin }) => origin).join('\n')}`;
      const result = known.get(key) ?? resolveConfig(rules, layers);
      known.set(key, result);
      return result;
    },
    excludes(file) {
      const config = loaded(file);
      const globs = () => config.files.flatMap((one) => one.config.exclude ?? []);
      const excludes = excluders.get(config) ?? createExcluder(globs(), config.folder);
      excluders.set(config, excludes);
      return excludes(file);
    },
  };
}
