import { cleanPath } from '../syntax/go-path.js';
import type { Input, Root, Vertex } from './plan.js';
import { contentOf, selectionOf } from './selection.js';
import type { FileChange, Side } from './side.js';

/** `unknown`: the output of a RUN that runs again decides, or something that the file does not say. */
export type Same = 'yes' | 'no' | 'unknown';

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
  /** One of all vertices of the earlier build that have the same key. */
  representative(vertex: Vertex): Vertex;
}

interface Place {
  readonly at: Vertex | Root;
  readonly later: boolean;
}

/** Whether an input of the later build has the content that it had in the earlier one. */
export function sameInput(comparison: Comparison, before: Input, after: Input): Same {
  const [a, b] = [before.origin, after.origin];
  if (a.kind === 'inline' || b.kind === 'inline' || a.kind === 'remote' || b.kind === 'remote') {
    return JSON.stringify(a) === JSON.stringify(b)
      ? 'yes'
      : a.kind === b.kind && a.kind === 'inline'
        ? 'no'
        : 'unknown';
  }
  if (a.kind === 'context' && b.kind === 'context') return sameContext(comparison, before, after);
  if (!samePaths(before, after)) return 'unknown';
  if (a.kind === 'image' && b.kind === 'image') {
    return a.image === b.image && !hasMoved(comparison, b.image) ? 'yes' : 'unknown';
  }
  if (a.kind !== 'stage' || b.kind !== 'stage') return 'unknown';
  return sameStagePaths(comparison, { at: a.stage.last, later: false }, { at: b.stage.last, later: true }, after.paths);
}

/** True where the later state is the earlier one by its key, so that not even the content is looked at. */
export function sameState(comparison: Comparison, before: Vertex | Root, after: Vertex | Root): Same {
  if (before.role === 'root' || after.role === 'root') {
    if (before.role !== 'root' || after.role !== 'root') return 'no';
    return before.image === after.image && !hasMoved(comparison, after.image) ? 'yes' : 'no';
  }
  const decision = comparison.decisions.get(after);
  if (!decision?.twin || comparison.representative(decision.twin) !== comparison.representative(before)) return 'no';
  return decision.state === 'cached' ? 'yes' : decision.state === 'unknown' ? 'unknown' : 'no';
}

export function hasMoved({ moved }: Comparison, image: string | undefined): boolean {
  return image !== undefined && (moved.has('*') || moved.has(image));
}

function samePaths(a: Input, b: Input): boolean {
  return JSON.stringify([a.paths, a.exclude, a.parents]) === JSON.stringify([b.paths, b.exclude, b.parents]);
}

function sameContext(comparison: Comparison, before: Input, after: Input): Same {
  if (samePaths(before, after))
    return takenChanges(comparison, after).length > 0 ? (selectionOf(after).known ? 'no' : 'unknown') : 'yes';
  const [a, b] = [contentOf(comparison.before, before), contentOf(comparison.after, after)];
  if (a === undefined || b === undefined) return 'unknown';
  return a === b ? 'yes' : 'no';
}

/** The changes that an input from the context takes; all of them where a variable in it is not known. */
export function takenChanges({ changes }: Pick<Comparison, 'changes'>, input: Input): readonly FileChange[] {
  if (input.origin.kind !== 'context' || changes.length === 0) return [];
  const selection = selectionOf(input);
  return selection.known ? changes.filter((change) => selection.rootFor(change) !== undefined) : changes;
}

function sameStagePaths(comparison: Comparison, before: Place, after: Place, paths: Input['paths']): Same {
  const direct = sameState(comparison, before.at, after.at);
  if (direct === 'yes') return 'yes';
  let result: Same = 'yes';
  for (const path of paths) {
    const same =
      path === undefined || /[*?[\\]/.test(path)
        ? sameFixedPart(comparison, before, after, path)
        : samePath(comparison, before, after, path);
    if (same === 'no') return direct === 'unknown' ? 'unknown' : 'no';
    if (same === 'unknown') result = 'unknown';
  }
  return result;
}

/** Of a wildcard the folder in front of it counts; a difference there need not be one of the files that match. */
function sameFixedPart(comparison: Comparison, before: Place, after: Place, path: string | undefined): Same {
  if (path === undefined) return 'unknown';
  const folder = path.slice(0, path.search(/[^/]*[*?[\\]/));
  const same = samePath(comparison, before, after, cleanPath(folder === '' ? '/' : folder));
  return same === 'no' ? 'unknown' : same;
}

/** The operations of a stage that write at, above or below a path, the last one first, down to one whose output is not known. */
interface Writes {
  readonly list: readonly { readonly vertex: Vertex; readonly later: boolean }[];
  /** What lies below them: equal text, equal content. Undefined where it may be anything. */
  readonly ground: string | undefined;
}

function writesTo(comparison: Comparison, place: Place, path: string): Writes {
  const list: Writes['list'][number][] = [];
  let { at, later } = place;
  for (;;) {
    if (at.role === 'root') {
      const moved = later && hasMoved(comparison, at.image);
      return { list, ground: moved ? undefined : `image ${at.image ?? 'scratch'}` };
    }
    const decision = later ? comparison.decisions.get(at) : undefined;
    if (later && decision?.state === 'cached' && decision.twin) {
      at = decision.twin;
      later = false;
      continue;
    }
    if (at.role === 'run')
      return { list, ground: later ? undefined : `run ${numberOf(comparison.representative(at))}` };
    const vertex: Vertex = at.merged ?? at;
    if (vertex.target === undefined)
      return { list, ground: later ? undefined : `copy ${numberOf(comparison.representative(vertex))}` };
    if (related(trimSlash(vertex.target), path)) list.push({ vertex, later });
    if (at.previous === undefined) return { list, ground: 'image scratch' };
    at = at.previous;
  }
}

const numbers = new WeakMap<Vertex, number>();
let nextNumber = 1;

function numberOf(vertex: Vertex): number {
  let number = numbers.get(vertex);
  if (number === undefined) {
    number = nextNumber++;
    numbers.set(vertex, number);
  }
  return number;
}

function samePath(comparison: Comparison, before: Place, after: Place, path: string): Same {
  const [a, b] = [writesTo(comparison, before, path), writesTo(comparison, after, path)];
  const [fileA, fileB] = [lastFile(comparison, a, path), lastFile(comparison, b, path)];
  if (fileA && fileB) return sameFile(comparison, fileA, fileB);
  if (a.ground === undefined || a.ground !== b.ground || a.list.length !== b.list.length) return 'unknown';
  let result: Same = 'yes';
  for (const [index, one] of a.list.entries()) {
    const other = b.list[index];
    if (!other || one.vertex.own !== other.vertex.own) return 'unknown';
    const same = sameWrite(comparison, one, other, path);
    if (same === 'unknown') return 'unknown';
    if (same === 'no') result = index === 0 || !covered(a.list.slice(0, index), one.vertex) ? 'no' : 'unknown';
    if (result !== 'yes') return result;
  }
  return result;
}

type Write = Writes['list'][number];

/** A later write to the same place may have hidden the difference. */
function covered(later: readonly Write[], vertex: Vertex): boolean {
  const target = trimSlash(vertex.target ?? '/');
  return later.some((write) => write.vertex.role === 'copy' && related(trimSlash(write.vertex.target ?? '/'), target));
}

function sameWrite(comparison: Comparison, one: Write, other: Write, path: string): Same {
  let result: Same = 'yes';
  for (const [index, input] of one.vertex.inputs.entries()) {
    const later = other.vertex.inputs[index];
    if (!later) return 'unknown';
    if (input.origin.kind === 'context' && later.origin.kind === 'context' && samePaths(input, later)) {
      if (!other.later) continue;
      const landing = takenChanges(comparison, later).some((change) =>
        landsAt(comparison, other.vertex, later, change, path),
      );
      if (landing) return selectionOf(later).known ? 'no' : 'unknown';
      continue;
    }
    const same = other.later
      ? sameInput(comparison, input, later)
      : JSON.stringify(pathsOf(input)) === JSON.stringify(pathsOf(later))
        ? 'yes'
        : 'unknown';
    if (same === 'no') return related(path, trimSlash(other.vertex.target ?? '/')) ? 'no' : 'yes';
    if (same === 'unknown') result = 'unknown';
  }
  return result;
}

function pathsOf({ paths, exclude, parents, origin }: Input): unknown {
  return [origin.kind === 'stage' ? origin.stage.index : origin, paths, exclude, parents];
}

/** True where a change of the context, copied, lands at, below or above the path. */
function landsAt(comparison: Comparison, vertex: Vertex, input: Input, change: FileChange, path: string): boolean {
  const taken = selectionOf(input).rootFor(change);
  if (!taken) return true;
  return landingsOf(comparison, vertex, input, taken.root, change).some((place) => related(place, path));
}

/** A file whose destination has no final slash may also land in a folder of that name. */
function landingsOf(comparison: Comparison, vertex: Vertex, input: Input, root: string, change: FileChange): string[] {
  const target = vertex.target ?? '/';
  const base = trimSlash(target);
  if (input.parents) return [cleanPath(`${base}/${change.path}`)];
  if (change.path !== root)
    return [cleanPath(`${base}/${root === '' ? change.path : change.path.slice(root.length + 1)}`)];
  const inside = cleanPath(`${base}/${root.slice(root.lastIndexOf('/') + 1)}`);
  if (change.folder || isFolder(comparison, root)) return [base];
  return target.endsWith('/') || vertex.step.inputs.some((one) => one.kind === 'source-names' && one.names.length > 1)
    ? [inside]
    : [base, inside];
}

function isFolder({ before, after }: Comparison, path: string): boolean {
  return (after.context?.entry(path) ?? before.context?.entry(path))?.type === 'directory';
}

/** One file that alone decides what is at the path: the last write to it was a copy of just that file. */
interface File {
  readonly side: Side;
  readonly later: boolean;
  readonly vertex: Vertex;
  readonly input: Input;
  /** In the context, or in the stage that it is copied from. */
  readonly path: string;
}

function lastFile(comparison: Comparison, { list }: Writes, path: string): File | undefined {
  const last = list[0];
  if (last?.vertex.role !== 'copy' || last.vertex.inputs.length !== 1) return undefined;
  const [input] = last.vertex.inputs;
  const side = last.later ? comparison.after : comparison.before;
  if (!input || input.exclude.length > 0 || input.parents || input.paths.length !== 1) return undefined;
  const source = input.paths[0];
  const target = last.vertex.target ?? '/';
  if (source === undefined || /[*?[\\]/.test(source)) return undefined;
  const found = (at: string): File => ({ side, later: last.later, vertex: last.vertex, input, path: at });
  if (input.origin.kind === 'context') {
    const entry = side.context?.entry(source);
    if (!entry || entry.type === 'symlink') return undefined;
    if (entry.type === 'file') {
      const inside = cleanPath(`${trimSlash(target)}/${source.slice(source.lastIndexOf('/') + 1)}`);
      return path === (target.endsWith('/') ? inside : trimSlash(target)) || path === inside
        ? found(source.slice(1))
        : undefined;
    }
    const rest =
      path.startsWith(`${trimSlash(target)}/`) || trimSlash(target) === '/'
        ? path.slice(trimSlash(target).length).replace(/^\//, '')
        : undefined;
    const inner = rest === undefined ? undefined : cleanPath(`${source}/${rest}`).slice(1);
    return inner !== undefined && side.context?.entry(inner)?.type === 'file' && !side.context.ignored(inner)
      ? found(inner)
      : undefined;
  }
  if (input.origin.kind === 'stage' && path === trimSlash(target) && !target.endsWith('/')) return found(source);
  return undefined;
}

function sameFile(comparison: Comparison, a: File, b: File): Same {
  if (optionsOf(a.vertex) !== optionsOf(b.vertex)) return 'no';
  if (a.input.origin.kind === 'context' && b.input.origin.kind === 'context') {
    if (a.path === b.path) return b.later && comparison.changes.some(({ path }) => path === b.path) ? 'no' : 'yes';
    const [idA, idB] = [identityOf(a), identityOf(b)];
    if (idA === undefined || idB === undefined) return 'unknown';
    return idA === idB ? 'yes' : 'no';
  }
  if (a.input.origin.kind === 'stage' && b.input.origin.kind === 'stage' && a.path === b.path) {
    return sameStagePaths(
      comparison,
      { at: a.input.origin.stage.last, later: false },
      { at: b.input.origin.stage.last, later: b.later },
      [b.path],
    );
  }
  return 'unknown';
}

function identityOf({ side, path }: File): string | undefined {
  const content = side.identity?.(path);
  return content === undefined ? undefined : `${side.context?.entry(path)?.mode} ${content}`;
}

/** Owner and mode that the copy sets. */
function optionsOf(vertex: Vertex): string {
  return JSON.stringify(
    vertex.step.inputs.filter((input) => input.kind === 'option' && (input.name === 'chown' || input.name === 'chmod')),
  );
}

function trimSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

/** One is the other, or lies below it. */
function related(a: string, b: string): boolean {
  return a === b || a === '/' || b === '/' || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
