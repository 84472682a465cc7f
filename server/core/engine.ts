import type { PastOfContext } from '../cache/history.js';
import type { Build } from '../model/build.js';
import { buildOf } from '../model/build.js';
import type { BuildContext } from '../model/context.js';
import { stageProblems } from '../model/stage-references.js';
import { uncoversDirective } from '../syntax/directives.js';
import { parseDockerfile } from '../syntax/dockerfile.js';
import type { IgnoreFile } from '../syntax/dockerignore.js';
import { parseIgnoreFile } from '../syntax/dockerignore.js';
import { hasForeignFrontend } from '../syntax/frontend.js';
import { openEndOf } from '../syntax/lines.js';
import { mountsOf } from '../syntax/mounts.js';
import type { Span } from '../syntax/text.js';
import { contains, wholeLines } from '../syntax/text.js';
import type { Dockerfile } from '../syntax/tree.js';
import { planOf, type ResolvedConfig } from './config.js';
import type { Edit, Finding, Severity } from './finding.js';
import { nearest } from './nearest.js';
import type { Report, Rule } from './rule.js';
import type { Suppression } from './suppress.js';
import { coverageOf, ignoreFileSuppressionsOf, names, suppressionsOf } from './suppress.js';

/** A file as the engine is given it. */
export interface Source {
  /** As the user should see it: relative to the working folder, separator `/`. */
  readonly path: string;
  readonly text: string;
  readonly kind: 'dockerfile' | 'dockerignore';
  readonly context: BuildContext | undefined;
  /** Of an ignore file: no known build reads it, so its patterns are not judged. */
  readonly unread?: boolean | undefined;
  /** Rules that need the history of the context are skipped without. */
  readonly history?: PastOfContext | undefined;
  /** The context as it would be with these files written (path in the context → text). Without it a fix cannot touch other files. */
  readonly contextWith?: (files: ReadonlyMap<string, string>) => BuildContext;
}

/** The findings of one file, in the order of the text. */
export interface FileResult {
  readonly path: string;
  readonly text: string;
  readonly kind: 'dockerfile' | 'dockerignore' | 'config';
  readonly findings: readonly Finding[];
  /** Findings that a comment or the baseline suppresses; SARIF lists them. */
  readonly suppressed: readonly {
    readonly finding: Finding;
    readonly by: 'comment' | 'baseline';
    readonly reason: string | undefined;
  }[];
  /** Rules that could not run, and why. */
  readonly skipped: readonly { readonly rule: string; readonly reason: string }[];
}

/** A text read once, for any number of checks. */
export type Parsed =
  | { readonly kind: 'dockerfile'; readonly file: Dockerfile; readonly build: Build }
  | { readonly kind: 'dockerignore'; readonly file: IgnoreFile };

/** Never throws: a text that cannot be read yields a tree with problems. */
export function parseSource(kind: Source['kind'], text: string): Parsed {
  if (kind === 'dockerignore') return { kind, file: parseIgnoreFile(text) };
  const file = parseDockerfile(text);
  return { kind, file, build: buildOf(file) };
}

/** Lints one file. Never throws: a rule that fails is an `internal-error` finding, and the other rules have run. */
export function lintSource(
  source: Source,
  config: ResolvedConfig,
  parsed: Parsed = parseSource(source.kind, source.text),
): FileResult {
  const findings: Finding[] = [];
  const skipped: { rule: string; reason: string }[] = [];
  const add = (rule: Rule, report: Report) => {
    const severity = config.rules.get(rule.name)?.severity ?? report.severity ?? rule.severity;
    findings.push(findingOf(rule.name, severity, report, source.text.length));
  };
  const broken = source.unread ? [] : syntaxFindings(parsed, config, add);
  const plan = planOf(config, parsed.kind);
  for (let index = 0; index < plan.length; index++) {
    const planned = plan[index];
    if (planned === undefined) break;
    const { rule, options, needsContext, needsHistory } = planned;
    if (source.unread) {
      skipped.push({ rule: rule.name, reason: 'no known build reads this file' });
      continue;
    }
    if (needsContext && !source.context) {
      skipped.push({ rule: rule.name, reason: 'no build context is known' });
      continue;
    }
    if (needsHistory && !source.history) {
      skipped.push({ rule: rule.name, reason: 'no Git history is known' });
      continue;
    }
    if (needsHistory && source.history?.commits.length === 0) {
      skipped.push({
        rule: rule.name,
        reason: 'the Git history holds no commit but the newest, as that of a shallow clone',
      });
      continue;
    }
    const first = findings.length;
    try {
      runRule(rule, options, parsed, source, config, add);
    } catch (error) {
      findings.length = first;
      reportFailure(rule, error, config, add);
    }
  }
  const kept = findings.filter(
    (finding) => finding.rule === 'syntax-error' || !broken.some((place) => contains(place, finding.span)),
  );
  return finish(source, parsed, config, kept, skipped);
}

function runRule(
  rule: Rule,
  options: object,
  parsed: Parsed,
  { context, history }: Source,
  { settings }: ResolvedConfig,
  add: (rule: Rule, report: Report) => void,
): void {
  const report = (one: Report): void => add(rule, one);
  if (rule.target === 'dockerfile' && parsed.kind === 'dockerfile')
    rule.check({ file: parsed.file, build: parsed.build, context, history, settings, options, report });
  if (rule.target === 'dockerignore' && parsed.kind === 'dockerignore') {
    const ofLink = isLink(context) ? reporterOfLink(report) : report;
    rule.check({ file: parsed.file, context, settings, options, report: ofLink });
  }
}

function isLink(context: BuildContext | undefined): boolean {
  return context?.ignoreFile !== undefined && context.entry(context.ignoreFile.path)?.type === 'symlink';
}

/** Another tool reads what the ignore file leads to (`.gitignore`): what does nothing here may do something there. */
function reporterOfLink(report: (one: Report) => void): (one: Report) => void {
  return ({ fixes = [], evidence = [], ...one }) => {
    if (one.unnecessary) return;
    const noFix = fixes.length > 0 ? [{ text: 'no fix: the ignore file is a link to another' }] : [];
    report({ ...one, evidence: [...evidence, ...noFix] });
  };
}

/** Reports what the builder rejects, once per instruction; gives the places where other findings would be guesses. */
function syntaxFindings(
  parsed: Parsed,
  config: ResolvedConfig,
  add: (rule: Rule, report: Report) => void,
): readonly Span[] {
  const rule = config.known.get('syntax-error');
  const on = config.rules.has('syntax-error');
  const places: Span[] = [];
  if (parsed.kind === 'dockerignore') {
    if (rule && on) for (const problem of parsed.file.problems) add(rule, problem);
    return places;
  }
  const seen = new Set<number>();
  const problems = [...parsed.file.problems];
  const foreign = hasForeignFrontend(parsed.file.text);
  if (!foreign && /^buildkit/.test(config.settings.builder)) problems.push(...stageProblems(parsed.build));
  for (const instruction of parsed.file.instructions) {
    if (foreign || instruction.keyword !== 'RUN' || instruction.flags.length === 0) continue;
    for (const problem of mountsOf(parsed.file, instruction).problems)
      problems.push({ ...problem, instruction: instruction.index });
  }
  for (const { instruction, message, span } of problems) {
    if (instruction !== undefined) {
      if (seen.has(instruction)) continue;
      seen.add(instruction);
      const place = parsed.file.instructions[instruction];
      if (place) places.push(place.span);
    }
    if (rule && on) add(rule, { message, span });
  }
  return places;
}

function reportFailure(
  rule: Rule,
  error: unknown,
  config: ResolvedConfig,
  add: (rule: Rule, report: Report) => void,
): void {
  const failure = config.known.get('internal-error');
  if (!failure || !config.rules.has('internal-error')) return;
  const reason = error instanceof Error ? error.message : String(error);
  const place =
    error instanceof Error ? /\n\s+at (.*)/.exec(error.stack ?? '')?.[1]?.replace(/\(.*[\\/]/, '(') : undefined;
  add(failure, {
    span: { start: 0, end: 0 },
    message: `the rule ${rule.name} failed on this file: ${reason}`,
    evidence: place ? [{ text: `at ${place}` }] : [],
  });
}

function findingOf(rule: string, severity: Severity, report: Report, length: number): Finding {
  const start = Math.max(0, Math.min(report.span.start, length));
  const end = Math.max(start, Math.min(report.span.end, length));
  return {
    rule,
    severity,
    message: report.message,
    span: { start, end },
    evidence: report.evidence ?? [],
    fixes: report.fixes ?? [],
    ...(report.savings ? { savings: report.savings } : {}),
    ...(report.unnecessary ? { unnecessary: true } : {}),
  };
}

function finish(
  source: Source,
  parsed: Parsed,
  config: ResolvedConfig,
  findings: readonly Finding[],
  skipped: FileResult['skipped'],
): FileResult {
  const suppressions =
    parsed.kind === 'dockerfile' ? suppressionsOf(parsed.file) : ignoreFileSuppressionsOf(parsed.file);
  const covering = coverageOf(suppressions);
  const used = new Set<Span>();
  const kept: Finding[] = [];
  const suppressed: FileResult['suppressed'][number][] = [];
  for (const finding of withinFile(parsed, findings)) {
    const by = suppressionOf(finding, covering, config, used);
    if (by) suppressed.push({ finding, by: 'comment', reason: by.reason });
    else kept.push(finding);
  }
  const ran = { skipped, suppressions, used };
  for (const finding of commentFindings(source.text, config, ran)) {
    const by = suppressionOf(finding, covering, config, new Set());
    if (by) suppressed.push({ finding, by: 'comment', reason: by.reason });
    else kept.push(finding);
  }
  kept.sort(
    (a, b) =>
      a.span.start - b.span.start || a.span.end - b.span.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
  );
  return { path: source.path, text: source.text, kind: source.kind, findings: kept, suppressed, skipped };
}

/** Without fixes that put a line below an instruction that the end of the file leaves open, or move that one. */
function withinFile(parsed: Parsed, findings: readonly Finding[]): readonly Finding[] {
  const end = parsed.kind === 'dockerfile' ? openEndOf(parsed.file) : undefined;
  if (end === undefined) return findings;
  const isWithin = ({ file, span }: Edit) => file !== undefined || span.end <= end;
  return findings.map((one) => ({ ...one, fixes: one.fixes.filter(({ edits }) => edits.every(isWithin)) }));
}

/** The comment that covers the finding, its name marked as used. */
function suppressionOf(
  finding: Finding,
  covering: (offset: number) => readonly Suppression[],
  config: ResolvedConfig,
  used: Set<Span>,
): Suppression | undefined {
  const rule = config.known.get(finding.rule);
  if (!rule) return undefined;
  let first: Suppression | undefined;
  for (const suppression of covering(finding.span.start)) {
    for (const { name, span } of suppression.rules) {
      if (!names(suppression, name, rule)) continue;
      used.add(span);
      if (!first || suppression.span.start < first.span.start) first = suppression;
    }
  }
  return first;
}

function commentFindings(
  text: string,
  config: ResolvedConfig,
  {
    skipped,
    suppressions,
    used,
  }: { skipped: FileResult['skipped']; suppressions: readonly Suppression[]; used: ReadonlySet<Span> },
): Finding[] {
  const found: Finding[] = [];
  const unused = config.rules.get('unused-suppression');
  const unexplained = config.rules.get('unexplained-suppression');
  for (const suppression of suppressions) {
    if (suppression.tool !== 'layerwise') continue;
    if (unexplained && !suppression.reason) {
      const message = 'this comment ignores findings without saying why; add reason="…"';
      found.push(
        findingOf(
          'unexplained-suppression',
          unexplained.severity ?? unexplained.rule.severity,
          { span: suppression.span, message },
          text.length,
        ),
      );
    }
    if (!unused) continue;
    for (const { name, span } of suppression.rules) {
      const known = name === 'all' || config.known.has(name);
      if (
        used.has(span) ||
        (known && name !== 'all' && !config.rules.has(name)) ||
        skipped.some(({ rule }) => rule === name)
      )
        continue;
      if (name === 'unused-suppression' || name === 'unexplained-suppression') continue;
      const report = unusedReport(text, config, suppression, { name, span, known });
      found.push(findingOf('unused-suppression', unused.severity ?? unused.rule.severity, report, text.length));
    }
  }
  return found;
}

function unusedReport(
  text: string,
  config: ResolvedConfig,
  suppression: Suppression,
  { name, span, known }: { name: string; span: Span; known: boolean },
): Report {
  const guess = known ? undefined : nearest(name, [...config.known.keys()]);
  const message = known
    ? `no finding of ${name} is here to ignore`
    : `there is no rule "${name}" to ignore${guess ? `; did you mean "${guess}"?` : ''}`;
  if (guess)
    return { span, message, fixes: [{ title: `Write ${guess}`, safety: 'safe', edits: [{ span, text: guess }] }] };
  const only = suppression.rules.length === 1;
  const edits = only
    ? [{ span: wholeLines(text, suppression.span), text: '' }]
    : [{ span: nameInList(text, suppression, span), text: '' }];
  return {
    span,
    message,
    unnecessary: true,
    fixes:
      only && uncoversDirective(text, wholeLines(text, suppression.span))
        ? []
        : [{ title: only ? 'Remove the comment' : `Remove ${name} from the comment`, safety: 'safe', edits }],
  };
}

/** A name of a list together with one of the commas beside it. */
function nameInList(text: string, suppression: Suppression, { start, end }: Span): Span {
  const index = suppression.rules.findIndex((rule) => rule.span.start === start);
  const after = suppression.rules[index + 1];
  if (after) return { start, end: after.span.start };
  const before = suppression.rules[index - 1];
  return { start: before?.span.end ?? start, end: Math.min(end, text.length) };
}
