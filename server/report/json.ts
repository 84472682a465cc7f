import type { FileResult } from '../core/engine.js';
import type { Savings } from '../core/finding.js';
import type { PlacedEdit, PlacedEvidence, PlacedFinding, PlacedFix } from './place.js';
import { placeFindings } from './place.js';
import type { ReportInput } from './report.js';
import { summarise } from './summary.js';

/** The published format, see docs/schema/lint-result.schema.json; additions keep the number, anything else raises it. */
const FORMAT_VERSION = 1;

export function formatJson(input: ReportInput): string {
  const { bySeverity, ...summary } = summarise(input.results);
  const report = {
    version: FORMAT_VERSION,
    files: input.results.map((result) => fileOf(result, input)),
    summary: {
      files: summary.files,
      filesWithFindings: summary.filesWithFindings,
      findings: summary.findings,
      errors: bySeverity.error,
      warnings: bySeverity.warning,
      infos: bySeverity.info,
      fixable: summary.fixable,
      unsafeFixable: summary.unsafeFixable,
      suppressed: summary.suppressed.comment + summary.suppressed.baseline,
      rules: summary.rules,
      skipped: summary.skipped,
    },
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function fileOf(result: FileResult, input: ReportInput): object {
  return { path: result.path, findings: placeFindings(result, result.findings, input).map(findingOf) };
}

function findingOf({ finding, range, evidence, fixes }: PlacedFinding): object {
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    range,
    evidence: evidence.map(evidenceOf),
    ...(finding.savings ? { savings: savingsOf(finding.savings) } : {}),
    fixes: fixes.map(fixOf),
  };
}

function evidenceOf({ text, path, range }: PlacedEvidence): object {
  return { text, ...(range ? { range } : {}), ...(path === undefined ? {} : { file: path }) };
}

function savingsOf(savings: Savings): object {
  return { ...savings, rebuilds: savings.rebuilds.map((line) => line + 1) };
}

function fixOf({ fix, edits }: PlacedFix): object {
  return {
    title: fix.title,
    safety: fix.safety,
    ...(fix.caveat === undefined ? {} : { caveat: fix.caveat }),
    edits: edits.map(editOf),
  };
}

function editOf({ path, range, text }: PlacedEdit): object {
  return { range, text, ...(path === undefined ? {} : { file: path }) };
}
