import type { FileResult } from '../core/engine.js';
import type { Severity } from '../core/finding.js';
import { ruleUrl } from '../core/rule-url.js';
import type { LineStarts } from '../syntax/text.js';
import { lineStarts } from '../syntax/text.js';
import { excerptOf } from './excerpt.js';
import { codeSpan, fenced, inlineText } from './markdown-text.js';
import { marksOf } from './marks.js';
import type { PlacedEvidence, PlacedFinding } from './place.js';
import { placeFindings, saysItsPlace } from './place.js';
import type { ReportInput } from './report.js';
import { countOf, severityRank } from './report.js';
import { describeCounts, describeSavings, summarise } from './summary.js';

/** GitHub refuses a comment of more than 65,536 characters. */
const MAX_COMMENT = 65_000;
/** What the two notes about left-out findings may take. */
const NOTE_ROOM = 200;
const WIDTH = 100;

const plain = { gutter: keep, primary: keep, secondary: keep };
const labels: Readonly<Record<Severity, string>> = { error: '🔴 error', warning: '🟡 warning', info: '🔵 info' };

interface Entry {
  readonly result: FileResult;
  readonly starts: LineStarts;
  readonly placed: PlacedFinding;
}

/** For a pull-request comment: a table of all findings, worst first, and the details folded away; never longer than such a comment may be. */
export function formatMarkdown(input: ReportInput): string {
  return formatMarkdownWithin(input, MAX_COMMENT);
}

/** The same, of at most `limit` bytes of UTF-8; what does not fit is counted. */
export function formatMarkdownWithin(input: ReportInput, limit: number): string {
  const summary = summarise(input.results);
  const title = `### Layerwise: ${describeCounts(summary).replace(/^No/, 'no')}\n`;
  const entries = input.results
    .flatMap((result) => entriesOf(result, input))
    .sort((a, b) => severityRank(a.placed.finding.severity) - severityRank(b.placed.finding.severity));
  if (entries.length === 0) return title;
  const budget = { left: limit - byteLength(title) - NOTE_ROOM - HEAD.length };
  const rows = takeWhileFits(entries, tableRow, budget);
  const blocks = takeWhileFits(entries.slice(0, rows.length), details, budget);
  const unlisted = entries.length - rows.length;
  const parts = [
    `${title}\n${HEAD}${rows.join('')}`,
    ...(unlisted > 0 ? [`… and ${countOf(unlisted, 'more finding')}.\n`] : []),
    ...blocks,
    ...(blocks.length < rows.length
      ? [`Details of ${countOf(rows.length - blocks.length, 'finding')} are left out.\n`]
      : []),
    ...(summary.fixable > 0 ? [`${codeSpan('layerwise lint --fix')} fixes ${summary.fixable} of them.\n`] : []),
  ];
  return parts.join('\n');
}

const HEAD = '| Severity | Place | Rule | Finding |\n| --- | --- | --- | --- |\n';

function entriesOf(result: FileResult, input: ReportInput): Entry[] {
  const starts = lineStarts(result.text);
  return placeFindings(result, result.findings, input).map((placed) => ({ result, starts, placed }));
}

function takeWhileFits(entries: readonly Entry[], write: (entry: Entry) => string, budget: { left: number }): string[] {
  const taken: string[] = [];
  for (const entry of entries) {
    const text = write(entry);
    const bytes = byteLength(text) + 1;
    if (bytes > budget.left) break;
    budget.left -= bytes;
    taken.push(text);
  }
  return taken;
}

function tableRow({ result, placed: { finding, range } }: Entry): string {
  const place = codeSpan(`${result.path}:${range.start.line}`, true);
  const cells = [labels[finding.severity], place, ruleLink(finding.rule), inlineText(finding.message, true)];
  return `| ${cells.join(' | ')} |\n`;
}

function ruleLink(rule: string): string {
  return `[${inlineText(rule, true)}](${ruleUrl(rule)})`;
}

function details({ result, starts, placed }: Entry): string {
  const { finding, range, fixes } = placed;
  const { marks, rest } = marksOf(placed);
  const place = `${result.path}:${range.start.line}:${range.start.column}`;
  const { lines } = excerptOf(result.text, starts, marks, plain, WIDTH);
  const items = [
    ...rest.map((piece) => `${evidencePlace(piece)}${inlineText(piece.text)}`),
    ...(finding.savings ? [`Saves: ${inlineText(describeSavings(finding.savings))}`] : []),
    ...fixes.map(
      ({ fix }) => `Fix (${fix.safety}): ${inlineText(fix.title)}${fix.caveat ? `; ${inlineText(fix.caveat)}` : ''}`,
    ),
  ];
  const list = items.length > 0 ? `${items.map((item) => `- ${item}`).join('\n')}\n\n` : '';
  const summary = `<code>${escapeHtml(place)}</code> ${escapeHtml(finding.rule)}`;
  return `<details><summary>${summary}</summary>\n\n${inlineText(finding.message)}\n\n${fenced(lines.join('\n'))}\n\n${list}</details>\n`;
}

function evidencePlace(piece: PlacedEvidence): string {
  const { path, range } = piece;
  if (saysItsPlace(piece)) return '';
  if (path === undefined) return range ? `line ${range.start.line}: ` : '';
  return `${codeSpan(range ? `${path}:${range.start.line}` : path)}: `;
}

function escapeHtml(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;<!-- -->');
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function keep(text: string): string {
  return text;
}
