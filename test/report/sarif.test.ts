import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type * as sarif from 'sarif';
import type { FileResult } from '../../server/core/engine.js';
import { formatSarif } from '../../server/report/sarif.js';
import {
  fileResult,
  finding,
  input,
  linted,
  marked,
  nastyInput,
  nastyPaths,
  otherFileOf,
  sampleRule,
} from './sample.js';

/** The schema is of draft 4; apart from `id` it says nothing that draft 7 reads otherwise, and one of its patterns is sloppy. */
function sarifValidator() {
  const file = new URL('../../../test/report/sarif-schema-2.1.0.json', import.meta.url);
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

function runOf(...results: readonly FileResult[]): sarif.Run {
  const log: sarif.Log = JSON.parse(formatSarif(input(...results)));
  return log.runs[0] ?? assert.fail('no run');
}

function printsOf(source: string): (string | undefined)[] {
  return runOf(linted(source)).results?.map((result) => result.partialFingerprints?.primaryLocationLineHash) ?? [];
}

describe('SARIF report', () => {
  it('validates against the OASIS schema, whatever paths and messages hold', () => {
    const validate = sarifValidator();
    for (const given of [nastyInput(), input(), input(fileResult()), input(linted('COPY «.» .'))]) {
      validate(JSON.parse(formatSarif(given)));
      assert.deepEqual(validate.errors ?? [], []);
    }
    assert.equal(validate({ version: '2.1.0', runs: [{ tool: {} }] }), false);
  });

  it('describes the rules that fired, each with help', () => {
    const { tool, results } = runOf(linted('«a» «b»', {}, { rule: 'unknown-to-us' }));
    const [rule, unknown] = tool.driver.rules ?? [];
    assert.equal(rule?.id, sampleRule.name);
    assert.match(rule?.helpUri ?? '', /\/docs\/rules\/copy-before-install\.md$/);
    assert.match(rule?.help?.markdown ?? '', /```dockerfile\nFROM node:24\nCOPY \. \.\nRUN npm ci\n```/);
    assert.equal(rule?.defaultConfiguration?.level, 'warning');
    assert.deepEqual(rule?.properties?.tags, ['dockerfile', 'order', 'tally/prefer-copy-manifests-first']);
    assert.deepEqual(unknown, { id: 'unknown-to-us' });
    assert.deepEqual(
      results?.map(({ ruleId, ruleIndex }) => [ruleId, ruleIndex]),
      [
        ['copy-before-install', 0],
        ['unknown-to-us', 1],
      ],
    );
  });

  it('gives places with end columns in UTF-16 code units and paths as relative URIs', () => {
    const run = runOf({ ...linted('# 🐳\nRUN 🐳 «x»'), path: 'späße/my Dockerfile#1' });
    assert.equal(run.columnKind, 'utf16CodeUnits');
    assert.deepEqual(run.results?.[0]?.locations?.[0]?.physicalLocation, {
      artifactLocation: { uri: 'sp%C3%A4%C3%9Fe/my%20Dockerfile%231', uriBaseId: '%SRCROOT%' },
      region: { startLine: 2, startColumn: 8, endLine: 2, endColumn: 9 },
    });
  });

  it('writes every path as a URI that reads back as that path', () => {
    const { results = [] } = runOf(...nastyPaths.map((path) => ({ ...linted('«a»'), path })));
    const uris = results.map((result) => result.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '');
    assert.deepEqual(
      uris.map(decodeURIComponent),
      nastyPaths.map((path) => path.replace('\ud800', '\ufffd')),
    );
    for (const uri of uris) assert.match(uri, /^[\w./%!'()*~-]+$/);
  });

  it('maps info to note', () => {
    const { results } = runOf(
      linted('«a» «b» «c»', { severity: 'error' }, { severity: 'warning' }, { severity: 'info' }),
    );
    assert.deepEqual(
      results?.map((result) => result.level),
      ['error', 'warning', 'note'],
    );
  });

  it('links evidence to related locations', () => {
    const evidence = [
      { text: 'reads ["only"] this', span: { start: 2, end: 3 } },
      { text: 'a fact without a place' },
      { text: 'another file', file: 'package.json' },
    ];
    const [result] = runOf(linted('«a»\nb', { evidence })).results ?? [];
    assert.equal(
      result?.message.text,
      'every source edit re-runs npm ci\n- [reads \\["only"\\] this](1)\n- a fact without a place\n- [another file](2)',
    );
    assert.deepEqual(
      result?.relatedLocations?.map(({ id, physicalLocation }) => [id, physicalLocation?.region?.startLine]),
      [
        [1, 2],
        [2, undefined],
      ],
    );
  });

  it('gives fixes as replacements per file, without those made by hand', () => {
    const { text, spans } = marked('COPY «.» .\nRUN npm ci\n');
    const span = spans[0] ?? assert.fail();
    const about = finding({
      span,
      fixes: [
        {
          title: 'Copy less',
          safety: 'unsafe',
          caveat: 'may miss a file',
          edits: [
            { span, text: 'src' },
            { span: { start: 0, end: 0 }, text: 'dist\n', file: '.dockerignore' },
          ],
        },
        { title: 'Think', safety: 'manual', caveat: 'c', edits: [{ span, text: '' }] },
      ],
    });
    const given = { ...input(fileResult({ text, findings: [about] })), otherFile: otherFileOf({}) };
    const log: sarif.Log = JSON.parse(formatSarif(given));
    assert.deepEqual(log.runs[0]?.results?.[0]?.fixes, [
      {
        description: { text: 'Copy less (unsafe: may miss a file)' },
        artifactChanges: [
          {
            artifactLocation: { uri: 'Dockerfile', uriBaseId: '%SRCROOT%' },
            replacements: [
              {
                deletedRegion: { startLine: 1, startColumn: 6, endLine: 1, endColumn: 7 },
                insertedContent: { text: 'src' },
              },
            ],
          },
          {
            artifactLocation: { uri: 'context/.dockerignore', uriBaseId: '%SRCROOT%' },
            replacements: [
              {
                deletedRegion: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
                insertedContent: { text: 'dist\n' },
              },
            ],
          },
        ],
      },
    ]);
  });

  it('lists suppressed findings as suppressed', () => {
    const result = fileResult({
      text: 'a\n',
      suppressed: [
        { finding: finding(), by: 'comment', reason: 'tests only' },
        { finding: finding(), by: 'baseline', reason: undefined },
      ],
    });
    assert.deepEqual(
      runOf(result).results?.map(({ suppressions }) => suppressions),
      [
        [{ kind: 'inSource', status: 'accepted', justification: 'tests only' }],
        [{ kind: 'external', status: 'accepted' }],
      ],
    );
    const log: sarif.Log = JSON.parse(formatSarif({ ...input(result), omitSuppressed: true }));
    assert.deepEqual(log.runs[0]?.results, []);
  });

  it('stays below the number of results that GitHub takes, and drops the least severe', () => {
    const findings = Array.from({ length: 25_010 }, (_, index) =>
      finding({ severity: index < 25_005 ? 'info' : 'error' }),
    );
    const run = runOf(fileResult({ text: 'a', findings }));
    assert.equal(run.results?.length, 25_000);
    assert.equal(run.results?.filter(({ level }) => level === 'error').length, 5);
    assert.match(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text ?? '', /^10 less severe findings/);
  });
});

describe('fingerprints', () => {
  const before = printsOf('FROM node\nCOPY «.» .\nRUN npm ci\n');

  it('survive edits above, below, of indentation and of line endings', () => {
    assert.deepEqual(printsOf('# new\n\nFROM node:24\nENV A=1\nCOPY «.» .\nRUN npm ci\n'), before);
    assert.deepEqual(printsOf('FROM node\r\n  COPY   «.» .\r\nRUN npm install\r\n'), before);
  });

  it('change with the guilty line, the rule and the number of the occurrence', () => {
    assert.notDeepEqual(printsOf('FROM node\nCOPY «.» /app\nRUN npm ci\n'), before);
    const other = runOf(linted('FROM node\nCOPY «.» .\n', { rule: 'other' })).results?.[0];
    assert.notDeepEqual([other?.partialFingerprints?.primaryLocationLineHash], before);
    const twice = printsOf('COPY «.» .\nRUN npm ci\nFROM b\nCOPY «.» .\n');
    assert.equal(twice[0], before[0]);
    assert.equal(twice[1], before[0]?.replace(/:1$/, ':2'));
  });

  it('look at no more than the first 4,000 characters of what is covered', () => {
    const long = `RUN ${'x'.repeat(4_000)}`;
    assert.deepEqual(printsOf(`«${long} a»`), printsOf(`«${long} b»`));
    assert.notDeepEqual(printsOf(`«${long}»`), printsOf(`«y${long}»`));
  });

  it('do not change for one finding when another one like it is suppressed', () => {
    const both = linted('COPY «.» .\nCOPY «.» .\n');
    const [first, second] = both.findings;
    if (!first || !second) assert.fail();
    const suppressed = [{ finding: first, by: 'comment' as const, reason: undefined }];
    const prints = (result: FileResult) =>
      runOf(result).results?.map((one) => [
        one.locations?.[0]?.physicalLocation?.region?.startLine,
        one.partialFingerprints,
      ]);
    assert.deepEqual(prints({ ...both, findings: [second], suppressed }), prints(both));
  });
});
