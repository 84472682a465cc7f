import { cleanPath, parentOf } from '../syntax/go-path.js';
import { createIgnoreMatcher, matcherPattern } from '../syntax/ignore-matcher.js';
import { compilePathPattern, hasWildcard } from '../syntax/path-match.js';
import type { Input } from './plan.js';
import type { FileChange } from './side.js';

/** A source of a COPY or bind mount as a question: which paths does it take, whether they exist or not? */
export interface Selection {
  /** The part of the path (relative, '' for the root) by which the source takes a change; undefined where it does not. */
  rootFor(change: FileChange): { readonly source: string; readonly root: string } | undefined;
  /** False where a variable is not known: then any change may be taken. */
  readonly known: boolean;
}

/** Reads the paths of an input once; each change is then asked for in time of the number of sources. */
export function selectionOf({ paths, exclude, parents }: Input): Selection {
  const sources = paths.map((path) => (path === undefined ? undefined : path.slice(1)));
  const readers = sources.map((source) => readerOf(source ?? '', parents));
  const excluded = exclude.length > 0 ? createIgnoreMatcher(exclude.map(matcherPattern)) : undefined;
  return {
    known: sources.every((source) => source !== undefined),
    rootFor(change) {
      for (const [index, reader] of readers.entries()) {
        const source = sources[index];
        const root = source === undefined ? undefined : reader(change);
        if (root === undefined || source === undefined) continue;
        const base = parents ? '' : change.path === root ? parentOf(root) : root;
        const inner = base === '' ? change.path : change.path.slice(base.length + 1);
        if (excluded?.matchesFlat(inner) && !(change.path === root && !parents)) continue;
        return { source, root };
      }
      return undefined;
    },
  };
}

type Reader = (change: FileChange) => string | undefined;

function readerOf(source: string, parents: boolean): Reader {
  if (parents) return parentsReader(source);
  if (!hasWildcard(source)) {
    return (change) =>
      isOwnHeader(change, source)
        ? undefined
        : isBelow(change.path, source) || isAbove(change, source)
          ? source
          : undefined;
  }
  const depth = source.split('/').length;
  const pattern = compilePathPattern(source);
  return (change) => {
    const parts = change.path.split('/');
    if (parts.length < depth) return undefined;
    const root = parts.slice(0, depth).join('/');
    return pattern?.matches(root) ? root : undefined;
  };
}

/** The mode of a folder that is copied as a whole is not part of the key: only what lies in it (measured, BuildKit 0.25). */
function isOwnHeader(change: FileChange, source: string): boolean {
  return change.folder && change.kind === 'mode' && change.path === source;
}

/** A symlink on the way to the source: what it leads to may be another file now. */
function isAbove(change: FileChange, source: string): boolean {
  return !change.folder && change.path !== '' && source.startsWith(`${change.path}/`);
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

function parentsReader(source: string): Reader {
  const pivot = source.indexOf('/./');
  const pattern = cleanPath(pivot === -1 ? source : `${source.slice(0, pivot)}/${source.slice(pivot + 3)}`);
  const matcher = createIgnoreMatcher([{ pattern, exception: false }]);
  return (change) => (matcher.matchesFlat(change.path) ? change.path : undefined);
}
