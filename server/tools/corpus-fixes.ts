import type { ResolvedConfig } from '../core/config.js';
import type { FileResult, Source } from '../core/engine.js';
import { lintSource, parseSource } from '../core/engine.js';
import type { Finding, Fix } from '../core/finding.js';
import { applyEdits, fixSource } from '../core/fix.js';
import { lineStarts, positionAt } from '../syntax/text.js';

/** A fix that does not keep its promise. */
export interface FixFailure {
  readonly path: string;
  readonly rule: string;
  /** From 1. */
  readonly line: number;
  readonly what: string;
}

/** Applies every fix alone, then all safe ones, then the unsafe ones too; writes nothing. */
export function checkFixes(source: Source, config: ResolvedConfig, result: FileResult): FixFailure[] {
  const starts = lineStarts(source.text);
  const failures: FixFailure[] = [];
  const fail = (finding: Pick<Finding, 'rule' | 'span'>, what: string) => {
    const line = positionAt(starts, finding.span.start).line + 1;
    failures.push({ path: source.path, rule: finding.rule, line, what });
  };
  for (const finding of result.findings) {
    for (const fix of finding.fixes) {
      if (fix.safety === 'manual') continue;
      for (const what of failuresOf(source, config, result, finding, fix)) fail(finding, `"${fix.title}" ${what}`);
    }
  }
  for (const unsafe of [false, true]) {
    const outcome = fixSource(source, config, { unsafe });
    const mode = unsafe ? 'all fixes' : 'the safe fixes';
    for (const rule of outcome.unsettled) fail({ rule, span: { start: 0, end: 0 } }, `${mode} do not converge`);
    if (problemsOf(source.kind, outcome.text) > problemsOf(source.kind, source.text))
      fail({ rule: 'syntax-error', span: { start: 0, end: 0 } }, `${mode} together leave text that does not parse`);
  }
  return failures;
}

/** What is wrong with one fix, applied alone. */
function* failuresOf(
  source: Source,
  config: ResolvedConfig,
  before: FileResult,
  finding: Finding,
  fix: Fix,
): Iterable<string> {
  if (fix.safety !== 'safe' && !fix.caveat) yield 'has no caveat';
  const own = fix.edits.filter((edit) => edit.file === undefined);
  for (const edit of own) if (edit.span.end > source.text.length) yield 'edits beyond the end of the file';
  const text = applyEdits(source.text, own);
  const others = new Map<string, string>();
  for (const file of new Set(fix.edits.flatMap(({ file }) => file ?? []))) {
    const edits = fix.edits.filter((edit) => edit.file === file);
    others.set(file, applyEdits(source.context?.read(file) ?? '', edits));
  }
  if (problemsOf(source.kind, text) > problemsOf(source.kind, source.text)) yield 'leaves text that does not parse';
  const path = source.kind === 'dockerignore' ? source.context?.ignoreFile?.path : source.context?.dockerfile;
  if (path !== undefined) others.set(path, text);
  const context = source.contextWith?.(others) ?? source.context;
  const after = lintSource({ ...source, text, context }, config);
  const same = ({ rule, message }: Finding) => rule === finding.rule && message === finding.message;
  if (after.findings.filter(same).length >= before.findings.filter(same).length) yield 'does not end the finding';
  const [was, now] = [countByRule(before), countByRule(after)];
  for (const [rule, count] of now)
    if (rule !== finding.rule && count > (was.get(rule) ?? 0)) yield `brings a finding of ${rule}`;
}

function problemsOf(kind: Source['kind'], text: string): number {
  return parseSource(kind, text).file.problems.length;
}

function countByRule({ findings }: FileResult): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}
