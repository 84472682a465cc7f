import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import type { Span } from '../../server/syntax/text.js';
import type { Dockerfile, Instruction } from '../../server/syntax/tree.js';

type Of<K, I = Instruction> = I extends { keyword: infer L } ? (K extends L ? I : never) : never;

/** The instruction after a leading `FROM a`. */
export function second<K extends Instruction['keyword']>(lines: string, keyword: K): Of<K> {
  const found = parseDockerfile(`FROM a\n${lines}`).instructions[1];
  assert(found !== undefined && is(found, keyword), `a ${keyword} instruction`);
  return found;
}

function is<K extends Instruction['keyword']>(
  instruction: Instruction,
  keyword: K,
): instruction is Of<K> & Instruction {
  return instruction.keyword === keyword;
}

/** Keywords of the instructions, the leading `FROM a` left out. */
export function keywordsAfterFrom(lines: string): string[] {
  return parseDockerfile(`FROM a\n${lines}`)
    .instructions.slice(1)
    .map(({ keyword }) => keyword);
}

/** Messages of the problems that the lines after `FROM a` have. */
export function problemsAfterFrom(lines: string): string[] {
  return messages(parseDockerfile(`FROM a\n${lines}`));
}

export function messages(file: Dockerfile): string[] {
  return file.problems.map(({ message }) => message);
}

/** The source text of a range. */
export function cut(file: Pick<Dockerfile, 'text'>, span: Span | undefined): string | undefined {
  return span && file.text.slice(span.start, span.end);
}

/** `--name=value` of each flag, with the unquoted value. */
export function flagsOf(instruction: Instruction): string[] {
  return instruction.flags.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=${value}`));
}

export function texts(words: readonly { readonly text: string }[] | undefined): string[] | undefined {
  return words?.map(({ text }) => text);
}
