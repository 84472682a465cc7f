import { argumentProblem } from './argument-problems.js';
import { expansionProblem } from './expansion-problems.js';
import type { Instruction, SyntaxProblem } from './tree.js';

/**
 * What BuildKit rejects after the text is split: one problem per instruction at most, in file order, and one for
 * unknown instructions in a row: they come from one mistake. `rejected` holds what
 * its line parsers have rejected already.
 */
export function instructionProblems(
  source: string,
  instructions: readonly Instruction[],
  escapeToken: '\\' | '`',
  rejected: readonly SyntaxProblem[],
): SyntaxProblem[] {
  const done = rejected.length === 0 ? undefined : new Set(rejected.map(({ instruction }) => instruction));
  const problems: SyntaxProblem[] = [];
  for (let index = 0; index < instructions.length; index++) {
    const instruction = instructions[index];
    if (instruction === undefined || done?.has(index) || (isUnknown(instruction) && isUnknown(instructions[index - 1])))
      continue;
    const problem = argumentProblem(instruction, source) ?? expansionProblem(instruction, escapeToken);
    if (problem !== undefined) problems.push({ ...problem, instruction: instruction.index });
  }
  const homeless = stageProblem(instructions);
  if (homeless !== undefined) problems.push(homeless);
  return problems;
}

function isUnknown(instruction: Instruction | undefined): boolean {
  return instruction?.keyword === 'UNKNOWN';
}

/** Is the text a template that becomes a Dockerfile later? Then its first problem says all. */
export function isTemplate(source: string, instructions: readonly Instruction[]): boolean {
  return instructions.some(
    (instruction) =>
      isUnknown(instruction) &&
      /^(?:\{\{|\{%|\}\}|<%)/.test(source.slice(instruction.keywordSpan.start, instruction.keywordSpan.end)),
  );
}

/** The first instruction that has no stage to be in; only ARG may stand before FROM (`instructions/parse.go:Parse`). */
function stageProblem(instructions: readonly Instruction[]): SyntaxProblem | undefined {
  const first = instructions.find(({ keyword }) => keyword !== 'ARG' && keyword !== 'UNKNOWN');
  if (first?.keyword === 'FROM') return undefined;
  const last = instructions.at(-1);
  if (first !== undefined) {
    return { message: 'no build stage in current context', span: first.keywordSpan, instruction: first.index };
  }
  if (last === undefined || last.keyword !== 'ARG') return undefined;
  return { message: 'dockerfile contains no stages to build', span: last.keywordSpan, instruction: last.index };
}
