import { baseName, parentOf } from '../../syntax/go-path.js';
import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import type { Build } from '../build.js';
import type { BuildContext } from '../context.js';
import { projectOf } from '../install-project.js';
import type { Install } from '../installs.js';
import type { Landing } from '../landing.js';
import { readMixProject } from '../manifests/mix.js';
import { isMixLockSteady } from '../manifests/mix-lock.js';
import { inFolder, newReading, type Reading } from '../manifests/reading.js';
import { type MixTask, mixTasks } from '../mix-tasks.js';
import { joinPath } from '../path.js';
import { type Area, entry, isSystem, tree } from './area.js';
import { type CommandEffects, type CommandSetting, mayDoAnything } from './command-effects.js';
import { strayHomeFile } from './home.js';

/**
 * What a call of mix does that only fetches or compiles dependencies, or installs Hex and rebar3; undefined for other tasks. Fetching
 * reads the manifests and writes `deps` and the lockfile. Compiling writes `_build` and `deps` too; a dependency may look at any file of
 * the project then, as those do that keep its sources (https://hexdocs.pm/sentry/8.0.4/Sentry.Sources.html).
 */
export function mixEffects(
  build: Build,
  context: BuildContext,
  install: Install,
  landings: readonly Landing[],
  setting: CommandSetting,
): CommandEffects | undefined {
  const { command, run, directory } = install;
  const tasks = mixTasks(command, setting.resolve);
  if (tasks.length === 0 || !tasks.every(isKnown) || directory === undefined) return undefined;
  if (movedBy.test(build.file.text)) return unknown('an environment variable says where mix finds or puts things');
  const value = (name: string) => {
    const own = command.assignments.find((one) => one.name === name);
    const isSet = own !== undefined || new RegExp(`\\b${name}=`).test(textWithHeredocs(run));
    return isSet ? own?.value : build.variable(run, name);
  };
  const { home } = setting;
  const isKept = home === undefined || isSystem(entry(joinPath(home, '.cache')));
  if (movable.some((name) => build.file.text.includes(name) && value(name)?.startsWith('/') !== true))
    return unknown('an environment variable says where mix keeps things');
  const strayed = home === undefined ? strayHomeFile(landings, new Set(), ['.mix', '.hex']) : undefined;
  if (strayed !== undefined && setting.acceptance === 'proved')
    return unknown(`its home folder is not known, and ${strayed} may lie in it`);
  const own = isKept ? [] : homeFolders.map((name) => joinPath(home, name));
  const homes = [...own, ...movable.flatMap((name) => value(name) ?? [])].map((path) => tree(joinPath('/', path)));
  const base = { ...installing, writes: homes };
  const fetches = tasks.some(({ name }) => !isLocal(name));
  const project = projectOf(build, install, landings, context);
  if (!project) {
    // Whatever the task, a mix.exs that is there is evaluated.
    const looksFor = namesIn(directory);
    return fetches
      ? unknown('reads manifests that are not known to come from the build context')
      : { ...base, looksFor };
  }
  const compiles = tasks.some(({ name }) => name === 'deps.compile');
  const reading = newReading(context);
  const main = joinPath(directory, mainConfig);
  const brought = landings.flatMap((one) => one.contextPathOf(main) ?? []);
  if (brought.some((path) => path !== inFolder(project.folder, mainConfig)))
    return unknown(`${mainConfig} comes from another place`);
  const config = brought.length > 0 ? 'files' : 'none';
  readMixProject({ compiles, environment: value('MIX_ENV'), config }, project.folder, reading);
  if (!fetches && isPlain(reading)) return base;
  return projectEffects(base, reading, { tasks, directory, landings, compiles, setting });
}

interface Asked {
  readonly tasks: readonly MixTask[];
  readonly directory: string;
  readonly landings: readonly Landing[];
  readonly compiles: boolean;
  readonly setting: CommandSetting;
}

function projectEffects(
  base: CommandEffects,
  reading: Reading,
  { tasks, directory, landings, compiles, setting: { acceptance, home } }: Asked,
): CommandEffects {
  const isLikely = acceptance === 'likely';
  const doubts = [...reading.doubts];
  if (compiles) doubts.push('a dependency may look at the sources of the project when it is compiled');
  const strayed = strayHomeFile(landings, reading.files, ['.mix', '.hex']);
  if (home === undefined && strayed !== undefined)
    doubts.push(`its home folder is not known, and ${strayed} might lie in it`);
  if ([...reading.files].some((path) => reading.context.entry(path)?.type === 'symlink'))
    reading.blockers.add('a manifest is a symbolic link');
  const [doubt] = [...reading.blockers, ...(isLikely ? [] : doubts)];
  if (doubt !== undefined) return unknown(doubt);
  const places = (path: string) => landings.flatMap((landing) => landing.imagePathOf(path) ?? []);
  const files = [...reading.files].flatMap(places);
  const own = ['deps', '_build'].map((name) => tree(joinPath(directory, name)));
  const writes: Area[] = [...base.writes, ...own];
  const lockfiles = [...reading.files].filter((path) => baseName(path) === 'mix.lock');
  const rewrites = mayRewrite(tasks, reading) ? [...new Set(lockfiles.flatMap(places))] : [];
  // With dependencies that an old lockfile does not name the next task fails, so it must stay as it is written.
  writes.push(...rewrites.map(entry));
  if (lockfiles.length === 0) writes.push(entry(joinPath(directory, 'mix.lock')));
  // A configuration that makes no difference is not looked for where it is there.
  const looksFor = namesIn(directory).filter(
    ({ path }) =>
      files.includes(path) ||
      !path.endsWith(`/${mainConfig}`) ||
      !landings.some((one) => one.contextPathOf(path) !== undefined),
  );
  const found = looksFor.filter(({ path }) =>
    landings.some((landing) => landing.contextPathOf(path) !== undefined && !files.includes(path)),
  );
  return {
    ...base,
    reads: [...files.map(entry), ...[...reading.folders].flatMap(places).map(tree), ...found],
    writes,
    loose: isLikely ? own : [],
    looksFor,
    rewrites,
    projects: [...new Set([directory, ...files.map((path) => parentOf(path) || '/')])].map(tree),
    caveats: isLikely ? doubts : [],
  };
}

/** Every task evaluates it where it is there. */
const mainConfig = 'config/config.exs';

/** Folders of a home in which mix, Hex and rebar3 keep what they need. */
const homeFolders = ['.mix', '.hex', '.cache'];

/** Variables that say where they keep it. */
const movable = ['MIX_HOME', 'HEX_HOME', 'MIX_ARCHIVES', 'REBAR_CACHE_DIR'];

/** Variables that say where mix finds its files, and puts what it makes; `Mix.Project`, `Mix.CLI`. */
const movedBy =
  /\bMIX_(?:EXS|DEPS_PATH|BUILD_PATH|BUILD_ROOT|PATH|XDG|PROFILE)\b|\bHEX_OFFLINE\b|\b(?:asdf|mise|rtx)\b/;

const installing: CommandEffects = { ...mayDoAnything, accounts: 'none', unknown: undefined };

function unknown(why: string): CommandEffects {
  return { ...mayDoAnything, unknown: /^(?:may|reads)\b/.test(why) ? why : `may read any file: ${why}` };
}

function namesIn(directory: string): Area[] {
  return ['mix.exs', 'mix.lock', mainConfig].map((name) => entry(joinPath(directory, name)));
}

const isLocal = (name: string) => name === 'local.hex' || name === 'local.rebar';

/** Words of each task that change nothing in what is known of it. */
const plainWords: ReadonlyMap<string, RegExp> = new Map([
  ['local.hex', /^(?:--force|--if-missing|\d+\.\d+\.\d+)$/],
  ['local.rebar', /^(?:--force|--if-missing|rebar3?)$/],
  ['deps.get', /^(?:--(?:only|target)(?:=\S+)?|--check-locked|--no-archives-check|--force|\$?\{?\w+\}?)$/],
  ['deps.compile', /^(?:--(?:force|include-children|no-archives-check|skip-local-deps)|\w+)$/],
]);

function isKnown({ name, words }: MixTask): boolean {
  const plain = plainWords.get(name);
  return plain !== undefined && words.every((word) => plain.test(word));
}

/** A mix.exs and a configuration that can be evaluated with no other file there. */
function isPlain({ files, folders, doubts, blockers }: Reading): boolean {
  if (blockers.size > 0 || doubts.size > 0 || folders.size > 0) return false;
  return [...files].filter((path) => baseName(path) !== 'mix.lock').length < 2;
}

function mayRewrite(tasks: readonly MixTask[], { context, files }: Reading): boolean {
  const fetching = tasks.filter(({ name }) => name === 'deps.get');
  if (fetching.every(({ words }) => words.includes('--check-locked'))) return false;
  const lock = [...files].find((path) => baseName(path) === 'mix.lock');
  const manifests = [...files].filter((path) => baseName(path) === 'mix.exs').map((path) => context.read(path) ?? '');
  return lock !== undefined && !isMixLockSteady(context.read(lock) ?? '', manifests);
}
