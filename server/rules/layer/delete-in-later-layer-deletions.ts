import { aptCall } from '../../model/apt.js';
import type { BuildContext } from '../../model/context.js';
import { relativeTo } from '../../model/path.js';
import { sentBytes } from '../../model/placements.js';
import type { RunPaths } from '../../model/run-paths.js';
import { nameGlob } from '../../syntax/name-glob.js';
import type { ShellCommand, ShellWord } from '../../syntax/shell.js';
import type { Write } from './delete-in-later-layer-writes.js';

/** One path that a command removes. */
export interface Deletion {
  readonly command: ShellCommand;
  readonly word: ShellWord;
  /** Absolute; may hold wildcards. */
  readonly path: string;
  readonly recursive: boolean;
}

export interface Match {
  /** All that was written goes, not only a part. */
  readonly whole: boolean;
  /** Of the part, where it is known. */
  readonly bytes: number | undefined;
}

/** Paths that `rm`, or the cleaner of a package manager, removes; those in mounts are left out. */
export function deletionsOf(command: ShellCommand, index: number, paths: RunPaths): Deletion[] {
  const { name, args } = command;
  const cleaned = cleanedFolder(command);
  if (cleaned) {
    const word = args.find(({ value }) => value?.endsWith('clean')) ?? args[0];
    return word && !paths.mounted(cleaned) ? [{ command, word, path: cleaned, recursive: true }] : [];
  }
  if (name !== 'rm') return [];
  const recursive = args.some(({ value }) => value !== undefined && /^-[a-zA-Z]*[rR]|^--recursive$/.test(value));
  return args.flatMap((word) => {
    if ((word.value ?? word.text).startsWith('-')) return [];
    return paths
      .pathsOf(word, index)
      .filter((path) => !paths.mounted(path))
      .map((path) => ({ command, word, path, recursive }));
  });
}

/** `yum clean all`, `apt-get dist-clean` */
function cleanedFolder(command: ShellCommand): string | undefined {
  const { name, args } = command;
  if (/^dist-?clean$/.test(aptCall(command)?.verb ?? '')) return '/var/lib/apt/lists';
  if (name !== 'yum' && name !== 'microdnf' && name !== 'dnf' && name !== 'tdnf') return undefined;
  const words = args.filter(({ value }) => !value?.startsWith('-')).map(({ value }) => value);
  if (words[0] !== 'clean' || words[1] !== 'all') return undefined;
  if (name === 'yum' || name === 'microdnf') return '/var/cache/yum';
  return `/var/cache/${name}`;
}

/** What `mv` and `find … -delete` take away; nothing is said about those. */
export function movesAway({ name, args }: ShellCommand, index: number, paths: RunPaths): Omit<Deletion, 'command'>[] {
  if (name !== 'mv' && name !== 'find') return [];
  const words = args.filter(({ value, text }) => !(value ?? text).startsWith('-'));
  const gone =
    name === 'mv'
      ? words.slice(0, -1)
      : name === 'find' && args.some(({ value }) => value === '-delete' || value === '-exec')
        ? words.slice(0, 1)
        : [];
  return gone.flatMap((word) => paths.pathsOf(word, index).map((path) => ({ word, path, recursive: true })));
}

/** Whether the deletion takes what was written, or a part of it of which it is known that it is there. */
export function matchDeletion(
  write: Write,
  deletion: Omit<Deletion, 'command'>,
  context: BuildContext | undefined,
): Match | undefined {
  const { path, recursive } = deletion;
  const whole: Match = { whole: true, bytes: undefined };
  if (/[*?[]/.test(path)) return matchesGlob(write, path, recursive) ? whole : undefined;
  if (write.type === 'file') {
    if (write.paths.includes(path)) return whole;
    return recursive && write.paths.every((one) => relativeTo(path, one) !== undefined) ? whole : undefined;
  }
  const [folder = ''] = write.paths;
  if (recursive && relativeTo(path, folder) !== undefined) return whole;
  const inner = relativeTo(folder, path);
  return inner === undefined || inner === '' ? undefined : partOf(write, inner, recursive, context);
}

function partOf(
  { type, placement }: Write,
  inner: string,
  recursive: boolean,
  context: BuildContext | undefined,
): Match | undefined {
  if (type === 'clone') return recursive && inner === '.git' ? { whole: false, bytes: undefined } : undefined;
  if (placement?.origin !== 'context' || placement.source === undefined || !context?.plausible) return undefined;
  const path = placement.source === '' ? inner : `${placement.source}/${inner}`;
  if (context.entry(path)?.type === 'directory' && !recursive) return undefined;
  const bytes = sentBytes(context, path);
  return bytes === undefined ? undefined : { whole: false, bytes };
}

/** Only wildcards in the last name: `/tmp/*.deb`, `/var/lib/apt/lists/*`. */
function matchesGlob({ type, paths }: Write, glob: string, recursive: boolean): boolean {
  const slash = glob.lastIndexOf('/');
  const folder = glob.slice(0, slash) || '/';
  const last = glob.slice(slash + 1);
  if (/[*?[]/.test(folder) || /[?[]/.test(last)) return false;
  const name = nameGlob(last);
  return paths.every((path) => {
    const inner = relativeTo(folder, path);
    if (inner === undefined) return false;
    if (inner === '') return type !== 'file' && recursive && last === '*';
    const [first = '', ...below] = inner.split('/');
    return (
      name.test(first) &&
      (!first.startsWith('.') || last.startsWith('.')) &&
      (recursive || (type === 'file' && below.length === 0))
    );
  });
}
