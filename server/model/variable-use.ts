import type { Dockerfile, Instruction } from '../syntax/tree.js';

/** True where the text of an instruction, its flags and heredocs names the variable: as `$NAME`, or in a RUN in any way. */
export function uses(file: Dockerfile, instruction: Instruction, name: string): boolean {
  const text = file.text.slice(instruction.span.start, instruction.span.end);
  if (instruction.keyword === 'RUN') return new RegExp(`(?<![\\w])${escapePattern(name)}(?![\\w])`).test(text);
  return new RegExp(`\\$\\{?${escapePattern(name)}(?![\\w])`).test(text);
}

function escapePattern(name: string): string {
  return name.replace(/[^\w]/g, '\\$&');
}
