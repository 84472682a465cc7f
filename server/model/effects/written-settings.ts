import { baseName } from '../../syntax/go-path.js';
import { parseShell, type ShellCommand, type ShellWord } from '../../syntax/shell.js';
import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import type { RunInstruction } from '../../syntax/tree.js';
import type { Build } from '../build.js';
import { stagesDown } from '../caches.js';
import type { Project } from '../install-project.js';
import { type Install, wordValue } from '../installs.js';
import { isHarmlessOfBerry, strangeKeyOfBerry } from '../manifests/berry.js';
import type { Area } from './area.js';
import { type BroughtFile, broughtSettings } from './brought-settings.js';
import { strangeSetting } from './project-settings.js';
import { keptWhere, type Setting } from './setting-values.js';

/** What settings that commands have written before an install make it do. */
export interface WrittenSettings {
  /** Settings with which it may read or write anything, as "`npm config` sets KEY" or the like. */
  readonly strange: readonly string[];
  readonly reads: readonly Area[];
  readonly writes: readonly Area[];
}

const nothing: WrittenSettings = { strange: [], reads: [], writes: [] };

/** Programs that set what a manager heeds. */
const heeded: ReadonlyMap<string, readonly string[]> = new Map([
  ['npm', ['npm']],
  ['pnpm', ['npm', 'pnpm']],
  ['yarn', ['npm', 'yarn']],
  ['bun', ['npm']],
  ['bundler', ['bundle', 'bundler']],
  ['poetry', ['poetry']],
  ['conda', ['conda', 'mamba', 'micromamba']],
]);

/** The names of files with settings that a manager reads in the project or at home. */
const filesRead: ReadonlyMap<string, RegExp> = new Map([
  ['npm', /(?:^|\/)\.?npmrc$/],
  ['pnpm', /(?:^|\/)(?:\.?npmrc|pnpm-workspace\.yaml|pnpm\/rc)$/],
  ['yarn', /(?:^|\/)(?:\.?npmrc|\.yarnrc|\.yarnrc\.yml)$/],
  ['bun', /(?:^|\/)(?:\.npmrc|\.?bunfig\.toml)$/],
  ['bundler', /(?:^|\/)\.bundle\/config$/],
]);

/** A command that may set something. */
const mention = /\b(?:config|set|npmrc|yarnrc|pnpm-workspace|rc|bunfig)\b/;

/** Programs that write what a word names, and those that put other files where the last word says. */
const writers = /^(?:tee|sed|dd|curl|wget|truncate)$/;
const movers = /^(?:cp|mv|ln|install)$/;

/**
 * The settings that the stage of an install, and those below it, write or bring before it, but for those of the project that the other
 * readers know; `home` is that of the user who runs it.
 */
export function settingsBeside(
  build: Build,
  install: Install,
  project: Project,
  home: string | undefined,
): WrittenSettings {
  const { context, reading } = project;
  const name = install.manager.name;
  const files = name === 'bundler' ? [...reading.files].filter((path) => path.endsWith('.bundle/config')) : [];
  const inFiles = files.flatMap((path) => settingsOfBundler(context.read(path) ?? ''));
  return together([
    ofSettings(inFiles, install, home),
    ...broughtSettings(build, install, project, home).map((one) => ofFile(one, install, home)),
    ...writtenSettings(build, install, home),
  ]);
}

function ofFile({ name, text }: BroughtFile, install: Install, home: string | undefined): WrittenSettings {
  if (text === undefined) return { ...nothing, strange: [`${name} comes from elsewhere`] };
  if (name === '.bundle/config') return ofSettings(settingsOfBundler(text), install, home);
  const strange =
    name === '.yarnrc.yml'
      ? strangeKeyOfBerry(text, isHarmlessOfBerry)
      : strangeSetting(install.manager.name, (one) => (one === name ? text : undefined));
  return strange === undefined ? nothing : { ...nothing, strange: [strange] };
}

function writtenSettings(build: Build, install: Install, home: string | undefined): readonly WrittenSettings[] {
  const programs = heeded.get(install.manager.name);
  if (!programs) return [];
  return commandsBefore(build, install).map(({ run, command }): WrittenSettings => {
    const resolve = (word: ShellWord) => wordValue(build, run, word);
    const file = strangeFile(install.manager.name, command, resolve);
    if (file !== undefined) return { ...nothing, strange: [file] };
    const { name = '' } = command;
    return programs.includes(name) ? ofSettings(settingsIn(command, resolve), install, home) : nothing;
  });
}

function together(found: readonly WrittenSettings[]): WrittenSettings {
  return {
    strange: found.flatMap(({ strange }) => strange),
    reads: found.flatMap(({ reads }) => reads),
    writes: found.flatMap(({ writes }) => writes),
  };
}

/** `BUNDLE_LOCAL__RACK: "../rack"` */
function settingsOfBundler(text: string): readonly Setting[] {
  return [...text.matchAll(/^["']?BUNDLE_(\w+)["']?:[ \t]*(.*)$/gm)].map(([, key = '', value = '']) => ({
    by: '.bundle/config',
    key: key.toLowerCase().replaceAll('___', '-').replaceAll('__', '.'),
    value: value.trim().replace(/^(["'])(.*)\1$/, '$2'),
  }));
}

function ofSettings(settings: readonly Setting[], { directory }: Install, home: string | undefined): WrittenSettings {
  const judged = settings.map((one) => ({ one, kept: keptWhere(one, directory, home) }));
  return {
    strange: judged.flatMap(({ one, kept }) => (kept === undefined ? [whyStrange(one)] : [])),
    reads: judged.flatMap(({ kept }) => kept?.reads ?? []),
    writes: judged.flatMap(({ kept }) => kept?.writes ?? []),
  };
}

function whyStrange({ by, key }: Setting): string {
  if (by === '`yarn set version`') return `${by} takes another Yarn`;
  return `${by} sets ${key ?? 'something that is not known'}`;
}

interface Before {
  readonly run: RunInstruction;
  readonly command: ShellCommand;
}

function commandsBefore(build: Build, { stage, run, command: own }: Install): readonly Before[] {
  return stagesDown(stage).flatMap(({ instructions }) =>
    instructions.flatMap((one) => {
      if (one.keyword !== 'RUN' || one.index > run.index || !mention.test(textWithHeredocs(one))) return [];
      const { commands } = parseShell(build.file, one, build.stateBefore(one).shell);
      const end = one.index === run.index ? commands.indexOf(own) : commands.length;
      return commands.slice(0, end).map((command) => ({ run: one, command }));
    }),
  );
}

/** Of a command that writes a file with settings: what the file says, where the command shows that, or else that it writes it. */
function strangeFile(
  manager: string,
  command: ShellCommand,
  resolve: (word: ShellWord) => string | undefined,
): string | undefined {
  const text = (word: ShellWord) => resolve(word) ?? word.text.replace(/["']/g, '');
  const names = filesRead.get(manager);
  const isOne = (word: ShellWord | undefined) => word !== undefined && names?.test(text(word));
  const redirect = command.redirects.find(({ operator, target }) => operator.includes('>') && isOne(target));
  const named = redirect?.target ?? writtenBy(command, text).find(isOne);
  if (!named) return undefined;
  const file = baseName(text(named)).replace(/^npmrc$/, '.npmrc');
  const shows = redirect && /^(?:echo|printf)$/.test(command.name ?? '') && /^\.(?:npm|yarn)rc$/.test(file);
  if (!shows) return `${file === 'config' ? '.bundle/config' : file} is written by \`${command.name}\``;
  const content = command.args.map(text).join(' ').replaceAll('\\n', '\n');
  return strangeSetting(manager, (name) => (name === file ? content : undefined));
}

/** Words that may name what a command writes. */
function writtenBy({ name = '', args }: ShellCommand, text: (word: ShellWord) => string): readonly ShellWord[] {
  if (writers.test(name)) return args;
  const last = args.at(-1);
  if (!movers.test(name) || !last) return [];
  return /(?:^|\/)\.{0,2}$|^~$/.test(text(last)) ? args : [last];
}

/** Options of the programs whose value is the next word. */
const taking = /^(?:-L|--location|--registry|--loglevel|-C|--prefix|--dir|--cwd)$/;

/** What `npm config set`, `yarn config set`, `bundle config` and the like set. */
function settingsIn(command: ShellCommand, resolve: (word: ShellWord) => string | undefined): readonly Setting[] {
  const { name = '', args } = command;
  const words = args.filter(
    ({ text }, index) => !(text.startsWith('-') || taking.test(args[index - 1]?.text ?? '')) || index === 0,
  );
  const [first, second] = words.map(({ text }) => text);
  if (name === 'yarn' && first === 'set' && second === 'version')
    return [{ by: '`yarn set version`', key: undefined, value: undefined }];
  const by = `\`${name === 'bundler' ? 'bundle' : name} config\``;
  if (name.startsWith('bundle')) {
    if (first !== 'config' || /^(?:get|list|unset)$/.test(second ?? '')) return [];
    const [key, ...values] = words.slice(second === 'set' ? 2 : 1);
    // Values that look like options are dropped with them: `build.x --with-y`.
    const value = values.some((word) => resolve(word) === undefined) ? undefined : values.map(resolve).join(' ');
    return key && (values.length > 0 || second === 'set') ? [{ by, key: resolve(key), value }] : [];
  }
  if (/^(?:conda|mamba|micromamba)$/.test(name)) return first === 'config' ? settingsOfConda(args, resolve) : [];
  if (name === 'poetry') {
    const [key, value] = words.slice(1);
    return first === 'config' && key && value ? [{ by, key: resolve(key), value: resolve(value) }] : [];
  }
  const isSet = first === 'set' || (/^(?:config|c)$/.test(first ?? '') && second === 'set');
  return isSet ? pairsIn(words.slice(first === 'set' ? 1 : 2), by, resolve) : [];
}

/** `conda config --add KEY VALUE` and the like; micromamba says `conda config append KEY VALUE`. */
function settingsOfConda(
  args: readonly ShellWord[],
  resolve: (word: ShellWord) => string | undefined,
): readonly Setting[] {
  return args.flatMap(({ text }, index) => {
    const [key, value] = args.slice(index + 1);
    if (!/^(?:--)?(?:add|set|append|prepend)$/.test(text) || !key || !value) return [];
    return [{ by: '`conda config`', key: resolve(key), value: resolve(value) }];
  });
}

/** `KEY VALUE` and `KEY=VALUE`, as npm takes them. */
function pairsIn(
  words: readonly ShellWord[],
  by: string,
  resolve: (word: ShellWord) => string | undefined,
): readonly Setting[] {
  const found: Setting[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word) break;
    const text = resolve(word) ?? word.text.replace(/^["']/, '');
    const equals = text.indexOf('=');
    const key = equals === -1 ? text : text.slice(0, equals);
    const next = equals === -1 ? words[++at] : undefined;
    const whole = resolve(word) === undefined ? undefined : text.slice(equals + 1);
    found.push({ by, key: keyOf(key), value: next ? resolve(next) : equals === -1 ? '' : whole });
  }
  return found;
}

/** Of a registry that only a variable names it is known all the same what is set. */
function keyOf(text: string): string | undefined {
  if (!/[$`]/.test(text)) return text;
  return /^\/\/[^=]*:(?:_authToken|_auth|_password|username|email|always-auth)$/.exec(text)?.[0];
}
