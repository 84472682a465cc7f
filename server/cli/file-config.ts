import path from 'node:path';
import type { ConfigLayer, ResolvedConfig } from '../core/config.js';
import { resolveConfig } from '../core/config.js';
import type { Rule } from '../core/rule.js';
import type { ConfigLoader, LoadedConfig } from '../project/load-config.js';
import { createConfigLoader, layersFor, noConfig } from '../project/load-config.js';
import { lineStarts, positionAt } from '../syntax/text.js';
import { CliError } from './io.js';
import type { Args } from './parse-args.js';
import { shownPath } from './shown-path.js';

/** Finds the config of any file as the options ask for it. */
export interface FileConfigs {
  /** The config file that holds for a file or folder (absolute). */
  loaded(file: string): LoadedConfig;
  /** What applies to a file (absolute), the command line's own layers last. */
  resolved(file: string): ResolvedConfig;
}

/** `--config`, `--no-config` or the nearest. Throws where `--config` cannot be read. */
export function createFileConfigs(
  args: Args,
  cwd: string,
  rules: readonly Rule[],
  own: readonly ConfigLayer[] = [],
): FileConfigs {
  const loader = createConfigLoader(rules);
  const fixed = fixedConfig(args, cwd, loader);
  const known = new Map<string, ResolvedConfig>();
  const loaded = (file: string) => fixed ?? loader.nearest(path.dirname(file));
  const resolved = (file: string): ResolvedConfig => {
    const layers = [...layersFor(loaded(file), file, (config) => shownPath(cwd, config)), ...own];
    // The same layers give the same result; most files of a project share them.
    const key = `${loaded(file).path}\n${layers.map(({ origin }) => origin).join('\n')}`;
    const result = known.get(key) ?? resolveConfig(rules, layers);
    known.set(key, result);
    return result;
  };
  return { loaded, resolved };
}

function fixedConfig(args: Args, cwd: string, loader: ConfigLoader): LoadedConfig | undefined {
  const given = args.value('config');
  if (args.has('no-config')) {
    if (given !== undefined) throw new CliError('--config and --no-config exclude each other');
    return noConfig(cwd);
  }
  if (given === undefined) return undefined;
  const config = loader.load(path.resolve(cwd, given));
  const [error] = config.errors;
  if (error !== undefined) throw new CliError(`--config ${given}: ${error.slice(error.indexOf(': ') + 2)}`);
  const broken = config.files.find((file) => file.broken);
  const [problem] = broken?.problems ?? [];
  if (broken && problem) {
    const { line, column } = positionAt(lineStarts(broken.text), problem.span.start);
    throw new CliError(`${shownPath(cwd, broken.path)}:${line + 1}:${column + 1}: ${problem.message}`);
  }
  return config;
}
