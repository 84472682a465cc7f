import assert from 'node:assert/strict';
import type { ContextCommit } from '../../server/cache/history.js';
import { housekeepingOf } from '../../server/cache/housekeeping.js';
import { proposeOrder } from '../../server/cache/order.js';
import { type Config, resolveConfig } from '../../server/core/config.js';
import type { FileResult, Source } from '../../server/core/engine.js';
import { lintSource } from '../../server/core/engine.js';
import type { Finding, Safety, Severity } from '../../server/core/finding.js';
import { applyEdits, fixSource } from '../../server/core/fix.js';
import type { Rule } from '../../server/core/rule.js';
import { createContext } from '../../server/model/context.js';
import { type MemoryFiles, memorySource } from '../../server/model/memory-source.js';
import type { RemoteFacts } from '../../server/model/remote-facts.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

export interface Case {
  /** Says what the case shows; the code by default. */
  readonly name?: string;
  /** `«…»` around every span that must be reported; nothing else may be. */
  readonly code: string;
  /** Files of the build context; without them the host knows no context. */
  readonly files?: MemoryFiles;
  /** The history changes each of these files in 20 commits of its own; without them the host knows none. */
  readonly changed?: readonly string[];
  /** Digests that registries and servers named on 2026-11-21: full name of the image, or URL → digest. */
  readonly remote?: Readonly<Record<string, string>>;
  /** Options of the rule. */
  readonly options?: Record<string, unknown>;
  readonly settings?: Pick<Config, 'builder' | 'cacheStrategy'>;
}

export interface InvalidCase extends Case {
  /** Must be found in the (first) message. */
  readonly message?: string | RegExp;
  readonly severity?: Severity;
  /** Of the first finding's first fix; `none` where there must be no fix. */
  readonly safety?: Safety | 'none';
  /** Must be found in the caveat of the first fix. */
  readonly caveat?: RegExp;
  /** Must be found in some evidence of the first finding. */
  readonly evidence?: RegExp;
  /** The text after the fixes, unsafe ones included, were applied until none was left. */
  readonly fixed?: string;
  /** Other files of the context after fixing. */
  readonly fixedFiles?: Readonly<Record<string, string>>;
}

/** Where the Dockerfile of a case stands in its context. */
const dockerfilePath = 'Dockerfile';

/**
 * Tests one rule by examples. Unbidden, every example is also tried with CRLF, without a final newline, with lower-case
 * keywords, with a BOM and with the other escape character; every fix must parse, must end the finding, and needs a caveat
 * unless it is safe; `docs.bad` must be flagged and `docs.good` must not.
 */
export function testRule(
  rule: Rule,
  { valid, invalid }: { valid: readonly (Case | string)[]; invalid: readonly InvalidCase[] },
): void {
  describe(rule.name, () => {
    it('flags docs.bad and not docs.good', () => {
      const files = rule.docs.files ?? {};
      const more = { settings: rule.docs.settings ?? {}, ...(rule.docs.changed && { changed: rule.docs.changed }) };
      assert.ok(runCase(rule, { code: rule.docs.bad, files, ...more }).findings.length > 0, 'docs.bad is not flagged');
      assert.deepEqual(messages(runCase(rule, { code: rule.docs.good, files, ...more })), [], 'docs.good is flagged');
    });
    for (const entry of valid) {
      const test = typeof entry === 'string' ? { code: entry } : entry;
      it(`is silent: ${title(test)}`, () => {
        for (const variant of variants(rule, test))
          assert.deepEqual(messages(runCase(rule, variant)), [], variant.name);
      });
    }
    for (const test of invalid) it(`reports: ${title(test)}`, () => checkInvalid(rule, test));
    const seen = new Set<string>();
    for (const test of [...valid.map((entry) => (typeof entry === 'string' ? { code: entry } : entry)), ...invalid]) {
      const key = JSON.stringify([test.code, test.files, test.changed, test.remote, test.options, test.settings]);
      if (seen.has(key)) throw new Error(`${rule.name}: the case "${title(test)}" stands twice`);
      seen.add(key);
    }
  });
}

function checkInvalid(rule: Rule, test: InvalidCase): void {
  const { text, spans } = unmark(test.code);
  assert.ok(spans.length > 0, 'an invalid case needs a «span»');
  const expected = spans.map(({ start, end }) => text.slice(start, end));
  const { findings } = runCase(rule, { ...test, code: text });
  assert.deepEqual(
    findings.map(({ span }) => [text.slice(span.start, span.end), span.start]),
    spans.map(({ start, end }) => [text.slice(start, end), start]),
    `spans: ${JSON.stringify(findings.map(({ message }) => message))}`,
  );
  checkFirst(findings[0], test);
  for (const variant of variants(rule, { ...test, code: text })) {
    const found = runCase(rule, variant);
    const words = found.findings.map(({ span }) => normal(found.text.slice(span.start, span.end)));
    assert.deepEqual(
      words,
      expected.map((word) => normal(variant.change(word))),
      variant.name,
    );
    checkFixes(rule, variant, found);
  }
  checkFixed(rule, { ...test, code: text });
}

function checkFirst(first: Finding | undefined, test: InvalidCase): void {
  assert.ok(first);
  if (test.message instanceof RegExp) assert.match(first.message, test.message);
  else if (test.message !== undefined) assert.ok(first.message.includes(test.message), `message: ${first.message}`);
  if (test.severity !== undefined) assert.equal(first.severity, test.severity);
  if (test.safety !== undefined)
    assert.equal(first.fixes[0]?.safety ?? 'none', test.safety, JSON.stringify(first.fixes[0]));
  if (test.caveat !== undefined) assert.match(first.fixes[0]?.caveat ?? '', test.caveat);
  if (test.evidence !== undefined) assert.match(first.evidence.map(({ text }) => text).join('\n'), test.evidence);
}

/** Every fix on its own: parses, has its caveat, and the finding is gone. */
function checkFixes(rule: Rule, test: Case, { text, findings }: FileResult): void {
  for (const finding of findings) {
    for (const fix of finding.fixes) {
      assert.ok(fix.safety === 'safe' || fix.caveat, `"${fix.title}" is ${fix.safety} and has no caveat`);
      if (fix.safety === 'manual') continue;
      const fixed = applyEdits(
        text,
        fix.edits.filter((edit) => edit.file === undefined),
      );
      if (rule.target !== 'dockerignore')
        assert.deepEqual(parseDockerfile(fixed).problems, [], `after "${fix.title}":\n${fixed}`);
      if (/\r\n/.test(text) && !/[^\r]\n/.test(text))
        assert.doesNotMatch(fixed, /[^\r]\n/, `"${fix.title}" breaks CRLF`);
      const others = fix.edits.some((edit) => edit.file !== undefined);
      if (!others)
        assert.ok(
          runCase(rule, { ...test, code: fixed }).findings.length < findings.length,
          `"${fix.title}" does not end the finding:\n${fixed}`,
        );
    }
  }
}

function checkFixed(rule: Rule, test: InvalidCase): void {
  const outcome = fixSource(source(rule, test), config(rule, test), { unsafe: true });
  assert.deepEqual(outcome.unsettled, [], 'the fixes do not settle');
  if (test.fixed !== undefined) assert.equal(outcome.text, test.fixed);
  for (const [path, text] of Object.entries(test.fixedFiles ?? {})) assert.equal(outcome.others.get(path), text, path);
}

/** What one rule says of a case, `«»` taken out. */
export function runCase(rule: Rule, test: Case): FileResult {
  const result = lintSource(source(rule, test), config(rule, test));
  const broken = result.findings.filter((finding) => finding.rule === 'internal-error');
  assert.deepEqual(broken, [], 'the rule threw');
  return { ...result, findings: result.findings.filter((finding) => finding.rule === rule.name) };
}

function source(rule: Rule, test: Case): Source {
  const text = test.code.replace(/[«»]/g, '');
  const kind = rule.target === 'dockerignore' ? 'dockerignore' : 'dockerfile';
  const path = kind === 'dockerignore' ? '.dockerignore' : dockerfilePath;
  if (!test.files) return { path, text, kind, context: undefined };
  const files = { [path]: text, ...test.files };
  const contextWith = (changes: ReadonlyMap<string, string>) =>
    createContext({
      name: '.',
      origin: 'folder',
      dockerfile: dockerfilePath,
      source: {
        ...memorySource({ ...files, ...Object.fromEntries(changes) }),
        remoteFacts: () => test.remote && remoteFacts(test.remote),
      },
    });
  return {
    path,
    text,
    kind,
    context: contextWith(new Map()),
    history: test.changed && {
      commits: historyOf(test.changed),
      paths: undefined,
      targets: [],
      propose: proposeOrder,
      housekeeping: housekeepingOf,
    },
    contextWith,
  };
}

function remoteFacts(digests: Readonly<Record<string, string>>): RemoteFacts {
  return {
    answer({ name }) {
      const digest = digests[name];
      return digest === undefined ? undefined : { digest, day: '2026-11-21' };
    },
  };
}

function historyOf(changed: readonly string[]): readonly ContextCommit[] {
  return changed.flatMap((path) =>
    Array.from({ length: 20 }, (_, index) => ({
      id: `${path} ${index}`,
      files: [{ path, kind: 'content', folder: false } as const],
    })),
  );
}

function config(rule: Rule, test: Case) {
  const setting = { severity: 'on', ...test.options } as const;
  const engine = resolveConfig(
    [rule],
    [{ origin: 'test', config: { rules: { [rule.name]: setting }, ...test.settings } }],
  );
  const failure: Rule = { ...rule, name: 'internal-error', target: 'engine' };
  return {
    ...engine,
    rules: new Map([...engine.rules, ['internal-error', { rule: failure, severity: undefined, options: {} }]]),
    known: new Map([...engine.known, ['internal-error', failure]]),
  };
}

interface Variant extends Case {
  readonly name: string;
  /** How the variant writes a piece of the text. */
  change(piece: string): string;
}

function variants(rule: Rule, test: Case): Variant[] {
  const { text } = unmark(test.code);
  const same = (piece: string) => piece;
  const crlf = (piece: string) => piece.replaceAll('\n', '\r\n');
  const list: Variant[] = [
    { ...test, name: 'as it stands', code: text, change: same },
    { ...test, name: 'CRLF', code: crlf(text), change: crlf },
    { ...test, name: 'no final newline', code: text.replace(/\n$/, ''), change: same },
  ];
  if (rule.target === 'dockerignore') return list;
  list.push({ ...test, name: 'BOM', code: `\uFEFF${text}`, change: same });
  const lower = lowerKeywords(text);
  const lowerPiece = (piece: string) =>
    text.includes(`\n${piece}`) || text.startsWith(piece) ? lowerKeywords(piece) : piece;
  list.push({ ...test, name: 'lower-case keywords', code: lower, change: lowerPiece });
  if (!text.includes('`') && !/^#\s*\w+\s*=/.test(text) && /\\\n/.test(text) && !/\\(?!\n)/.test(text)) {
    const tick = (piece: string) => piece.replaceAll('\\\n', '`\n');
    list.push({ ...test, name: 'escape=`', code: `# escape=\`\n${tick(text)}`, change: tick });
  }
  return list;
}

function lowerKeywords(text: string): string {
  const edits = parseDockerfile(text).instructions.map(({ keywordSpan }) => ({
    span: keywordSpan,
    text: text.slice(keywordSpan.start, keywordSpan.end).toLowerCase(),
  }));
  return applyEdits(text, edits);
}

/** Keywords inside a reported span may be written either way. */
function normal(piece: string): string {
  return piece.toLowerCase();
}

function unmark(code: string): { text: string; spans: { start: number; end: number }[] } {
  const spans: { start: number; end: number }[] = [];
  let text = '';
  let start = 0;
  for (const part of code.split(/([«»])/)) {
    if (part === '«') start = text.length;
    else if (part === '»') spans.push({ start, end: text.length });
    else text += part;
  }
  return { text, spans };
}

function title(test: Case): string {
  return test.name ?? test.code.trim().replaceAll('\n', ' ⏎ ').slice(0, 100);
}

function messages(result: FileResult): string[] {
  return result.findings.map(({ span, message }) => `${message} [${result.text.slice(span.start, span.end)}]`);
}
