import type { Instruction } from '../syntax/tree.js';
import type { Stage } from './build.js';

/** The instructions of a stage behind one and before another; both must be of the stage. Takes as long as there are of them. */
export function instructionsBetween(stage: Stage, first: Instruction, last: Instruction): readonly Instruction[] {
  const start = stage.from.index + 1;
  return stage.instructions.slice(Math.max(0, first.index + 1 - start), Math.max(0, last.index - start));
}
