import { parseShell, type ShellCommand, type ShellWord } from '../../syntax/shell.js';
import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import type { RunInstruction } from '../../syntax/tree.js';
import type { Build } from '../build.js';
import { stagesDown } from '../caches.js';
import type { Project } from '../install-project.js';
import { type Install, wordValue } from '../installs.js';
import { isHarmlessOfBerry, strangeKeyOfBerry } from '../manifests/berry.js';
import type { Area } from './area.js';
import { type BroughtFile, broughtSettings, settingsFile } from './brought-settings.js';
import { settingsInComposerFile } from './composer-settings.js';
import { settingsInNugetFile } from './nuget-settings.js';
import { settingsInPipFile } from './pip-settings.js';
import { strangeSetting } from './project-settings.js';
import type { Setting } from './setting.js';
import { settingsOf } from './setting-commands.js';
import { keptWhere, settingsInBundlerFile } from './setting-values.js';
import { settingsInUvFile } from './uv-settings.js';

/** What settings that commands have written before an install make it do. */
export interface WrittenSettings {
  /** Settings with which it may read or write anything, as "`npm config` sets KEY" or the like. */
  readonly strange: readonly string[];
  readonly reads: readonly Area[];
  readonly writes: readonly Area[];
}

const nothing: WrittenSettings = { strange: [], reads: [], writes: [] };

const pipFile = /(?:^|\/)pip\.conf$/;

/** The names of files with settings that a manager reads in the project or at home. */
const filesRead: ReadonlyMap<string, RegExp> = new Map([
  ['npm', /(?:^|\/)\.?npmrc$/],
  ['pnpm', /(?:^|\/)(?:\.?npmrc|pnpm-workspace\.yaml|pnpm\/rc)$/],
  ['yarn', /(?:^|\/)(?:\.?npmrc|\.yarnrc|\.yarnrc\.yml)$/],
  ['bun', /(?:^|\/)(?:\.npmrc|\.?bunfig\.toml)$/],
  ['bundler', /(?:^|\/)\.bundle\/config$/],
  ['pip', pipFile],
  ['pip-tools', pipFile],
  ['pipenv', pipFile],
  ['conda', pipFile],
  ['uv', /(?:^|\/)uv\.toml$/],
  ['composer', /(?:^|[./])composer\/config\.json$|^\/tmp\/config\.json$/],
  ['dotnet', /(?:^|\/)nuget\.config$/i],
]);

/** A command that may set something. */
const mention = /\b(?:config|conf|set|npmrc|yarnrc|pnpm-workspace|rc|bunfig|uv\.toml|nuget)\b/i;

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
  const inFiles = files.flatMap((path) => settingsInBundlerFile(context.read(path) ?? ''));
  return together([
    ofSettings(inFiles, install, home),
    ...broughtSettings(build, install, project, home).map((one) => ofFile(one, install, home)),
    ...writtenSettings(build, install, home),
  ]);
}

function ofFile({ name, text }: BroughtFile, install: Install, home: string | undefined): WrittenSettings {
  if (text === undefined) return { ...nothing, strange: [`${name} comes from elsewhere`] };
  const known = settingsIn(name);
  if (known) return ofSettings(known(text), install, home);
  const strange =
    name === '.yarnrc.yml'
      ? strangeKeyOfBerry(text, isHarmlessOfBerry)
      : strangeSetting(install.manager.name, (one) => (one === name ? text : undefined));
  return strange === undefined ? nothing : { ...nothing, strange: [strange] };
}

/** How the settings of a file are read that is no `.npmrc` or the like. */
function settingsIn(name: string): ((text: string) => readonly Setting[]) | undefined {
  switch (name) {
    case '.bundle/config':
      return settingsInBundlerFile;
    case 'pip.conf':
      return settingsInPipFile;
    case 'uv.toml':
      return settingsInUvFile;
    case 'config.json':
      return settingsInComposerFile;
    case 'NuGet.Config':
      return settingsInNugetFile;
    default:
      return undefined;
  }
}

function writtenSettings(build: Build, install: Install, home: string | undefined): readonly WrittenSettings[] {
  const manager = install.manager.name;
  return commandsBefore(build, install).map(({ run, command }): WrittenSettings => {
    const resolve = (word: ShellWord) => wordValue(build, run, word);
    const file = writtenFile(manager, command, resolve);
    if (file) {
      const why = `${file.name} is written by \`${command.name}\``;
      return file.text === undefined ? { ...nothing, strange: [why] } : ofFile(file, install, home);
    }
    return ofSettings(settingsOf(manager, command, resolve), install, home);
  });
}

function together(found: readonly WrittenSettings[]): WrittenSettings {
  return {
    strange: found.flatMap(({ strange }) => strange),
    reads: found.flatMap(({ reads }) => reads),
    writes: found.flatMap(({ writes }) => writes),
  };
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

/** A file with settings that a command writes, with its text where the command shows that. */
function writtenFile(
  manager: string,
  command: ShellCommand,
  resolve: (word: ShellWord) => string | undefined,
): BroughtFile | undefined {
  const text = (word: ShellWord) => resolve(word) ?? word.text.replace(/["']/g, '');
  const names = filesRead.get(manager);
  const isOne = (word: ShellWord | undefined) => word !== undefined && names?.test(text(word));
  const redirect = command.redirects.find(({ operator, target }) => operator.includes('>') && isOne(target));
  const named = redirect?.target ?? writtenBy(command, text).find(isOne);
  if (!named) return undefined;
  const name = settingsFile(text(named));
  const shows =
    redirect && /^(?:echo|printf)$/.test(command.name ?? '') && /^(?:\.(?:npm|yarn)rc|pip\.conf)$/.test(name);
  return { name, text: shows ? command.args.map(text).join(' ').replaceAll('\\n', '\n') : undefined };
}

/** Words that may name what a command writes. */
function writtenBy({ name = '', args }: ShellCommand, text: (word: ShellWord) => string): readonly ShellWord[] {
  if (writers.test(name)) return args;
  const last = args.at(-1);
  if (!movers.test(name) || !last) return [];
  return /(?:^|\/)\.{0,2}$|^~$/.test(text(last)) ? args : [last];
}
