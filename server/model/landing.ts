import { baseName, cleanInside, cleanPath } from '../syntax/go-path.js';
import { createMemo } from '../syntax/memo.js';
import { compilePathPattern, hasWildcard } from '../syntax/path-match.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';
import { type FilesTaken, filesTaken } from './files-taken.js';
import { joinPath, relativeTo } from './path.js';
import type { Transfer } from './transfers.js';

/** Where a COPY or ADD from the context puts its files. Paths of the image are absolute, those of the context relative. */
export interface Landing {
  readonly transfer: Transfer;
  /** Folder below which everything lands; for a single file that gets a name of its own, that file. */
  readonly target: string;
  readonly taken: FilesTaken;
  /** Where a sent file or folder of the context lands; undefined where it is not taken. */
  imagePathOf(path: string): string | undefined;
  /** The sent file or folder of the context that lands at a path of the image; undefined where there is none. */
  contextPathOf(imagePath: string): string | undefined;
}

interface Known {
  readonly build: Build;
  readonly context: BuildContext;
  readonly landing: Landing | undefined;
}

const known = createMemo<Transfer, Known>();

/**
 * Undefined where a variable in sources or destination is not known, or the destination is one of Windows. The last answer is kept per
 * transfer.
 */
export function landingOf(build: Build, context: BuildContext, transfer: Transfer): Landing | undefined {
  const last = known.get(transfer);
  if (last?.build === build && last.context === context) return last.landing;
  const landing = findLanding(build, context, transfer);
  known.set(transfer, { build, context, landing });
  return landing;
}

function findLanding(build: Build, context: BuildContext, transfer: Transfer): Landing | undefined {
  const { instruction, sources } = transfer;
  const word = instruction.destination && build.expand(instruction, instruction.destination.text);
  const { cwd } = build.stateBefore(instruction);
  const paths = sources.map(({ path }) => path).filter((path) => path !== undefined);
  if (word === undefined || /^[A-Za-z]:|\\/.test(word) || paths.length !== sources.length) return undefined;
  if (cwd === undefined && !word.startsWith('/')) return undefined;
  const target = joinPath(cwd ?? '/', word);
  const folder = isFolder(word, target, cwd) || instruction.sources.length + instruction.heredocs.length > 1;
  const parents = instruction.flags.some(({ name, value }) => name === 'parents' && value !== 'false');
  const exclude = instruction.flags.flatMap(({ name, value }) => (name === 'exclude' && value ? [value] : []));
  const taken = filesTaken(context, paths, { parents, exclude });
  const roots = paths.flatMap((path) => (parents ? [{ path: '', file: false }] : rootsOf(context, path)));
  return {
    transfer,
    target,
    taken,
    imagePathOf(path) {
      if (path !== '' && !taken.has(path)) return undefined;
      for (const root of roots) {
        if (root.file && root.path === path) return folder ? joinPath(target, baseName(path)) : target;
        const rest = root.file ? undefined : relativeTo(`/${root.path}`, `/${path}`);
        if (rest !== undefined) return cleanPath(`${target}/${rest}`);
      }
      return undefined;
    },
    contextPathOf(imagePath) {
      const rest = relativeTo(target, imagePath);
      for (const root of roots.toReversed()) {
        if (root.file) {
          if (imagePath === (folder ? joinPath(target, baseName(root.path)) : target) && taken.has(root.path))
            return root.path;
        } else if (rest !== undefined) {
          const path = cleanInside(`${root.path}/${rest}`);
          if (path === root.path || taken.has(path)) return path;
        }
      }
      return undefined;
    },
  };
}

/** A destination that is there as a folder already counts as one; of those only the working folder is known. */
function isFolder(word: string, target: string, cwd: string | undefined): boolean {
  return /(?:^|\/)\.{0,2}$/.test(word) || (cwd !== undefined && relativeTo(target, cwd) !== undefined);
}

/** What a source stands for: the contents of a folder, or a file; each match of a wildcard by itself. */
function rootsOf(context: BuildContext, source: string): { readonly path: string; readonly file: boolean }[] {
  if (!hasWildcard(source)) return rootOf(context, source);
  const parent = source.includes('/') ? source.slice(0, source.lastIndexOf('/')) : '';
  const pattern = compilePathPattern(source);
  if (hasWildcard(parent) || !pattern) return [];
  return context
    .children(parent)
    .filter(({ path }) => pattern.matches(path) && !context.ignored(path))
    .flatMap(({ path }) => rootOf(context, path));
}

function rootOf(context: BuildContext, path: string): { readonly path: string; readonly file: boolean }[] {
  const entry = context.entry(path);
  return entry ? [{ path, file: entry.type !== 'directory' }] : [];
}
