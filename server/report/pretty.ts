import picocolors from 'picocolors';
import type { FileResult } from '../core/engine.js';
import type { Severity } from '../core/finding.js';
import { lineStarts } from '../syntax/text.js';
import { printable } from './display.js';
import type { ExcerptStyle, Mark } from './excerpt.js';
import { excerptOf } from './excerpt.js';
import type { PlacedEvidence, PlacedFinding } from './place.js';
import { placeFindings } from './place.js';
import type { ReportInput } from './report.js';
import { countOf, oneLine } from './report.js';
import type { Summary } from './summary.js';
import { describeCounts, describeSavings, summarise } from './summary.js';

type Colors = ReturnType<typeof picocolors.createColors>;

/** More pieces of evidence than this make the excerpt or the notes hard to read. */
const MAX_MARKS = 6;
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

/** The guilty text and, as far as they have a place in the file and are not too many, the pieces of evidence. */
function marksOf({ finding, evidence }: PlacedFinding): { marks: Mark[]; rest: PlacedEvidence[] } {
  const { span } = finding;
  const marks: Mark[] = [];
  const rest: PlacedEvidence[] = [];
  let label = '';
  for (const piece of evidence) {
    const text = printable(oneLine(piece.text));
    if (!piece.span || marks.length >= MAX_MARKS) rest.push(piece);
    else if (label === '' && piece.span.start === span.start && piece.span.end === span.end) label = text;
    else marks.push({ span: piece.span, kind: 'secondary', label: text });
  }
  return { marks: [{ span, kind: 'primary', label }, ...marks], rest };
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
  for (const { fix } of fixes) {
    const caveat = fix.caveat ? `: ${fix.caveat}` : '';
    if (fix.safety === 'safe') notes.push({ kind: 'fix', text: `${fix.title} (safe, run with --fix)` });
    else if (fix.safety === 'unsafe')
      notes.push({ kind: 'fix', text: `${fix.title} (unsafe, run with --fix --unsafe-fixes)${caveat}` });
    else notes.push({ kind: 'fix', text: `${fix.title} (by hand)${caveat}` });
  }
  return notes;
}

function placeOf({ path, range, span }: PlacedEvidence, own: string): string {
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
  if (summary.findings > 0) lines.push('For the reasons behind a rule: layerwise explain RULE');
  if (suppressed > 0)
    lines.push(colors.dim(`${countOf(suppressed, 'finding')} suppressed by comments or the baseline`));
  for (const { rule, reason, files } of skipped)
    lines.push(colors.dim(`${rule} did not run on ${countOf(files, 'file')}: ${printable(oneLine(reason))}`));
  return lines.join('\n');
}

function describeFixable(fixable: number, unsafeFixable: number): string {
  if (fixable === 0) return `Fixable with --fix --unsafe-fixes: ${unsafeFixable}`;
  return `Fixable with --fix: ${fixable}${unsafeFixable > 0 ? `, with --unsafe-fixes ${unsafeFixable} more` : ''}`;
}

function paintOf(severity: Severity, colors: Colors): (text: string) => string {
  if (severity === 'error') return colors.red;
  return severity === 'warning' ? colors.yellow : colors.blue;
}
