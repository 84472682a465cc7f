import type { FileResult } from '../core/engine.js';
import type { Finding, Safety, Severity } from '../core/finding.js';
import type { Rule } from '../core/rule.js';

/** What reports say about a rule; every `Rule` is one. */
export type RuleInfo = Pick<Rule, 'name' | 'category' | 'severity' | 'aliases' | 'docs'>;

/** A file of the build context that a finding names. */
export interface OtherFile {
  /** As the user should see it: relative to the working folder, separator `/`. */
  readonly path: string;
  /** Undefined where it does not exist or cannot be read. */
  readonly text: string | undefined;
}

export interface ReportInput {
  /** In the order in which they are to be shown. */
  readonly results: readonly FileResult[];
  /** Of Layerwise: `0.1.0`. */
  readonly version: string;
  readonly rules: ReadonlyMap<string, RuleInfo>;
  /** Looks up the `file` of an edit or a piece of evidence; without it such paths are shown as they are and their places left out. */
  readonly otherFile?: (result: FileResult, file: string) => OtherFile;
  /** Leaves suppressed findings out of SARIF: GitHub's code scanning opens alerts for them all the same (github/codeql-action#1230). */
  readonly omitSuppressed?: boolean;
  /** Colour for terminals; the caller knows NO_COLOR and the like. Off by default. */
  readonly colors?: boolean;
  /** Columns of the terminal, 120 by default; only source lines are cut to it. */
  readonly width?: number;
}

/** Gives a whole report that ends in a line ending. Never throws and reads nothing but its input. */
export type Format = (input: ReportInput) => string;

/** Most severe first. */
export const severities: readonly Severity[] = ['error', 'warning', 'info'];

export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order of the text; what starts together is ordered by its end and then by the rule's name. */
export function compareFindings(a: Finding, b: Finding): number {
  return a.span.start - b.span.start || a.span.end - b.span.end || compareText(a.rule, b.rule);
}

/** Whether `--fix` (`safe`) or only `--fix --unsafe-fixes` (`unsafe`) mends the finding; undefined where neither does. */
export function fixability(finding: Finding): Exclude<Safety, 'manual'> | undefined {
  const applicable = finding.fixes.filter((fix) => fix.edits.length > 0);
  if (applicable.some((fix) => fix.safety === 'safe')) return 'safe';
  return applicable.some((fix) => fix.safety === 'unsafe') ? 'unsafe' : undefined;
}

/** `1 file`, `2 files`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${last}` : last;
}

/** All on one line: line endings with the blanks around them become one blank. */
export function oneLine(text: string): string {
  return text.trim().replace(/(?<![\t ])[\t ]*[\r\n\u2028\u2029]+\s*/g, ' ');
}
