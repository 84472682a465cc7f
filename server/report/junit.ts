import type { FileResult } from '../core/engine.js';
import { ruleUrl } from '../core/rule-url.js';
import type { PlacedFinding } from './place.js';
import { placeFindings, saysItsPlace } from './place.js';
import type { ReportInput } from './report.js';
import { describeSavings } from './summary.js';
import { xmlAttributes, xmlText } from './xml.js';

/** JUnit's XML report: a suite per file and a failed case per finding; a file without findings is one case that passes. */
export function formatJunit(input: ReportInput): string {
  const cases = input.results.map((result) => Math.max(1, result.findings.length));
  const failures = input.results.reduce((sum, result) => sum + result.findings.length, 0);
  const attributes = { name: 'layerwise', tests: cases.reduce((sum, count) => sum + count, 0), failures, errors: 0 };
  const suites = input.results.map((result) => suiteElement(result, input)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${xmlAttributes(attributes)}>\n${suites}</testsuites>\n`;
}

function suiteElement(result: FileResult, input: ReportInput): string {
  const { path } = result;
  const failures = placeFindings(result, result.findings, input).map((placed) => failedCase(path, placed));
  const attributes = {
    name: path,
    tests: Math.max(1, failures.length),
    failures: failures.length,
    errors: 0,
    skipped: 0,
  };
  const cases =
    failures.length > 0 ? failures : [`    <testcase${xmlAttributes({ name: 'no findings', classname: path })}/>\n`];
  return `  <testsuite${xmlAttributes(attributes)}>\n${cases.join('')}  </testsuite>\n`;
}

function failedCase(path: string, { finding, range, evidence, fixes }: PlacedFinding): string {
  const { line, column } = range.start;
  const text = [
    `${path}:${line}:${column}`,
    finding.message,
    ...evidence.map((piece) => `- ${evidencePlace(piece)}${piece.text}`),
    ...(finding.savings ? [`Saves: ${describeSavings(finding.savings)}`] : []),
    ...fixes.map(({ fix }) => `Fix (${fix.safety}): ${fix.title}${fix.caveat ? `; ${fix.caveat}` : ''}`),
    ruleUrl(finding.rule),
  ].join('\n');
  const name = xmlAttributes({ name: `${finding.rule} ${line}:${column}`, classname: path, file: path, line });
  const failure = xmlAttributes({ type: finding.severity, message: finding.message });
  return `    <testcase${name}>\n      <failure${failure}>${xmlText(text)}</failure>\n    </testcase>\n`;
}

function evidencePlace(piece: PlacedFinding['evidence'][number]): string {
  const { path, range } = piece;
  if (saysItsPlace(piece)) return '';
  if (path === undefined) return range ? `line ${range.start.line}: ` : '';
  return `${path}${range ? `:${range.start.line}` : ''}: `;
}
