import type { FileResult } from '../core/engine.js';
import type { Edit, Evidence, Finding, Fix } from '../core/finding.js';
import type { LineStarts, Span } from '../syntax/text.js';
import { lineStarts, positionAt } from '../syntax/text.js';
import type { OtherFile, ReportInput } from './report.js';
import { compareFindings } from './report.js';

/** Line and column count from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** `end` is the place after the last code unit. */
export interface PlaceRange {
  readonly start: Place;
  readonly end: Place;
}

export interface PlacedEvidence {
  readonly text: string;
  /** Undefined for the finding's own file. */
  readonly path: string | undefined;
  /** Undefined where the evidence has no place or the other file cannot be read. */
  readonly range: PlaceRange | undefined;
  /** Offsets in the finding's own file. */
  readonly span: Span | undefined;
}

export interface PlacedEdit {
  /** Undefined for the finding's own file. */
  readonly path: string | undefined;
  readonly range: PlaceRange;
  readonly text: string;
}

export interface PlacedFix {
  readonly fix: Fix;
  readonly edits: readonly PlacedEdit[];
}

export interface PlacedFinding {
  readonly finding: Finding;
  readonly range: PlaceRange;
  readonly evidence: readonly PlacedEvidence[];
  /** Without those that edit a place of another file that cannot be read. */
  readonly fixes: readonly PlacedFix[];
}

const FILE_START: PlaceRange = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

/** The findings given, in the order of the text, with lines and columns instead of offsets. */
export function placeFindings(
  result: FileResult,
  findings: readonly Finding[],
  input: Pick<ReportInput, 'otherFile'>,
): readonly PlacedFinding[] {
  const starts = lineStarts(result.text);
  const others = otherFiles(result, input);
  return [...findings].sort(compareFindings).map((finding) => ({
    finding,
    range: rangeOf(result.text, starts, finding.span),
    evidence: finding.evidence.map((evidence) => placeEvidence(result.text, starts, evidence, others)),
    fixes: finding.fixes.flatMap((fix) => placeFix(result.text, starts, fix, others)),
  }));
}

/** Offsets beyond the text are taken to its end. */
export function rangeOf(text: string, starts: LineStarts, span: Span): PlaceRange {
  const start = Math.max(0, Math.min(span.start, text.length));
  const end = Math.max(start, Math.min(span.end, text.length));
  return { start: placeAt(starts, start), end: placeAt(starts, end) };
}

function placeAt(starts: LineStarts, offset: number): Place {
  const { line, column } = positionAt(starts, offset);
  return { line: line + 1, column: column + 1 };
}

interface Other extends OtherFile {
  readonly starts: LineStarts;
}

function otherFiles(result: FileResult, { otherFile }: Pick<ReportInput, 'otherFile'>): (file: string) => Other {
  const known = new Map<string, Other>();
  return (file) => {
    const found = known.get(file);
    if (found) return found;
    const { path, text } = otherFile?.(result, file) ?? { path: file, text: undefined };
    const other = { path, text, starts: lineStarts(text ?? '') };
    known.set(file, other);
    return other;
  };
}

function placeEvidence(
  text: string,
  starts: LineStarts,
  evidence: Evidence,
  others: (file: string) => Other,
): PlacedEvidence {
  const { span } = evidence;
  if (evidence.file === undefined) {
    const range = span && rangeOf(text, starts, span);
    return { text: evidence.text, path: undefined, range, span };
  }
  const other = others(evidence.file);
  const range = span && other.text !== undefined ? rangeOf(other.text, other.starts, span) : undefined;
  return { text: evidence.text, path: other.path, range, span: undefined };
}

function placeFix(text: string, starts: LineStarts, fix: Fix, others: (file: string) => Other): PlacedFix[] {
  const edits: PlacedEdit[] = [];
  for (const edit of fix.edits) {
    const placed = placeEdit(text, starts, edit, others);
    if (!placed) return [];
    edits.push(placed);
  }
  return [{ fix, edits }];
}

function placeEdit(
  text: string,
  starts: LineStarts,
  edit: Edit,
  others: (file: string) => Other,
): PlacedEdit | undefined {
  if (edit.file === undefined) return { path: undefined, range: rangeOf(text, starts, edit.span), text: edit.text };
  const other = others(edit.file);
  if (other.text !== undefined)
    return { path: other.path, range: rangeOf(other.text, other.starts, edit.span), text: edit.text };
  if (edit.span.end > 0) return undefined;
  return { path: other.path, range: FILE_START, text: edit.text };
}

/** True where the text of an evidence begins with its path already: writing the place before it would say it twice. */
export function saysItsPlace({ path, range, text }: Pick<PlacedEvidence, 'path' | 'range' | 'text'>): boolean {
  if (path === undefined || range !== undefined) return false;
  const first = text.split(' ', 1)[0] ?? '';
  return first !== '' && (path === first || path.endsWith(`/${first}`));
}
