import {
  distributionManagers,
  type KnownCommand,
  knownCommands,
  placeOptions,
  readingSystem,
  settingsOfSystemCommands,
  systemCommands,
} from '../../knowledge/known-commands.js';
import type { ShellCommand, ShellWord } from '../../syntax/shell.js';
import { joinPath } from '../path.js';
import { type Area, entry, isSystem, tree } from './area.js';
import { ownModules } from './own-modules.js';

/** What counts as known: only what surely is so, or also what is so unless a caveat applies. */
export type Acceptance = 'proved' | 'likely';

/** What one command of a RUN does, as far as it is known. */
export interface CommandEffects {
  readonly reads: readonly Area[];
  readonly writes: readonly Area[];
  /** Folders that it makes where they are not there. */
  readonly folders: readonly string[];
  readonly system: boolean;
  readonly accounts: 'none' | 'adds' | 'writes';
  readonly network: boolean;
  /** Why the rest is not known, as the end of a sentence that begins with the command: "may read any file". */
  readonly unknown: string | undefined;
  /** Of `writes` those that matter only where a COPY has something there now; none unless `Acceptance` is `likely`. */
  readonly loose: readonly Area[];
  /** Files that it would read if they were there: manifests and settings of an install, wherever they come from. */
  readonly looksFor: readonly Area[];
  /** Lockfiles that it may write anew; of `writes` where nothing else is said of them. */
  readonly rewrites: readonly string[];
  /** Folders of which it is only known what it reads of the build context. */
  readonly projects: readonly Area[];
  /** What might differ if it ran before a COPY that it stands behind, as sentences; see `loose`. */
  readonly caveats: readonly string[];
  /** It heeds no variables but those it names and those of the shell; of `most` all but those that tell it what is built. */
  readonly variables: 'named' | 'most' | 'any';
}

/** What a command can be asked with. */
export interface CommandSetting {
  /** Working folder; undefined where it is not known. */
  readonly folder: string | undefined;
  readonly home: string | undefined;
  readonly acceptance: Acceptance;
  /** Value of a word with the Dockerfile's variables; undefined where something else decides. */
  resolve(word: ShellWord): string | undefined;
}

/** Touches nothing. */
export const nothing: CommandEffects = {
  reads: [],
  writes: [],
  folders: [],
  system: false,
  accounts: 'none',
  network: false,
  unknown: undefined,
  loose: [],
  looksFor: [],
  rewrites: [],
  projects: [],
  caveats: [],
  variables: 'named',
};

/** Effects of a command that is no install of the project's dependencies. */
export function commandEffects(command: ShellCommand, setting: CommandSetting): CommandEffects {
  const redirected = redirects(command, setting);
  if (command.name === undefined || redirected === undefined) return mayDoAnything;
  // `$(< list)` is no command of its own.
  if (command.args.some(({ text }) => /(?:\$\(|`)\s*<(?!<)/.test(text))) return mayDoAnything;
  const own = command.name === '' ? nothing : effectsOfProgram(command, command.name, setting);
  return { ...own, reads: [...own.reads, ...redirected.reads], writes: [...own.writes, ...redirected.writes] };
}

/** Reads and writes what it likes. */
export const mayDoAnything: CommandEffects = {
  ...nothing,
  system: true,
  accounts: 'writes',
  network: true,
  unknown: 'may read or write any file',
  variables: 'any',
};

function effectsOfProgram(command: ShellCommand, name: string, setting: CommandSetting): CommandEffects {
  if (distributionManagers.has(name)) return manageDistribution(command, setting);
  const whole = [name, ...command.args.map((word) => word.value ?? word.text)].join(' ');
  if (systemCommands.some((pattern) => pattern.test(whole))) return changeSystem(command, whole, setting);
  if (/^python\d?$/.test(name) && /^\S+ -m (?:venv|virtualenv) /.test(whole)) return makeEnvironment(command, setting);
  if (name === 'virtualenv') return makeEnvironment(command, setting);
  if (name === 'git' && /^git clone /.test(whole)) return cloneRepository(command, setting);
  if (/^bundler? config /.test(whole)) return configureBundler(setting);
  const known = knownCommands.get(name);
  return known ? knownEffects(command, known, setting) : mayDoAnything;
}

/** Options that say where a known package manager of the system puts or finds things in a project. */
const elsewhere =
  /^(?:-t|--target|--prefix|--root|--src|-e|--editable|--installroot|-r|--requirement|-c|--constraint|-p)(?:=|$)|^-[rc]./;

function changeSystem(command: ShellCommand, whole: string, { folder, resolve }: CommandSetting): CommandEffects {
  for (const word of command.name === 'git' ? [] : command.args) {
    const text = resolve(word);
    if (text !== undefined && (elsewhere.test(text) || isPathOfPackage(text) || /(?:^|[@\s])file:/.test(text)))
      return mayDoAnything;
  }
  if (namesPlace(command, resolve)) return mayDoAnything;
  const settings = settingsOfSystemCommands.find(({ of }) => of.test(whole))?.names ?? [];
  if (settings.length > 0 && folder === undefined) return mayDoAnything;
  const looksFor = [...ownModules(command, folder), ...settings.map((name) => entry(joinPath(folder ?? '/', name)))];
  return { ...nothing, looksFor, system: true, network: true, variables: 'any' };
}

/** An option has it look for or put something at a place that is no part of the system, as far as that is known. */
function namesPlace({ name = '', args }: ShellCommand, resolve: CommandSetting['resolve']): boolean {
  const texts = args.map((word) => resolve(word) ?? (/["']/.test(word.text) ? '?' : word.text));
  return texts.some((text, index) => {
    const equals = text.startsWith('--') ? text.indexOf('=') : -1;
    const option = equals === -1 ? text : text.slice(0, equals);
    if (/^-o|^--option/.test(text) && /^apt/.test(name))
      return /^(?:-o|--option)?[=\s]*Dir\b/i.test(text) || /^Dir\b/i.test(texts[index + 1] ?? '');
    if (!placeOptions.get(name)?.test(option)) return false;
    const value = equals === -1 ? (texts[index + 1] ?? '') : text.slice(equals + 1);
    if (/^(?:https?:\/\/|\$)/.test(value) || (/^@/.test(value) && name === 'apk')) return false;
    return !(value.startsWith('/') && isSystem(entry(joinPath('/', value))));
  });
}

function isPathOfPackage(text: string): boolean {
  return (
    /^(?:\.|\/|~|[\w-]+\/$)|file:|\/.*\*|\.(?:whl|tgz|tar\.gz|zip|gem|deb|rpm|apk)$/.test(text) && !/:\/\//.test(text)
  );
}

/** Words are names of packages, or paths of some. A clean-up such as `apt-get clean` is among it. */
function manageDistribution(command: ShellCommand, { folder, resolve }: CommandSetting): CommandEffects {
  if (namesPlace(command, resolve)) return mayDoAnything;
  const reads: Area[] = [];
  for (const word of command.args) {
    const text = resolve(word) ?? word.text.replace(/["']/g, '');
    const value = text.startsWith('-') ? text.replace(/^[^=/]*=?/, '') : text;
    if (!/^(?:\.{0,2}\/|~|\.{1,2}$)|\/.*\*|\.(?:deb|rpm|apk)$/.test(value) || /:\/\//.test(value)) continue;
    const area = areaOf(value, folder, undefined);
    if (area === undefined) return mayDoAnything;
    reads.push(area);
  }
  return { ...nothing, reads, system: true, accounts: 'adds', network: true, variables: 'most' };
}

function makeEnvironment(command: ShellCommand, setting: CommandSetting): CommandEffects {
  const last = command.args.at(-1);
  const area = last && areaOf(setting.resolve(last), setting.folder, setting.home);
  return area
    ? {
        ...nothing,
        reads: [area],
        writes: [area],
        looksFor: ownModules(command, setting.folder),
        system: true,
        variables: 'any',
        loose: setting.acceptance === 'likely' ? [area] : [],
      }
    : mayDoAnything;
}

/** The folder with its settings, beside the Gemfile or where `BUNDLE_APP_CONFIG` says (https://bundler.io/man/bundle-config.1.html). */
function configureBundler({ folder }: CommandSetting): CommandEffects {
  if (folder === undefined) return mayDoAnything;
  const areas = [tree(joinPath(folder, '.bundle'))];
  return {
    ...nothing,
    reads: areas,
    writes: areas,
    looksFor: [tree(joinPath(folder, 'Gemfile'))],
    system: true,
    variables: 'any',
  };
}

function cloneRepository(command: ShellCommand, setting: CommandSetting): CommandEffects {
  const last = command.args.at(-1);
  const text = last && setting.resolve(last);
  const named =
    text !== undefined && !/:|\.git$|^-/.test(text) ? areaOf(text, setting.folder, setting.home) : undefined;
  const area = named ?? (setting.folder === undefined ? undefined : tree(setting.folder));
  return area
    ? { ...nothing, reads: [area], writes: [area], system: true, network: true, variables: 'any' }
    : mayDoAnything;
}

function knownEffects(command: ShellCommand, known: KnownCommand, setting: CommandSetting): CommandEffects {
  const { args } = command;
  const texts = args.map((word) => setting.resolve(word) ?? word.text);
  if (known.unknownWith && texts.some((text) => known.unknownWith?.test(text))) return mayDoAnything;
  if (known.words === 'text') return textEffects(command, known, setting);
  const named = known.words === 'tests' ? tested(args) : operandsOf(args, known, texts);
  const areas: Area[] = [];
  for (const word of named) {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(setting.resolve(word) ?? word.text.replace(/^["']/, ''))) continue;
    const area = areaOf(setting.resolve(word), setting.folder, setting.home, word.text);
    if (area === undefined) return mayDoAnything;
    areas.push(area);
  }
  if (
    known.readsHere &&
    areas.length === 0 &&
    (texts.length === 0 ? [''] : texts).some((text) => known.readsHere?.test(text))
  ) {
    if (setting.folder === undefined) return mayDoAnything;
    areas.push(tree(setting.folder));
  }
  if (known.here && !texts.some((text) => known.here?.unless.some((option) => text.startsWith(option)))) {
    const isOut = command.name === 'wget' && texts.some((text) => /^-\w*O/.test(text));
    if (setting.folder === undefined) return mayDoAnything;
    if (!isOut) areas.push(tree(setting.folder));
  }
  return {
    ...sorted(command, known, areas, texts),
    network: known.network === true,
    system: areas.some(({ path }) => path.startsWith('/dev/')) ? false : known.system === true,
  };
}

function sorted(
  command: ShellCommand,
  known: KnownCommand,
  areas: readonly Area[],
  texts: readonly string[],
): CommandEffects {
  const changes = known.words === 'writes' || texts.some((text) => known.writesWith?.test(text));
  if (known.words === 'tests') return { ...nothing, reads: areas.map(({ path }) => entry(path)) };
  if (command.name === 'cd' || command.name === 'pushd')
    return { ...nothing, reads: areas.map(({ path }) => entry(path)) };
  if (known.words === 'folders') {
    const plain = texts.includes('-p') || texts.includes('--parents');
    const moded = texts.some((text) => /^(?:-\w*m|--mode)/.test(text));
    const paths = areas.map(({ path }) => path);
    return plain && !moded ? { ...nothing, folders: paths } : { ...nothing, folders: paths, writes: paths.map(entry) };
  }
  if (known.words === 'into-last') {
    // The text of a symbolic link is no path that is read.
    const isLink = command.name === 'ln' && texts.some((text) => /^-\w*s|^--symbolic$/.test(text));
    const last = areas.at(-1);
    return last && areas.length > 1 ? { ...nothing, reads: isLink ? [last] : areas, writes: [last] } : mayDoAnything;
  }
  return { ...nothing, reads: areas, writes: changes ? areas : [] };
}

function textEffects(command: ShellCommand, known: KnownCommand, setting: CommandSetting): CommandEffects {
  if (!known.system) {
    // `echo src/*` says which files there are.
    const globs = command.args.filter(({ text }) => /\*/.test(text) && !/["'\\$]/.test(text));
    const areas = globs.map(({ text }) => areaOf(text, setting.folder, setting.home, text));
    return areas.includes(undefined) ? mayDoAnything : { ...nothing, reads: areas.flatMap((area) => area ?? []) };
  }
  const base: CommandEffects = {
    ...nothing,
    system: true,
    accounts: known.accounts ? 'writes' : 'adds',
    network: known.network === true,
    variables: 'most',
  };
  if (readingSystem.test(command.name ?? '')) return { ...base, looksFor: wordsAsFiles(command, setting) };
  if (command.name !== 'useradd' && command.name !== 'adduser' && command.name !== 'usermod') return base;
  const texts = command.args.map((word) => setting.resolve(word));
  const at = texts.findIndex((text) => text !== undefined && /^(?:-d|-h|--home|--home-dir)$/.test(text));
  const given = at === -1 ? undefined : texts[at + 1];
  const glued = texts.flatMap((text) => /^--home(?:-dir)?=(.+)$/.exec(text ?? '')?.[1] ?? [])[0];
  const home = given ?? glued;
  if (texts.includes(undefined)) return { ...base, writes: [tree('/')] };
  return { ...base, writes: [home?.startsWith('/') ? tree(joinPath('/', home)) : tree('/home')] };
}

function wordsAsFiles({ args }: ShellCommand, { folder = '/', resolve }: CommandSetting): readonly Area[] {
  const texts = args.flatMap((word) => resolve(word)?.replace(/^--?[\w-]+=/, '') ?? []);
  return texts.filter((text) => text !== '' && !/^-|:\/\//.test(text)).map((text) => tree(joinPath(folder, text)));
}

/** `-f path` of `test`. */
function tested(args: readonly ShellWord[]): readonly ShellWord[] {
  return args.flatMap((word, index) =>
    /^-[abcdefghkprsuwxLOGSN]$/.test(word.text) || word.text === '-nt' || word.text === '-ot'
      ? (args[index + 1] ?? [])
      : [],
  );
}

/** Words that may be paths; of an option its value, where it has a slash. */
function operandsOf(args: readonly ShellWord[], known: KnownCommand, texts: readonly string[]): readonly ShellWord[] {
  const found: ShellWord[] = [];
  let skip = known.skip ?? 0;
  for (const [index, word] of args.entries()) {
    const text = texts[index] ?? word.text;
    if (known.textOptions?.includes(texts[index - 1] ?? '') || known.textWords?.test(text)) continue;
    if (/^[-(!\\]/.test(text) && text !== '-') {
      const value = /^-[^=/]*=?(.*)$/s.exec(text)?.[1] ?? '';
      if (value !== '' && !known.textOptions?.some((option) => text.startsWith(option)))
        found.push({ ...word, text: value, value: word.value === undefined ? undefined : value });
    } else if (text === '-') continue;
    else if (skip > 0) skip--;
    else found.push(word);
  }
  return found;
}

function redirects(
  { redirects }: ShellCommand,
  { folder, home, resolve }: CommandSetting,
): { reads: readonly Area[]; writes: readonly Area[] } | undefined {
  const reads: Area[] = [];
  const writes: Area[] = [];
  for (const { operator, target } of redirects) {
    if (!target || operator.includes('<<') || /&$/.test(operator)) continue;
    const text = resolve(target);
    if (text !== undefined && /^(?:&?\d+|&?-)$/.test(text)) continue;
    if (text?.startsWith('/dev/')) continue;
    const area = areaOf(text, folder, home, target.text);
    if (area === undefined) return undefined;
    (operator.includes('<') && !operator.includes('>') ? reads : writes).push(area);
  }
  return { reads, writes };
}

/** The area that a word names, of one with wildcards the folder that holds what it may match; undefined where it is not known. */
function areaOf(
  value: string | undefined,
  folder: string | undefined,
  home: string | undefined,
  written = '',
): Area | undefined {
  let text = value;
  if (text === undefined && home !== undefined) {
    const inHome = /^"?\$(?:HOME|\{HOME\})"?((?:\/[\w./-]*)?)"?$/.exec(written);
    if (inHome) text = `${home}${inHome[1]}`;
  }
  if (text === undefined) return undefined;
  if (/^~(?=\/|$)/.test(text)) {
    if (home === undefined) return undefined;
    text = `${home}${text.slice(1)}`;
  } else if (text.startsWith('~')) return undefined;
  const wild = text.search(/[*?[{]/);
  if (wild !== -1) text = text.slice(0, text.lastIndexOf('/', wild) + 1) || '.';
  const path = pathIn(folder, text);
  return path === undefined ? undefined : tree(path);
}

function pathIn(folder: string | undefined, text: string): string | undefined {
  return folder === undefined && !text.startsWith('/') ? undefined : joinPath(folder ?? '/', text);
}
