import type { PackageManager } from '../knowledge/package-managers.js';
import type { ShellCommand, ShellScript, ShellWord } from '../syntax/shell.js';
import type { RunInstruction } from '../syntax/tree.js';
import type { Build } from './build.js';
import { isInside } from './caches.js';
import { foldersOf } from './installs.js';
import { joinPath } from './path.js';

/** A command that empties a cache folder. */
export interface Cleanup {
  readonly command: ShellCommand;
  /** The folder it empties, of those asked for; the manager's name where the command says no folder. */
  readonly what: string;
}

/**
 * Commands of a RUN that do nothing but empty one of the folders (absolute): `rm -rf FOLDER/*`, or the manager's own clean-up.
 * A command that also deletes something else is not among them.
 */
export function cleanupsIn(
  build: Build,
  run: RunInstruction,
  script: ShellScript,
  folders: readonly string[],
  manager: PackageManager,
): readonly Cleanup[] {
  const places = foldersOf(script, build.stateBefore(run).cwd, (word) => word.value);
  return script.commands.flatMap((command, index) => {
    if (!command.certain) return [];
    if (command.name === 'rm') {
      const emptied = emptiedBy(build, run, command, places[index]);
      const paths = emptied?.map((path) => folders.find((folder) => isInside(path, folder)));
      const first = paths?.[0];
      return first !== undefined && paths?.every((path) => path !== undefined) ? [{ command, what: first }] : [];
    }
    return isOwnCleanup(command, manager) ? [{ command, what: folders[0] ?? manager.name }] : [];
  });
}

/** `npm cache clean --force`, as the table has it. */
export function isOwnCleanup(command: ShellCommand, manager: PackageManager): boolean {
  const words = [
    command.name,
    ...command.args.filter(({ text }) => !text.startsWith('-')).map(({ value }) => value),
  ].join(' ');
  return manager.caches.some(({ cleanup }) => cleanup.some((one) => words === one || words.startsWith(`${one} `)));
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
