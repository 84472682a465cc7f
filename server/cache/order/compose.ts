import type { Build, Stage } from '../../model/build.js';
import { lineEnding } from '../../syntax/text.js';
import type { Dockerfile, Instruction } from '../../syntax/tree.js';

/** An instruction of the new file. */
export interface Item {
  /** Index of the author's instruction that it is, or is made from. */
  readonly origin: number;
  /** Undefined for the author's instruction as it stands. */
  readonly text: string | undefined;
  /** The comments above the author's instruction go with it. */
  readonly comments: boolean;
  /** Copies some files of what that instruction copies. */
  readonly copy: boolean;
}

/** Replace the text from `start` to `end`. */
export interface Replacement {
  readonly span: { readonly start: number; readonly end: number };
  readonly text: string;
}

/** The text of a stage from the end of its FROM to the end of its last instruction, with the items in place of its instructions. */
export function composeStage({ file }: Build, stage: Stage, items: readonly Item[]): Replacement | undefined {
  const last = stage.instructions.at(-1);
  if (!last) return undefined;
  const eol = lineEnding(file.text);
  let text = '';
  let before: Item | undefined;
  for (const [at, item] of items.entries()) {
    const next = items.slice(at + 1).find((one) => !isCopy(one));
    text += separator(file, stage, before, item, next, eol);
    text += item.text ?? ownText(file, item.origin);
    before = item;
  }
  const span = { start: stage.from.span.end, end: last.span.end };
  return trimmed(file.text, { span, text });
}

function ownText({ text, instructions }: Dockerfile, index: number): string {
  const { span } = instructions[index] ?? { span: { start: 0, end: 0 } };
  return text.slice(span.start, span.end);
}

/**
 * What the author wrote between two instructions that stay neighbours; else a line end, a blank line where one stood before the
 * instruction, and its comments. Copies of manifests stand with what reads them.
 */
function separator(
  file: Dockerfile,
  stage: Stage,
  before: Item | undefined,
  item: Item,
  next: Item | undefined,
  eol: string,
): string {
  const previous = before === undefined ? stage.from.index : before.origin;
  const isHead = before?.text !== undefined && before.comments;
  const lead = gapBefore(file, item.origin);
  if (item.comments && previous === item.origin - 1 && !isHead && !isCopy(before)) return lead;
  const comments = item.comments ? lead.replace(/^[^\n]*\n(?:[ \t\r]*\n)*/, '') : indentOf(lead);
  const isBlank = (index: number) => startsBlank(gapBefore(file, index));
  const apart = isCopy(before)
    ? !isCopy(item) && isBlank(previous + 1) && startsBlank(lead)
    : startsBlank(lead) || (isCopy(item) && next !== undefined && isBlank(next.origin));
  return `${eol}${apart && previous !== item.origin ? eol : ''}${comments}`;
}

/** Of manifests. */
function isCopy(item: Item | undefined): boolean {
  return item?.copy === true;
}

/** From the end of the instruction before it to its own start. */
function gapBefore({ text, instructions }: Dockerfile, index: number): string {
  const one: Instruction | undefined = instructions[index];
  const before = instructions[index - 1];
  return one ? text.slice(before?.span.end ?? 0, one.span.start) : '\n';
}

function startsBlank(gap: string): boolean {
  return /^[^\n]*\n[ \t\r]*\n/.test(gap);
}

function indentOf(gap: string): string {
  return /[ \t]*$/.exec(gap)?.[0] ?? '';
}

/** Leaves out what is the same at both ends. */
function trimmed(source: string, { span, text }: Replacement): Replacement | undefined {
  const old = source.slice(span.start, span.end);
  if (old === text) return undefined;
  let [head, tail] = [0, 0];
  const most = Math.min(old.length, text.length);
  while (head < most && old[head] === text[head]) head++;
  while (tail < most - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
  // Whole lines read better in a review.
  head = old.lastIndexOf('\n', head - 1) + 1;
  const end = old.length - tail;
  const next = tail === 0 ? -1 : old.indexOf('\n', end);
  tail = next === -1 ? 0 : Math.min(tail, old.length - next);
  return {
    span: { start: span.start + head, end: span.end - tail },
    text: text.slice(head, text.length - tail),
  };
}
