import type { BuildContext } from '../model/context.js';
import { overlaps } from '../syntax/text.js';
import type { ResolvedConfig } from './config.js';
import type { Source } from './engine.js';
import { lintSource } from './engine.js';
import type { Edit, Finding, Fix } from './finding.js';

/** After so many rounds of fixing and linting again, fixes undo each other: a defect of the rules named. */
const maxPasses = 10;

export interface FixChoice {
  /** Apply unsafe fixes too. */
  readonly unsafe: boolean;
  /** Only the fixes of these rules. */
  readonly only?: ReadonlySet<string>;
}

export interface FixOutcome {
  readonly text: string;
  /** Other files of the context that fixes create or change: path in the context → text. */
  readonly others: ReadonlyMap<string, string>;
  readonly applied: readonly { readonly rule: string; readonly title: string; readonly line: number }[];
  /** Rules whose fixes were still being applied after the last pass; empty when it converged. */
  readonly unsettled: readonly string[];
}

/** Applies fixes and lints again until none is left. Fixes that overlap wait for the next pass. */
export function fixSource(source: Source, config: ResolvedConfig, choice: FixChoice): FixOutcome {
  let text = source.text;
  let context = source.context;
  const others = new Map<string, string>();
  const applied: FixOutcome['applied'][number][] = [];
  for (let pass = 0; ; pass++) {
    const { findings } = lintSource({ ...source, text, context }, config);
    const chosen = chooseFixes(findings, choice, source.contextWith !== undefined);
    if (chosen.length === 0) return { text, others, applied, unsettled: [] };
    if (pass === maxPasses) {
      return { text, others, applied, unsettled: [...new Set(chosen.map(({ finding }) => finding.rule))] };
    }
    for (const { finding, fix } of chosen) {
      applied.push({
        rule: finding.rule,
        title: fix.title,
        line: text.slice(0, finding.span.start).split('\n').length,
      });
    }
    const edits = chosen.flatMap(({ fix }) => fix.edits);
    applyToOthers(edits, others, context);
    text = applyEdits(
      text,
      edits.filter((edit) => edit.file === undefined),
    );
    if (source.contextWith) context = source.contextWith(withOwnText(source, text, context, others));
  }
}

/** An ignore file that is being fixed is itself part of the context that its rules ask. */
function withOwnText(
  { kind }: Source,
  text: string,
  context: BuildContext | undefined,
  others: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const path = kind === 'dockerignore' ? context?.ignoreFile?.path : context?.dockerfile;
  return path === undefined ? others : new Map([...others, [path, text]]);
}

/** The text with the edits made; they must not overlap. */
export function applyEdits(text: string, edits: readonly Pick<Edit, 'span' | 'text'>[]): string {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = '';
  let at = 0;
  for (const edit of sorted) {
    result += text.slice(at, edit.span.start) + edit.text;
    at = Math.max(at, edit.span.end);
  }
  return result + text.slice(at);
}

function chooseFixes(
  findings: readonly Finding[],
  choice: FixChoice,
  canTouchOthers: boolean,
): { finding: Finding; fix: Fix }[] {
  const chosen: { finding: Finding; fix: Fix }[] = [];
  for (const finding of findings) {
    if (choice.only && !choice.only.has(finding.rule)) continue;
    const fix = finding.fixes.find(
      ({ safety, edits }) =>
        (safety === 'safe' || (choice.unsafe && safety === 'unsafe')) &&
        (canTouchOthers || edits.every((edit) => edit.file === undefined)),
    );
    if (fix && fix.edits.length > 0 && !chosen.some((other) => conflict(fix, other.fix))) chosen.push({ finding, fix });
  }
  return chosen;
}

function conflict(a: Fix, b: Fix): boolean {
  return a.edits.some((x) =>
    b.edits.some(
      (y) =>
        x.file === y.file && (overlaps(x.span, y.span) || x.span.start === y.span.start || x.span.end === y.span.end),
    ),
  );
}

function applyToOthers(edits: readonly Edit[], others: Map<string, string>, context: BuildContext | undefined): void {
  const byFile = new Map<string, Edit[]>();
  for (const edit of edits) {
    if (edit.file === undefined) continue;
    const list = byFile.get(edit.file) ?? [];
    list.push(edit);
    byFile.set(edit.file, list);
  }
  for (const [file, list] of byFile) others.set(file, applyEdits(others.get(file) ?? context?.read(file) ?? '', list));
}
