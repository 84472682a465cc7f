import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import picomatch from 'picomatch';
import type { Config, ConfigLayer } from '../core/config.js';
import type { Rule } from '../core/rule.js';
import { configNames } from './config-names.js';
import type { ConfigText, ConfigTextProblem } from './config-text.js';
import { readConfigText } from './config-text.js';
import { fileErrorText } from './file-error.js';

/** The key of package.json that may hold a config. */
const packageKey = 'layerwise';

export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly config: Config;
  /** Not JSON with comments: what was read may be less than what is meant. */
  readonly broken: boolean;
  /** Mistakes; the rest of the file holds. */
  readonly problems: readonly ConfigTextProblem[];
}

/** The config that holds for a folder, with all it extends. */
export interface LoadedConfig {
  /** Absolute; undefined where there is none and the defaults hold. */
  readonly path: string | undefined;
  /** Absolute; globs and paths in the config, in extended files too, are relative to it. */
  readonly folder: string;
  /** What is extended comes before what extends it, so later ones win. */
  readonly files: readonly ConfigFile[];
  /** Absolute paths of the files that were looked for, those that are not there too. */
  readonly sought: readonly string[];
  /** Files that cannot be read, each as a sentence with the path. */
  readonly errors: readonly string[];
}

/** Finds and reads configs; every file is read once. */
export interface ConfigLoader {
  /** The nearest config at or above the folder (absolute), up to the root of the repository. */
  nearest(folder: string): LoadedConfig;
  /** A given file (absolute). */
  load(file: string): LoadedConfig;
}

export function createConfigLoader(rules: readonly Rule[]): ConfigLoader {
  const byFolder = new Map<string, LoadedConfig>();
  const byFile = new Map<string, LoadedConfig>();
  const load = (file: string) => remember(byFile, file, () => readChain(file, rules));
  const nearest = (folder: string): LoadedConfig =>
    remember(byFolder, folder, () => {
      const file = configIn(folder);
      if (file) return load(file);
      const parent = path.dirname(folder);
      return parent === folder || existsSync(path.join(folder, '.git')) ? noConfig(folder) : nearest(parent);
    });
  return { nearest, load };
}

export function noConfig(folder: string): LoadedConfig {
  return { path: undefined, folder, files: [], sought: [], errors: [] };
}

/** The layers that apply to a file (absolute path), weakest first; `show` names a config to the user. */
export function layersFor(loaded: LoadedConfig, file: string, show: (path: string) => string): ConfigLayer[] {
  if (loaded.files.length === 0) return [];
  const relative = toSlashes(path.relative(loaded.folder, file));
  return loaded.files.flatMap(({ path: from, config }) => [
    { origin: show(from), config },
    ...(config.overrides ?? []).flatMap((override, index) =>
      matchesAny(override.files, relative) ? [{ origin: `${show(from)} overrides[${index}]`, config: override }] : [],
    ),
  ]);
}

/** Globs as in `.gitignore` without a slash: a bare name matches at any depth. */
export function matchesAny(globs: readonly string[], relativePath: string): boolean {
  return globs.some((glob) => {
    const pattern = glob.replace(/^\.\//, '');
    return picomatch.isMatch(relativePath, pattern, { dot: true, basename: !pattern.includes('/') });
  });
}

function remember<Value>(cache: Map<string, Value>, key: string, make: () => Value): Value {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = make();
  cache.set(key, value);
  return value;
}

function configIn(folder: string): string | undefined {
  for (const name of configNames) {
    const file = path.join(folder, name);
    if (existsSync(file) && (name !== 'package.json' || holdsConfig(file))) return file;
  }
  return undefined;
}

function holdsConfig(packageJson: string): boolean {
  try {
    const text = readFileSync(packageJson, 'utf8');
    return text.includes(`"${packageKey}"`) && Object.hasOwn(JSON.parse(text), packageKey);
  } catch {
    return false;
  }
}

function readChain(file: string, rules: readonly Rule[]): LoadedConfig {
  const files: ConfigFile[] = [];
  const errors: string[] = [];
  const sought = new Set([file]);
  const read = (current: string, ancestors: readonly string[]): string | undefined => {
    let text: string;
    try {
      text = readFileSync(current, 'utf8');
    } catch (error) {
      return fileErrorText(error);
    }
    const parsed = readConfigText(text, rules, path.basename(current) === 'package.json' ? packageKey : undefined);
    const problems = [...parsed.syntaxProblems, ...parsed.problems];
    const chain = [...ancestors, current];
    for (const { name, target, span } of extended(parsed, current)) {
      sought.add(target);
      if (files.some((known) => known.path === target)) continue;
      const circle = chain.includes(target) ? chain.slice(chain.indexOf(target)).concat(target) : undefined;
      const steps = circle?.map((entry) => path.basename(entry)).join(' → ');
      const reason = steps ? `goes in a circle: ${steps}` : read(target, chain);
      if (reason) problems.push({ message: `extends ${JSON.stringify(name)}: ${reason}`, span });
    }
    files.push({ path: current, text, config: parsed.config, broken: parsed.syntaxProblems.length > 0, problems });
    return undefined;
  };
  const reason = read(file, []);
  if (reason) errors.push(`${file}: ${reason}`);
  return { path: file, folder: path.dirname(file), files, sought: [...sought], errors };
}

function* extended(
  parsed: ConfigText,
  file: string,
): Iterable<{ name: string; target: string; span: ConfigTextProblem['span'] }> {
  const given = parsed.config.extends ?? [];
  for (const [index, entry] of (typeof given === 'string' ? [given] : given).entries()) {
    yield {
      name: entry,
      target: path.resolve(path.dirname(file), entry),
      span: parsed.extendsSpans[index] ?? { start: 0, end: 0 },
    };
  }
}

function toSlashes(relative: string): string {
  return path.sep === '/' ? relative : relative.split(path.sep).join('/');
}
