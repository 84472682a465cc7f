import type { FileResult } from '../core/engine.js';
import type { Severity } from '../core/finding.js';
import { fingerprintsOf, hash64 } from './fingerprint.js';
import { placeFindings } from './place.js';
import type { ReportInput } from './report.js';
import { oneLine } from './report.js';

/** GitLab's own scale; `blocker` is left for others. */
const levels: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'major', info: 'info' };

/** GitLab's Code Quality report, a subset of Code Climate's. */
export function formatGitlab(input: ReportInput): string {
  const issues = input.results.flatMap((result) => issuesOf(result, input));
  return `${JSON.stringify(issues, undefined, 2)}\n`;
}

function issuesOf(result: FileResult, input: ReportInput): object[] {
  const prints = fingerprintsOf(result);
  return placeFindings(result, result.findings, input).map(({ finding, range }) => ({
    description: oneLine(finding.message),
    check_name: finding.rule,
    fingerprint: hash64(`${result.path}\n${prints.get(finding)}`),
    severity: levels[finding.severity],
    location: { path: result.path, lines: { begin: range.start.line, end: range.end.line } },
  }));
}
