import assert from 'node:assert/strict';
import { keepChanged } from '../../server/cli/lint/keep-changed.js';
import type { FileResult } from '../../server/core/engine.js';
import type { Evidence } from '../../server/core/finding.js';
import type { ChangedLines } from '../../server/project/git-diff.js';

const text = 'FROM alpine\nCOPY . .\nRUN a \\\n  b\n';
const files: Readonly<Record<string, string>> = { 'package.json': '{\n  "name": "x"\n}\n' };

/** A finding on the word COPY, with this evidence. */
function result(...evidence: Evidence[]): FileResult {
  const finding = { rule: 'r', severity: 'warning', message: 'm', span: place('COPY'), evidence, fixes: [] } as const;
  return { path: 'Dockerfile', text, kind: 'dockerfile', findings: [finding], suppressed: [], skipped: [] };
}

function place(word: string, of = text) {
  const start = of.indexOf(word);
  return { start, end: start + word.length };
}

/** Whether the finding is kept when this has changed: path in the repository → lines. */
function isKept(given: FileResult, changed: Readonly<Record<string, ChangedLines>>): boolean {
  const changes = new Map(Object.entries(changed).map(([file, lines]) => [`/repo/${file}`, lines]));
  const [kept] = keepChanged(
    [given],
    changes,
    (_, file) => `/repo/${file ?? 'Dockerfile'}`,
    (_, file) => files[file],
  );
  return kept?.findings.length === 1;
}

const lines = (...numbers: number[]) => numbers.map((start) => ({ start, end: start + 1 }));

describe('keepChanged', () => {
  it('keeps a finding on a changed line, and all of a new file', () => {
    assert.equal(isKept(result(), { Dockerfile: lines(1) }), true);
    assert.equal(isKept(result(), { Dockerfile: 'all' }), true);
    assert.equal(isKept(result(), { Dockerfile: lines(0, 2) }), false);
    assert.equal(isKept(result(), {}), false);
  });

  it('keeps a finding when the instruction of its evidence has changed', () => {
    const evidence = { text: 'the install', span: place('a \\') };
    assert.equal(isKept(result(evidence), { Dockerfile: lines(3) }), true);
    assert.equal(isKept(result(evidence), { Dockerfile: lines(0) }), false);
  });

  it('keeps a finding when a file that its evidence names is new', () => {
    const evidence = { text: 'the lockfile', file: 'package.json' };
    assert.equal(isKept(result(evidence), { 'package.json': 'all' }), true);
    assert.equal(isKept(result(evidence), { 'package.json': lines(1) }), false);
    assert.equal(isKept(result(evidence), { other: 'all' }), false);
  });

  it('keeps a finding when the place in another file that its evidence names has changed', () => {
    const evidence = { text: 'the name', file: 'package.json', span: place('"name"', files['package.json']) };
    assert.equal(isKept(result(evidence), { 'package.json': lines(1) }), true);
    assert.equal(isKept(result(evidence), { 'package.json': lines(0, 2) }), false);
  });
});
