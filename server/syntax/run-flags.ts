import { continuationStyle, type TextEdit } from './shell-edits.js';
import { type Span, span } from './text.js';
import type { Dockerfile, RunInstruction } from './tree.js';

/** Characters of a line that more flags make no longer. */
const longest = 100;

/**
 * Adds flags (`--mount=…`) behind those that a RUN has, in the style of the file: on the line of the keyword where one flag and a
 * one-line command fit there, or where all there are do, else each on a continuation line of its own with the RUN's indentation.
 */
export function addRunFlags(file: Dockerfile, run: RunInstruction, flags: readonly string[]): TextEdit[] {
  if (flags.length === 0) return [];
  const last = run.flags.at(-1);
  const head = file.text.slice(run.keywordSpan.end, run.textSpan.start);
  const command = file.text.slice(run.textSpan.start, run.textSpan.end);
  const isLong = !(head + command).includes('\n') && `RUN${head}${command} ${flags.join(' ')}`.length > longest;
  const stacked = last === undefined ? flags.length > 1 || command.includes('\n') : head.includes('\n') || isLong;
  const { eol, indent } = continuationStyle(file, span(run.keywordSpan.end, run.textSpan.end));
  const separator = stacked || flags.length > 1 ? ` ${file.escape}${eol}${indent || '    '}` : ' ';
  if (last !== undefined) {
    const added = flags.map((flag) => separator + flag).join('');
    if (!isLong) return [insert(last.span.end, added)];
    return [{ span: span(last.span.end, run.textSpan.start), text: added + separator }];
  }
  const at = run.keywordSpan.end;
  if (head.includes('\n')) return [insert(at, ` ${flags.join(separator)}`)];
  return [{ span: span(at, run.textSpan.start), text: ` ${flags.join(separator)}${command === '' ? '' : separator}` }];
}

/** Takes away one flag of a RUN, by its span, with what parts it from its neighbours; undefined where comments stand on both sides. */
export function removeRunFlag(file: Dockerfile, run: RunInstruction, flag: Span): TextEdit | undefined {
  const before = run.flags.findLast((one) => one.span.end <= flag.start)?.span.end ?? run.keywordSpan.end;
  const behind = run.flags.find((one) => one.span.start >= flag.end)?.span.start ?? run.textSpan.start;
  const isClean = (start: number, end: number) => !file.text.slice(start, end).includes('#');
  if (isClean(flag.end, behind)) return { span: span(flag.start, behind), text: '' };
  return isClean(before, flag.start) ? { span: span(before, flag.end), text: '' } : undefined;
}

function insert(offset: number, text: string): TextEdit {
  return { span: span(offset, offset), text };
}
