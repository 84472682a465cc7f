import type { BuildContext, ContextEntry } from '../model/context.js';
import { rootKey } from './compiling.js';
import type { Comparison, Decision, Same } from './content.js';
import { sameInput } from './content.js';
import type { Input, Plan, Root, Vertex } from './plan.js';
import type { Side } from './side.js';
import type { ChangeClass, WatchedFiles } from './watched-files.js';

export type Decisions = ReadonlyMap<Vertex, Decision>;

/**
 * Decides a build against an earlier one of the same Dockerfile after changes of the context: what `rebuildOf` says, with all that
 * does not depend on the changes done once. `earlier` and `later` are two plans of one side. Files at different paths count as
 * different.
 */
export function decider(
  earlier: Plan,
  later: Plan,
  watched: WatchedFiles,
): (classes: readonly ChangeClass[]) => Decisions {
  const side: Side = { ...later.side, identity: (path) => path };
  const index = indexOf(earlier, later, side, watched);
  const isSentAnew = earlier.vertices.some(({ writesContext }) => writesContext);
  return (classes) => {
    const decisions = new Map<Vertex, Decision>();
    const state: State = {
      watched,
      taken: new Set(classes.flatMap(({ takers }) => takers)),
      decisions,
      comparison: { ...comparisonOf(side, classes, decisions, index.representative), isSentAnew },
    };
    for (const vertex of later.vertices) decisions.set(vertex, decide(state, index, vertex));
    return decisions;
  };
}

interface State {
  readonly watched: WatchedFiles;
  /** Watched inputs that take a change. */
  readonly taken: ReadonlySet<number>;
  readonly decisions: Decisions;
  readonly comparison: Comparison;
}

/**
 * One tree stands for both builds: what was changed has another content or mode in the earlier one. Files at different paths
 * differ, before and after.
 */
function comparisonOf(
  side: Side,
  classes: readonly ChangeClass[],
  decisions: Decisions,
  representative: Comparison['representative'],
): Comparison {
  const changes = classes.map(({ example }) => example);
  const modes = new Set(changes.flatMap(({ kind, path }) => (kind === 'mode' ? [path] : [])));
  const before: Side = {
    ...side,
    context: side.context && (modes.size > 0 ? withOtherModes(side.context, modes) : side.context),
    identity: (path) => (modes.has(path) ? path : `${path}\0`),
  };
  return { before, after: side, changes, moved: new Set(), decisions, representative };
}

function withOtherModes(context: BuildContext, paths: ReadonlySet<string>): BuildContext {
  const turned = (entry: ContextEntry) =>
    paths.has(entry.path) ? { ...entry, mode: (entry.mode ?? 0o644) ^ 0o111 } : entry;
  return {
    name: context.name,
    origin: context.origin,
    plausible: context.plausible,
    dockerfile: context.dockerfile,
    ignoreFile: context.ignoreFile,
    entry: (path) => {
      const entry = context.entry(path);
      return entry && turned(entry);
    },
    children: (folder) => context.children(folder).map(turned),
    read: (path) => context.read(path),
    ignored: (path) => context.ignored(path),
    gitIgnored: (path) => context.gitIgnored(path),
    packageFacts: () => context.packageFacts(),
    installedPackages: (folders) => context.installedPackages(folders),
    absent: (path) => context.absent(path),
    walk: (options) => Array.from(context.walk(options), turned),
  };
}

interface Index {
  /** One vertex for each key, by operation and by the keys of what it stands on. */
  readonly byOperation: ReadonlyMap<string, readonly Vertex[]>;
  /** One of all vertices that have the same key. */
  representative(vertex: Vertex): Vertex;
  /** Of a vertex, given the vertices of the earlier build that those below it are cached as. */
  keyOf(vertex: Vertex, twinOf: (below: Vertex) => Vertex): string;
}

function indexOf(plan: Plan, later: Plan, side: Side, watched: WatchedFiles): Index {
  const keyOf = operationKeys(plan, later);
  const byOperation = new Map<string, Vertex[]>();
  const representatives = new Map<Vertex, Vertex>();
  const representative = (vertex: Vertex) => representatives.get(vertex) ?? vertex;
  const asBefore = { get: (twin: Vertex) => ({ state: 'cached', twin }) } as Decisions;
  const comparison = comparisonOf(side, [], asBefore, representative);
  const state: State = { watched, taken: new Set(), decisions: asBefore, comparison };
  for (const vertex of plan.vertices) {
    const key = keyOf(vertex, representative);
    const bucket = byOperation.get(key) ?? [];
    byOperation.set(key, bucket);
    const same = bucket.find((other) => sameInputs(state, other, vertex) === 'yes');
    if (same) representatives.set(vertex, same);
    else bucket.push(vertex);
  }
  return { byOperation, representative, keyOf };
}

/** Names an operation by what stands below it and its own text, without building that text again. */
function operationKeys(...plans: readonly Plan[]): Index['keyOf'] {
  const texts = new Map<string, number>();
  const numbers = new Map<Vertex, { readonly vertex: number; readonly own: number }>();
  for (const vertex of plans.flatMap(({ vertices }) => vertices)) {
    const root = vertex.previous?.role === 'root' ? `${rootKey(vertex.previous)}\0` : '';
    const text = `${root}${vertex.previous === undefined}${vertex.merged !== undefined}${vertex.own}`;
    const own = texts.get(text) ?? texts.size;
    texts.set(text, own);
    numbers.set(vertex, { vertex: numbers.size + 1, own });
  }
  return (vertex, twinOf) => {
    const below = (at: Vertex | Root | undefined) =>
      at === undefined || at.role === 'root' ? 0 : (numbers.get(twinOf(at))?.vertex ?? 0);
    return `${below(vertex.previous)} ${below(vertex.merged)} ${numbers.get(vertex)?.own}`;
  };
}

function decide(state: State, index: Index, vertex: Vertex): Decision {
  let doubtful = false;
  for (const below of [vertex.previous, vertex.merged]) {
    if (!below || below.role === 'root') continue;
    const decision = state.decisions.get(below);
    if (decision?.state === 'rebuilt' || !decision?.twin)
      return { state: decision?.state === 'unknown' ? 'unknown' : 'rebuilt', twin: undefined };
    doubtful ||= decision.state === 'unknown';
  }
  const twinOf = (below: Vertex) => index.representative(state.decisions.get(below)?.twin ?? below);
  let possible: Vertex | undefined;
  for (const candidate of index.byOperation.get(index.keyOf(vertex, twinOf)) ?? []) {
    const same = sameInputs(state, candidate, vertex);
    if (same === 'yes') return { state: doubtful ? 'unknown' : 'cached', twin: candidate };
    if (same === 'unknown') possible = candidate;
  }
  return { state: possible ? 'unknown' : 'rebuilt', twin: possible };
}

function sameInputs(state: State, before: Vertex, after: Vertex): Same {
  let result: Same = 'yes';
  for (const [index, input] of after.inputs.entries()) {
    const other = before.inputs[index];
    const same = other ? sameFiles(state, other, input) : 'no';
    if (same === 'no') return 'no';
    if (same === 'unknown') result = 'unknown';
  }
  return result;
}

function sameFiles({ watched, taken, comparison }: State, before: Input, after: Input): Same {
  const [a, b] = [watched.indexOf(before), watched.indexOf(after)];
  if (a === undefined || b === undefined) return sameInput(comparison, before, after);
  const certain = [a, b].every((index) => watched.inputs[index]?.selection.known);
  if (a === b && !taken.has(b)) return 'yes';
  return certain ? 'no' : 'unknown';
}
