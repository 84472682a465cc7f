import type { LineStarts, Span } from '../syntax/text.js';
import { lineAt } from '../syntax/text.js';
import { viewLine } from './display.js';

export interface Mark {
  readonly span: Span;
  /** The guilty text has `^` below it, what it refers to `-`. */
  readonly kind: 'primary' | 'secondary';
  /** Written behind the underline; on one line. */
  readonly label: string;
}

/** How the parts are coloured. */
export interface ExcerptStyle {
  readonly gutter: (text: string) => string;
  readonly primary: (text: string) => string;
  readonly secondary: (text: string) => string;
}

export interface Excerpt {
  readonly lines: readonly string[];
  /** Columns of the line numbers. */
  readonly gutter: number;
}

/** A part of one line to underline; offsets count from the start of that line. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly kind: Mark['kind'];
  readonly label: string;
}

/**
 * Source lines with the marks underlined, a neighbour above and below the primary marks, and `...` where lines are left out.
 * A primary mark over several lines shows its first and its last one, a secondary mark its first.
 */
export function excerptOf(
  text: string,
  starts: LineStarts,
  marks: readonly Mark[],
  style: ExcerptStyle,
  width: number,
): Excerpt {
  const rows = rowsOf(text, starts, marks);
  const numbers = [...rows.keys()].sort((a, b) => a - b);
  const gutter = String((numbers.at(-1) ?? 0) + 1).length;
  const lines: string[] = [];
  let previous: number | undefined;
  for (const number of numbers) {
    if (previous !== undefined && number - previous === 2) {
      lines.push(...sourceLine(lineText(text, starts, number - 1), number - 1, [], gutter, style, width));
    } else if (previous !== undefined && number - previous > 2) {
      lines.push(style.gutter(`${' '.repeat(Math.max(0, gutter - 3))}...`));
    }
    lines.push(...sourceLine(lineText(text, starts, number), number, rows.get(number) ?? [], gutter, style, width));
    previous = number;
  }
  return { lines, gutter };
}

/** The lines (from 0) to show, and what to underline in each. */
function rowsOf(text: string, starts: LineStarts, marks: readonly Mark[]): Map<number, Segment[]> {
  const rows = new Map<number, Segment[]>();
  const row = (line: number): Segment[] => {
    const segments = rows.get(line) ?? [];
    rows.set(line, segments);
    return segments;
  };
  for (const { span, kind, label } of marks) {
    const first = lineAt(starts, span.start);
    const last = Math.max(first, lineAt(starts, Math.max(span.start, span.end - 1)));
    const start = span.start - (starts[first] ?? 0);
    if (first === last) {
      row(first).push({ start, end: span.end - (starts[first] ?? 0), kind, label });
    } else {
      const both = kind === 'primary';
      row(first).push({ start, end: lineText(text, starts, first).trimEnd().length, kind, label: both ? '' : label });
      const line = lineText(text, starts, last);
      const indent = line.length - line.trimStart().length;
      if (both) row(last).push({ start: indent, end: span.end - (starts[last] ?? 0), kind, label });
    }
    if (kind === 'primary') for (const near of [first - 1, last + 1]) if (hasWords(text, starts, near)) row(near);
  }
  return rows;
}

function hasWords(text: string, starts: LineStarts, line: number): boolean {
  return line >= 0 && line < starts.length && /\S/.test(lineText(text, starts, line));
}

/** Without its line ending. */
function lineText(text: string, starts: LineStarts, line: number): string {
  const next = starts[line + 1];
  const whole = text.slice(starts[line], next === undefined ? text.length : next - 1);
  return whole.endsWith('\r') ? whole.slice(0, -1) : whole;
}

function sourceLine(
  line: string,
  number: number,
  segments: readonly Segment[],
  gutter: number,
  style: ExcerptStyle,
  width: number,
): string[] {
  const sorted = [...segments].sort((a, b) => rank(a) - rank(b) || a.start - b.start);
  const view = viewLine(line, sorted[0]?.start ?? 0, Math.max(20, width - gutter - 3));
  const head = style.gutter(`${String(number + 1).padStart(gutter)} |`);
  const blank = style.gutter(`${' '.repeat(gutter)} |`);
  const lines = [view.text === '' ? head : `${head} ${view.text}`];
  for (const { start, end, kind, label } of sorted) {
    const from = view.columnOf(Math.min(start, line.length));
    const to = view.columnOf(Math.min(end, line.length));
    const underline = (kind === 'primary' ? '^' : '-').repeat(Math.max(1, to - from));
    const paint = kind === 'primary' ? style.primary : style.secondary;
    lines.push(`${blank} ${' '.repeat(from)}${paint(label ? `${underline} ${label}` : underline)}`);
  }
  return lines;
}

function rank({ kind }: Segment): number {
  return kind === 'primary' ? 0 : 1;
}
