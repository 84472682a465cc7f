import type { FileResult } from '../../core/engine.js';
import type { Finding } from '../../core/finding.js';
import { countOf } from '../../report/report.js';
import { lineAt, lineStarts } from '../../syntax/text.js';
import type { Place } from './lint-files.js';

/**
 * One finding for one defect of an ignore file that several Dockerfiles of a context meet: of those of a rule that the same edits of the
 * same other file would mend the first stays, and names the others.
 */
export function foldFindings(
  results: readonly FileResult[],
  places: ReadonlyMap<string, Place>,
): readonly FileResult[] {
  const firsts = new Map<string, Finding>();
  const others = new Map<Finding, string[]>();
  const folded = new Set<Finding>();
  for (const { path, text, findings } of results) {
    const root = places.get(path)?.root;
    if (root === undefined) continue;
    for (const finding of findings) {
      const defect = defectOf(finding);
      if (defect === undefined) continue;
      const first = firsts.get(`${root}\0${defect}`);
      if (!first) firsts.set(`${root}\0${defect}`, finding);
      else {
        others.set(first, [...(others.get(first) ?? []), placeOf(path, text, finding)]);
        folded.add(finding);
      }
    }
  }
  if (folded.size === 0) return results;
  return results.map((result) => ({
    ...result,
    findings: result.findings.filter((one) => !folded.has(one)).map((one) => withOthers(one, others.get(one))),
  }));
}

/** Undefined where the best fix does not lie in other files alone. */
function defectOf({ rule, severity, fixes }: Finding): string | undefined {
  const edits = fixes[0]?.edits ?? [];
  if (edits.length === 0 || edits.some(({ file }) => file === undefined)) return undefined;
  return `${rule}\0${severity}\0${JSON.stringify(edits)}`;
}

function placeOf(path: string, text: string, { span }: Finding): string {
  return `${path}:${lineAt(lineStarts(text), span.start) + 1}`;
}

function withOthers(finding: Finding, others: readonly string[] | undefined): Finding {
  if (!others) return finding;
  const [first = '', ...more] = others;
  const list =
    more.length === 0 ? first : `${first} and ${more.length === 1 ? more[0] : countOf(more.length, 'other file')}`;
  return { ...finding, evidence: [...finding.evidence, { text: `the same holds for ${list}` }] };
}
