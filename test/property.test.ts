import assert from 'node:assert/strict';
import fc from 'fast-check';
import { resolveConfig } from '../server/core/config.js';
import type { FileResult, Source } from '../server/core/engine.js';
import { lintSource, parseSource } from '../server/core/engine.js';
import type { Finding, Fix } from '../server/core/finding.js';
import { applyEdits, fixSource } from '../server/core/fix.js';
import { createContext } from '../server/model/context.js';
import type { MemoryFiles } from '../server/model/memory-source.js';
import { memorySource } from '../server/model/memory-source.js';
import { rules } from '../server/rules/index.js';
import { overlaps } from '../server/syntax/text.js';
import { arbitraryContext, arbitraryIgnoreFile } from './helpers/arbitrary-context.js';
import { arbitraryDockerfile } from './helpers/arbitrary-dockerfile.js';
import { arbitraryProject } from './helpers/arbitrary-project.js';

/**
 * The same cases on every run, so that a failure is never chance; to look further:
 * `LAYERWISE_SEED=$RANDOM LAYERWISE_RUNS=10 npm test -- --grep properties`.
 */
const seed = Number(process.env.LAYERWISE_SEED ?? 20_240_907);
const factor = Number(process.env.LAYERWISE_RUNS ?? 1);

const everyRule = Object.fromEntries(rules.map(({ name }) => [name, { severity: 'on' as const }]));
const config = resolveConfig(rules, [{ origin: 'test', config: { rules: everyRule } }]);

const kinds = fc.constantFrom<Source['kind']>('dockerfile', 'dockerignore');

/** Characters that mean something to one of the readers, in any order. */
const scrap = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['FROM a', 'RUN ', 'COPY ', ' . .', '\n', '\n', '\r\n', '\\\n', '`', '\\', '"', "'", '$', '${', '}', '#'],
        ...[
          '<<EOF',
          '\nEOF\n',
          '--mount=',
          'type=cache',
          ',',
          '=',
          '[',
          ']',
          '{',
          '!',
          '**',
          '/',
          '&&',
          '|',
          ';',
          '\t',
        ],
        ...[
          '# escape=`\n',
          '# syntax=',
          '# layerwise ignore=',
          'npm ci',
          'apt-get ',
          'ONBUILD ',
          'HEALTHCHECK ',
          '\u0000',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

function sourceOf(text: string, files: MemoryFiles | undefined, kind: Source['kind'] = 'dockerfile'): Source {
  const path = kind === 'dockerfile' ? 'Dockerfile' : '.dockerignore';
  if (!files) return { path, text, kind, context: undefined };
  const contextWith = (changes: ReadonlyMap<string, string>) =>
    createContext({
      name: '.',
      origin: 'folder',
      dockerfile: 'Dockerfile',
      source: memorySource({ ...files, [path]: text, ...Object.fromEntries(changes) }),
    });
  return { path, text, kind, context: contextWith(new Map()), contextWith };
}

function check<T>(arbitrary: fc.Arbitrary<T>, runs: number, test: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, test), { seed, numRuns: Math.ceil(runs * factor) });
}

function assertSound(result: FileResult, source: Source): void {
  assert.deepEqual(
    result.findings.filter(({ rule }) => rule === 'internal-error').map(({ message, evidence }) => [message, evidence]),
    [],
  );
  for (const finding of result.findings) assertPlaces(finding, source);
}

function assertPlaces({ rule, span, evidence, fixes }: Finding, { text, context }: Source): void {
  const lengthOf = (file: string | undefined) => (file === undefined ? text : (context?.read(file) ?? '')).length;
  const places = [{ span, file: undefined }, ...evidence, ...fixes.flatMap(({ edits }) => edits)];
  for (const { span: place, file } of places) {
    if (!place) continue;
    const where = `${rule}: ${JSON.stringify(place)} in ${file ?? 'the file'}`;
    assert.ok(0 <= place.start && place.start <= place.end && place.end <= lengthOf(file), where);
  }
  for (const fix of fixes) assertApart(rule, fix);
}

function assertApart(rule: string, { title, edits }: Fix): void {
  edits.forEach((one, index) => {
    for (const other of edits.slice(index + 1))
      assert.ok(one.file !== other.file || !overlaps(one.span, other.span), `${rule}: the edits of "${title}" overlap`);
  });
}

function problemsOf({ kind }: Source, text: string): number {
  return parseSource(kind, text).file.problems.length;
}

function assertFixable(source: Source, unsafe: boolean): void {
  const outcome = fixSource(source, config, { unsafe });
  assert.deepEqual(outcome.unsettled, [], `the fixes do not settle:\n${outcome.text}`);
  const problems = problemsOf(source, source.text);
  assert.ok(problemsOf(source, outcome.text) <= problems, `the fixed text does not parse:\n${outcome.text}`);
  const context = source.contextWith?.(outcome.others);
  const result = lintSource({ ...source, text: outcome.text, context }, config);
  assertSound(result, { ...source, text: outcome.text, context });
  for (const { rule, fixes } of result.findings)
    assert.ok(!fixes.some(({ safety }) => safety === 'safe'), `${rule} has a safe fix left:\n${outcome.text}`);
}

/** What the fix uncovers may be reported, but not the same again. */
function assertEnds(source: Source, before: readonly Finding[], { rule, message }: Finding, fix: Fix): void {
  const own = fix.edits.filter(({ file }) => file === undefined);
  const others = new Map<string, string>();
  for (const { file } of fix.edits) {
    if (file === undefined) continue;
    const edits = fix.edits.filter((edit) => edit.file === file);
    others.set(file, applyEdits(source.context?.read(file) ?? '', edits));
  }
  const text = applyEdits(source.text, own);
  const { findings } = lintSource({ ...source, text, context: source.contextWith?.(others) }, config);
  const count = (list: readonly Finding[]) => list.filter((one) => one.rule === rule && one.message === message).length;
  assert.ok(count(findings) < count(before), `"${fix.title}" does not end the finding of ${rule}:\n${text}`);
}

/** What a user sees of a finding, with the places as they are without carriage returns. */
function seen(result: FileResult): unknown {
  const plain = (offset: number) => offset - (result.text.slice(0, offset).match(/\r/g)?.length ?? 0);
  return result.findings.map(({ rule, severity, message, span, fixes }) => ({
    rule,
    severity,
    message,
    span: [plain(span.start), plain(span.end)],
    fixes: fixes.map(({ title, safety, edits }) => ({
      title,
      safety,
      text: applyEdits(
        result.text,
        edits.filter(({ file }) => file === undefined),
      ).replaceAll('\r', ''),
    })),
  }));
}

describe('properties', function () {
  // Some seconds, but not where everything else runs as well.
  this.timeout(120_000);

  it('any text can be read and linted, with and without a context', () => {
    const anyText = fc.oneof(scrap, fc.string({ unit: 'binary', maxLength: 200 }), arbitraryDockerfile());
    check(fc.tuple(anyText, kinds, fc.option(arbitraryContext())), 400, ([text, kind, files]) => {
      const source = sourceOf(text, files ?? undefined, kind);
      assertSound(lintSource(source, config), source);
    });
  });

  it('a Dockerfile that BuildKit accepts has no syntax error', () => {
    check(arbitraryDockerfile(), 200, (text) => {
      assert.deepEqual(parseSource('dockerfile', text).file.problems, []);
    });
  });

  it('safe fixes settle, leave none behind, and the text parses', () => {
    check(arbitraryProject(), 120, ([text, files]) => assertFixable(sourceOf(text, files), false));
  });

  it('so do all fixes', () => {
    check(arbitraryProject(), 120, ([text, files]) => assertFixable(sourceOf(text, files), true));
  });

  it('so do those of ignore files', () => {
    check(fc.tuple(arbitraryIgnoreFile(), arbitraryContext()), 200, ([text, files]) =>
      assertFixable(sourceOf(text, files, 'dockerignore'), true),
    );
  });

  it('every fix alone ends its finding', () => {
    check(arbitraryProject(), 100, ([text, files]) => {
      const source = sourceOf(text, files);
      const { findings } = lintSource(source, config);
      for (const finding of findings)
        for (const fix of finding.fixes) if (fix.safety !== 'manual') assertEnds(source, findings, finding, fix);
    });
  });

  it('line endings change nothing but offsets', () => {
    check(arbitraryProject(), 120, ([text, files]) => {
      const [lf, crlf] = [text, text.replaceAll('\n', '\r\n')].map((one) =>
        seen(lintSource(sourceOf(one, files), config)),
      );
      assert.deepEqual(crlf, lf);
    });
  });
});
