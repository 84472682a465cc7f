import type { Instruction } from '../syntax/tree.js';
import { type Cause, causesOf, PathTree } from './causes.js';
import type { ContextCommit } from './history.js';
import type { Step } from './key.js';
import { NumberSets } from './number-sets.js';
import { type Plan, type PlanStage, planOf, type Root, type Vertex } from './plan.js';
import type { CacheBuilder, FileChange, Side } from './side.js';
import { type Decisions, decider } from './step-decisions.js';
import { type ChangeClass, type WatchedFiles, watchedFiles } from './watched-files.js';

/** One Dockerfile over a history: each commit is a build that finds the cache of its parent's. */
export interface Replay {
  /** All that were replayed, those that touch nothing among them. */
  readonly commits: number;
  /** Commits that make no step run again. */
  readonly idle: number;
  /** Those that the target needs, in file order. */
  readonly stages: readonly PlanStage[];
  /** Steps that the target needs, in file order. */
  readonly steps: readonly StepReplay[];
  /** Of all commits together. */
  readonly rebuiltSteps: number;
}

export interface StepReplay {
  readonly instruction: Instruction;
  /** From 0. */
  readonly stage: number;
  readonly step: Step;
  /**
   * In how many commits it ran again. Where that depends on the output of a step that ran again (a `COPY --from`, and what
   * follows it), it counts: a build that runs again mostly makes something else.
   */
  readonly rebuilds: number;
  /** Those of `rebuilds` that depend on output. */
  readonly uncertain: number;
  /** Worked out when asked for. */
  causes(): readonly Cause[];
}

/** Commits that are alike to every step of the build. */
export interface CommitGroup {
  readonly commits: readonly number[];
  readonly classes: readonly ChangeClass[];
}

/**
 * Replays commits (newest first, as `contextCommits` gives them). The Dockerfile, the ignore file and what is a folder are those of
 * `side` throughout. A state is exactly what `rebuildOf` says of the commit, as long as files at different paths differ.
 */
export function replayOf(
  side: Side,
  builder: Extract<CacheBuilder, 'buildkit' | 'buildkit-graphdriver'>,
  commits: readonly ContextCommit[],
): Replay {
  const plan = planOf(side, builder);
  const earlier = planOf(side, builder);
  const watched = watchedFiles(earlier, plan);
  const decide = decider(earlier, plan, watched);
  const groups = groupsOf(watched, commits).map((group) => ({ ...group, decisions: decide(group.classes) }));
  const firsts = new Map<Step, Vertex>();
  for (const vertex of plan.vertices) if (!firsts.has(vertex.step)) firsts.set(vertex.step, vertex);
  const tracer = createTracer(plan, watched, groups, commits);
  const steps = plan.stages
    .flatMap((stage) => stage.steps.flatMap((step) => replayStep(stage, step, firsts.get(step), groups, tracer) ?? []))
    .sort((a, b) => a.stage - b.stage || a.instruction.index - b.instruction.index);
  const busy = groups.filter(({ decisions }) => [...decisions.values()].some(({ state }) => state !== 'cached'));
  return {
    commits: commits.length,
    stages: plan.stages,
    idle: commits.length - busy.reduce((sum, group) => sum + group.commits.length, 0),
    steps,
    rebuiltSteps: steps.reduce((sum, { rebuilds }) => sum + rebuilds, 0),
  };
}

/** Commits that change nothing that a step takes are in no group. */
export function groupsOf(watched: WatchedFiles, commits: readonly ContextCommit[]): readonly CommitGroup[] {
  const groups = new Map<string, { commits: number[]; classes: readonly ChangeClass[] }>();
  for (const [index, { files }] of commits.entries()) {
    const classes = classesOf(watched, files);
    if (classes.length === 0) continue;
    const key = classes.map((one) => one.key).join('|');
    const group = groups.get(key);
    if (group) group.commits.push(index);
    else groups.set(key, { commits: [index], classes });
  }
  return [...groups.values()];
}

function classesOf(watched: WatchedFiles, files: ContextCommit['files']): readonly ChangeClass[] {
  const classes = new Set<ChangeClass>();
  const untaken: FileChange[] = [];
  for (const file of files) {
    const one = watched.classOf(file);
    if (one) classes.add(one);
    else if (!file.folder) untaken.push(file);
  }
  // A folder that has come was not there before if all that is in it has come with it, taken or not.
  if ([...classes].some(({ example }) => example.folder))
    for (const file of untaken) classes.add({ key: `\0${file.kind}\0${file.path}`, takers: [], example: file });
  return [...classes].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

interface DecidedGroup extends CommitGroup {
  readonly decisions: Decisions;
}

function replayStep(
  stage: PlanStage,
  step: Step,
  vertex: Vertex | undefined,
  groups: readonly DecidedGroup[],
  tracer: Tracer,
): StepReplay | undefined {
  if (!vertex) return undefined;
  let [rebuilds, uncertain] = [0, 0];
  for (const { decisions, commits } of groups) {
    const state = decisions.get(vertex)?.state;
    if (state !== 'cached') rebuilds += commits.length;
    if (state === 'unknown') uncertain += commits.length;
  }
  const causes = () => tracer(vertex);
  return { instruction: step.instruction, stage: stage.index, step, rebuilds, uncertain, causes };
}

type Tracer = (vertex: Vertex) => readonly Cause[];

/** Follows a step that ran again down to the steps whose own files changed. Steps with one history share the answer. */
function createTracer(
  plan: Plan,
  watched: WatchedFiles,
  groups: readonly DecidedGroup[],
  commits: readonly ContextCommit[],
): Tracer {
  const tree = new PathTree();
  const sets = new NumberSets();
  let sources: readonly ReadonlyMap<Vertex, number>[] | undefined;
  const answers = new Map<string, readonly Cause[]>();
  const taken = new Map<number, readonly TakenPath[]>();
  const takenIn = (commit: number) => {
    const known = taken.get(commit) ?? takenPaths(watched, tree, commits[commit]);
    taken.set(commit, known);
    return known;
  };
  const chainsOf = (commit: number, wanted: ReadonlySet<number>) =>
    takenIn(commit).flatMap(({ takers, chain }) => (takers.some((taker) => wanted.has(taker)) ? [chain] : []));
  return (vertex) => {
    sources ??= groups.map((group) => sourcesOf(plan, watched, group, sets));
    const found = sources.map((of) => of.get(vertex) ?? 0);
    const key = found.join(' ');
    const known = answers.get(key);
    if (known) return known;
    const chains = groups.flatMap((group, index) => {
      const wanted = sets.members(found[index] ?? 0);
      return wanted.size === 0 ? [] : group.commits.map((commit) => chainsOf(commit, wanted));
    });
    const causes = causesOf(tree, chains);
    answers.set(key, causes);
    return causes;
  };
}

interface TakenPath {
  readonly chain: ReturnType<PathTree['chain']>;
  readonly takers: readonly number[];
}

function takenPaths(watched: WatchedFiles, tree: PathTree, commit: ContextCommit | undefined): readonly TakenPath[] {
  return (commit?.files ?? []).flatMap((file) => {
    const one = watched.classOf(file);
    return one ? [{ chain: tree.chain(file.path), takers: one.takers }] : [];
  });
}

/** For each vertex that ran again the watched inputs whose changes made it do so, as a set of `sets`. */
function sourcesOf(
  plan: Plan,
  watched: WatchedFiles,
  group: DecidedGroup,
  sets: NumberSets,
): ReadonlyMap<Vertex, number> {
  const taken = new Set(group.classes.flatMap(({ takers }) => takers));
  const sources = new Map<Vertex, number>();
  const of = (at: Vertex | Root | undefined) => (at && at.role !== 'root' && sources.get(at)) || 0;
  for (const vertex of plan.vertices) {
    if (group.decisions.get(vertex)?.state === 'cached') continue;
    let set = sets.union(of(vertex.previous), of(vertex.merged));
    for (const input of vertex.inputs) {
      const index = watched.indexOf(input);
      if (index !== undefined && taken.has(index)) set = sets.union(set, sets.single(index));
      if (input.origin.kind === 'stage') set = sets.union(set, of(input.origin.stage.last));
    }
    sources.set(vertex, set);
  }
  return sources;
}
