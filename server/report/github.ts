import type { Finding, Severity } from '../core/finding.js';
import { ruleUrl } from '../core/rule-url.js';
import { printable } from './display.js';
import { formatMarkdownWithin } from './markdown.js';
import type { PlaceRange } from './place.js';
import { placeFindings } from './place.js';
import type { ReportInput } from './report.js';
import { listOf, oneLine, severities, severityRank } from './report.js';
import { countOfSeverity, describeCounts, describeSavings, summarise } from './summary.js';

/** GitHub shows no more of one kind per step, and drops the rest without a word. */
const MAX_ANNOTATIONS = 10;
/** Of a step summary, in bytes; 1 MiB, less a little for what other commands of the step have written. */
const MAX_SUMMARY = 1_000_000;

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

interface Entry {
  readonly path: string;
  readonly range: PlaceRange;
  readonly finding: Finding;
}

/** Workflow commands that become annotations, errors first and then what saves most; what GitHub would drop follows as plain lines. */
export function formatGithub(input: ReportInput): string {
  const entries = input.results
    .flatMap((result) =>
      placeFindings(result, result.findings, input).map(({ finding, range }) => ({
        path: result.path,
        range,
        finding,
      })),
    )
    .sort(
      (a, b) =>
        severityRank(a.finding.severity) - severityRank(b.finding.severity) ||
        (b.finding.savings?.seconds ?? 0) - (a.finding.savings?.seconds ?? 0),
    );
  const shown: string[] = [];
  const rest: Entry[] = [];
  const left: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  const cut = severities.some(
    (severity) => entries.filter(({ finding }) => finding.severity === severity).length > MAX_ANNOTATIONS,
  );
  const room = { error: MAX_ANNOTATIONS, warning: MAX_ANNOTATIONS, info: cut ? MAX_ANNOTATIONS - 1 : MAX_ANNOTATIONS };
  for (const entry of entries) {
    const { severity } = entry.finding;
    if (room[severity]-- > 0) shown.push(annotation(entry));
    else {
      rest.push(entry);
      left[severity]++;
    }
  }
  const lines = [...shown, ...(rest.length > 0 ? leftOver(rest, left) : []), describeCounts(summarise(input.results))];
  return `${lines.join('\n')}\n`;
}

/** The report for `$GITHUB_STEP_SUMMARY`, in Markdown. */
export function formatStepSummary(input: ReportInput): string {
  return formatMarkdownWithin(input, MAX_SUMMARY);
}

function annotation({ path, range, finding }: Entry): string {
  const oneLiner = range.start.line === range.end.line;
  const properties = {
    file: path,
    line: String(range.start.line),
    endLine: String(range.end.line),
    ...(oneLiner ? { col: String(range.start.column), endColumn: String(range.end.column) } : {}),
    title: `Layerwise: ${finding.rule}`,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  const text = [
    finding.message,
    ...(finding.savings ? [`Saves: ${describeSavings(finding.savings)}`] : []),
    ...finding.fixes.slice(0, 1).map((fix) => `Fix: ${oneLine(fix.title)}`),
    ruleUrl(finding.rule),
  ];
  return `::${commands[finding.severity]} ${list.join(',')}::${escapeData(text.join('\n'))}`;
}

function leftOver(rest: readonly Entry[], left: Readonly<Record<Severity, number>>): string[] {
  const counts = severities
    .filter((severity) => left[severity] > 0)
    .map((severity) => countOfSeverity(left[severity], severity));
  const more = `${listOf(counts)} more in the log`;
  const lines = rest.map(({ path, range, finding }) => {
    const place = `${path}:${range.start.line}:${range.start.column}`;
    return `- ${printable(`${place} ${finding.rule} ${finding.severity}: ${oneLine(finding.message)}`)}`;
  });
  return [`::notice title=Layerwise::${escapeData(more)}`, `::group::${more}`, ...lines, '::endgroup::'];
}

/** As the runner undoes it: actions/toolkit, `command.ts`. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
