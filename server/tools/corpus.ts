// node out/server/tools/corpus.js LIST [--rule NAME]… [--sample N] [--seed N] [--fix] [--json]
// Lints every file that LIST names (one path per line) as the command line would, with every rule on, and counts.
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { resolveConfig } from '../core/config.js';
import type { FileResult, Source } from '../core/engine.js';
import { lintSource } from '../core/engine.js';
import type { Finding } from '../core/finding.js';
import type { Rule } from '../core/rule.js';
import { createContextFinder } from '../project/find-context.js';
import { unifiedDiff } from '../report/diff.js';
import { rules } from '../rules/index.js';
import { lineStarts, positionAt } from '../syntax/text.js';
import type { FixFailure } from './corpus-fixes.js';
import { checkFixes } from './corpus-fixes.js';
import { openSource } from './corpus-sources.js';

interface RuleCount {
  findings: number;
  files: number;
  safe: number;
  unsafe: number;
  manual: number;
  none: number;
  /** Time in `check` over all files. */
  ms: number;
}

interface Hit {
  readonly source: Source;
  readonly finding: Finding;
}

interface Corpus {
  readonly files: number;
  /** Path and reason. */
  readonly unread: readonly string[];
  readonly contexts: { readonly plausible: number; readonly implausible: number };
  readonly ms: { readonly open: number; readonly lint: number; readonly slowest: readonly string[] };
  /** At the end; the tree of every file is gone by then, the findings of a sample are not. */
  readonly rssMB: number;
  readonly rules: ReadonlyMap<string, RuleCount>;
  readonly internalErrors: readonly string[];
  readonly hits: readonly Hit[];
  readonly fixFailures: readonly FixFailure[];
}

const usage = 'usage: corpus.js LIST [--rule NAME]… [--sample N] [--seed N] [--fix] [--json]';

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rule: { type: 'string', multiple: true, default: [] },
      sample: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      fix: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [list] = positionals;
  if (list === undefined) throw new Error(usage);
  const known = new Set(rules.map(({ name }) => name));
  for (const name of values.rule) if (!known.has(name)) throw new Error(`there is no rule ${name}`);
  return { ...values, list, sample: Number(values.sample), seed: Number(values.seed) };
}

type Options = ReturnType<typeof readOptions>;

/** Files that cannot be read are counted and passed over. */
async function runCorpus(options: Options): Promise<Corpus> {
  const folder = path.dirname(realpathSync(options.list));
  const paths = readFileSync(options.list, 'utf8').split(/\r?\n/).filter(Boolean);
  const counts = new Map<string, RuleCount>();
  const everyRule = Object.fromEntries(rules.map(({ name }) => [name, { severity: 'on' as const }]));
  const layers = [{ origin: 'corpus', config: { rules: everyRule } }];
  const config = resolveConfig(rules, layers);
  const clocked = resolveConfig(
    rules.map((rule) => withClock(rule, countOf(counts, rule.name))),
    layers,
  );
  const tally = { unread: [] as string[], internalErrors: [] as string[], hits: [] as Hit[], plausible: 0, files: 0 };
  const fixFailures: FixFailure[] = [];
  const finder = createContextFinder(folder);
  const slowest: { readonly path: string; readonly ms: number }[] = [];
  let [open, lint] = [0, 0];
  for (const given of paths) {
    const file = path.resolve(folder, given);
    const shown = path.relative(folder, file).split(path.sep).join('/');
    const start = performance.now();
    const source = await openSource(file, shown, finder);
    open += performance.now() - start;
    if (typeof source === 'string') {
      tally.unread.push(`${shown}: ${source}`);
      continue;
    }
    const before = performance.now();
    const result = lintSource(source, clocked);
    const ms = performance.now() - before;
    lint += ms;
    slowest.push({ path: shown, ms });
    tally.files++;
    if (source.context?.plausible) tally.plausible++;
    const wanted = count(result, options, counts);
    for (const finding of result.findings)
      if (finding.rule === 'internal-error')
        tally.internalErrors.push(`${shown}: ${finding.message} ${finding.evidence[0]?.text ?? ''}`);
    if (options.sample > 0) tally.hits.push(...wanted.map((finding) => ({ source, finding })));
    if (options.fix) fixFailures.push(...checkFixes(source, config, { ...result, findings: wanted }));
  }
  slowest.sort((a, b) => b.ms - a.ms);
  return {
    files: tally.files,
    unread: tally.unread,
    contexts: { plausible: tally.plausible, implausible: tally.files - tally.plausible },
    ms: { open, lint, slowest: slowest.slice(0, 5).map(({ path, ms }) => `${path} ${ms.toFixed(0)} ms`) },
    rssMB: Math.round(process.memoryUsage().rss / 1e6),
    rules: counts,
    internalErrors: tally.internalErrors,
    hits: sampleOf(tally.hits, options.sample, options.seed),
    fixFailures,
  };
}

/** Counts a result; gives the findings of the rules that were asked for (all where none was). */
function count(result: FileResult, options: Options, counts: Map<string, RuleCount>): Finding[] {
  for (const rule of new Set(result.findings.map((finding) => finding.rule))) countOf(counts, rule).files++;
  for (const { rule, fixes } of result.findings) {
    const entry = countOf(counts, rule);
    entry.findings++;
    entry[fixes[0]?.safety ?? 'none']++;
  }
  return result.findings.filter(({ rule }) => options.rule.length === 0 || options.rule.includes(rule));
}

function countOf(counts: Map<string, RuleCount>, rule: string): RuleCount {
  const known = counts.get(rule) ?? { findings: 0, files: 0, safe: 0, unsafe: 0, manual: 0, none: 0, ms: 0 };
  counts.set(rule, known);
  return known;
}

/** The rule itself, with its time added to `entry`. */
function withClock(rule: Rule, entry: RuleCount): Rule {
  if (rule.target === 'engine') return rule;
  const check = (...args: Parameters<typeof rule.check>) => {
    const start = performance.now();
    try {
      // Each kind of rule is only ever called with its own kind of file.
      rule.check(...(args as [never]));
    } finally {
      entry.ms += performance.now() - start;
    }
  };
  return { ...rule, check } as Rule;
}

/** The same seed gives the same sample. */
function sampleOf<T>(items: readonly T[], size: number, seed: number): T[] {
  let state = seed >>> 0;
  const random = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, size)
    .map(({ item }) => item);
}

function render(corpus: Corpus): string {
  const { files, contexts, ms } = corpus;
  const lines = [
    `${files} files, ${contexts.plausible} with a plausible context, ${corpus.unread.length} not read`,
    `${(ms.lint / files).toFixed(2)} ms per file to lint, ${(ms.open / files).toFixed(2)} ms to read it and choose its context; ${corpus.rssMB} MB`,
    `slowest: ${ms.slowest.join(', ')}`,
    '',
    row('rule', ['findings', 'files', 'share', 'safe', 'unsafe', 'manual', 'no fix', 'ms/file']),
  ];
  for (const { name } of rules) {
    const entry = corpus.rules.get(name);
    if (!entry) continue;
    const share = `${((100 * entry.files) / files).toFixed(1)} %`;
    const { findings, safe, unsafe, manual, none } = entry;
    const numbers = [findings, entry.files, share, safe, unsafe, manual, none, (entry.ms / files).toFixed(3)];
    lines.push(row(name, numbers));
  }
  lines.push('', `${corpus.internalErrors.length} internal errors`, ...corpus.internalErrors, ...corpus.unread);
  for (const hit of corpus.hits) lines.push('', describe(hit));
  if (corpus.fixFailures.length > 0) lines.push('', `${corpus.fixFailures.length} fixes do not hold`);
  for (const { path, line, rule, what } of corpus.fixFailures) lines.push(`${path}:${line} ${rule}: ${what}`);
  return lines.join('\n');
}

function row(name: string, cells: readonly (string | number)[]): string {
  return name.padEnd(30) + cells.map((cell) => String(cell).padStart(9)).join('');
}

/** A finding with its lines, evidence and the patch of its first fix. */
function describe({ source, finding }: Hit): string {
  const starts = lineStarts(source.text);
  const { line, column } = positionAt(starts, finding.span.start);
  const last = positionAt(starts, finding.span.end).line;
  const excerpt = source.text.split('\n').slice(Math.max(0, line - 2), Math.min(last, line + 12) + 3);
  const marked = excerpt.map((text, index) => `${String(Math.max(0, line - 2) + index + 1).padStart(5)} | ${text}`);
  const parts = [
    `── ${source.path}:${line + 1}:${column + 1} ${finding.severity} ${finding.rule}`,
    `   ${finding.message}`,
    `   at: ${JSON.stringify(source.text.slice(finding.span.start, Math.min(finding.span.end, finding.span.start + 120)))}`,
    ...finding.evidence.map(({ text, file, span }) => {
      const at = span && file === undefined ? ` (line ${positionAt(starts, span.start).line + 1})` : '';
      return `   - ${text}${file === undefined ? at : ` (${file})`}`;
    }),
    ...marked,
  ];
  for (const fix of finding.fixes) {
    parts.push(`   fix (${fix.safety}): ${fix.title}${fix.caveat ? `; ${fix.caveat}` : ''}`);
    for (const file of new Set(fix.edits.map((edit) => edit.file))) {
      const before = file === undefined ? source.text : source.context?.read(file);
      const edits = fix.edits.filter((edit) => edit.file === file);
      parts.push(unifiedDiff(file ?? source.path, before, edits));
    }
  }
  return parts.join('\n');
}

function toJson(corpus: Corpus): string {
  const hits = corpus.hits.map(({ source, finding }) => ({ path: source.path, finding }));
  return JSON.stringify({ ...corpus, rules: Object.fromEntries(corpus.rules), hits }, undefined, 2);
}

try {
  const options = readOptions();
  const corpus = await runCorpus(options);
  console.log(options.json ? toJson(corpus) : render(corpus));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
