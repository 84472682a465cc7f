import type { Span } from './text.js';

/** An instruction's line with its continuations joined, and where each piece of it stands in the source. */
export interface LogicalLine {
  readonly text: string;
  /** Positions in `text` at which pieces start, ascending, the first 0. */
  readonly pieceStarts: readonly number[];
  /** Offsets in the source of the same pieces. */
  readonly pieceOffsets: readonly number[];
  /** Of the source: the end of the last physical line that is not blank, trailing blanks left out. */
  readonly sourceEnd: number;
}

/** The source offset of the character at `position`; for the end of the text that of the end of its last piece. */
export function sourceOffset(line: LogicalLine, position: number): number {
  const { pieceStarts, pieceOffsets } = line;
  let low = 0;
  let high = pieceStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieceStarts[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return (pieceOffsets[low] ?? 0) + position - (pieceStarts[low] ?? 0);
}

/**
 * The source range of [from, to) of the line's text; it holds the continuations (and comments) between. An empty range stands
 * right after the character before it.
 */
export function sourceSpan(line: LogicalLine, from: number, to: number): Span {
  if (to > from) return { start: sourceOffset(line, from), end: sourceOffset(line, to - 1) + 1 };
  const at = from > 0 ? sourceOffset(line, from - 1) + 1 : sourceOffset(line, 0);
  return { start: at, end: at };
}
