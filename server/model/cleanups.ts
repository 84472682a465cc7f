import type { CacheFolder } from '../knowledge/package-managers.js';
import { parseShell, type ShellCommand, type ShellScript, type ShellWord } from '../syntax/shell.js';
import type { RunInstruction } from '../syntax/tree.js';
import type { Build } from './build.js';
import { type CachePlace, cachePlacesOf, isInside } from './caches.js';
import { foldersOf, type Install } from './installs.js';
import { joinPath } from './path.js';

/** A command that empties a cache folder. */
export interface Cleanup {
  readonly command: ShellCommand;
  /** The folder it empties, of those asked for. */
  readonly what: string;
  /** It is known to empty other folders as well. */
  readonly more: boolean;
  /** `rm` names the folder itself. If something is mounted there, it deletes what is in it and then fails with `EBUSY`. */
  readonly itself: boolean;
}

/** What empties the caches of a RUN's installs, all of one manager: once for all of them that keep theirs at the same places. */
export function cleanupsOf(build: Build, run: RunInstruction, installs: readonly Install[]): readonly Cleanup[] {
  const script = parseShell(build.file, run, build.stateBefore(run).shell);
  const all = installs.map((install) => cachePlacesOf(build, install) ?? []);
  const distinct = new Map(
    all.map((places) => [places.map(({ folder, path }) => `${folder.path} ${path}`).join('\n'), places]),
  );
  return [...distinct.values()].flatMap((places) =>
    cleanupsIn(
      build,
      run,
      script,
      places.map(({ path }) => path),
      places,
    ),
  );
}

/**
 * Commands of a RUN that do nothing but empty one of the folders (absolute): `rm -rf FOLDER/*`, or the manager's own clean-up of
 * places that lie in these folders. A command that also deletes something else is not among them.
 */
export function cleanupsIn(
  build: Build,
  run: RunInstruction,
  script: ShellScript,
  folders: readonly string[],
  places: readonly CachePlace[],
): readonly Cleanup[] {
  if (!script.commands.some(({ name }) => mayEmpty(name, places))) return [];
  const directories = foldersOf(script, build.stateBefore(run).cwd, (word) => word.value);
  const holding = (path: string) => folders.find((folder) => isInside(path, folder));
  const cleanups: Cleanup[] = [];
  for (let index = 0; index < script.commands.length; index++) {
    const command = script.commands[index];
    if (!command?.certain || !mayEmpty(command.name, places)) continue;
    const emptied =
      command.name === 'rm'
        ? emptiedBy(build, run, command, directories[index])
        : places.filter(({ folder }) => empties(command, folder)).map(({ path }) => path);
    const found = emptied?.map(holding);
    const what = found?.[0];
    if (what === undefined || !found?.every((path) => path !== undefined)) continue;
    const itself =
      command.name === 'rm' && emptied?.includes(what) === true && !/\/[^/\s]*[*{][^/\s]*$/m.test(textOf(command));
    cleanups.push({ command, what, more: command.name !== 'rm' && wider.test(wordsOf(command).join(' ')), itself });
  }
  return cleanups;
}

function mayEmpty(name: string | undefined, places: readonly CachePlace[]): boolean {
  if (name === undefined) return false;
  return name === 'rm' || places.some(({ folder }) => folder.cleanup.some((one) => one.startsWith(name)));
}

/** The HTTP cache of NuGet and the metadata of pnpm lie elsewhere. */
const wider = /^(?:dotnet nuget locals all|pnpm store prune)\b/;

/** `npm cache clean --force`, as the table has it; where it names an option, nothing may be there that it does not name. */
function empties(command: ShellCommand, { cleanup }: CacheFolder): boolean {
  const { name = '' } = command;
  if (!cleanup.some((one) => one.startsWith(name))) return false;
  const words = wordsOf(command).join(' ');
  return cleanup.some((one) => {
    const end = one.indexOf(' -');
    if (end === -1) return words === one || words.startsWith(`${one} `);
    const flags = () => one.slice(end + 1).split(/ (?=-)/);
    return words === one.slice(0, end) && flags().every((flag) => command.args.some(({ text }) => text === flag));
  });
}

/** The arguments as written, one on a line. */
function textOf({ args }: ShellCommand): string {
  return args.map(({ text }) => text.replace(/["']/g, '')).join('\n');
}

function wordsOf({ name, args }: ShellCommand): readonly (string | undefined)[] {
  return [name, ...args.filter(({ text }) => !text.startsWith('-')).map(({ value }) => value)];
}

/** What an `rm -r` deletes, `FOLDER/*` counting as FOLDER; undefined where an operand is not known. */
function emptiedBy(
  build: Build,
  run: RunInstruction,
  { args }: ShellCommand,
  folder: string | undefined,
): readonly string[] | undefined {
  const paths: string[] = [];
  for (const word of args) {
    if (word.text.startsWith('-')) continue;
    const path = pathOf(build, run, word, folder);
    if (path === undefined) return undefined;
    paths.push(path);
  }
  return paths;
}

function pathOf(build: Build, run: RunInstruction, word: ShellWord, folder: string | undefined): string | undefined {
  const written = word.value ?? build.expand(run, word.text.replace(/\/\*+$/, ''));
  if (written === undefined) return undefined;
  const home = build.stateBefore(run).user === undefined ? '/root' : undefined;
  const text = (written.startsWith('~/') && home ? `${home}${written.slice(1)}` : written).replace(
    /\/(?:\*|\.\*|\{[^}]*\})$/,
    '',
  );
  if (/[*?[{~$]/.test(text)) return undefined;
  if (text.startsWith('/')) return joinPath('/', text);
  return folder === undefined ? undefined : joinPath(folder, text);
}
