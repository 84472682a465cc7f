import type { FileResult } from '../core/engine.js';
import type { Basis, Finding, Savings, Severity } from '../core/finding.js';
import { compareText, countOf, fixability, listOf, oneLine, severities, severityRank } from './report.js';

/** Findings of one rule with one severity. */
export interface RuleCount {
  readonly rule: string;
  readonly severity: Severity;
  readonly count: number;
  /** How many of them `--fix` mends. */
  readonly fixable: number;
}

export interface Summary {
  /** Files looked at. */
  readonly files: number;
  readonly filesWithFindings: number;
  readonly findings: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** How many findings `--fix` mends. */
  readonly fixable: number;
  /** How many more `--fix --unsafe-fixes` mends. */
  readonly unsafeFixable: number;
  /** Findings that are not shown, by what hides them. */
  readonly suppressed: Readonly<Record<'comment' | 'baseline', number>>;
  /** Most findings first, then the more severe rule. */
  readonly rules: readonly RuleCount[];
  /** Rules that did not run on some file. */
  readonly skipped: readonly { readonly rule: string; readonly reason: string; readonly files: number }[];
}

export function summarise(results: readonly FileResult[]): Summary {
  const findings = results.flatMap((result) => result.findings);
  const bySeverity = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) bySeverity[severity]++;
  const suppressed = { comment: 0, baseline: 0 };
  for (const { by } of results.flatMap((result) => result.suppressed)) suppressed[by]++;
  return {
    files: results.length,
    filesWithFindings: results.filter((result) => result.findings.length > 0).length,
    findings: findings.length,
    bySeverity,
    fixable: findings.filter((finding) => fixability(finding) === 'safe').length,
    unsafeFixable: findings.filter((finding) => fixability(finding) === 'unsafe').length,
    suppressed,
    rules: countRules(findings),
    skipped: countSkipped(results),
  };
}

function countRules(findings: readonly Finding[]): readonly RuleCount[] {
  const counts = new Map<string, RuleCount>();
  for (const finding of findings) {
    const { rule, severity } = finding;
    const key = `${rule} ${severity}`;
    const before = counts.get(key) ?? { rule, severity, count: 0, fixable: 0 };
    counts.set(key, {
      ...before,
      count: before.count + 1,
      fixable: before.fixable + (fixability(finding) === 'safe' ? 1 : 0),
    });
  }
  return [...counts.values()].sort(
    (a, b) => b.count - a.count || severityRank(a.severity) - severityRank(b.severity) || compareText(a.rule, b.rule),
  );
}

function countSkipped(results: readonly FileResult[]): Summary['skipped'] {
  const counts = new Map<string, Summary['skipped'][number]>();
  for (const { rule, reason } of results.flatMap((result) => result.skipped)) {
    const key = `${rule}\n${reason}`;
    counts.set(key, { rule, reason, files: (counts.get(key)?.files ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => compareText(a.rule, b.rule) || compareText(a.reason, b.reason));
}

/** `3 findings in 2 of 5 files (1 error, 2 warnings)`, or `No findings in 5 files`, or that there was none. */
export function describeCounts(summary: Summary): string {
  if (summary.files === 0) return 'No file was looked at';
  if (summary.findings === 0) return `No findings in ${countOf(summary.files, 'file')}`;
  const kinds = severities
    .filter((severity) => summary.bySeverity[severity] > 0)
    .map((severity) => countOfSeverity(summary.bySeverity[severity], severity));
  const files =
    summary.filesWithFindings === summary.files
      ? countOf(summary.files, 'file')
      : `${summary.filesWithFindings} of ${countOf(summary.files, 'file')}`;
  return `${countOf(summary.findings, 'finding')} in ${files} (${kinds.join(', ')})`;
}

/** `2 errors`, `1 warning`, `3 info`. */
export function countOfSeverity(count: number, severity: Severity): string {
  return severity === 'info' ? `${count} info` : countOf(count, severity);
}

const bases: Readonly<Record<Basis, string>> = {
  measured: 'measured',
  'git-history': 'estimated from the Git history',
  context: 'estimated from the build context',
  table: 'a rough estimate',
};

/** `an edit under src/ no longer re-runs lines 5 and 8: about 42 s and 120 MB less (measured)`; a number never without its basis. */
export function describeSavings({ trigger, rebuilds, seconds, bytes, basis }: Savings): string {
  const lines = rebuilds.map((line) => String(line + 1));
  const what =
    lines.length === 0 ? 'costs less' : `no longer re-runs line${lines.length === 1 ? '' : 's'} ${listOf(lines)}`;
  const amounts = [
    ...(seconds === undefined ? [] : [describeSeconds(seconds)]),
    ...(bytes === undefined ? [] : [describeBytes(bytes)]),
  ];
  const amount = amounts.length === 0 ? '' : `: about ${amounts.join(' and ')} less (${bases[basis]})`;
  return `${oneLine(trigger)} ${what}${amount}`;
}

function describeSeconds(seconds: number): string {
  if (seconds < 1) return `${Number(seconds.toPrecision(1))} s`;
  if (Math.round(seconds) < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function describeBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let amount = bytes;
  let unit = 0;
  while (Number(amount.toPrecision(2)) >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${amount < 10 ? Number(amount.toPrecision(2)) : Math.round(amount)} ${units[unit]}`;
}
