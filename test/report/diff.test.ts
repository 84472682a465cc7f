import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { applyEdits } from '../../server/core/fix.js';
import { unifiedDiff } from '../../server/report/diff.js';
import { diffLines } from '../../server/report/line-diff.js';

/** What `git apply` makes of the patch. */
function applied(path: string, before: string | undefined, patch: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-diff-'));
  try {
    const file = join(folder, path);
    if (before !== undefined) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, before);
    }
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: folder,
      input: patch,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir(), GIT_CONFIG_GLOBAL: '', GIT_CONFIG_NOSYSTEM: '1' },
    });
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const numbered = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join('');

describe('unified diff', () => {
  it('shows three lines around a change', () => {
    assert.equal(
      unifiedDiff('Dockerfile', numbered, numbered.replace('line 10\n', 'ten\n')),
      [
        '--- a/Dockerfile',
        '+++ b/Dockerfile',
        '@@ -7,7 +7,7 @@',
        ' line 7',
        ' line 8',
        ' line 9',
        '-line 10',
        '+ten',
        ' line 11',
        ' line 12',
        ' line 13',
        '',
      ].join('\n'),
    );
  });

  it('joins changes whose context would touch and parts others', () => {
    const hunks = (line: string) =>
      unifiedDiff('f', numbered, numbered.replace('line 10\n', 'x\n').replace(`${line}\n`, 'y\n')).match(/^@@ .*/gm);
    assert.deepEqual(hunks('line 17'), ['@@ -7,14 +7,14 @@']);
    assert.deepEqual(hunks('line 18'), ['@@ -7,7 +7,7 @@', '@@ -15,7 +15,7 @@']);
  });

  it('keeps lines that stand there several times', () => {
    const after = 'FROM a\nCOPY m .\nRUN b\nRUN b\nCOPY . .\nRUN c\n';
    const lines = unifiedDiff('f', 'FROM a\nCOPY . .\nRUN b\nRUN b\nRUN c\n', after).split('\n').slice(3, -1);
    assert.deepEqual(lines, [' FROM a', '-COPY . .', '+COPY m .', ' RUN b', ' RUN b', '+COPY . .', ' RUN c']);
  });

  it('takes thousands of other lines for one change', () => {
    const [before, after] = ['a', 'b'].map((name) => [
      'first',
      ...Array.from({ length: 5000 }, (_, n) => name + n),
      'last',
    ]);
    assert.ok(before && after);
    assert.deepEqual(diffLines(before, after), [{ before: [1, 5001], after: [1, 5001] }]);
  });

  it('is empty where nothing changes', () => {
    assert.equal(unifiedDiff('f', 'a\n', 'a\n'), '');
    assert.equal(unifiedDiff('f', 'a\n', []), '');
  });

  it('takes edits, too', () => {
    const edits = [
      { span: { start: 0, end: 0 }, text: '# first\n' },
      { span: { start: 7, end: 13 }, text: '' },
    ];
    assert.equal(unifiedDiff('f', numbered, edits), unifiedDiff('f', numbered, applyEdits(numbered, edits)));
  });

  const cases: readonly [name: string, before: string | undefined, after: string][] = [
    ['a change in the middle', numbered, numbered.replace('line 15', 'fifteen')],
    ['changes at both ends', numbered, `new first\n${numbered}new last\n`],
    ['removed lines', numbered, numbered.replace(/line 1\d\n/g, '')],
    ['moved lines', 'a\nb\nc\nd\ne\n', 'd\na\nb\nc\ne\n'],
    ['CRLF', 'FROM a\r\nCOPY . .\r\nRUN b\r\n', 'FROM a\r\nRUN b\r\nCOPY . .\r\n'],
    ['CRLF to LF', 'a\r\nb\r\n', 'a\nb\n'],
    ['a carriage return within a line', 'a\rb\nc\n', 'a\rb\nd\n'],
    ['no line ending at the end', 'FROM a\nRUN b', 'FROM a\nRUN c'],
    ['a line ending taken away', 'a\nb\n', 'a\nb'],
    ['a line ending added', 'a\nb', 'a\nb\n'],
    ['no line ending, change above', 'a\nb\nc', 'x\nb\nc'],
    ['emptied', 'a\nb\n', ''],
    ['filled', '', 'a\nb\n'],
    ['created', undefined, 'node_modules\n.git\n'],
    ['created without line ending', undefined, 'node_modules'],
    ['lines that look like a patch', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n', '--- a/x\n-\n@@ -1 +1 @@\n'],
    ['emoji and CJK', '# 🐳\n# 依存\n', '# 🐳🐳\n# 依存\n'],
  ];
  for (const [name, before, after] of cases) {
    it(`gives git the fixed text: ${name}`, () => {
      assert.equal(applied('Dockerfile', before, unifiedDiff('Dockerfile', before, after)), after);
    });
  }

  for (const path of ['with blank/My Dockerfile', 'späße/依存', 'quote"and\\slash/tab\there', "it's", 'end blank ']) {
    it(`names a file so that git finds it: ${JSON.stringify(path)}`, () => {
      assert.equal(applied(path, 'a\n', unifiedDiff(path, 'a\n', 'b\n')), 'b\n');
      assert.equal(applied(path, undefined, unifiedDiff(path, undefined, 'b\n')), 'b\n');
    });
  }

  it('finds changes that lead from one text to the other, in order and apart', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 24 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const result: string[] = [];
        let at = 0;
        for (const change of diffLines(before, after)) {
          assert.ok(change.before[0] >= at);
          result.push(...before.slice(at, change.before[0]), ...after.slice(...change.after));
          at = change.before[1];
        }
        assert.deepEqual([...result, ...before.slice(at)], after);
      }),
    );
  });
});
