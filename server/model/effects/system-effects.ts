import { placeOptions, settingsOfSystemCommands } from '../../knowledge/known-commands.js';
import { plainPackage } from '../../knowledge/system-paths.js';
import type { ShellCommand } from '../../syntax/shell.js';
import { joinPath } from '../path.js';
import { type Area, entry, foldersAbove, isSystem, tree } from './area.js';
import { areaOf, type CommandEffects, type CommandSetting, mayDoAnything, nothing } from './command-effects.js';
import { ownModules } from './own-modules.js';

/** Options that say where a known package manager of the system puts or finds things in a project. */
const elsewhere =
  /^(?:-t|--target|--prefix|--root|--src|-e|--editable|--installroot|-r|--requirement|-c|--constraint|-p)(?:=|$)|^-[rc]./;

/** Of conda `-c` is a channel, by name or address. */
const elsewhereOfConda = /^(?:-p|--prefix|-r|--root-prefix|-f|--file|--rc-file|--clone)(?:=|$)|^-c[./~]/;

/** One of `systemCommands`; `whole` is all of it on one line. It may do anything where a word names a place of a project. */
export function changeSystem(
  command: ShellCommand,
  whole: string,
  { folder, resolve }: CommandSetting,
): CommandEffects {
  const isConda = /^(?:conda|mamba|micromamba)$/.test(command.name ?? '');
  const places = isConda ? elsewhereOfConda : elsewhere;
  const isPip = /^p(?:ip|ython)[\d.]*$/.test(command.name ?? '');
  for (const word of command.name === 'git' ? [] : command.args) {
    const text = resolve(word);
    if (text !== undefined && (places.test(text) || isPathOfPackage(text) || /(?:^|[@\s])file:/.test(text)))
      return mayDoAnything;
    if (isPip && /^[\w.-]+\//.test(text ?? '')) return mayDoAnything;
  }
  if (namesPlace(command, resolve) || (/^npm (?:install|i|add)\b/.test(whole) && !namesPackage(command)))
    return mayDoAnything;
  const settings = settingsOfSystemCommands.find(({ of }) => of.test(whole))?.names ?? [];
  if (settings.length > 0 && folder === undefined) return mayDoAnything;
  const folders = settings.length > 0 ? ['/', ...foldersAbove(folder ?? '/'), folder ?? '/'] : [];
  const named = folders.flatMap((one) => settings.map((name) => entry(joinPath(one, name))));
  const looksFor = [...ownModules(command, folder), ...named];
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

/** Options of npm whose value is the next word. */
const taking =
  /^(?:-C|-w|--(?:registry|prefix|loglevel|cache|userconfig|globalconfig|location|omit|include|workspace|tag|proxy|https-proxy|noproxy|cafile|ca|maxsockets|fetch-[\w-]+))$/;

/** Without one `npm install -g` installs the project of the working folder. */
function namesPackage({ args }: ShellCommand): boolean {
  const texts = args.slice(1).map(({ text }) => text);
  return texts.some((text, index) => !text.startsWith('-') && !taking.test(texts[index - 1] ?? ''));
}

function isPathOfPackage(text: string): boolean {
  return (
    /^(?:\.|\/|~|[\w-]+\/$)|file:|\/.*\*|\.(?:whl|tgz|tar\.gz|zip|gem|deb|rpm|apk)$/.test(text) && !/:\/\//.test(text)
  );
}

/** Words are names of packages, or paths of some. A clean-up such as `apt-get clean` is among it. */
export function manageDistribution(command: ShellCommand, { folder, resolve }: CommandSetting): CommandEffects {
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
  const looksFor = command.args.flatMap((word) => fileNamed(resolve(word), folder));
  const web = bringsOthers(command, resolve);
  return { ...nothing, reads, looksFor, system: true, web, accounts: 'adds', network: true, variables: 'most' };
}

/** It changes packages besides plain ones that it names. */
function bringsOthers({ name = '', args }: ShellCommand, resolve: CommandSetting['resolve']): boolean {
  const texts = args.map((word) => resolve(word) ?? (/^"?\$\{?PHPIZE_DEPS\}?"?$/.test(word.text) ? '.deps' : '?'));
  const at = texts.findIndex((text) => !text.startsWith('-'));
  const verb = texts[at] ?? '';
  if (/^(?:update|clean|makecache|check-update|index)$/.test(verb)) return false;
  const isKnown =
    /^(?:apt|apt-get|apk|dnf|microdnf|yum)$/.test(name) && /^(?:install|add|del|remove|purge)$/.test(verb);
  return !isKnown || texts.slice(at + 1).some((text) => !text.startsWith('-') && !plainPackage.test(text));
}

/** A list of repositories, or of what a package is built with; a word with a dot may be a package as well. */
function fileNamed(text: string | undefined, folder: string | undefined): readonly Area[] {
  const name = text?.replace(/^--?[\w-]+=/, '') ?? '';
  return folder !== undefined && /^[\w@+-][\w@+/-]*\.[\w.+/-]+$/.test(name) ? [entry(joinPath(folder, name))] : [];
}

/** A virtual environment of Python in the folder that the last word names. */
export function makeEnvironment(command: ShellCommand, setting: CommandSetting): CommandEffects {
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
export function configureBundler({ folder }: CommandSetting): CommandEffects {
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

/** Options of `git clone` whose value is the next word, and those that name other places of this machine. */
const takingOfClone =
  /^(?:-[bocuj]|--(?:branch|origin|config|upload-pack|jobs|depth|filter|shallow-\w+|server-option))$/;
const besideClone = /^--(?:reference|template|separate-git-dir|bundle-uri)/;

/** It clones a repository of this machine, which may be that of the project, or takes something else out of its folders. */
function clonesFromHere(texts: readonly (string | undefined)[]): boolean {
  const from = texts.find((text, index) => !text?.startsWith('-') && !takingOfClone.test(texts[index - 1] ?? ''));
  const isHere = from !== undefined && (/^file:/.test(from) || !/^[^/]+:/.test(from));
  return isHere || texts.some((text) => besideClone.test(text ?? ''));
}

/** A setting of Git whose value may be a file: `-c include.path=…`, `--config http.sslCAInfo=…`. */
function namesFile(texts: readonly (string | undefined)[]): boolean {
  return texts.some((text, index) => {
    const before = texts[index - 1];
    const setting = before === '-c' || before === '--config' ? text : /^(?:-c|--config=)(.+)$/.exec(text ?? '')?.[1];
    return setting !== undefined && !plainSetting.test(setting);
  });
}

/** https://git-scm.com/docs/git-config */
const plainSetting =
  /^(?:advice\.\w+|core\.(?:autocrlf|eol|symlinks|compression|longpaths|filemode)|http\.(?:postBuffer|sslVerify|version|lowSpeed\w+|maxRequests|followRedirects)|(?:protocol|pack|fetch|transfer|gc|init)\.[\w.]+|user\.(?:name|email))=/i;

/** Git writes the folder that it makes; which one the last word or the address says, else it may be any in the working folder. */
export function cloneRepository(command: ShellCommand, setting: CommandSetting): CommandEffects {
  const texts = command.args.slice(1).map((word) => setting.resolve(word));
  if (clonesFromHere(texts) || namesFile(texts)) return mayDoAnything;
  const last = command.args.at(-1);
  const text = last && setting.resolve(last);
  const named =
    text !== undefined && !/:|\.git$|^-/.test(text) ? areaOf(text, setting.folder, setting.home) : undefined;
  const area = named ?? (setting.folder === undefined ? undefined : tree(setting.folder));
  return area
    ? { ...nothing, reads: [area], writes: [area], system: true, network: true, variables: 'any' }
    : mayDoAnything;
}
