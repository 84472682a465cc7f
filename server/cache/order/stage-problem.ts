import { uses } from '../../model/variable-use.js';
import type { Instruction } from '../../syntax/tree.js';
import type { Costs } from '../cost.js';
import type { ContextCommit } from '../history.js';
import { type PlanStage, planOf, type Vertex } from '../plan.js';
import { groupsOf } from '../replay.js';
import type { CacheBuilder, Side } from '../side.js';
import { watchedFiles } from '../watched-files.js';
import { addBit, type Bits, noBits, unionOf } from './bits.js';

/** Which commits change what each instruction takes itself. Commits that are alike to all of them are one kind. */
export interface Triggers {
  /** The last one are those that change nothing. */
  readonly weights: Float64Array;
  /** By stage index: kinds of commits for which the stage it is built from ends otherwise. */
  readonly starts: ReadonlyMap<number, Bits>;
  readonly of: ReadonlyMap<Instruction, Bits>;
  /** ARGs with another value in every commit: what is said of them holds for the RUNs behind them. */
  readonly changing: ReadonlySet<Instruction>;
  readonly none: Bits;
  /** Steps that do not run again with those before them. */
  readonly detached: ReadonlySet<Instruction>;
  /** Instructions that are steps. */
  readonly steps: ReadonlySet<Instruction>;
  readonly stages: readonly number[];
}

/**
 * Takes the commits apart for one Dockerfile. What is copied from another stage counts as changed whenever something of that stage
 * runs again. `changing`: names of ARGs that have another value in every commit; `always`: instructions
 * that change with all of them.
 */
export function triggersOf(
  side: Side,
  builder: CacheBuilder,
  commits: readonly ContextCommit[],
  changing: ReadonlySet<string>,
  always: ReadonlySet<Instruction> = new Set(),
): Triggers {
  const plan = planOf(side, builder);
  const watched = watchedFiles(plan);
  const groups = groupsOf(watched, commits);
  const size = groups.length + 1;
  const weights = new Float64Array(size);
  for (const [index, group] of groups.entries()) weights[index] = group.commits.length;
  weights[groups.length] = commits.length - groups.reduce((sum, group) => sum + group.commits.length, 0);
  const byInput = new Map<number, Bits>();
  for (const [index, { classes }] of groups.entries()) {
    for (const taker of classes.flatMap(({ takers }) => takers)) {
      const bits = byInput.get(taker) ?? noBits(size);
      byInput.set(taker, bits);
      addBit(bits, index);
    }
  }
  const all = noBits(size);
  for (let index = 0; index < size; index++) addBit(all, index);
  const ends = new Map<PlanStage, Bits>();
  const found: { starts: Map<number, Bits>; of: Map<Instruction, Bits> } = { starts: new Map(), of: new Map() };
  const none = noBits(size);
  const reaches = new Map<PlanStage, Reach>();
  const triggers = (vertex: Vertex) =>
    vertex.inputs.reduce((bits, input) => {
      if (input.origin.kind === 'stage') return unionOf(bits, ends.get(input.origin.stage) ?? none);
      const index = watched.indexOf(input);
      return unionOf(bits, (index === undefined ? undefined : byInput.get(index)) ?? none);
    }, none);
  for (const stage of plan.stages) {
    let end = (stage.base && ends.get(stage.base)) ?? none;
    found.starts.set(stage.index, end);
    for (const vertex of stage.vertices) {
      const { instruction } = vertex.step;
      const own = always.has(instruction) ? all : triggers(vertex);
      const bits = unionOf(found.of.get(instruction) ?? none, own);
      found.of.set(instruction, bits);
      end = unionOf(end, bits);
    }
    const reached =
      changing.size === 0 ? undefined : reachOf(side, stage, changing, stage.base && reaches.get(stage.base));
    if (reached) reaches.set(stage, reached);
    for (const one of [...(reached?.args ?? []), ...(reached?.own ?? [])]) found.of.set(one, all);
    ends.set(stage, reached?.isChanged ? all : end);
  }
  return {
    weights,
    ...found,
    changing: new Set([...reaches.values()].flatMap(({ args }) => args)),
    none,
    detached: new Set(plan.vertices.flatMap(({ step }) => (step.detached ? [step.instruction] : []))),
    steps: new Set(plan.vertices.map(({ step }) => step.instruction)),
    stages: plan.stages.map(({ index }) => index),
  };
}

/** What ARGs that change reach in a stage. */
interface Reach {
  readonly args: readonly Instruction[];
  /** Steps that run again in every commit wherever they stand in the stage. */
  readonly own: readonly Instruction[];
  /** Some step does in the author's order. */
  readonly isChanged: boolean;
  /** Variables that change. */
  readonly names: ReadonlySet<string>;
  /** One of them is in the environment at its end. */
  readonly isSet: boolean;
}

/**
 * An ARG is in the environment of the RUNs behind it, those of stages built from its own too; it touches other steps only where they
 * name it, or what an ENV made of it (reference/cache-semantics.md, R2.11 and R2.12; BuildKit `dispatchArg`, `dispatchRun`).
 */
function reachOf(side: Side, stage: PlanStage, changing: ReadonlySet<string>, base: Reach | undefined): Reach {
  const names = new Set(base?.names);
  const [args, own]: [Instruction[], Instruction[]] = [[], []];
  let [isSet, isChanged] = [base?.isSet ?? false, false];
  for (const one of instructionsOf(side, stage)) {
    const isNamed = [...names].some((name) => uses(side.file, one, name));
    if (one.keyword === 'ARG' || one.keyword === 'ENV') {
      const isChanging = one.keyword === 'ARG' && one.pairs.some(({ key }) => changing.has(key));
      if (isChanging) args.push(one);
      if (isChanging || isNamed) for (const { key } of one.pairs) names.add(key);
      isSet ||= isChanging;
    } else if (one.keyword === 'RUN') {
      if (base?.isSet) own.push(one);
      isChanged ||= isSet;
    } else if (isNamed && stage.vertices.some(({ step }) => step.instruction === one)) {
      own.push(one);
      isChanged = true;
    }
  }
  return { args, own, isChanged, names, isSet };
}

/** Of instructions of a stage in some order: kinds of commits for which each runs again. */
export function rebuiltIn(triggers: Triggers, stage: number, order: readonly Instruction[]): readonly Bits[] {
  const start = triggers.starts.get(stage) ?? triggers.none;
  let [union, set] = [start, triggers.none];
  return order.map((one) => {
    const own = triggers.of.get(one) ?? triggers.none;
    if (triggers.changing.has(one)) set = unionOf(set, own);
    else union = unionOf(union, one.keyword === 'RUN' ? unionOf(own, set) : own);
    return triggers.detached.has(one) ? unionOf(start, own) : union;
  });
}

function instructionsOf({ file }: Side, { from }: PlanStage): readonly Instruction[] {
  const next = file.instructions.find((one) => one.keyword === 'FROM' && one.index > from.index);
  return file.instructions.slice(from.index + 1, next?.index);
}

/** Seconds of each instruction; what is no step costs nothing. */
export function secondsOf(triggers: Triggers, costs: Costs): (instruction: Instruction, stage: number) => number {
  return (instruction, stage) => (triggers.steps.has(instruction) ? costs(instruction, stage).seconds : 0);
}
