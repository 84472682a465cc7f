import assert from 'node:assert/strict';
import { parseIgnoreFile } from '../../server/syntax/dockerignore.js';

describe('parseIgnoreFile', () => {
  it('keeps places of patterns and comments', () => {
    const text = '# top\r\n  node_modules/ \r\n\r\n! ./src/**\n';
    const file = parseIgnoreFile(text);
    assert.deepEqual(
      file.patterns.map(({ source, pattern, exception, line }) => ({ source, pattern, exception, line })),
      [
        { source: 'node_modules/', pattern: 'node_modules', exception: false, line: 1 },
        { source: '! ./src/**', pattern: 'src/**', exception: true, line: 3 },
      ],
    );
    for (const { source, span } of file.patterns) assert.equal(text.slice(span.start, span.end), source);
    assert.deepEqual(
      file.comments.map(({ text, line }) => [text, line]),
      [['top', 0]],
    );
    assert.deepEqual(file.problems, []);
  });

  it('takes # for a comment only in the first column', () => {
    const file = parseIgnoreFile('\ufeff#a\n #b\nc # d');
    assert.deepEqual(
      file.comments.map(({ text }) => text),
      ['a'],
    );
    assert.deepEqual(
      file.patterns.map(({ pattern }) => pattern),
      ['#b', 'c # d'],
    );
  });

  it('cleans a pattern before it looks for the exclamation mark', () => {
    const file = parseIgnoreFile('./!a\n/!b');
    assert.deepEqual(
      file.patterns.map(({ pattern, exception }) => [pattern, exception]),
      [
        ['a', true],
        ['b', true],
      ],
    );
  });

  it('trims the white space that Go trims', () => {
    assert.deepEqual(
      parseIgnoreFile('\u00a0a\u0085\n\ufeffb').patterns.map(({ pattern }) => pattern),
      ['a', '\ufeffb'],
    );
  });

  for (const pattern of [
    '!',
    '!/',
    'a[',
    '[]',
    '[-x]',
    '[x-]',
    '[a-b-c]',
    'foo\\',
    'foo\\ ',
    '[c-a]',
    '\\y',
    '[[:nope:]]',
    '\\1',
    '\\x4',
    '\\pQ',
  ]) {
    it(`reports ${pattern}, which fails the build`, () => {
      const text = `ok\n${pattern}\n`;
      const [problem, ...others] = parseIgnoreFile(text).problems;
      assert.equal(text.slice(problem?.span.start, problem?.span.end), pattern.trim());
      assert.deepEqual(others, []);
    });
  }

  for (const pattern of ['\\d', '\\pL', '\\x41', '\\Qa', '[[:alpha:]]', '[*]', 'a]', '[\\]]', '*\\**', '{a,b}']) {
    it(`accepts ${pattern}`, () => assert.deepEqual(parseIgnoreFile(pattern).problems, []));
  }

  it('reports a line that Go does not read', () => {
    assert.equal(parseIgnoreFile(`${'a'.repeat(65535)}\nb`).problems.length, 0);
    assert.equal(parseIgnoreFile(`${'a'.repeat(65536)}\nb`).problems.length, 1);
    assert.equal(parseIgnoreFile(`${'é'.repeat(32768)}\nb`).problems.length, 1);
  });

  it('reads long lines of brackets at once', () => {
    assert.deepEqual(parseIgnoreFile(`[${'[:'.repeat(30_000)}a]`).problems, []);
    assert.equal(parseIgnoreFile(`[${'[:'.repeat(30_000)}:]]`).problems.length, 1);
    assert.equal(parseIgnoreFile(`${'['.repeat(60_000)}\n${'\\Q'.repeat(20_000)}`).problems.length, 1);
  });
});
