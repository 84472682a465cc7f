import type { Build } from '../../model/build.js';
import type { Instruction } from '../../syntax/tree.js';
import { costsOf } from '../cost.js';
import type { OrderInput } from '../order.js';
import { replayOf } from '../replay.js';
import type { Side } from '../side.js';
import { weightOf } from './bits.js';
import { rebuiltIn, triggersOf } from './stage-problem.js';

/** Seconds of all commits together, and steps that ran again. */
export interface Expected {
  readonly seconds: number;
  readonly rebuiltSteps: number;
}

/** The Dockerfile with what it is built with. */
export function sideOf({ context, buildArgs, target }: OrderInput, { file }: Build): Side {
  return { file, context, buildArgs: buildArgs ?? new Map(), target };
}

export type Measured = Expected & { readonly measured: boolean };

/** What the replay says, with what each step costs. */
export function expectedOf(input: OrderInput, side: Side, build: Build): Measured {
  const costs = costsOf(build, input.context, input.measures);
  const counts = input.changingArgs?.size ? countsWithArgs(input, side, build) : countsOf(input, side);
  let [seconds, rebuiltSteps, measured] = [0, 0, true];
  for (const { instruction, stage, rebuilds } of counts) {
    const cost = costs(instruction, stage);
    seconds += rebuilds * cost.seconds;
    rebuiltSteps += rebuilds;
    measured &&= cost.basis === 'measured' || rebuilds === 0;
  }
  return { seconds, rebuiltSteps, measured };
}

interface StepCount {
  readonly instruction: Instruction;
  readonly stage: number;
  readonly rebuilds: number;
}

function countsOf({ builder, commits }: OrderInput, side: Side): readonly StepCount[] {
  return replayOf(side, builder, commits).steps;
}

/** A replay knows no ARGs that change. */
function countsWithArgs({ builder, commits, changingArgs }: OrderInput, side: Side, build: Build): StepCount[] {
  const triggers = triggersOf(side, builder, commits, changingArgs ?? new Set());
  return triggers.stages.flatMap((index) => {
    const instructions = build.stages[index]?.instructions ?? [];
    return rebuiltIn(triggers, index, instructions).flatMap((bits, at): StepCount[] => {
      const instruction = instructions[at];
      if (!instruction || !triggers.steps.has(instruction)) return [];
      return [{ instruction, stage: index, rebuilds: weightOf(bits, triggers.weights) }];
    });
  });
}
