import type { Span } from '../syntax/text.js';
import type { Dockerfile, Instruction } from '../syntax/tree.js';

/** The instruction that holds an offset or ends right before it. */
export function instructionAt({ instructions }: Dockerfile, offset: number): Instruction | undefined {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle]?.span.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const found = instructions[low - 1];
  return found && offset <= found.span.end ? found : undefined;
}

/** What runs: of an ONBUILD its trigger. */
export function innerOf(instruction: Instruction): Instruction {
  return instruction.keyword === 'ONBUILD' ? (instruction.trigger ?? instruction) : instruction;
}

/** A cursor stands between characters, so both ends of a word count. */
export function touches({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
