/** A half-open range of UTF-16 offsets in one text: `start` is the first code unit, `end` the one after the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place in a text; line and column count from 0, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets at which the lines of a text start. Only `\n` ends a line, as in BuildKit (`parser.go:scanLines`). */
export type LineStarts = readonly number[];

export function span(start: number, end: number): Span {
  return { start, end };
}

export function lineStarts(text: string): LineStarts {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The line (from 0) that holds `offset`; offsets beyond the text belong to the last line. */
export function lineAt(starts: LineStarts, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function positionAt(starts: LineStarts, offset: number): Position {
  const line = lineAt(starts, offset);
  return { line, column: offset - (starts[line] ?? 0) };
}

/** The offset of a position; a column beyond its line is cut to the end of the text. */
export function offsetAt(starts: LineStarts, position: Position, textLength: number): number {
  const start = starts[Math.min(position.line, starts.length - 1)] ?? 0;
  return Math.min(start + position.column, textLength);
}

/** The line ending that most lines of the text use; `\n` where there is none. */
export function lineEnding(text: string): '\n' | '\r\n' {
  let crlf = 0;
  let lf = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    if (text.charCodeAt(at - 1) === 13) crlf++;
    else lf++;
  }
  return crlf > lf ? '\r\n' : '\n';
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** The range extended to whole lines, the last one's line ending included. */
export function wholeLines(text: string, { start, end }: Span): Span {
  const newline = text.indexOf('\n', Math.max(start, end - (text.charCodeAt(end - 1) === 10 ? 1 : 0)));
  return {
    start: start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1,
    end: newline === -1 ? text.length : newline + 1,
  };
}
