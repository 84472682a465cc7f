import picocolors from 'picocolors';
import type { FileResult } from '../core/engine.js';
import type { Fix, Severity } from '../core/finding.js';
import { lineStarts } from '../syntax/text.js';
import { printable } from './display.js';
import type { ExcerptStyle } from './excerpt.js';
import { excerptOf } from './excerpt.js';
import { marksOf } from './marks.js';
import type { PlacedEvidence, PlacedFinding } from './place.js';
import { placeFindings, saysItsPlace } from './place.js';
import type { ReportInput } from './report.js';
import { countOf, oneLine } from './report.js';
import type { Summary } from './summary.js';
import { describeCounts, describeSavings, summarise } from './summary.js';

type Colors = ReturnType<typeof picocolors.createColors>;

/** More would hide the fix below them. */
const MAX_NOTES = 8;

/** For people at a terminal: every finding with its source lines, evidence and fixes, and a ranking of the rules at the end. */
export function formatPretty(input: ReportInput): string {
  const colors = picocolors.createColors(input.colors ?? false);
  const blocks = input.results.flatMap((result) => formatFile(result, input, colors));
  return `${[...blocks, formatSummary(summarise(input.results), colors)].join('\n\n')}\n`;
}

function formatFile(result: FileResult, input: ReportInput, colors: Colors): string[] {
  const starts = lineStarts(result.text);
  return placeFindings(result, result.findings, input).map((placed) => {
    const { finding, range } = placed;
    const paint = paintOf(finding.severity, colors);
    const place = `${shownPath(result.path)}:${range.start.line}:${range.start.column}`;
    const message = printable(oneLine(finding.message));
    const head = `${colors.bold(place)} ${colors.cyan(finding.rule)} ${paint(colors.bold(finding.severity))}: ${message}`;
    const style: ExcerptStyle = { gutter: colors.dim, primary: paint, secondary: colors.blue };
    const { marks, rest } = marksOf(placed);
    const { lines, gutter } = excerptOf(result.text, starts, marks, style, (input.width ?? 120) - 2);
    const notes = notesOf(placed, rest, result.path).map(
      ({ kind, text }) =>
        `${' '.repeat(gutter)} ${colors.dim('=')} ${colors.bold(`${kind}:`)} ${printable(oneLine(text))}`,
    );
    return [head, ...[...lines, ...notes].map((line) => `  ${line}`)].join('\n');
  });
}

/** A line that starts with `::` is a command to GitHub's runner. */
function shownPath(path: string): string {
  return printable(path.startsWith('::') ? `./${path}` : path);
}

function notesOf(
  { finding, fixes }: PlacedFinding,
  evidence: readonly PlacedEvidence[],
  path: string,
): { kind: string; text: string }[] {
  const notes = evidence
    .slice(0, MAX_NOTES)
    .map((piece) => ({ kind: 'note', text: `${placeOf(piece, path)}${piece.text}` }));
  if (evidence.length > MAX_NOTES) notes.push({ kind: 'note', text: `and ${evidence.length - MAX_NOTES} more` });
  if (finding.savings) notes.push({ kind: 'saves', text: describeSavings(finding.savings) });
  for (const { fix } of fixes) notes.push({ kind: 'fix', text: describeFix(fix) });
  return notes;
}

/** How to apply it, too. */
function describeFix({ title, safety, caveat }: Fix): string {
  const how = { safe: 'safe, --fix', unsafe: 'unsafe, --fix --unsafe-fixes', manual: 'by hand' };
  return `${title} (${how[safety]})${caveat ? `: ${caveat}` : ''}`;
}

function placeOf(piece: PlacedEvidence, own: string): string {
  const { path, range, span } = piece;
  if (saysItsPlace(piece)) return '';
  if (path === undefined && !span) return '';
  const line = range ? `:${range.start.line}:${range.start.column}` : '';
  return `${path ?? own}${line}: `;
}

function formatSummary(summary: Summary, colors: Colors): string {
  const { rules, fixable, unsafeFixable, suppressed, skipped } = summary;
  const counts = describeCounts(summary);
  const lines = [summary.findings === 0 ? colors.green(counts) : colors.bold(counts)];
  const countWidth = Math.max(0, ...rules.map(({ count }) => String(count).length));
  const ruleWidth = Math.max(0, ...rules.map(({ rule }) => rule.length));
  for (const { rule, severity, count, fixable } of rules) {
    const level = paintOf(severity, colors)(severity.padEnd('warning'.length));
    const mended = fixable > 0 ? `  ${fixable} fixable` : '';
    lines.push(`  ${String(count).padStart(countWidth)}  ${level}  ${mended ? rule.padEnd(ruleWidth) : rule}${mended}`);
  }
  if (fixable > 0 || unsafeFixable > 0) lines.push(describeFixable(fixable, unsafeFixable));
  if (rules[0]) lines.push(`Why it matters and what to do: layerwise explain ${rules[0].rule}`);
  for (const line of [...describeSuppressed(suppressed), ...describeSkipped(skipped)]) lines.push(colors.dim(line));
  return lines.join('\n');
}

function describeFixable(fixable: number, unsafeFixable: number): string {
  if (fixable === 0) return `${unsafeFixable} can be fixed with --fix --unsafe-fixes`;
  return `${fixable} can be fixed with --fix${unsafeFixable > 0 ? `, ${unsafeFixable} more with --unsafe-fixes` : ''}`;
}

function describeSuppressed({ comment, baseline }: Summary['suppressed']): string[] {
  const parts = [
    ...(comment > 0 ? [`${comment} ignored by comments`] : []),
    ...(baseline > 0 ? [`${baseline} known from the baseline`] : []),
  ];
  return parts.length > 0 ? [`Not shown: ${parts.join(', ')}`] : [];
}

/** Rules that did not run on as many files for the same reason share a line. */
function describeSkipped(skipped: Summary['skipped']): string[] {
  const groups = new Map<string, string[]>();
  for (const { rule, reason, files } of skipped) {
    const cause = `Not run on ${countOf(files, 'file')}, as ${printable(oneLine(reason))}`;
    const names = groups.get(cause) ?? [];
    names.push(rule);
    groups.set(cause, names);
  }
  return [...groups].map(([cause, names]) => `${cause}: ${names.join(', ')}`);
}

function paintOf(severity: Severity, colors: Colors): (text: string) => string {
  if (severity === 'error') return colors.red;
  return severity === 'warning' ? colors.yellow : colors.blue;
}
