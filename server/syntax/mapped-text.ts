import { type Span, span } from './text.js';

/**
 * A text that was put together from pieces of a source (continuation lines joined, comments dropped, escapes removed), and the way
 * back: every code unit knows its source offset. Segment `i` begins at `starts[i]` in the text and at `sources[i]` in the source.
 */
export interface MappedText {
  readonly text: string;
  readonly starts: readonly number[];
  readonly sources: readonly number[];
}

const START: readonly number[] = [0];

/** One piece. */
export function textAt(text: string, source: number): MappedText {
  const sources = [source];
  return { text, starts: START, sources };
}

/** Collects the pieces of a `MappedText`. */
export interface TextPieces {
  readonly pieces: string[];
  readonly starts: number[];
  readonly sources: number[];
  length: number;
}

export function newPieces(): TextPieces {
  // V8 takes the slow way for a literal inside a literal.
  const pieces: string[] = [];
  const starts: number[] = [];
  const sources: number[] = [];
  return { pieces, starts, sources, length: 0 };
}

/** Adds `text`, whose code units stand one by one from `source` on. */
export function addPiece(to: TextPieces, text: string, source: number): void {
  if (text === '') return;
  to.pieces.push(text);
  to.starts.push(to.length);
  to.sources.push(source);
  to.length += text.length;
}

export function joinPieces(from: TextPieces): MappedText {
  const text = from.pieces.length === 1 ? (from.pieces[0] ?? '') : from.pieces.join('');
  return { text, starts: from.starts, sources: from.sources };
}

function segmentOf(map: MappedText, offset: number): number {
  let low = 0;
  let high = map.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((map.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Source offset of the code unit at `offset`; an offset at the end of the text is the one after its last code unit. */
export function sourceAt(map: MappedText, offset: number): number {
  const segment = segmentOf(map, offset);
  return (map.sources[segment] ?? 0) + offset - (map.starts[segment] ?? 0);
}

/** Source range of `[start, end)` of the text. */
export function sourceSpan(map: MappedText, start: number, end: number): Span {
  const from = sourceAt(map, start);
  return span(from, end <= start ? from : sourceAt(map, end - 1) + 1);
}

/** Adds `[start, end)` of another mapped text. */
export function addSlice(to: TextPieces, map: MappedText, start: number, end: number): void {
  let at = start;
  for (let segment = segmentOf(map, start); at < end; segment++) {
    const next = Math.min(map.starts[segment + 1] ?? map.text.length, end);
    if (next > at) addPiece(to, map.text.slice(at, next), sourceAt(map, at));
    at = Math.max(next, at);
    if (segment >= map.starts.length) return;
  }
}

/** `[start, end)` of a mapped text without the backslashes that stand before one of the `escapable` characters. */
export function unescapeSlice(map: MappedText, start: number, end: number, escapable: string): MappedText {
  const to = newPieces();
  let from = start;
  for (let at = map.text.indexOf('\\', start); at !== -1 && at < end - 1; at = map.text.indexOf('\\', at)) {
    if (escapable.includes(map.text.charAt(at + 1))) {
      addSlice(to, map, from, at);
      from = at + 1;
    }
    at += 2;
  }
  addSlice(to, map, from, end);
  return joinPieces(to);
}
