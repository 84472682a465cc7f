import { baseName, parentOf } from '../../syntax/go-path.js';
import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import type { Install } from '../installs.js';
import { foldersMatching, inFolder, leaves, type Reading } from './reading.js';

/** What is asked of mix. */
export interface MixCall {
  /** It compiles the dependencies too. */
  readonly compiles: boolean;
  /** Value of MIX_ENV; undefined where it is not known, or not set. */
  readonly environment: string | undefined;
  /** Of the configuration: `files` are those that are evaluated, `folder` is all that lies beside them. */
  readonly config: 'none' | 'folder' | 'files';
}

/** What `mix deps.get` reads, and `mix deps.compile` where the RUN has it. */
export function readMix({ run }: Install, folder: string, reading: Reading): boolean {
  const compiles = /\bdeps\.compile\b/.test(textWithHeredocs(run));
  return readMixProject({ compiles, environment: undefined, config: compiles ? 'folder' : 'none' }, folder, reading);
}

/**
 * What tasks for dependencies read. Every task evaluates `mix.exs` (`Mix.CLI.load_mix_exs`) and then `config/config.exs`
 * (`Mix.CLI.run_task`, `loadconfig`). Which dependencies there are and where they come from says `mix.exs` before any configuration is
 * there, so `deps.get` reads the configuration only where that may matter; dependencies are compiled with what it says.
 *
 * https://github.com/elixir-lang/elixir/blob/main/lib/mix/lib/mix/cli.ex
 */
export function readMixProject(call: MixCall, folder: string, reading: Reading): boolean {
  const { context } = reading;
  const root = reading.read(inFolder(folder, 'mix.exs'));
  if (root === undefined) return false;
  reading.add(inFolder(folder, 'mix.lock'));
  if (moving.test(code(root))) reading.blockers.add('mix.exs says itself where dependencies, builds or mix.lock are');
  const texts = readManifests(call, folder, reading);
  if (call.config === 'folder') reading.add(inFolder(folder, 'config'));
  if (call.config !== 'files') return true;
  const lock = context.read(inFolder(folder, 'mix.lock')) ?? '';
  const own = configsIn(folder, reading);
  // The mix.exs of dependencies from Git is evaluated with the configuration there; `Mix.Dep.Loader.mix_dep`.
  const matters =
    texts.length > 1 ||
    texts.some((text) => /\bApplication\./.test(text)) ||
    /\{:git,/.test(lock) ||
    own.some((text) => looking.test(code(text)) || ofTools.test(text));
  if (call.compiles || matters) readConfig(call.environment, folder, reading);
  return true;
}

/** Settings of `project/0` that move what it works on; `Mix.Project`. */
const moving = /\b(?:deps_path|build_path|build_root|lockfile|config_path)\s*:/;

/** An alias for a task that fetching or compiling runs. */
const ownTask =
  /["'](deps\.(?:get|compile|precompile|loadpaths)|archive\.check|local\.(?:hex|rebar))["']\s*(?::(?!:)|=>)|:["'](deps\.(?:get|compile|precompile|loadpaths)|archive\.check|local\.(?:hex|rebar))["']|\b(loadconfig|will_recompile):/;

/** Settings for mix and Hex themselves, and for what they download with. */
const ofTools = /\bconfig\s*\(?\s*:(?:mix|hex|rebar|ssl|inets|public_key|crypto|kernel|elixir)\b/;

/** Calls that may look at files, or run a program. */
const looking =
  /\bFile\.|\bCode\.(?!ensure_)|\bSystem\.(?:cmd|shell)\b|\bPath\.wildcard\b|:(?:file|filelib|os|erl_tar)\.|\bPort\.|\bMix\.shell\b|\bEEx\.|\bConfig\.Reader\b|\bIO\.(?:stream|read)\b/;

/** The `mix.exs` of the folder, of the apps of an umbrella, and of dependencies that are folders of this repository; their texts. */
function readManifests({ compiles }: MixCall, folder: string, reading: Reading): string[] {
  const open = [folder, ...foldersMatching(reading, folder, 'apps/*')];
  const texts: string[] = [];
  for (const at of open) {
    const written = reading.read(inFolder(at, 'mix.exs'));
    if (written === undefined) continue;
    const text = code(written);
    texts.push(text);
    readEvaluated(text, at, 'mix.exs', reading);
    const apps = /\bapps_path:\s*"([^"]+)"/.exec(text)?.[1];
    const found = apps === undefined ? [] : foldersMatching(reading, at, `${apps}/*`);
    for (const path of [...found, ...localDependencies(text, at, reading)]) if (!open.includes(path)) open.push(path);
  }
  if (compiles && open.some((at) => at !== folder && reading.files.has(inFolder(at, 'mix.exs'))))
    reading.blockers.add('deps.compile also compiles the apps of the umbrella and the packages of this repository');
  return texts;
}

function localDependencies(text: string, at: string, reading: Reading): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/\bpath:\s*(?:"([^"#]+)"|\S)/g)) {
    const path = match[1];
    if (path === undefined) reading.doubts.add('mix.exs has a dependency in a folder that is not known');
    else if (path.startsWith('/') || leaves(at, path))
      reading.blockers.add(`mix.exs has the dependency ${path}, outside of the build context`);
    else if (reading.add(inFolder(at, `${path}/mix.exs`))) found.push(inFolder(at, path));
    else reading.doubts.add(`mix.exs names the folder ${path}, which has no mix.exs`);
  }
  for (const match of text.matchAll(/\{\s*:(\w+)\s*,[^{}]*\bin_umbrella:\s*true/g))
    found.push(inFolder(at, `../${match[1]}`));
  const git = [...text.matchAll(/\bgit:\s*(?:"([^"#]*)"|\S)/g)].find(
    ([, url]) => url === undefined || !/:\/\/|@/.test(url),
  );
  if (git) reading.doubts.add('mix.exs has a dependency from a Git repository that may be a folder');
  return found;
}

/** Lines that are comments gone. */
function code(text: string): string {
  return text.replace(/^[ \t]*#(?!\{).*$/gm, '');
}

/** Files that a script names where it may read some. */
function readEvaluated(text: string, folder: string, name: string, reading: Reading, depth = 0): void {
  const [, ...renamed] = ownTask.exec(text) ?? [];
  const task = renamed.find((one) => one !== undefined);
  if (task !== undefined) reading.blockers.add(`${name} gives the task ${task} a meaning of its own`);
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const calls = line.match(allLooking)?.length ?? 0;
    if (calls === 0) continue;
    const near = withJoined(/^\s*\|>/.test(line) ? `${lines[index - 1] ?? ''}\n${line}` : line);
    const named = [...near.matchAll(/"([^"#\s]+)"/g)].map((match) => match[1] ?? '');
    const inside = named.filter(
      (path) => !path.startsWith('/') && !leaves(folder, path) && inFolder(folder, path) !== folder,
    );
    const found = inside.map((path) => inFolder(folder, path)).filter((path) => reading.add(path));
    if (found.length < calls || runsPrograms.test(line)) reading.doubts.add(`${name} may look at other files`);
    for (const path of found) {
      const more = /\.exs?$/.test(path) && depth < 5 ? reading.read(path) : undefined;
      if (more !== undefined) readEvaluated(code(more), folder, baseName(path), reading, depth + 1);
    }
  }
}

const allLooking = new RegExp(looking.source, 'g');

/** `Path.join("a", "b")` as one path. */
function withJoined(line: string): string {
  return line.replaceAll(
    /\bPath\.join\(\s*\[?((?:"[^"#]*"\s*,\s*)+"[^"#]*")\s*\]?\s*\)/g,
    (_, list: string) => `"${list.replaceAll(/"\s*,\s*"/g, '/').slice(1, -1)}"`,
  );
}

const runsPrograms =
  /\bSystem\.(?:cmd|shell)\b|:os\.|\bPort\.|\bMix\.shell\b|\bFile\.(?:cwd|ls|stream|cp|write|rm|mkdir)/;

/** Texts of the scripts beside `config/config.exs`. */
function configsIn(folder: string, { context }: Reading): string[] {
  if (context.ignored(inFolder(folder, 'config/config.exs'))) return [];
  return context
    .children(inFolder(folder, 'config'))
    .flatMap(({ path, type }) => (type === 'file' && path.endsWith('.exs') ? [context.read(path) ?? ''] : []));
}

/** `config/config.exs` and what it imports; all of the folder where that is not known. */
function readConfig(environment: string | undefined, folder: string, reading: Reading): void {
  const main = inFolder(folder, 'config/config.exs');
  const open = [main];
  let isUnknown = false;
  for (const path of open) {
    const text = code(reading.read(path) ?? '');
    readEvaluated(text, folder, baseName(path), reading);
    for (const match of text.matchAll(/\bimport_config\b\s*\(?\s*(?:"((?:[^"#\n]|#\{[^}"\n]{0,80}\})*)"|\S)/g)) {
      const found = imported(match[1], environment, parentOf(path), reading);
      isUnknown ||= found === undefined;
      for (const one of found ?? []) if (!open.includes(one)) open.push(one);
    }
  }
  if (isUnknown) readAll(folder, reading);
}

/** Files that an import means; undefined where that is not known. */
function imported(
  written: string | undefined,
  environment: string | undefined,
  folder: string,
  reading: Reading,
): string[] | undefined {
  const path = written?.replaceAll(/#\{\s*(?:Mix\.env|config_env)(?:\(\))?\s*\}/g, environment ?? '#');
  if (path === undefined || path.includes('#') || path.startsWith('/') || leaves(folder, path)) return undefined;
  if (!path.includes('*')) return [inFolder(folder, path)];
  if (baseName(path).includes('*')) return undefined;
  return foldersMatching(reading, folder, parentOf(path))
    .map((one) => inFolder(one, baseName(path)))
    .filter((one) => reading.context.entry(one) !== undefined);
}

function readAll(folder: string, reading: Reading): void {
  reading.add(inFolder(folder, 'config'));
  for (const text of configsIn(folder, reading)) {
    readEvaluated(code(text), folder, 'the configuration', reading);
    if (/\bimport_config\b\s*\(?\s*(?:"[^"]*(?:\.\.|\*)|[^"\s(])/.test(code(text)))
      reading.doubts.add('the configuration imports files that are not known');
  }
}
