import type { Build } from '../../model/build.js';
import { afterLine, commentsAbove } from '../../syntax/line-blocks.js';
import { lineEnding } from '../../syntax/text.js';
import type { Dockerfile, Instruction, RunInstruction } from '../../syntax/tree.js';
import type { Offender } from './copy-before-install-sources.js';

/** A transfer with the comment lines right above it. */
export interface Block {
  readonly start: number;
  /** End of the instruction. */
  readonly end: number;
  /** Start of the next line; one blank line less where there would be two. */
  readonly lineEnd: number;
  /** What to write at another place: a relative destination is that of another working folder there. */
  readonly text: string;
}

export function blockOf(build: Build, { transfer, landing }: Offender, run: RunInstruction): Block {
  const { text } = build.file;
  const { instruction } = transfer;
  const start = commentsAbove(text, instruction.span.start);
  const { destination } = instruction;
  let moved = text.slice(start, instruction.span.end);
  if (destination && landing && build.stateBefore(instruction).cwd !== build.stateBefore(run).cwd) {
    const written = build.expand(instruction, destination.text) ?? '';
    if (!written.startsWith('/')) {
      const folder = /(?:^|\/)\.{0,2}$/.test(written) && landing.target !== '/' ? `${landing.target}/` : landing.target;
      const word = instruction.json ? JSON.stringify(folder) : folder;
      moved = `${text.slice(start, destination.span.start)}${word}${text.slice(destination.span.end, instruction.span.end)}`;
    }
  }
  return { start, end: instruction.span.end, lineEnd: afterLine(text, start, instruction.span.end), text: moved };
}

const lineEnds = new WeakMap<Dockerfile, string>();

export function lineEndOf(file: Dockerfile): string {
  const known = lineEnds.get(file);
  if (known !== undefined) return known;
  const found = lineEnding(file.text);
  lineEnds.set(file, found);
  return found;
}

/** What parts an instruction from the next: one line end, or a blank line too. */
export function gapAfter(file: Dockerfile, end: number): string {
  const eol = lineEndOf(file);
  return /^[ \t]*\r?\n[ \t]*\r?\n/.test(file.text.slice(end, end + 200)) ? `${eol}${eol}` : eol;
}

/** `keyword` in the case of an instruction's own. */
export function keywordLike(file: Dockerfile, instruction: Instruction, keyword: string): string {
  const written = file.text.slice(instruction.keywordSpan.start, instruction.keywordSpan.end);
  return written === written.toLowerCase() ? keyword.toLowerCase() : keyword;
}
