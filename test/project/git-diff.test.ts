import assert from 'node:assert/strict';
import { parseDiff } from '../../server/project/git-diff.js';

const header = (path: string, extra = '') => `diff --git a/${path} b/${path}\n${extra}--- a/${path}\n+++ b/${path}\n`;

function changes(diff: string): object {
  return Object.fromEntries(parseDiff(diff));
}

describe('parseDiff', () => {
  it('gives the changed lines of the new text, from 0', () => {
    const diff = `${header('Dockerfile')}@@ -2 +2 @@ FROM alpine\n-RUN a\n+RUN b\n@@ -7,0 +8,3 @@\n+RUN c\n+RUN d\n+RUN e\n`;
    assert.deepEqual(changes(diff), {
      Dockerfile: [
        { start: 1, end: 2 },
        { start: 7, end: 10 },
      ],
    });
  });

  it('counts the lines on both sides of a removal', () => {
    assert.deepEqual(changes(`${header('Dockerfile')}@@ -3,2 +2,0 @@\n-RUN a\n-RUN b\n`), {
      Dockerfile: [{ start: 1, end: 3 }],
    });
    assert.deepEqual(changes(`${header('Dockerfile')}@@ -1 +0,0 @@\n-# a\n`), { Dockerfile: [{ start: 0, end: 1 }] });
  });

  it('takes a new file as a whole and leaves a deleted one out', () => {
    const added = `diff --git a/new b/new\nnew file mode 100644\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+FROM a\n`;
    const deleted = `diff --git a/old b/old\ndeleted file mode 100644\n--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-FROM a\n`;
    assert.deepEqual(changes(added + deleted), { new: 'all' });
  });

  it('is not misled by lines of a file that look like a diff', () => {
    const diff = `${header('Dockerfile')}@@ -1,0 +2,2 @@\n+++ b/other\n+@@ -1 +9,9 @@\n${header('next')}@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n`;
    assert.deepEqual(changes(diff), { Dockerfile: [{ start: 1, end: 3 }], next: [{ start: 0, end: 1 }] });
  });

  it('unquotes paths: octal escapes are bytes of UTF-8', () => {
    const diff = `diff --git "a/\\303\\274 \\"x\\"" "b/\\303\\274 \\"x\\""\n--- "a/\\303\\274 \\"x\\""\n+++ "b/\\303\\274 \\"x\\""\n@@ -1 +1 @@\n-a\n+b\n`;
    assert.deepEqual(changes(diff), { 'ü "x"': [{ start: 0, end: 1 }] });
  });

  it('keeps a path with blanks, which Git ends with a tab', () => {
    assert.deepEqual(changes('+++ b/my file\t\n@@ -1 +1 @@\n-a\n+b\n'), { 'my file': [{ start: 0, end: 1 }] });
  });
});
