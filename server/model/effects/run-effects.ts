import { plainPrograms } from '../../knowledge/known-commands.js';
import { baseName, parentOf } from '../../syntax/go-path.js';
import { mountsOf } from '../../syntax/mounts.js';
import { parseShell, type ShellCommand, type ShellScript, type ShellWord } from '../../syntax/shell.js';
import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import type { RunInstruction } from '../../syntax/tree.js';
import type { Build, Stage } from '../build.js';
import { cacheMountsOf, cachePlacesOf, effectiveUser, isInside, mountTarget } from '../caches.js';
import type { BuildContext } from '../context.js';
import { foldersOf, type Install, installsIn, wordValue } from '../installs.js';
import type { Landing } from '../landing.js';
import { berryOf } from '../manifests/berry.js';
import { inFolder } from '../manifests/reading.js';
import { ownInstall } from '../own-install.js';
import { joinPath, relativeTo } from '../path.js';
import { type Area, entry, foldersAbove, isSystem, tree } from './area.js';
import { type Acceptance, type CommandEffects, type CommandSetting, mayDoAnything } from './command-effects.js';
import { cpanEffects, cpanInvocation } from './cpan-effects.js';
import { homeOf, settingsInHome } from './home.js';
import { installEffects } from './install-effects.js';
import { installerEffects } from './installer-effects.js';
import { knownCwd } from './known-cwd.js';
import { mixEffects } from './mix-effects.js';
import { commandEffects, withRedirects } from './program-effects.js';
import { namesOthers, searchPaths } from './search-paths.js';
import { checkedFiles, configuredLibraries, linkedReads, unlistedReads } from './unlisted-reads.js';

/** What a RUN does, with the command that decides where something is not known. */
export interface RunEffects extends CommandEffects {
  /** The first command that may do anything, else all of them; as written. */
  readonly command: string;
  readonly owner: string;
  /** It is the same script whatever the system has installed. */
  readonly plain: boolean;
  /** What it writes into cache mounts, but for what package managers keep of their downloads. */
  readonly inMounts: readonly Area[];
}

/** Effects of each command of a RUN, in order. `landings` are those of the stage before it. */
export function commandsOfRun(
  build: Build,
  stage: Stage,
  run: RunInstruction,
  context: BuildContext,
  landings: readonly Landing[],
  acceptance: Acceptance = 'proved',
): { readonly script: ShellScript; readonly effects: readonly CommandEffects[] } {
  const { shell } = build.stateBefore(run);
  const script = parseShell(build.file, run, shell);
  const cwd = knownCwd(build, stage, run);
  const own = ownVariables(script, textWithHeredocs(run));
  const resolve = (word: ShellWord) =>
    word.value ?? (usesOne(word.text, own) ? undefined : wordValue(build, run, word));
  const folders = foldersOf(script, cwd, resolve);
  const home = homeOf(build, stage, run);
  const installs = new Map(installsIn(build, run).map((install) => [install.command, install]));
  const effects = script.commands.map((command, index): CommandEffects => {
    const folder = folders[index];
    const classicYarn = () => folder !== undefined && hasClassicYarn(build, context, landings, folder);
    const setting: CommandSetting = { folder, home, acceptance, classicYarn, resolve };
    const next = script.commands[index + 1];
    const feeder = command.joinedBy === '|' ? script.commands[command.previous ?? -1] : undefined;
    const asked = { command, next, feeder, setting, installs, home, acceptance, stage, run, script };
    const found = withRedirects(effectsOfCommand(build, context, landings, asked), command, setting);
    return {
      ...found,
      reads: [...found.reads, ...passedFolders(command, setting)],
      looksFor: [...found.looksFor, ...checkedFiles(feeder, command, setting.folder)],
    };
  });
  return { script, effects };
}

/** Folders that a path leads into and out of again, `docs/../web`: without them the system does not find what it names, nor does Bash. */
function passedFolders({ args }: ShellCommand, { folder, resolve }: CommandSetting): readonly Area[] {
  return args.flatMap((word) => {
    const path = (resolve(word) ?? '').replace(/^--?[\w-]+=/, '');
    if (!path.includes('/..') || (folder === undefined && !path.startsWith('/'))) return [];
    const names = path.split('/');
    return names.flatMap((name, at) => {
      const before = names.slice(0, at);
      if (name !== '..' || /^(?:|\.|\.\.)$/.test(before.at(-1) ?? '')) return [];
      return [entry(joinPath(folder ?? '/', before.join('/')))];
    });
  });
}

function hasClassicYarn({ file }: Build, context: BuildContext, landings: readonly Landing[], folder: string): boolean {
  if (/\bcorepack\b/.test(file.text)) return false;
  const lockfile = landings.toReversed().flatMap((one) => one.contextPathOf(joinPath(folder, 'yarn.lock')) ?? [])[0];
  if (lockfile === undefined || !/^# yarn lockfile v1$/m.test(context.read(lockfile) ?? '')) return false;
  return berryOf((name) => context.read(inFolder(parentOf(lockfile), name))) === undefined;
}

/** All that a RUN does taken together; what it does in mounts counts for nothing. */
export function runEffects(
  build: Build,
  stage: Stage,
  run: RunInstruction,
  context: BuildContext,
  landings: readonly Landing[],
  acceptance: Acceptance = 'proved',
): RunEffects {
  const { script, effects } = commandsOfRun(build, stage, run, context, landings, acceptance);
  const text = (command: ShellCommand | undefined) =>
    command ? build.file.text.slice(command.span.start, command.span.end) : run.text;
  const owner = effectiveUser(build, run, stage)?.name ?? build.stateBefore(run).user ?? '?';
  if (script.language === 'none' || !script.complete || effects.length === 0 || run.heredocs.length > 1)
    return { ...mayDoAnything, command: run.text, owner, plain: false, inMounts: [] };
  const paths = searchPaths(build, stage, run, script, knownCwd(build, stage, run));
  const culprit = effects.findIndex((one) => one.unknown !== undefined);
  const all = together(effects);
  const targets = mountsOf(build.file, run).mounts.map((mount) => mountTarget(build, run, mount));
  const interpreter = run.strings ? undefined : build.stateBefore(run).shell[0];
  const strange =
    paths === undefined || isElsewhere(interpreter) ? 'looks for programs in a folder that is not known' : undefined;
  const moves = script.commands.some(({ name }) => name === 'cd' || name === 'pushd');
  const cwd = moves ? undefined : knownCwd(build, stage, run);
  const unlisted = run.strings ? [] : unlistedReads(build.file.text.slice(run.span.start, run.span.end), cwd);
  const libraries = script.commands.some(({ name }) => name === 'ldconfig') ? configuredLibraries(build) : [];
  const odd = unlisted && libraries ? undefined : mayDoAnything.unknown;
  const seen = (area: Area) =>
    !targets.some((target) => target !== undefined && target !== '/' && relativeTo(target, area.path) !== undefined);
  const programs = paths?.programs ?? [];
  const isThere = ({ path }: Area) => landings.some((landing) => landing.contextPathOf(path) !== undefined);
  const beside = paths?.beside ?? [];
  const settings = namesOthers(context, landings, cwd, [...(paths?.named ?? []), ...beside])
    ? mayDoAnything.unknown
    : odd;
  const writes = [
    ...all.writes,
    ...(all.system ? [...(paths?.named ?? []), ...programs.flatMap(({ path }) => prefixOf(path))] : []),
  ];
  return {
    ...all,
    unknown: all.unknown ?? strange ?? settings,
    looksFor: [
      ...all.looksFor,
      ...beside,
      ...(all.system || all.network ? settingsInHome(homeOf(build, stage, run)) : []),
    ],
    reads: [
      ...all.reads,
      ...(unlisted ?? []),
      ...(libraries ?? []),
      ...linkedReads(script.commands, all.network),
      ...foldersNeeded(effects),
      ...(paths?.named ?? []),
      ...beside.filter(isThere),
      ...programs,
      ...ownShell(interpreter),
    ].filter(seen),
    writes: writes.filter(seen),
    folders: [...all.folders.filter((path) => seen(entry(path))), ...targets.flatMap((target) => target ?? [])],
    command: culprit === -1 ? wholeText(build, script) : text(script.commands[culprit]),
    owner,
    plain: isPlain(run, script, interpreter),
    inMounts: inCacheMounts(build, run, [...all.writes, ...all.loose]),
  };
}

function inCacheMounts(build: Build, run: RunInstruction, writes: readonly Area[]): readonly Area[] {
  const targets = cacheMountsOf(build, run).flatMap(({ target }) => target ?? []);
  if (targets.length === 0) return [];
  const places = installsIn(build, run).flatMap((install) => cachePlacesOf(build, install) ?? []);
  return writes.filter(
    ({ path }) =>
      targets.some((target) => isInside(path, target)) &&
      !places.some((place) => isInside(path, place.path) || isInside(place.path, path)),
  );
}

/** Shells do not agree on braces, escapes and variables; these words mean one thing to all of them. */
function isPlain(run: RunInstruction, { commands }: ShellScript, shell: string | undefined): boolean {
  const text = textWithHeredocs(run).replaceAll(/[\\`][ \t]*\r?\n/g, ' ');
  return (
    (run.strings !== undefined || shell === '/bin/sh') &&
    !/[{}$`\\~]|\becho -/.test(text) &&
    commands.every(({ name, wrappers }) => plainPrograms.has(name ?? '') && wrappers.length === 0)
  );
}

function wholeText({ file }: Build, { commands }: ShellScript): string {
  const start = Math.min(...commands.map(({ span }) => span.start));
  return file.text.slice(start, Math.max(start, ...commands.map(({ span }) => span.end)));
}

/** A shell that is named by a path which only the working folder completes. */
function isElsewhere(shell: string | undefined): boolean {
  return shell?.includes('/') === true && !shell.startsWith('/');
}

/** A shell that is no part of the system. */
function ownShell(shell: string | undefined): Area[] {
  return shell?.startsWith('/') && !isSystem(entry(shell)) ? [entry(joinPath('/', shell))] : [];
}

function prefixOf(path: string): Area[] {
  return baseName(path) === 'bin' ? [tree(parentOf(path) || '/')] : [];
}

interface Asked {
  readonly command: ShellCommand;
  readonly next: ShellCommand | undefined;
  /** What writes into its input. */
  readonly feeder: ShellCommand | undefined;
  readonly setting: CommandSetting;
  readonly installs: ReadonlyMap<ShellCommand, Install>;
  readonly home: string | undefined;
  readonly acceptance: Acceptance;
  readonly stage: Stage;
  readonly run: RunInstruction;
  readonly script: ShellScript;
}

const transparent = new Set([
  'sudo',
  'env',
  'time',
  'command',
  'exec',
  'nice',
  'sh',
  'bash',
  'ash',
  'dash',
  'eatmydata',
]);

function effectsOfCommand(
  build: Build,
  context: BuildContext,
  landings: readonly Landing[],
  { command, next, feeder, setting, installs, home, acceptance, ...at }: Asked,
): CommandEffects {
  const installer = feeder && installerEffects(feeder, command, setting);
  if (installer) return installer;
  const cpan = cpanInvocation(feeder, command, setting);
  const ofCpan = (install?: Install) =>
    cpan && cpanEffects({ build, ...at, command, setting, ...cpan }, install, context, landings);
  if (cpan?.isPiped) return ofCpan() ?? mayDoAnything;
  if (!command.wrappers.every((name) => transparent.has(name))) return mayDoAnything;
  const { file } = build;
  const program = file.text.slice(command.nameSpan.start, command.nameSpan.end).replace(/["']/g, '');
  const activated = /^(.*\/)bin\/activate$/.exec(setting.resolve(command.args[0] ?? noWord) ?? '');
  if ((command.name === '.' || command.name === 'source') && activated?.[1] !== undefined) {
    const path = joinPath(setting.folder ?? '/', activated[1]);
    if (activated[1].startsWith('/') || setting.folder !== undefined)
      return { ...mayDoAnything, unknown: undefined, accounts: 'none', reads: [tree(path)], writes: [tree(path)] };
  }
  // `sh -c '…'` is listed itself, and behind it what it runs.
  if (/^(?:ba|da|a)?sh$/.test(command.name ?? '') && next && command.span.start < next.span.start) {
    if (next.span.end <= command.span.end && command.args.some(({ text }) => /^-\w*c$/.test(text)))
      return {
        ...mayDoAnything,
        unknown: undefined,
        system: false,
        web: false,
        accounts: 'none',
        network: false,
        variables: 'named',
      };
  }
  const place = program.includes('/') ? joinPath(setting.folder ?? '/', program) : undefined;
  const local = place !== undefined && !isSystem(entry(place));
  const prefix = local && isEnvironmentProgram(place, command) ? parentOf(parentOf(place)) : undefined;
  const install = installs.get(command);
  if (local && acceptance === 'likely' && isWrapper(place, install, context, landings)) {
    const own = installEffects(build, context, install, landings, home, acceptance);
    return { ...own, caveats: [...own.caveats, `${baseName(place)} is a script of this repository`] };
  }
  if (local && (prefix === undefined || prefix === '')) return mayDoAnything;
  const ofMix = install?.manager.name === 'mix' ? mixEffects(build, context, install, landings, setting) : undefined;
  if (ofMix) return ofMix;
  if (cpan) return ofCpan(install) ?? mayDoAnything;
  const effects =
    install?.kind === 'dependencies'
      ? installEffects(build, context, install, landings, home, acceptance)
      : { ...commandEffects(command, setting), ...(install ? whyOwn(build, context, install, landings) : {}) };
  if (prefix === undefined) return effects;
  return { ...effects, reads: [...effects.reads, tree(prefix)], writes: [...effects.writes, tree(prefix)] };
}

/** Of an install of the project itself: why it cannot do without the sources. */
function whyOwn(
  build: Build,
  context: BuildContext,
  { manager, kind, run }: Install,
  landings: readonly Landing[],
): Pick<CommandEffects, 'unknown'> | undefined {
  if (manager.name !== 'pip' || kind !== 'build' || landings.length === 0) return undefined;
  const own = ownInstall(build, run, landings, context);
  const why = typeof own === 'string' ? own : 'it builds the project';
  return { unknown: `${mayDoAnything.unknown}: ${why}` };
}

/** Maven's own script beside the manifest, which fetches Maven and runs it: https://maven.apache.org/tools/wrapper/ */
function isWrapper(
  place: string,
  install: Install | undefined,
  context: BuildContext,
  landings: readonly Landing[],
): install is Install {
  if (baseName(place) !== 'mvnw' || install?.kind !== 'dependencies') return false;
  return landings.some((landing) => {
    const script = landing.contextPathOf(place);
    if (script === undefined) return false;
    return context.entry(`${parentOf(script)}/.mvn/wrapper/maven-wrapper.properties`)?.type === 'file';
  });
}

/** A package manager in a virtual environment. */
function isEnvironmentProgram(place: string, { args }: ShellCommand): boolean {
  if (/\/bin\/python[\d.]*$/.test(place)) return args[0]?.text === '-m' && /^pip\d?$/.test(args[1]?.text ?? '');
  return /\/bin\/(?:pip[\d.]*|uv|poetry|pipenv)$/.test(place);
}

const noWord: ShellWord = { text: '', value: '', span: { start: 0, end: 0 } };

/** Folders that commands write into before others of the same script make them, where they are not there. */
function foldersNeeded(effects: readonly CommandEffects[]): readonly Area[] {
  const needed = new Set<string>();
  const made = new Set<string>();
  return effects.flatMap(({ writes, folders }) => {
    for (const { path } of writes) if (!made.has(parentOf(path))) needed.add(parentOf(path));
    const own = folders.flatMap((path) => [...foldersAbove(path), path]);
    for (const path of own) made.add(path);
    return own.filter((path) => needed.has(path)).map(entry);
  });
}

const ranks = { none: 0, adds: 1, writes: 2 } as const;
const reach = { named: 0, most: 1, 'probably-most': 2, any: 3 } as const;

function together(effects: readonly CommandEffects[]): CommandEffects {
  const first = effects[0] ?? mayDoAnything;
  return effects.slice(1).reduce<CommandEffects>(
    (all, one) => ({
      reads: [...all.reads, ...one.reads],
      writes: [...all.writes, ...one.writes],
      folders: [...all.folders, ...one.folders],
      system: all.system || one.system,
      web: all.web || one.web,
      accounts: ranks[one.accounts] > ranks[all.accounts] ? one.accounts : all.accounts,
      network: all.network || one.network,
      unknown: all.unknown ?? one.unknown,
      loose: [...all.loose, ...one.loose],
      looksFor: [...all.looksFor, ...one.looksFor],
      rewrites: [...all.rewrites, ...one.rewrites],
      projects: [...all.projects, ...one.projects],
      caveats: [...all.caveats, ...one.caveats],
      variables: reach[one.variables] > reach[all.variables] ? one.variables : all.variables,
    }),
    first,
  );
}

/** Variables that the script sets itself: what the Dockerfile says of them does not hold. '' where it may be any (`export "$@"`). */
function ownVariables(script: ShellScript, text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { assignments, name, args } of script.commands) {
    if (name === '') for (const one of assignments) found.add(one.name);
    if (name === 'export' || name === 'read' || name === 'local' || name === 'readonly')
      for (const word of args) found.add(word.text.split('=', 1)[0] ?? '');
  }
  for (const match of text.matchAll(/\bfor\s+(\w+)\b|\bcase\b|\bread\b/g)) if (match[1]) found.add(match[1]);
  return new Set([...found].filter(Boolean).map((name) => name.replace(/\W/g, '')));
}

function usesOne(text: string, variables: ReadonlySet<string>): boolean {
  return [...text.matchAll(/\$\{?(\w+)/g)].some(([, name = '']) => variables.has(name) || variables.has(''));
}
