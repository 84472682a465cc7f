import {
  distributionManagers,
  type KnownCommand,
  knownCommands,
  readingSystem,
  systemCommands,
} from '../../knowledge/known-commands.js';
import { parentOf } from '../../syntax/go-path.js';
import type { ShellCommand, ShellWord } from '../../syntax/shell.js';
import { joinPath } from '../path.js';
import { makesEnvironment } from '../virtual-environment.js';
import { type Area, entry, tree } from './area.js';
import { areaOf, type CommandEffects, type CommandSetting, mayDoAnything, nothing } from './command-effects.js';
import { configureGo } from './go-config.js';
import { homeOption } from './home-option.js';
import { configureNode } from './node-config.js';
import { mayTouchFiles } from './sed-script.js';
import {
  changeSystem,
  cloneRepository,
  configureBundler,
  makeEnvironment,
  manageDistribution,
} from './system-effects.js';

/** Effects of a command that is no install of the project's dependencies; its redirections left out. */
export function commandEffects(command: ShellCommand, setting: CommandSetting): CommandEffects {
  if (command.name === undefined) return mayDoAnything;
  // `$(< list)` is no command of its own.
  if (command.args.some(({ text }) => /(?:\$\(|`)\s*<(?!<)/.test(text))) return mayDoAnything;
  return command.name === '' ? nothing : effectsOfProgram(command, command.name, setting);
}

/** With what its redirections read and write besides. */
export function withRedirects(own: CommandEffects, command: ShellCommand, setting: CommandSetting): CommandEffects {
  const found = command.redirects.length === 0 ? undefined : redirects(command, setting);
  if (!found) return command.redirects.length === 0 ? own : mayDoAnything;
  return { ...own, reads: [...own.reads, ...found.reads], writes: [...own.writes, ...found.writes] };
}

function effectsOfProgram(command: ShellCommand, name: string, setting: CommandSetting): CommandEffects {
  const configured = configureNode(command, setting) ?? configureGo(command, setting);
  if (configured) return configured;
  if (distributionManagers.has(name)) return manageDistribution(command, setting);
  const whole = [name, ...command.args.map((word) => word.value ?? word.text)].join(' ');
  if (systemCommands.some((pattern) => pattern.test(whole))) return changeSystem(command, whole, setting);
  if (makesEnvironment(command)) return makeEnvironment(command, setting);
  if (name === 'git' && /^git clone /.test(whole)) return cloneRepository(command, setting);
  if (/^bundler? config /.test(whole)) return configureBundler(setting);
  const known = knownCommands.get(name);
  return known ? knownEffects(command, known, setting) : mayDoAnything;
}

function knownEffects(command: ShellCommand, known: KnownCommand, setting: CommandSetting): CommandEffects {
  const { args } = command;
  const texts = args.map((word) => setting.resolve(word) ?? word.text);
  const [first = ''] = texts;
  const options = known.bundled?.test(first) ? [`-${first}`, ...texts.slice(1)] : texts;
  if (known.unknownWith && options.some((text) => known.unknownWith?.test(text))) return mayDoAnything;
  if (known.words === 'text') return textEffects(command, known, setting);
  if (command.name === 'sed' && mayTouchFiles(scriptOf(args, texts))) return mayDoAnything;
  const named = known.words === 'tests' ? tested(args) : operandsOf(command, known, texts);
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
  if (isSumCheck(command) && areas.length > 0) {
    // The files that a list names lie in the working folder as a rule.
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

/** Of sed: its first word that is no option. What variables have in it is not looked at. */
function scriptOf(args: readonly ShellWord[], texts: readonly string[]): string {
  const at = texts.findIndex((text) => !text.startsWith('-'));
  const written = texts[at] ?? '';
  return args[at]?.value === undefined ? written.replace(/(?<!\\)["']/g, '') : written;
}

/** `sha256sum -c` */
export function isSumCheck({ name = '', args }: ShellCommand): boolean {
  return /^(?:sha\d+|md5|ck)sum$/.test(name) && args.some(({ text }) => /^-\w*c|^--check$/.test(text));
}

function sorted(
  command: ShellCommand,
  known: KnownCommand,
  areas: readonly Area[],
  texts: readonly string[],
): CommandEffects {
  const changes = known.words === 'writes' || texts.some((text) => known.writesWith?.test(text));
  // What its owner, mode or time says of a folder is not what its being there says.
  if (known.words === 'tests' && texts.some((text) => /^-(?:[gkrsuwxLOGN]|[no]t|ef)$/.test(text)))
    return { ...nothing, reads: areas };
  if (known.words === 'tests') return { ...nothing, reads: areas.map(({ path }) => entry(path)) };
  if (command.name === 'cd' || command.name === 'pushd')
    return { ...nothing, reads: areas.map(({ path }) => entry(path)) };
  if (known.words === 'folders') {
    const plain = texts.includes('-p') || texts.includes('--parents');
    const moded = texts.some((text) => /^(?:-\w*m|--mode)/.test(text));
    const paths = areas.map(({ path }) => path);
    if (plain && !moded) return { ...nothing, folders: paths };
    const above = plain ? [] : paths.map(parentOf).filter((path) => path !== '' && path !== '/');
    return { ...nothing, reads: above.map(entry), folders: paths, writes: paths.map(entry) };
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
    const globs = command.args.filter(({ text }) => /\*|\/.*[?[]|[?[].*\//.test(text) && !/["'\\$]/.test(text));
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
  const home = homeOption(texts);
  if (texts.includes(undefined)) return { ...base, writes: [tree('/')] };
  // A home starts as a copy of that folder.
  if (texts.some((text) => /^(?:-k|--skel)/.test(text ?? ''))) return mayDoAnything;
  return { ...base, writes: [home?.startsWith('/') ? tree(joinPath('/', home)) : tree('/home')] };
}

function wordsAsFiles({ args }: ShellCommand, { folder = '/', resolve }: CommandSetting): readonly Area[] {
  const texts = args.flatMap((word) => resolve(word)?.replace(/^--?[\w-]+=/, '') ?? []);
  return texts.filter((text) => text !== '' && !/^-|:\/\//.test(text)).map((text) => tree(joinPath(folder, text)));
}

/** `-f path` of `test`. */
function tested(args: readonly ShellWord[]): readonly ShellWord[] {
  return args.flatMap((word, index) => {
    const [before, behind] = [args[index - 1] ?? [], args[index + 1] ?? []];
    if (/^-(?:nt|ot|ef)$/.test(word.text)) return [before, behind].flat();
    return /^-[abcdefghkprsuwxLOGSN]$/.test(word.text) ? behind : [];
  });
}

/** Words that may be paths; of an option its value, where it has a slash. An expression of `find` has brackets and `!` besides. */
function operandsOf({ name, args }: ShellCommand, known: KnownCommand, texts: readonly string[]): readonly ShellWord[] {
  const found: ShellWord[] = [];
  const isNone = name === 'find' ? /^[-(!\\]/ : /^-/;
  let skip = known.skip ?? 0;
  for (const [index, word] of args.entries()) {
    const text = texts[index] ?? word.text;
    if (index === 0 && known.bundled?.test(text)) continue;
    if (known.textOptions?.includes(texts[index - 1] ?? '') || known.textWords?.test(text)) continue;
    if (isNone.test(text) && text !== '-') {
      const isGlued = known.here?.unless.some((option) => /^-\w$/.test(option) && text.startsWith(option));
      const value = (isGlued ? /^-\w(.*)$/s : /^-[^=/]*=?(.*)$/s).exec(text)?.[1] ?? '';
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
