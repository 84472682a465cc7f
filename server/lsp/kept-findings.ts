import type { Evidence, Finding } from '../core/finding.js';
import type { Span } from '../syntax/text.js';

/**
 * Findings of a text in its next version, until they are made anew: moved by the edit between the two, and left out where that
 * touches their lines, or the ones right above and below. A fix or a saving that was proved for the old text goes.
 */
export function keepFindings(findings: readonly Finding[], before: string, after: string): readonly Finding[] {
  if (findings.length === 0 || before === after) return findings.map(withoutProof);
  const move = moveBetween(before, after);
  return findings.flatMap((finding) => {
    const span = move(finding.span);
    if (!span) return [];
    const evidence = finding.evidence.flatMap((one): Evidence[] => {
      if (!one.span || one.file !== undefined) return [one];
      const place = move(one.span);
      return place ? [{ ...one, span: place }] : [];
    });
    return [{ ...withoutProof(finding), span, evidence }];
  });
}

function withoutProof({ savings: _, ...finding }: Finding): Finding {
  return { ...finding, fixes: [] };
}

/** Where a range is in the new text; undefined where the text around it was edited. */
function moveBetween(before: string, after: string): (span: Span) => Span | undefined {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  const end = before.length - tail;
  const by = after.length - before.length;
  return (span) => {
    const around = linesAround(before, span);
    if (around.end <= start) return span;
    return around.start >= end ? { start: span.start + by, end: span.end + by } : undefined;
  };
}

/** The lines of a range with the ones right above and below. */
function linesAround(text: string, { start, end }: Span): Span {
  const line = lineStart(text, start);
  const first = line === 0 ? 0 : lineStart(text, line - 1);
  const last = text.indexOf('\n', end);
  const below = last === -1 ? -1 : text.indexOf('\n', last + 1);
  return { start: first, end: below === -1 ? text.length : below + 1 };
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}
