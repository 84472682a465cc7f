import { cleanInside, cleanPath } from '../syntax/go-path.js';
import { createMemo } from '../syntax/memo.js';
import { compilePathPattern, hasWildcard } from '../syntax/path-match.js';
import { isRemoteSource } from '../syntax/remote-source.js';
import type { TransferInstruction, Word } from '../syntax/tree.js';
import type { Build, Stage } from './build.js';
import type { BuildContext, ContextEntry } from './context.js';

/** A COPY or ADD that takes files of the build context. */
export interface Transfer {
  readonly instruction: TransferInstruction;
  readonly stage: Stage;
  /** Local sources; URLs and heredocs are left out. */
  readonly sources: readonly TransferSource[];
}

export interface TransferSource {
  readonly word: Word;
  /** Relative to the context root and clean, '' for the root itself; undefined where a variable is not known. */
  readonly path: string | undefined;
  /** `.`, `./`, `/`, `*`: all of the context that is sent. */
  readonly whole: boolean;
}

const known = createMemo<Build, readonly Transfer[]>();

/** The transfers of all stages in file order; those of `COPY --from` are not among them. */
export function contextTransfers(build: Build): readonly Transfer[] {
  let found = known.get(build);
  if (!found) {
    found = readTransfers(build);
    known.set(build, found);
  }
  return found;
}

function readTransfers(build: Build): readonly Transfer[] {
  const transfers: Transfer[] = [];
  for (const stage of build.stages) {
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
      const sources = sourcesOf(build, instruction);
      if (sources.length > 0) transfers.push({ instruction, stage, sources });
    }
  }
  return transfers;
}

function sourcesOf(build: Build, instruction: TransferInstruction): readonly TransferSource[] {
  if (instruction.flags.some(({ name }) => name === 'from')) return [];
  const sources: TransferSource[] = [];
  for (const word of instruction.sources) {
    const text = build.expand(instruction, word.text);
    if (instruction.keyword === 'ADD' && isRemoteSource(text ?? word.text)) continue;
    const path = text === undefined ? undefined : cleanInside(text);
    sources.push({ word, path, whole: path === '' || path === '*' || path === '**' });
  }
  return sources;
}

/**
 * The source by which the transfer would take a path (which need not exist), the ignore file left out of account; undefined
 * where it does not take it, or where that cannot be known. `--exclude` with wildcards counts as taking nothing.
 */
export function takenBy({ instruction, sources }: Transfer, path: string): TransferSource | undefined {
  const excludes = instruction.flags.flatMap(({ name, value }) => (name === 'exclude' && value ? [value] : []));
  const folders = foldersAndSelf(path);
  if (excludes.some((pattern) => /[*?[]/.test(pattern) || folders.includes(cleanPath(`/${pattern}`).slice(1))))
    return undefined;
  return sources.find((source) => {
    if (source.path === undefined) return false;
    if (source.whole) return true;
    if (!hasWildcard(source.path)) return folders.includes(source.path);
    const pattern = compilePathPattern(source.path);
    return pattern !== undefined && folders.some((folder) => pattern.matches(folder));
  });
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
export function foldersAndSelf(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Files and bytes below a folder of the context that are sent; stops counting at `most` files. */
export function measureFolder(
  context: BuildContext,
  folder: string,
  most = 5_000,
): { files: number; bytes: number; complete: boolean } {
  let files = 0;
  let bytes = 0;
  for (const entry of context.walk({ from: folder })) {
    if (entry.type === 'directory') continue;
    files++;
    bytes += entry.size;
    if (files >= most) return { files, bytes, complete: false };
  }
  return { files, bytes, complete: true };
}

/** `340 files, 1.2 MB`, with `over` where the count was cut short. */
export function sizeText({ files, bytes, complete }: { files: number; bytes: number; complete: boolean }): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let size = bytes;
  let unit = 0;
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000;
  const number = size >= 10 || unit === 0 ? Math.round(size) : Math.round(size * 10) / 10;
  return `${complete ? '' : 'over '}${files} ${files === 1 ? 'file' : 'files'}, ${number} ${units[unit]}`;
}

/** True for a plain file or folder whose path the entry is, below which it lies, or which is the root. */
export function isBelow(entry: Pick<ContextEntry, 'path'>, folder: string): boolean {
  return folder === '' || entry.path === folder || entry.path.startsWith(`${folder}/`);
}
