import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { formatJson } from '../../server/report/json.js';
import { fileResult, finding, input, linted, nastyInput, nastyMessages, nastyPaths, otherFileOf } from './sample.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const schema: Json = JSON.parse(
  readFileSync(new URL('../../../docs/schema/lint-result.schema.json', import.meta.url), 'utf8'),
);

/** The schema with every property that it does not name forbidden, so that nothing is printed that is not documented. */
function closed(node: Json): Json {
  if (Array.isArray(node)) return node.map(closed);
  if (node === null || typeof node !== 'object') return node;
  const copy = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, closed(value)]));
  return 'properties' in copy && copy.type === 'object' ? { ...copy, additionalProperties: false } : copy;
}

describe('JSON report', () => {
  it('is what its published schema says, no more and no less', () => {
    const validate = new Ajv2020({ allErrors: true }).compile(closed(schema) as object);
    for (const given of [nastyInput(), input(), input(fileResult())]) {
      validate(JSON.parse(formatJson(given)));
      assert.deepEqual(validate.errors ?? [], []);
    }
    assert.equal(validate({ ...JSON.parse(formatJson(input())), version: 2 }), false);
  });

  it('counts lines and columns from 1, columns in UTF-16 code units', () => {
    const report = JSON.parse(formatJson(input(linted('FROM a\r\n# 🐳\r\nRUN 🐳 «x\r\n y»'))));
    assert.deepEqual(report.files[0].findings[0].range, { start: { line: 3, column: 8 }, end: { line: 4, column: 3 } });
  });

  it('gives places in other files in their own coordinates, and 1:1 for a file to be created', () => {
    const about = finding({
      evidence: [
        { text: 'here', file: 'package.json', span: { start: 4, end: 7 } },
        { text: 'unreadable', file: 'gone', span: { start: 4, end: 7 } },
      ],
      fixes: [
        {
          title: 'Write both',
          safety: 'unsafe',
          caveat: 'c',
          edits: [
            { span: { start: 2, end: 3 }, text: 'x', file: 'package.json' },
            { span: { start: 0, end: 0 }, text: '.git\n', file: '.dockerignore' },
          ],
        },
        {
          title: 'Edit a file nobody has',
          safety: 'safe',
          edits: [{ span: { start: 5, end: 6 }, text: '', file: 'gone' }],
        },
      ],
    });
    const given = {
      ...input(fileResult({ findings: [about] })),
      otherFile: otherFileOf({ 'package.json': '{\n  "a": 1\n}' }),
    };
    const [{ evidence, fixes }] = JSON.parse(formatJson(given)).files[0].findings;
    const at = (line: number, column: number) => ({ line, column });
    assert.deepEqual(evidence, [
      { text: 'here', range: { start: at(2, 3), end: at(2, 6) }, file: 'context/package.json' },
      { text: 'unreadable', file: 'context/gone' },
    ]);
    assert.deepEqual(
      fixes.map((fix: { edits: object }) => fix.edits),
      [
        [
          { range: { start: at(2, 1), end: at(2, 2) }, text: 'x', file: 'context/package.json' },
          { range: { start: at(1, 1), end: at(1, 1) }, text: '.git\n', file: 'context/.dockerignore' },
        ],
      ],
    );
  });

  it('keeps every path and message as it is', () => {
    const { files } = JSON.parse(formatJson(nastyInput()));
    assert.deepEqual(
      files.map((file: { path: string }) => file.path),
      [...nastyPaths, 'clean'],
    );
    const messages = new Set(files[0].findings.map((about: { message: string }) => about.message));
    assert.deepEqual(messages, new Set(nastyMessages));
  });

  it('sums up what is listed', () => {
    const fixes = [{ title: 'x', safety: 'safe' as const, edits: [{ span: { start: 0, end: 1 }, text: '' }] }];
    const result = linted('«a»\n«b»', { severity: 'error', fixes }, { severity: 'info' });
    const { summary } = JSON.parse(formatJson(input(result, fileResult())));
    assert.deepEqual(summary, {
      files: 2,
      filesWithFindings: 1,
      findings: 2,
      errors: 1,
      warnings: 0,
      infos: 1,
      fixable: 1,
      unsafeFixable: 0,
      suppressed: 0,
      rules: [
        { rule: 'copy-before-install', severity: 'error', count: 1, fixable: 1 },
        { rule: 'copy-before-install', severity: 'info', count: 1, fixable: 0 },
      ],
      skipped: [],
    });
  });

  it('gives savings with lines from 1', () => {
    const savings = { trigger: 'an edit', rebuilds: [0, 4], seconds: 2, basis: 'table' as const };
    const report = JSON.parse(formatJson(input(linted('«a»', { savings }))));
    assert.deepEqual(report.files[0].findings[0].savings, { ...savings, rebuilds: [1, 5] });
  });
});
