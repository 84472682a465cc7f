import { cleanInside, parentOf } from '../syntax/go-path.js';
import type { Instruction } from '../syntax/tree.js';
import { sameIgnored, sameModes, sameWithOptions } from './chained-options.js';
import type { ChainedPlan, ChainedPlanStage, ChainedStep } from './chained-plan.js';
import { chainedPlan } from './chained-plan.js';
import type { ChainedBuilder } from './chained-stages.js';
import type { Comparison, Decision, Same } from './content.js';
import { hasMoved, takenChanges } from './content.js';
import type { Input, Vertex } from './plan.js';
import type { Reason } from './reason.js';
import type { Change, Rebuild, StepResult, StepState } from './rebuild.js';
import { selectionOf } from './selection.js';

/** An image of the chain. Children are those that an instruction has made from it, by the text of its key. */
interface Image {
  readonly children: Map<string, Child[]>;
}

interface Child {
  readonly step: ChainedStep;
  readonly image: Image;
  /** Whether the later build has made it. */
  readonly later: boolean;
  /** Images of other stages that its key names. */
  readonly states: readonly (Image | string)[];
}

/** What one stage of a build has come to. */
interface End {
  readonly image: Image;
  readonly state: 'cached' | 'rebuilt' | 'unknown';
}

/**
 * What a builder that makes every instruction a link of one chain does with the later build after the earlier one: one step per
 * instruction but FROM. An instruction is found iff the image below it has a child that was made by the same instruction from the
 * same files; after the first one that is not, none is found until the next FROM. Pure and linear in both files. Classic and
 * Buildah are proven against the real builders, see `test/engine/chained-cases.ts`; kaniko is read from its source.
 */
export function chainedRebuildOf(change: Change, builder: ChainedBuilder): Rebuild {
  return new Chain(change, builder).run();
}

class Chain {
  readonly #builder: ChainedBuilder;
  readonly #earlier: ChainedPlan;
  readonly #later: ChainedPlan;
  readonly #roots = new Map<string, Image>();
  readonly #decisions = new Map<Vertex, Decision>();
  readonly #twins = new Map<Vertex, Vertex>();
  readonly #comparison: Comparison;
  readonly #withinEarlier: Comparison;
  readonly #withinLater: Comparison;
  readonly #ends = new Map<ChainedPlanStage['plan'], End & { readonly stage: ChainedPlanStage }>();

  constructor(change: Change, builder: ChainedBuilder) {
    this.#builder = builder;
    this.#earlier = chainedPlan(change.before, builder);
    this.#later = chainedPlan(change.after, builder);
    const representative = (vertex: Vertex) => this.#twins.get(vertex) ?? vertex;
    const { before, after } = change;
    const itself = { get: (vertex: Vertex) => ({ state: 'cached', twin: vertex }) } as ReadonlyMap<Vertex, Decision>;
    const moved = change.moved ?? new Set<string>();
    this.#comparison = { before, after, changes: change.files, moved, decisions: this.#decisions, representative };
    const within = { changes: [], moved: new Set<string>(), decisions: itself, representative };
    this.#withinEarlier = { ...within, before, after: before };
    this.#withinLater = { ...within, before: after, after };
  }

  run(): Rebuild {
    for (const stage of this.#earlier.stages) this.#fill(stage);
    const steps = this.#later.stages.flatMap((stage) => this.#decide(stage));
    for (const { instruction, stage } of this.#later.notNeeded)
      steps.push({ instruction, stage, state: 'not-needed', reasons: [] });
    return { steps, summary: summaryOf(steps) };
  }

  /** The earlier build: where a step is known from another stage, it is not made again. */
  #fill(stage: ChainedPlanStage): void {
    let { image } = this.#startOf(stage, false);
    for (const step of stage.steps) {
      const states = this.#statesOf(step, false);
      const found = childrenOf(image, step).find(
        (child) => sameStates(child, states) && this.#sameFiles(this.#withinEarlier, child, step) === 'yes',
      );
      if (found?.step.vertex && step.vertex) this.#twins.set(step.vertex, found.step.vertex);
      image = found?.image ?? addChild(image, step, false, states);
    }
    this.#ends.set(stage.plan, { image, state: 'cached', stage });
  }

  #startOf(stage: ChainedPlanStage, later: boolean): End {
    const base = stage.base && this.#ends.get(stage.base.plan);
    if (base) return base;
    const moved = later && hasMoved(this.#comparison, stage.root.image);
    const key = `${moved ? 'moved ' : ''}${stage.root.image ?? ''}`;
    const image = this.#roots.get(key) ?? { children: new Map() };
    this.#roots.set(key, image);
    return { image, state: 'cached' };
  }

  #decide(stage: ChainedPlanStage): StepResult[] {
    let { image, state } = this.#startOf(stage, true);
    // A new stage searches again, though below it all was made anew.
    if (state === 'rebuilt') state = 'cached';
    const counterparts = new Counterparts(this.#earlier, stage);
    const results: StepResult[] = [];
    let below: Instruction | undefined;
    for (const [index, step] of stage.steps.entries()) {
      const states = this.#statesOf(step, true);
      const { child, same } = state === 'rebuilt' ? missed : this.#find(image, step, states);
      const counterpart = counterparts.of(index, step);
      const reasons: Reason[] = [];
      if (same === 'no' || !child) {
        this.#explainMiss(reasons, { step, stage, index, counterpart, below });
        state = 'rebuilt';
        image = addChild(image, step, true, states);
      } else {
        if (same === 'unknown' || state === 'unknown') {
          this.#explainDoubt(reasons, step, same, below);
          state = 'unknown';
        } else this.#explainHit(reasons, child, step);
        image = child.image;
      }
      if (step.vertex) {
        const twin = child && !child.later && same !== 'no' ? child.step.vertex : undefined;
        this.#decisions.set(step.vertex, { state, twin });
      }
      if (state !== 'cached') below = step.instruction;
      results.push({ instruction: step.instruction, stage: stage.index, state, reasons });
    }
    this.#ends.set(stage.plan, { image, state, stage });
    return results;
  }

  #find(image: Image, step: ChainedStep, states: Child['states']): { child: Child | undefined; same: Same } {
    if (this.#isNeverFound(step)) return missed;
    let possible: Child | undefined;
    for (const child of childrenOf(image, step)) {
      if (!sameStates(child, states)) continue;
      const same = this.#sameFiles(child.later ? this.#withinLater : this.#comparison, child, step);
      if (same === 'yes') return { child, same: this.#hasDoubtfulState(step) ? 'unknown' : 'yes' };
      if (same === 'unknown') possible ??= child;
    }
    return possible ? { child: possible, same: 'unknown' } : missed;
  }

  /**
   * Buildah does not look for a RUN that mounts a stage whose last instruction it has carried out, and an instruction without a
   * layer always is (`imagebuildah/stage_executor.go:execute`).
   */
  #isNeverFound({ states }: ChainedStep): boolean {
    return states.some(({ origin }) => {
      const end = origin.kind === 'stage' ? this.#ends.get(origin.stage) : undefined;
      return end !== undefined && (end.stage.endsInSetting || end.state === 'rebuilt');
    });
  }

  #hasDoubtfulState({ states }: ChainedStep): boolean {
    return states.some(({ origin }) => origin.kind === 'stage' && this.#ends.get(origin.stage)?.state === 'unknown');
  }

  #statesOf({ states }: ChainedStep, later: boolean): Child['states'] {
    return states.map(({ origin }) => {
      if (origin.kind === 'stage') return this.#ends.get(origin.stage)?.image ?? '';
      if (origin.kind !== 'image') return '';
      return later && hasMoved(this.#comparison, origin.image) ? `moved ${origin.image}` : origin.image;
    });
  }

  #sameFiles(comparison: Comparison, child: Child, step: ChainedStep): Same {
    if (child.step.files.length !== step.files.length) return 'no';
    let result: Same = this.#builder === 'buildah' ? sameModes(comparison, child.step, step) : 'yes';
    if (result === 'no') return 'no';
    for (const [index, input] of step.files.entries()) {
      const other = child.step.files[index];
      const same = other ? this.#sameFilesOf(comparison, other, input, step.instruction.keyword === 'RUN') : 'no';
      if (same === 'no') return 'no';
      if (same === 'unknown') result = 'unknown';
    }
    return result;
  }

  /** Other than for BuildKit and Buildah, the mode of a folder that is a source counts; for the classic builder, what a link in a folder leads to as well. */
  #sameFilesOf(comparison: Comparison, before: Input, after: Input, isMount: boolean): Same {
    const same = sameWithOptions(comparison, before, after);
    if (same !== 'yes' || after.origin.kind !== 'context') return same;
    const itself = isMount || this.#builder !== 'buildah';
    const hasMode = comparison.changes.some(
      ({ kind, folder, path }) => folder && kind === 'mode' && takesFolder(after, path, itself),
    );
    if (hasMode || (this.#builder === 'classic' && leadsToChange(comparison, after))) return 'no';
    return isMount ? sameIgnored(comparison, after) : 'yes';
  }

  #explainMiss(reasons: Reason[], miss: Miss): void {
    const { step, stage, index, counterpart, below } = miss;
    const { image } = stage.root;
    if (index === 0 && image !== undefined && hasMoved(this.#comparison, image))
      reasons.push({ kind: 'base-image', image });
    for (const input of step.vertex?.inputs ?? []) {
      const changes = takenChanges(this.#comparison, input);
      if (changes.length > 0) reasons.push({ kind: 'files', changes: changes.slice(0, 20), count: changes.length });
    }
    if (counterpart) reasons.push(...differencesOf(counterpart, step));
    for (const { origin, paths } of [...step.files, ...step.states]) {
      if (reasons.length === 0 && below === undefined && origin.kind === 'stage')
        reasons.push({ kind: 'stage-content', stage: origin.stage.index, paths: paths.map((path) => path ?? '?') });
    }
    if (below) reasons.push({ kind: 'step', instruction: below, stage: stage.index });
    else if (reasons.length === 0) reasons.push(this.#baseReason(stage) ?? { kind: 'new-step' });
  }

  /** A stage on one that was made anew. */
  #baseReason({ base }: ChainedPlanStage): Reason | undefined {
    const end = base && this.#ends.get(base.plan);
    const last = base?.steps.at(-1);
    if (!base || !last || end?.state !== 'rebuilt') return undefined;
    return { kind: 'step', instruction: last.instruction, stage: base.index };
  }

  #explainDoubt(reasons: Reason[], { files, states, stage }: ChainedStep, same: Same, below: Instruction | undefined) {
    if (same === 'unknown') {
      for (const { origin, paths } of [...files, ...states]) {
        if (origin.kind !== 'stage') continue;
        reasons.push({ kind: 'stage-output', stage: origin.stage.index, paths: paths.map((path) => path ?? '?') });
      }
    }
    if (below) reasons.push({ kind: 'step', instruction: below, stage });
    if (reasons.length === 0) reasons.push({ kind: 'not-known', what: 'a variable or an image decides' });
  }

  /** A step that is found although a stage it copies from was made anew says so. */
  #explainHit(reasons: Reason[], child: Child, { files }: ChainedStep): void {
    for (const { origin, paths } of files) {
      if (origin.kind !== 'stage' || this.#ends.get(origin.stage)?.state === 'cached' || child.later) continue;
      reasons.push({ kind: 'same-content', stage: origin.stage.index, paths: paths.map((path) => path ?? '?') });
    }
  }
}

const missed = { child: undefined, same: 'no' } as const;

interface Miss {
  readonly step: ChainedStep;
  readonly stage: ChainedPlanStage;
  readonly index: number;
  readonly counterpart: ChainedStep | undefined;
  readonly below: Instruction | undefined;
}

function keyOf({ text, variables, files, names }: ChainedStep): string {
  return JSON.stringify([text, variables.map(({ name, value }) => [name, value]), files.length, names]);
}

function childrenOf(image: Image, step: ChainedStep): readonly Child[] {
  return image.children.get(keyOf(step)) ?? [];
}

function addChild(image: Image, step: ChainedStep, later: boolean, states: Child['states']): Image {
  const made: Image = { children: new Map() };
  const key = keyOf(step);
  const list = image.children.get(key) ?? [];
  list.push({ step, image: made, later, states });
  image.children.set(key, list);
  return made;
}

function takesFolder(input: Input, folder: string, itself: boolean): boolean {
  if (input.paths.includes(`/${folder}`)) return itself;
  return selectionOf(input).rootFor({ path: folder, kind: 'mode', folder: true }) !== undefined;
}

/** A symlink below a source, to a file that has changed. */
function leadsToChange({ after: { context }, changes }: Comparison, { paths }: Input): boolean {
  if (!context || changes.length === 0) return false;
  const changed = new Set(changes.map(({ path }) => path));
  for (const path of paths) {
    if (path === undefined) continue;
    for (const { path: place, link } of context.walk({ from: path })) {
      if (link !== undefined && !link.startsWith('/') && changed.has(cleanInside(`${parentOf(place)}/${link}`)))
        return true;
    }
  }
  return false;
}

function sameStates(child: Child, states: Child['states']): boolean {
  return child.states.length === states.length && child.states.every((state, index) => state === states[index]);
}

/** Which step of the earlier build stands for one of the later build. */
class Counterparts {
  readonly #steps: readonly ChainedStep[];
  readonly #byText = new Map<string, ChainedStep>();

  constructor({ stages }: ChainedPlan, { plan, index }: ChainedPlanStage) {
    const other =
      stages.find((one) => plan.name !== undefined && one.plan.name === plan.name) ??
      stages.find((one) => one.index === index);
    this.#steps = other?.steps ?? [];
    for (const step of this.#steps) if (!this.#byText.has(step.text)) this.#byText.set(step.text, step);
  }

  of(index: number, { text, instruction }: ChainedStep): ChainedStep | undefined {
    const beside = this.#steps[index];
    return this.#byText.get(text) ?? (beside?.instruction.keyword === instruction.keyword ? beside : undefined);
  }
}

function differencesOf(before: ChainedStep, after: ChainedStep): Reason[] {
  const found: Reason[] = [];
  const [text, newText] = [before.instruction.text, after.instruction.text];
  if (text !== newText)
    found.push({ kind: after.instruction.keyword === 'RUN' ? 'command' : 'instruction', before: text, after: newText });
  else if (before.text !== after.text) found.push(...usedDifferences(before, after));
  const old = new Map(before.variables.map((variable) => [variable.name, variable.value]));
  for (const { name, value, from } of after.variables) {
    if (old.get(name) !== value) found.push({ kind: 'variable', name, from, before: old.get(name), after: value });
    old.delete(name);
  }
  for (const [name, value] of old) found.push({ kind: 'variable', name, from: 'ARG', before: value, after: undefined });
  return found;
}

/** The line is the same, but a variable in it is not. */
function usedDifferences({ used }: ChainedStep, after: ChainedStep): Reason[] {
  return [...after.used].flatMap(([name, value]): Reason[] => {
    const before = used.get(name);
    return before === value ? [] : [{ kind: 'variable', name, from: 'ARG', before, after: value }];
  });
}

function summaryOf(steps: readonly StepResult[]): Rebuild['summary'] {
  const count = (state: StepState) => steps.filter((step) => step.state === state).length;
  return {
    cached: count('cached'),
    rebuilt: count('rebuilt'),
    unknown: count('unknown'),
    notNeeded: count('not-needed'),
  };
}
