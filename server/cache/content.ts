import { createIgnoreMatcher, matcherPattern } from '../syntax/ignore-matcher.js';
import { createMemo } from '../syntax/memo.js';
import { hasWildcard } from '../syntax/path-match.js';
import { rootKey } from './compiling.js';
import { hasMoved } from './moved.js';
import type { Input, Root, Vertex } from './plan.js';
import { selectionOf } from './selection.js';
import type { FileChange, Side } from './side.js';
import { StageTrees } from './stage-trees.js';
import type { Node } from './tree.js';
import { type Filter, filterOf, type Same, TreeComparison, worse } from './tree-compare.js';
import { matchesOf, nodeAt } from './tree-paths.js';

export { hasMoved } from './moved.js';
export type { Same } from './tree-compare.js';

/** What the decision about a vertex of the later build was. */
export interface Decision {
  readonly state: 'cached' | 'rebuilt' | 'unknown';
  /** The vertex of the earlier build whose result is taken, or may be. */
  readonly twin: Vertex | undefined;
}

/** All that is needed to compare contents of the two builds. */
export interface Comparison {
  readonly before: Side;
  readonly after: Side;
  readonly changes: readonly FileChange[];
  /** Images that have moved; `*` for all. */
  readonly moved: ReadonlySet<string>;
  /** Decisions about vertices of the later build. */
  readonly decisions: ReadonlyMap<Vertex, Decision>;
  /** The builder cannot use the context of the earlier build again, because a step has mounted it writable. */
  readonly isSentAnew?: boolean;
  /** The older image store then does not always find the whole context again, even if nothing has changed (measured: one time in eight). */
  readonly isUnsettled?: boolean;
  /** One of all vertices of the earlier build that have the same key. */
  representative(vertex: Vertex): Vertex;
}

/** Whether an input of the later build has the key or the content that it had in the earlier one. */
export function sameInput(comparison: Comparison, before: Input, after: Input): Same {
  const [a, b] = [before.origin, after.origin];
  if (a.kind === 'inline' && b.kind === 'inline') return a.text === b.text ? 'yes' : 'no';
  if (a.kind === 'remote' && b.kind === 'remote') return sameRemote(a, b);
  const [one, other] = [stateOf(before), stateOf(after)];
  if (one && other && sameState(comparison, one, other) === 'yes' && samePaths(before, after)) return 'yes';
  const same = sameContent(comparison, before, after);
  return same === 'yes' && isUnsettled(comparison, after) ? 'unknown' : same;
}

/** Whether an input takes the whole of a context that the builder may not find again. */
export function isUnsettled(comparison: Comparison, { origin, paths }: Input): boolean {
  return comparison.isUnsettled === true && origin.kind === 'context' && paths.includes('/');
}

type Remote = Extract<Input['origin'], { kind: 'remote' }>;

/** What lies behind a URL counts as unchanged; another one may serve the same. */
function sameRemote(a: Remote, b: Remote): Same {
  if (a.keepGit !== b.keepGit) return 'no';
  if (a.checksum !== undefined && b.checksum !== undefined) return a.checksum === b.checksum ? 'yes' : 'no';
  return a.url === b.url ? 'yes' : 'unknown';
}

/** What another stage or image leaves behind; undefined for the context, a URL and a heredoc. */
function stateOf({ origin }: Input): Vertex | Root | undefined {
  if (origin.kind === 'stage') return origin.stage.last;
  return origin.kind === 'image' ? { role: 'root', image: origin.image } : undefined;
}

/** True where the later state is the earlier one by its key, so that not even the content is looked at. */
export function sameState(comparison: Comparison, before: Vertex | Root, after: Vertex | Root): Same {
  if (before.role === 'root' || after.role === 'root') {
    if (before.role !== 'root' || after.role !== 'root') return 'no';
    return rootKey(before) === rootKey(after) && !hasMoved(comparison, after.image) ? 'yes' : 'no';
  }
  const decision = comparison.decisions.get(after);
  if (!decision?.twin || comparison.representative(decision.twin) !== comparison.representative(before)) return 'no';
  return decision.state === 'cached' ? 'yes' : decision.state === 'unknown' ? 'unknown' : 'no';
}

/** The order of the paths does not count (`ops/file.go:CacheMap`). */
function samePaths(a: Input, b: Input): boolean {
  return textOf(a) === textOf(b);
}

function textOf({ paths, exclude, parents }: Input): string {
  return JSON.stringify([paths.toSorted(), exclude, parents]);
}

/** The changes that an input from the context takes; all of them where a variable in it is not known. */
export function takenChanges({ changes }: Pick<Comparison, 'changes'>, input: Input): readonly FileChange[] {
  if (input.origin.kind !== 'context' || changes.length === 0) return [];
  const selection = selectionOf(input);
  return selection.known ? changes.filter((change) => selection.rootFor(change) !== undefined) : changes;
}

interface Trees {
  readonly stages: StageTrees;
  readonly ofContext: TreeComparison;
  readonly ofFiles: TreeComparison;
}

const known = new WeakMap<Comparison, Trees>();

function treesOf(comparison: Comparison): Trees {
  let trees = known.get(comparison);
  if (!trees) {
    trees = {
      stages: new StageTrees(comparison),
      ofContext: new TreeComparison(true),
      ofFiles: new TreeComparison(false),
    };
    known.set(comparison, trees);
  }
  return trees;
}

/** As BuildKit digests them: each path once, sorted, those inside another one left out. */
function sameContent(comparison: Comparison, before: Input, after: Input): Same {
  const { stages, ofContext, ofFiles } = treesOf(comparison);
  const compare = before.origin.kind === 'context' && after.origin.kind === 'context' ? ofContext : ofFiles;
  const [a, b] = [stages.ofInput(before, false), stages.ofInput(after, true)];
  const [pathsA, pathsB] = [digestedPaths(before), digestedPaths(after)];
  if (!pathsA || !pathsB) return a === b && samePaths(before, after) ? 'yes' : 'unknown';
  if (pathsA.length !== pathsB.length) return 'no';
  let result: Same = 'yes';
  for (const [index, path] of pathsA.entries()) {
    result = worse(result, () => samePart(compare, [a, path, before], [b, pathsB[index] ?? '', after]));
  }
  return result;
}

const knownPaths = createMemo<Input, { readonly paths: readonly string[] | undefined }>();

/** Undefined where a variable is not known. */
function digestedPaths(input: Input): readonly string[] | undefined {
  const known = knownPaths.get(input) ?? { paths: pathsToDigest(input) };
  knownPaths.set(input, known);
  return known.paths;
}

function pathsToDigest({ paths, exclude, parents }: Input): readonly string[] | undefined {
  const known = paths.filter((path) => path !== undefined);
  if (known.length !== paths.length) return undefined;
  if (exclude.length > 0 || parents) return known.toSorted();
  const plain = [...new Set(known.filter((path) => !hasWildcard(path)))];
  const outer = new Set(plain);
  const isInside = (path: string) => {
    for (let at = path.lastIndexOf('/'); path !== '/' && at >= 0; at = path.lastIndexOf('/', at - 1)) {
      if (outer.has(at === 0 ? '/' : path.slice(0, at))) return true;
      if (at === 0) break;
    }
    return false;
  };
  return [...plain.filter((path) => !isInside(path)), ...known.filter((path) => hasWildcard(path))].toSorted();
}

type Part = readonly [tree: Node, path: string, input: Input];

function samePart(compare: TreeComparison, [a, pathA, before]: Part, [b, pathB, after]: Part): Same {
  if (after.parents) return compare.sameFiltered(a, b, filterFor(after, pathB));
  const isWild = hasWildcard(pathB);
  if (isWild !== hasWildcard(pathA)) return 'no';
  const filter = after.exclude.length > 0 ? filterFor(after, undefined) : undefined;
  const same = (one: Node | undefined, other: Node | undefined, top = true) =>
    filter ? compare.sameFiltered(one, other, filter) : compare.same(one, other, top);
  if (!isWild) {
    const isRoot = pathA === '/' && pathB === '/';
    if (before === after && a === b) return 'yes';
    // Of two outputs no path is known, so none is looked up.
    if (a.kind === 'opaque' && b.kind === 'opaque' && a.token !== b.token) return 'unknown';
    const [one, other] = [nodeAt(a, pathA), nodeAt(b, pathB)];
    // What is missing fails the build, and leaves nothing that another step could take.
    return one === undefined && other === undefined && pathA !== pathB ? 'no' : same(one, other, !isRoot);
  }
  return sameMatches(a, pathA, b, pathB, same);
}

function sameMatches(
  a: Node,
  pathA: string,
  b: Node,
  pathB: string,
  same: (one: Node | undefined, other: Node | undefined) => Same,
): Same {
  if (a === b && pathA === pathB) return 'yes';
  const [one, other] = [matchesOf(a, pathA), matchesOf(b, pathB)];
  let result: Same = sameOpen(one.open, other.open) ? 'yes' : 'unknown';
  for (const path of new Set([...one.found.keys(), ...other.found.keys()])) {
    const [left, right] = [one.found.get(path), other.found.get(path)];
    result = worse(result, () =>
      same(left ?? nodeAt(a, `${one.folder}/${path}`), right ?? nodeAt(b, `${other.folder}/${path}`)),
    );
  }
  return result;
}

function sameOpen(a: ReadonlyMap<string, Node>, b: ReadonlyMap<string, Node>): boolean {
  if (a.size !== b.size) return false;
  for (const [place, node] of a) {
    const other = b.get(place);
    if (node.kind !== 'opaque' || other?.kind !== 'opaque') return false;
    if (node.token !== other.token || node.path !== other.path) return false;
  }
  return true;
}

function filterFor({ exclude }: Input, include: string | undefined): Filter {
  return filterOf(
    include === undefined ? undefined : createIgnoreMatcher([matcherPattern(include.slice(1))]),
    exclude.length > 0 ? createIgnoreMatcher(exclude.map(matcherPattern)) : undefined,
  );
}
