import type { LogicalLine } from './logical-line.js';
import { type LineStarts, type Span, span } from './text.js';
import type { Dockerfile } from './tree.js';
import { skipSpaces, trimSpacesEnd } from './white-space.js';

/** A comment line as the reader meets it. */
export interface CommentLine {
  readonly line: number;
  readonly span: Span;
  readonly text: string;
}

export interface PhysicalLine {
  readonly start: number;
  /** Carriage returns and newline at the end left out. */
  readonly end: number;
  /** Start of the next line. */
  readonly next: number;
}

/**
 * Walks the physical lines of a Dockerfile once and joins them as `parser.go:Parse` does. It keeps the place between an
 * instruction and its heredoc bodies, hence a class.
 */
export class LineReader {
  /** Comments met so far and not yet taken. */
  comments: CommentLine[] = [];

  constructor(
    private readonly text: string,
    private readonly starts: LineStarts,
    private readonly escapeToken: '\\' | '`',
    private line: number,
  ) {}

  /** The next physical line as it stands, for heredoc bodies; undefined at the end of the file. */
  nextPhysical(): PhysicalLine | undefined {
    const physical = this.physical();
    if (physical !== undefined) this.line++;
    return physical;
  }

  /** The next instruction's line, undefined at the end of the file. Comments on the way go to `comments`. */
  nextLogical(): LogicalLine | undefined {
    for (;;) {
      const physical = this.physical();
      if (physical === undefined) return undefined;
      const start = skipSpaces(this.text, physical.start, physical.end);
      if (start === physical.end) this.line++;
      else if (this.text[start] === '#') this.takeComment(start, physical.end);
      else return this.join(start, physical.end);
    }
  }

  private join(start: number, firstEnd: number): LogicalLine {
    let from = start;
    let end = firstEnd;
    let sourceEnd = trimSpacesEnd(this.text, from, end);
    let cut = continuation(this.text, from, end, this.escapeToken);
    this.line++;
    if (cut === undefined) return wholeLine(this.text, from, end, sourceEnd);
    const pieces = new Pieces();
    for (;;) {
      pieces.add(this.text, from, cut ?? end);
      if (cut === undefined) break;
      let physical = this.physical();
      for (; physical !== undefined; physical = this.physical()) {
        const first = skipSpaces(this.text, physical.start, physical.end);
        if (first === physical.end) this.line++;
        else if (this.text[first] === '#') sourceEnd = this.takeComment(first, physical.end);
        else break;
      }
      if (physical === undefined) break;
      from = physical.start;
      end = physical.end;
      sourceEnd = trimSpacesEnd(this.text, from, end);
      cut = continuation(this.text, from, end, this.escapeToken);
      this.line++;
    }
    return pieces.line(start, sourceEnd);
  }

  private takeComment(start: number, lineEnd: number): number {
    const end = trimSpacesEnd(this.text, start, lineEnd);
    const text = this.text.slice(skipSpaces(this.text, start + 1, end), end);
    this.comments.push({ line: this.line, span: span(start, lineEnd), text });
    this.line++;
    return end;
  }

  private physical(): PhysicalLine | undefined {
    const { text, starts, line } = this;
    let start = starts[line];
    if (start === undefined || start >= text.length) return undefined;
    const next = starts[line + 1] ?? text.length;
    if (line === 0 && text.charCodeAt(0) === 0xfeff) start = 1;
    let end = next;
    while (end > start) {
      const code = text.charCodeAt(end - 1);
      if (code !== 10 && code !== 13) break;
      end--;
    }
    return { start, end, next };
  }
}

/** Where a line that goes on stops: at an escape that only blanks follow and that no other escape stands before. */
function continuation(text: string, from: number, end: number, escapeToken: string): number | undefined {
  const mark = escapeToken.charCodeAt(0);
  let at = end - 1;
  for (; at >= from; at--) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 9) break;
  }
  if (at < from || text.charCodeAt(at) !== mark) return undefined;
  return at > from && text.charCodeAt(at - 1) === mark ? undefined : at;
}

/**
 * Where the last instruction ends in an escape character, which BuildKit passes over at the end of a file: a line put below it would
 * become part of it.
 */
export function openEndOf({ text, escape: mark }: Pick<Dockerfile, 'text' | 'escape'>): number | undefined {
  for (let end = text.length; end > 0; ) {
    const from = text.lastIndexOf('\n', end - 1) + 1;
    const to = trimSpacesEnd(text, from, end);
    const first = skipSpaces(text, from, to);
    if (first < to && text[first] !== '#') return continuation(text, first, to, mark);
    end = from - 1;
  }
  return undefined;
}

/** A line that does not go on. */
function wholeLine(text: string, from: number, to: number, sourceEnd: number): LogicalLine {
  const pieceOffsets = [from];
  return { text: text.slice(from, to), pieceStarts: START, pieceOffsets, sourceEnd };
}

const START: readonly number[] = [0];

class Pieces {
  private readonly texts: string[] = [];
  private readonly starts: number[] = [];
  private readonly offsets: number[] = [];
  private length = 0;

  add(source: string, from: number, to: number): void {
    if (from === to) return;
    this.texts.push(source.slice(from, to));
    this.starts.push(this.length);
    this.offsets.push(from);
    this.length += to - from;
  }

  line(start: number, sourceEnd: number): LogicalLine {
    const empty = this.texts.length === 0;
    return {
      text: this.texts.length === 1 ? (this.texts[0] ?? '') : this.texts.join(''),
      pieceStarts: empty ? START : this.starts,
      pieceOffsets: empty ? [start] : this.offsets,
      sourceEnd,
    };
  }
}
