import { countWhile } from '../syntax/count-while.js';
import { mountsOf } from '../syntax/mounts.js';
import type { Dockerfile, FromInstruction, Instruction } from '../syntax/tree.js';
import { globalsOf, readStages } from './stages.js';
import { statesOf } from './state.js';

/** What a stage is built from. Names and images are those after expansion with the global ARGs' defaults. */
export type Base =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'image'; readonly image: string }
  /** An ARG without a default, or a reference that cannot be read. */
  | { readonly kind: 'unknown' };

export interface Stage {
  /** From 0. */
  readonly index: number;
  /** Lower-cased, as BuildKit does; undefined without `AS`. */
  readonly name: string | undefined;
  readonly from: FromInstruction;
  readonly base: Base;
  /** Without the FROM; ONBUILD triggers are not run here. */
  readonly instructions: readonly Instruction[];
}

/** Execution state right before an instruction, from what the file says; a base image's own config is not known. */
export interface State {
  /** Absolute, clean; `/` at the start of an image stage unless the base image's own WORKDIR is known; undefined where a variable cannot be expanded. */
  readonly cwd: string | undefined;
  /** USER as written and expanded; undefined when none was set since the base image. */
  readonly user: string | undefined;
  /** SHELL; `["/bin/sh","-c"]` by default. */
  readonly shell: readonly string[];
}

export interface Build {
  readonly file: Dockerfile;
  /** In file order. Instructions before the first FROM (ARG) are not in a stage. */
  readonly stages: readonly Stage[];
  /** The last stage. */
  readonly target: Stage | undefined;
  /** Stages that building the target needs: FROM chain, `COPY --from`, `RUN --mount from=`. The target included. */
  readonly needed: ReadonlySet<Stage>;
  stageOf(instruction: Instruction): Stage | undefined;
  /** What `COPY --from=NAME` or a mount's `from=NAME` means in that stage: a stage by name (the last of that name before it) or number, else undefined (an image or a named context). */
  stageByReference(reference: string): Stage | undefined;
  stateBefore(instruction: Instruction): State;
  /** The value of a variable at an instruction (ENV, ARG with a value, global ARG when re-declared, parents' ENV), or undefined where it is unset or not known. */
  variable(instruction: Instruction, name: string): string | undefined;
  /** Expands a word with the variables in scope, quotes removed; undefined where a variable is not known. */
  expand(instruction: Instruction, text: string): string | undefined;
}

/** Reads what a Dockerfile builds. Linear in the file: nothing is copied from instruction to instruction. */
export function buildOf(file: Dockerfile): Build {
  const globals = globalsOf(file);
  const { stages, byName } = readStages(file, globals);
  const states = statesOf(file, stages, globals);
  const stageOf = (instruction: Instruction) => stageAt(stages, instruction.index);
  const stageByReference = (reference: string) =>
    /^\d+$/.test(reference) ? stages[Number(reference)] : byName.get(reference.toLowerCase());
  const target = stages.at(-1);
  return {
    file,
    stages,
    target,
    needed: target ? neededBy(file, target, stageByReference) : new Set(),
    stageOf,
    stageByReference,
    stateBefore: states.stateBefore,
    variable: states.variable,
    expand: states.expand,
  };
}

/** The stage whose FROM is the last at or before an index. */
function stageAt(stages: readonly Stage[], index: number): Stage | undefined {
  return stages[countWhile(stages, ({ from }) => from.index <= index) - 1];
}

function neededBy(file: Dockerfile, target: Stage, stageByReference: Build['stageByReference']): ReadonlySet<Stage> {
  const needed = new Set<Stage>();
  const open: Stage[] = [target];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (needed.has(stage)) continue;
    needed.add(stage);
    if (stage.base.kind === 'stage') {
      open.push(stage.base.stage);
      // ONBUILD triggers run in the stage that is built from the one that holds them.
      for (const instruction of stage.base.stage.instructions) {
        if (instruction.keyword === 'ONBUILD' && instruction.trigger) openUses(instruction.trigger);
      }
    }
    for (const instruction of stage.instructions) openUses(instruction);
  }
  return needed;

  function openUses(instruction: Instruction): void {
    if (instruction.flags.length === 0) return;
    for (const reference of sourcesOf(file, instruction)) {
      const stage = stageByReference(reference);
      if (stage) open.push(stage);
    }
  }
}

/** What an instruction takes from, as written: `COPY --from=NAME`, `RUN --mount=from=NAME`. */
export function sourcesOf(file: Dockerfile, instruction: Instruction): readonly string[] {
  const sources: string[] = [];
  if (instruction.keyword === 'COPY') {
    for (const { name, value } of instruction.flags) if (name === 'from' && value) sources.push(value);
  } else if (instruction.keyword === 'RUN') {
    for (const { from } of mountsOf(file, instruction).mounts) if (from !== undefined) sources.push(from);
  }
  return sources;
}
