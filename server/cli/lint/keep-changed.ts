import path from 'node:path';
import type { FileResult } from '../../core/engine.js';
import { parseSource } from '../../core/engine.js';
import type { Finding } from '../../core/finding.js';
import type { ChangedLines } from '../../project/git-diff.js';
import type { ChangedFiles } from '../../project/git-files.js';
import type { LineStarts, Span } from '../../syntax/text.js';
import { contains, lineAt, lineStarts } from '../../syntax/text.js';

/**
 * Keeps the findings that a change may have caused: an instruction that the finding or its evidence points into has a changed
 * line, or a file that the evidence names is new or has changed there.
 *
 * `locate` gives the absolute path (no symbolic links) of a result's own file, or of another file of its context.
 */
export function keepChanged(
  results: readonly FileResult[],
  changed: ChangedFiles,
  locate: (result: FileResult, file: string | undefined) => string | undefined,
  read: (result: FileResult, file: string) => string | undefined,
): readonly FileResult[] {
  return results.map((result) => {
    const own = locate(result, undefined);
    const lines = own === undefined ? 'all' : changed.get(path.normalize(own));
    if (lines === 'all' || result.findings.length === 0) return result;
    const touched = lines ? touchedSpans(result, lines) : () => false;
    const kept = result.findings.filter((finding) => touchesFinding(finding, touched) || touchesOther(finding, result));
    return { ...result, findings: kept };
  });

  function touchesOther({ evidence }: Finding, result: FileResult): boolean {
    return evidence.some(({ file, span }) => {
      const location = file === undefined ? undefined : locate(result, file);
      const lines = location === undefined ? undefined : changed.get(path.normalize(location));
      if (file === undefined || !lines) return false;
      if (lines === 'all') return true;
      const text = span && read(result, file);
      return text !== undefined && span !== undefined && overlapsLines(lineStarts(text), span, lines);
    });
  }
}

function touchesFinding({ span, evidence }: Finding, touched: (span: Span) => boolean): boolean {
  return (
    touched(span) ||
    evidence.some((entry) => entry.file === undefined && entry.span !== undefined && touched(entry.span))
  );
}

/** Whether the instruction around a span, or the span where there is none, has a changed line. */
function touchedSpans({ kind, text }: FileResult, lines: ChangedLines): (span: Span) => boolean {
  const starts = lineStarts(text);
  const parsed = kind === 'dockerfile' ? parseSource(kind, text) : undefined;
  const spans = parsed?.kind === 'dockerfile' ? parsed.file.instructions.map((instruction) => instruction.span) : [];
  const spanStarts = spans.map(({ start }) => start);
  return (span) => {
    const around = spans[lineAt(spanStarts, span.start)];
    return overlapsLines(starts, around && contains(around, span) ? around : span, lines);
  };
}

function overlapsLines(starts: LineStarts, span: Span, lines: ChangedLines): boolean {
  if (lines === 'all') return true;
  const first = lineAt(starts, span.start);
  const last = lineAt(starts, Math.max(span.start, span.end - 1));
  return lines.some(({ start, end }) => start <= last && first < end);
}
