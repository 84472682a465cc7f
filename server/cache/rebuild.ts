import type { Instruction } from '../syntax/tree.js';
import type { Comparison, Decision } from './content.js';
import { hasMoved, isUnsettled, sameInput, sameState, takenChanges } from './content.js';
import { counterpartsOf, differencesOf } from './differences.js';
import type { Step } from './key.js';
import type { Input, Plan, PlanStage, Root, Vertex } from './plan.js';
import { planOf } from './plan.js';
import type { Reason } from './reason.js';
import type { CacheBuilder, FileChange, Side } from './side.js';

export type StepState = 'cached' | 'rebuilt' | 'unknown' | 'not-needed';

/** What one step does in the later build. */
export interface StepResult {
  readonly instruction: Instruction;
  /** From 0. */
  readonly stage: number;
  readonly state: StepState;
  /** Of a `COPY --link` that is detached: whether its files have to be put on top of the steps below again. Costs next to nothing. */
  readonly link?: Exclude<StepState, 'not-needed'> | undefined;
  /** Why; the first one decides. Empty for `not-needed` and for a step that is plainly as before. */
  readonly reasons: readonly Reason[];
}

/** The later of two builds, seen from the cache that the earlier one has filled. */
export interface Rebuild {
  /** One per instruction that BuildKit shows as a step (RUN, COPY, ADD, WORKDIR but `/`), in file order. */
  readonly steps: readonly StepResult[];
  readonly summary: {
    readonly cached: number;
    readonly rebuilt: number;
    readonly unknown: number;
    readonly notNeeded: number;
  };
}

export interface Change {
  readonly before: Side;
  readonly after: Side;
  /** What differs between the contexts, see `compareContexts`. */
  readonly files: readonly FileChange[];
  /** Base images whose content has changed under the same name, in `FROM`'s normal form; `*` for all. */
  readonly moved?: ReadonlySet<string>;
}

/**
 * What BuildKit's cache does with the later build after it has seen the earlier one, and nothing else. Pure and linear in both
 * files. Rules M1–M9 and R3.1–R3.11 of BuildKit's solver; proven against a real engine, see `test/engine`.
 */
export function rebuildOf(
  change: Change,
  builder: Extract<CacheBuilder, 'buildkit' | 'buildkit-graphdriver'> = 'buildkit',
): Rebuild {
  const earlier = planOf(change.before, builder);
  const later = planOf(change.after, builder);
  const known = indexOf(earlier, change);
  const decisions = new Map<Vertex, Decision>();
  const reasons = new Map<Vertex, Reason[]>();
  const isSentAnew = earlier.vertices.some(({ writesContext }) => writesContext);
  const comparison: Comparison = {
    before: change.before,
    after: change.after,
    changes: change.files,
    moved: change.moved ?? new Set(),
    decisions,
    isSentAnew,
    isUnsettled: isSentAnew && builder === 'buildkit-graphdriver',
    representative: known.representative,
  };
  const pairs = counterpartsOf(earlier, later);
  for (const vertex of later.vertices) {
    const why: Reason[] = [];
    decisions.set(vertex, decide(comparison, known, vertex, pairs.get(vertex), why));
    reasons.set(vertex, why);
  }
  return resultOf(later, decisions, reasons);
}

interface Index {
  /** Vertices of the earlier build by operation and by the key of what they stand on. */
  readonly byOperation: ReadonlyMap<string, readonly Vertex[]>;
  representative(vertex: Vertex): Vertex;
}

/** Runs through the earlier build: equal keys are one. */
function indexOf(plan: Plan, change: Change): Index {
  const byOperation = new Map<string, Vertex[]>();
  const representatives = new Map<Vertex, Vertex>();
  const representative = (vertex: Vertex) => representatives.get(vertex) ?? vertex;
  const within: Comparison = {
    before: change.before,
    after: change.before,
    changes: [],
    moved: new Set(),
    decisions: { get: (vertex: Vertex) => ({ state: 'cached', twin: vertex }) } as ReadonlyMap<Vertex, Decision>,
    representative,
  };
  for (const vertex of plan.vertices) {
    const key = operationKey(
      vertex,
      (one) => `#${idOf(representative(one))}`,
      () => false,
    );
    const bucket = byOperation.get(key) ?? [];
    byOperation.set(key, bucket);
    const same = bucket.find(
      (other) =>
        samePlatform(other, vertex) === 'yes' &&
        vertex.inputs.every((input, index) => sameKey(within, other.inputs[index], input)),
    );
    if (same) representatives.set(vertex, same);
    else bucket.push(vertex);
  }
  return { byOperation, representative };
}

function sameKey(within: Comparison, a: Input | undefined, b: Input): boolean {
  return a !== undefined && sameInput(within, a, b) === 'yes';
}

const ids = new WeakMap<Vertex, number>();
let nextId = 1;

function idOf(vertex: Vertex): number {
  let id = ids.get(vertex);
  if (id === undefined) {
    id = nextId++;
    ids.set(vertex, id);
  }
  return id;
}

function operationKey(
  vertex: Vertex,
  keyOf: (below: Vertex) => string,
  moved: (image: string | undefined) => boolean,
): string {
  const below = (at: Vertex | Root | undefined): string => {
    if (at === undefined || (at.role === 'root' && at.image === undefined)) return '-';
    return at.role === 'root' ? `${moved(at.image) ? 'moved' : 'image'} ${at.image}` : keyOf(at);
  };
  return `${below(vertex.previous)}|${vertex.merged ? below(vertex.merged) : ''}|${vertex.own}`;
}

function decide(
  comparison: Comparison,
  known: Index,
  vertex: Vertex,
  pair: Vertex | undefined,
  why: Reason[],
): Decision {
  let doubtful = false;
  for (const below of [vertex.previous, vertex.merged]) {
    if (!below || below.role === 'root') continue;
    const decision = comparison.decisions.get(below);
    if (decision?.state === 'rebuilt' || !decision?.twin) {
      explainMiss(comparison, vertex, pair, why);
      why.push({ kind: 'step', instruction: below.step.instruction, stage: below.stage.index });
      return { state: decision?.state === 'unknown' ? 'unknown' : 'rebuilt', twin: undefined };
    }
    if (decision.state === 'unknown') {
      doubtful = true;
      why.push({ kind: 'step', instruction: below.step.instruction, stage: below.stage.index });
    }
  }
  const keyOf = (below: Vertex) => {
    const twin = comparison.decisions.get(below)?.twin;
    return twin ? `#${idOf(known.representative(twin))}` : '?';
  };
  const key = operationKey(vertex, keyOf, (image) => hasMoved(comparison, image));
  const candidates = ownFirst(known.byOperation.get(key) ?? [], pair && known.representative(pair));
  let possible: Vertex | undefined;
  for (const candidate of candidates) {
    const inputs = vertex.inputs.map((input, index) => sameInputOrNo(comparison, candidate.inputs[index], input));
    const same = worst([samePlatform(candidate, vertex), ...inputs]);
    if (same === 'no') continue;
    possible ??= candidate;
    if (same === 'yes') {
      if (!doubtful) explainHit(comparison, candidate, vertex, why);
      return { state: doubtful ? 'unknown' : 'cached', twin: candidate };
    }
  }
  if (!possible) {
    why.length = 0;
    explainMiss(comparison, vertex, pair ?? candidates[0], why);
    return { state: 'rebuilt', twin: undefined };
  }
  for (const input of vertex.inputs)
    if (input.origin.kind === 'stage')
      why.push({ kind: 'stage-output', stage: input.origin.stage.index, paths: pathsOf(input) });
  const isOpen = vertex.inputs.some((input) => isUnsettled(comparison, input));
  const what = isOpen ? 'a step has mounted the context writable' : 'a variable or an image decides';
  if (why.length === 0) why.push({ kind: 'not-known', what });
  return { state: 'unknown', twin: possible };
}

/** Where a source is missing two steps look alike that no builder takes for one: what stands on them is known of the own one only. */
function ownFirst(candidates: readonly Vertex[], own: Vertex | undefined): readonly Vertex[] {
  return own && candidates.length > 1 && candidates.includes(own)
    ? [own, ...candidates.filter((one) => one !== own)]
    : candidates;
}

type Same = ReturnType<typeof sameInput>;

/** Of the images that two operations stand on. A named platform may be the builder's own. */
function samePlatform({ previous: before }: Vertex, { previous: after }: Vertex): Same {
  if (before?.role !== 'root' || after?.role !== 'root' || before.platform === after.platform) return 'yes';
  return before.platform === undefined || after.platform === undefined ? 'unknown' : 'no';
}

function sameInputOrNo(comparison: Comparison, before: Input | undefined, after: Input): Same {
  if (!before) return 'no';
  return sameInput(comparison, before, after);
}

function worst(all: readonly Same[]): Same {
  return all.includes('no') ? 'no' : all.includes('unknown') ? 'unknown' : 'yes';
}

/** A step that is cached although a stage it reads from has changed says so. */
function explainHit(comparison: Comparison, before: Vertex, after: Vertex, why: Reason[]): void {
  for (const [index, input] of after.inputs.entries()) {
    const other = before.inputs[index];
    if (input.origin.kind !== 'stage' || other?.origin.kind !== 'stage') continue;
    if (sameState(comparison, other.origin.stage.last, input.origin.stage.last) === 'yes') continue;
    why.push({ kind: 'same-content', stage: input.origin.stage.index, paths: pathsOf(input) });
  }
}

function explainMiss(comparison: Comparison, vertex: Vertex, pair: Vertex | undefined, why: Reason[]): void {
  if (vertex.previous?.role === 'root' && hasMoved(comparison, vertex.previous.image))
    why.push({ kind: 'base-image', image: vertex.previous.image ?? '' });
  for (const [index, input] of vertex.inputs.entries()) {
    const changes = takenChanges(comparison, input);
    if (changes.length > 0) why.push({ kind: 'files', changes: changes.slice(0, 20), count: changes.length });
    const other = pair?.inputs[index];
    if (input.origin.kind === 'stage' && other && sameInput(comparison, other, input) === 'no') {
      why.push({ kind: 'stage-content', stage: input.origin.stage.index, paths: pathsOf(input) });
    }
  }
  if (!pair) {
    if (
      why.length === 0 &&
      (vertex.previous === undefined ||
        vertex.previous.role === 'root' ||
        comparison.decisions.get(vertex.previous)?.state === 'cached')
    ) {
      why.push({ kind: 'new-step' });
    }
    return;
  }
  why.push(...differencesOf(pair, vertex, comparison));
}

function pathsOf({ paths }: Input): readonly string[] {
  return paths.map((path) => path ?? '?');
}

function resultOf(
  plan: Plan,
  decisions: ReadonlyMap<Vertex, Decision>,
  reasons: ReadonlyMap<Vertex, readonly Reason[]>,
): Rebuild {
  const steps: StepResult[] = [];
  const byStep = new Map<Step, Vertex[]>();
  for (const vertex of plan.vertices) {
    const list = byStep.get(vertex.step) ?? [];
    list.push(vertex);
    byStep.set(vertex.step, list);
  }
  const add = (stage: PlanStage, step: Step) => {
    const [copy, merge] = byStep.get(step) ?? [];
    if (!copy) return;
    const state = decisions.get(copy)?.state ?? 'rebuilt';
    const why = [...(reasons.get(copy) ?? [])];
    const link = merge && (decisions.get(merge)?.state ?? 'rebuilt');
    if (link === 'rebuilt' && state === 'cached') why.push({ kind: 'linked-again' });
    steps.push({ instruction: step.instruction, stage: stage.index, state, link, reasons: why });
  };
  for (const stage of plan.stages) for (const step of stage.steps) add(stage, step);
  for (const { instruction, stage } of plan.notNeeded)
    steps.push({ instruction, stage, state: 'not-needed', reasons: [] });
  steps.sort((a, b) => a.stage - b.stage || a.instruction.index - b.instruction.index);
  const count = (state: StepState) => steps.filter((step) => step.state === state).length;
  return {
    steps,
    summary: {
      cached: count('cached'),
      rebuilt: count('rebuilt'),
      unknown: count('unknown'),
      notNeeded: count('not-needed'),
    },
  };
}
