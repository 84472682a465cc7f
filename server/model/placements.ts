import { cleanInside } from '../syntax/go-path.js';
import { createMemo } from '../syntax/memo.js';
import { hasWildcard } from '../syntax/path-match.js';
import { isGitSource, isRemoteSource } from '../syntax/remote-source.js';
import type { TransferInstruction, Word } from '../syntax/tree.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';
import { joinPath } from './path.js';
import { measureFolder } from './transfers.js';

/** Where one source of a COPY or ADD ends up in the image. */
export interface Placement {
  readonly instruction: TransferInstruction;
  readonly origin: 'context' | 'stage' | 'remote' | 'heredoc';
  /** The source; of a heredoc its operator. */
  readonly word: Word;
  /** Path in the context ('' is its root), or as the other stage has it; undefined for the rest. */
  readonly source: string | undefined;
  readonly type: 'file' | 'directory' | 'unknown';
  /**
   * Absolute. Of a file its own path, of a folder the one that gets what is in it. Several where it depends on what the image
   * has: a file copied to `/a` becomes `/a/file` where `/a` is a folder.
   */
  readonly paths: readonly string[];
  /** An archive that ADD unpacks. */
  readonly unpacked: boolean;
}

/** Folders that every Linux image has. */
const usualFolders = new Set(
  '/ /bin /etc /home /lib /mnt /opt /root /sbin /srv /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/local/share /usr/sbin /usr/share /var /var/lib /var/log /var/tmp'.split(
    ' ',
  ),
);

export function isUsualFolder(path: string): boolean {
  return usualFolders.has(path);
}

interface Known {
  readonly build: Build;
  readonly context: BuildContext | undefined;
  readonly placements: readonly Placement[];
}

const known = createMemo<TransferInstruction, Known>();

/**
 * None where the destination is not known, or a flag (`--parents`) makes it depend on more than the names. The last answer is kept per
 * instruction.
 */
export function placementsOf(
  build: Build,
  instruction: TransferInstruction,
  context: BuildContext | undefined,
): readonly Placement[] {
  const last = known.get(instruction);
  if (last?.build === build && last.context === context) return last.placements;
  const placements = findPlacements(build, instruction, context);
  known.set(instruction, { build, context, placements });
  return placements;
}

function findPlacements(
  build: Build,
  instruction: TransferInstruction,
  context: BuildContext | undefined,
): readonly Placement[] {
  const destination = destinationOf(build, instruction);
  if (!destination || instruction.flags.some(({ name }) => name === 'parents' || name === 'exclude')) return [];
  const sources = instruction.sources.length + instruction.heredocs.length;
  const folder = destination.folder || sources > 1;
  const place = { path: destination.path, folder };
  const placements: Placement[] = [];
  for (const word of instruction.sources) placements.push(...sourcePlacement(build, instruction, context, word, place));
  for (const { name, operatorSpan } of instruction.heredocs) {
    placements.push({
      instruction,
      origin: 'heredoc',
      word: { text: name, span: operatorSpan },
      source: undefined,
      type: 'file',
      paths: [folder ? joinPath(place.path, name) : place.path],
      unpacked: false,
    });
  }
  return placements;
}

interface Destination {
  readonly path: string;
  /** It is a folder for certain. */
  readonly folder: boolean;
}

function destinationOf(build: Build, instruction: TransferInstruction): Destination | undefined {
  const text = instruction.destination && build.expand(instruction, instruction.destination.text);
  const { cwd } = build.stateBefore(instruction);
  if (text === undefined || /^[A-Za-z]:|\\/.test(text)) return undefined;
  if (cwd === undefined && !text.startsWith('/')) return undefined;
  const path = joinPath(cwd ?? '/', text);
  return { path, folder: /(?:^|\/)\.{0,2}$/.test(text) || path === cwd || usualFolders.has(path) };
}

function sourcePlacement(
  build: Build,
  instruction: TransferInstruction,
  context: BuildContext | undefined,
  word: Word,
  { path, folder }: Destination,
): Placement[] {
  const text = build.expand(instruction, word.text);
  if (text === undefined) return [];
  const fromStage = instruction.flags.some(({ name }) => name === 'from');
  const file = (name: string) => (folder ? [joinPath(path, name)] : [path, joinPath(path, name)]);
  if (instruction.keyword === 'ADD' && isRemoteSource(text))
    return remotePlacement(instruction, word, text, path, folder);
  const source = cleanInside(text);
  const name = source.slice(source.lastIndexOf('/') + 1);
  if (fromStage) {
    const isFolder = source === '' || /(?:^|\/)\.?$/.test(text);
    const paths = isFolder ? [path] : [...new Set([path, ...file(name)])];
    return [
      {
        instruction,
        origin: 'stage',
        word,
        source: `/${source}`,
        type: isFolder ? 'directory' : 'unknown',
        paths,
        unpacked: false,
      },
    ];
  }
  const entry = hasWildcard(source) ? undefined : context?.entry(source);
  if (entry && context?.ignored(entry.path)) return [];
  const local = { instruction, word, origin: 'context' as const, source };
  if (source === '' || entry?.type === 'directory') {
    return [{ type: 'directory', paths: [path], unpacked: false, ...local }];
  }
  if (instruction.keyword === 'ADD' && isArchive(name)) {
    return [{ type: 'directory', paths: [path], unpacked: true, ...local }];
  }
  if (entry?.type === 'file') return [{ type: 'file', paths: file(name), unpacked: false, ...local }];
  return [{ type: 'unknown', paths: [...new Set([path, ...file(name)])], unpacked: false, ...local }];
}

function remotePlacement(
  instruction: TransferInstruction,
  word: Word,
  url: string,
  path: string,
  folder: boolean,
): Placement[] {
  const plain = url.replace(/[?#].*$/s, '');
  const name = plain.slice(plain.lastIndexOf('/') + 1);
  const rest = { instruction, origin: 'remote' as const, word, source: undefined, unpacked: false };
  if (isGitSource(url)) return [{ ...rest, type: 'directory', paths: [path] }];
  if (name === '') return [];
  return [{ ...rest, type: 'file', paths: folder ? [joinPath(path, name)] : [path, joinPath(path, name)] }];
}

/** What BuildKit unpacks (`archive.DetectCompression` looks at the bytes; names say the same in practice). */
function isArchive(name: string): boolean {
  return /\.(?:tar|tgz|tbz2?|txz|tzst|tar\.(?:gz|bz2|xz|zst))$/i.test(name);
}

/** Bytes of what a placement takes from the context; undefined where that is not known. */
export function placementBytes({ origin, source }: Placement, context: BuildContext | undefined): number | undefined {
  if (origin !== 'context' || source === undefined) return undefined;
  return context && sentBytes(context, source);
}

/** Bytes that are sent of a file or folder of the context; undefined where there is none. */
export function sentBytes(context: BuildContext, path: string): number | undefined {
  const entry = context.entry(path);
  if (!entry || context.ignored(entry.path)) return undefined;
  return entry.type === 'directory' ? measureFolder(context, entry.path).bytes : entry.size;
}
