import assert from 'node:assert/strict';
import { insertAfterWord, removeCommand, removeWords } from '../../server/syntax/shell-edits.js';
import { applyEdits, commandNamed, linesOf, scriptOf } from '../helpers/scripts.js';

/** The file without the first command called `x`; undefined where it cannot be taken out. */
function withoutX(text: string): string | undefined {
  const { file, script } = scriptOf(text);
  const edits = removeCommand(file, script, commandNamed(script, 'x'));
  return edits && applyEdits(text, edits);
}

describe('removeCommand', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['first', 'RUN x 1 && a && b\n', 'RUN a && b\n'],
    ['middle', 'RUN a && x 1 && b\n', 'RUN a && b\n'],
    ['last', 'RUN a && x 1\n', 'RUN a\n'],
    ['between semicolons', 'RUN a; x 1; b\n', 'RUN a; b\n'],
    ['before a final semicolon', 'RUN a; x 1;\n', 'RUN a;\n'],
    ['with its wrapper', 'RUN a && sudo x 1 && b\n', 'RUN a && b\n'],
    ['with a time keyword', 'RUN a && time x 1 && b\n', 'RUN a && b\n'],
    ['keeping a weaker operator before', 'RUN a; x 1 && b\n', 'RUN a; b\n'],
    ['keeping a stronger operator before', 'RUN a && x 1; b\n', 'RUN a; b\n'],
    ['operators leading', 'RUN a \\\n && x 1 \\\n && b\n', 'RUN a \\\n && b\n'],
    ['operators leading, last', 'RUN a \\\n && b \\\n && x 1\n', 'RUN a \\\n && b\n'],
    ['operators leading, first', 'RUN x 1 \\\n && a \\\n && b\n', 'RUN a \\\n && b\n'],
    ['operators trailing', 'RUN a && \\\n    x 1 && \\\n    b\n', 'RUN a && \\\n    b\n'],
    ['operators trailing, last', 'RUN a; \\\n    b; \\\n    x 1\n', 'RUN a; \\\n    b\n'],
    ['behind an escape without a blank', 'RUN a b\\\n    && x 1\n', 'RUN a b\n'],
    ['first line of its own', 'RUN \\\n    x 1 && \\\n    a\n', 'RUN \\\n    a\n'],
    ['over several lines', 'RUN a \\\n && x 1 \\\n    2 \\\n    3 \\\n && b\n', 'RUN a \\\n && b\n'],
    [
      'with the comment above it',
      'RUN a \\\n # about x\n && x 1 \\\n # about b\n && b\n',
      'RUN a \\\n # about b\n && b\n',
    ],
    ['first, the next one keeping its comment', 'RUN x 1 \\\n # about a\n && a\n', 'RUN \\\n # about a\n a\n'],
    ['first, operator trailing, comment kept', 'RUN x 1 && \\\n # about a\n a\n', 'RUN \\\n # about a\n a\n'],
    ['CRLF', 'RUN a \\\r\n && x 1 \\\r\n && b\r\n', 'RUN a \\\r\n && b\r\n'],
    ['in a heredoc', 'RUN <<E\na\nx 1\nb\nE\n', 'RUN <<E\na\nb\nE\n'],
    ['first in a heredoc', 'RUN <<E\n  x 1\n  b\nE\n', 'RUN <<E\n  b\nE\n'],
    ['with comments in a heredoc', 'RUN <<E\na # of a\n# about x\nx 1 # of x\nb\nE\n', 'RUN <<E\na # of a\nb\nE\n'],
    ['in a group', 'RUN { a; x 1; } && b\n', 'RUN { a; } && b\n'],
    ['in a subshell', 'RUN (a && x 1) && b\n', 'RUN (a) && b\n'],
    ['in a branch', 'RUN if c; then a; x 1; fi\n', 'RUN if c; then a; fi\n'],
    ['in a quoted script', "RUN sh -c 'a && x 1 && b'\n", "RUN sh -c 'a && b'\n"],
    ['after a pipe', 'RUN a | b && x 1\n', 'RUN a | b\n'],
    ['after a `||` statement', 'RUN a || b; x 1; c\n', 'RUN a || b; c\n'],
    ['before a test', 'RUN x 1 && [[ -f a ]]\n', 'RUN [[ -f a ]]\n'],
  ];
  for (const [name, before, after] of cases) {
    it(name, () => assert.equal(withoutX(`FROM a\n${before}`), `FROM a\n${after}`));
  }

  it('uses the escape character of the file', () => {
    const text = '# escape=`\nFROM a\nRUN a && `\n    x 1 && `\n    b\n';
    assert.equal(withoutX(text), '# escape=`\nFROM a\nRUN a && `\n    b\n');
  });

  const refused: readonly (readonly [string, string])[] = [
    ['the only command', 'x 1'],
    ['the only one of a group', 'a && { x 1; }'],
    ['in a pipe', 'a && x 1 | b'],
    ['in a condition', 'if x 1 && y; then b; fi'],
    ['in a loop condition', 'while x 1 && y; do b; done'],
    ['before ||', 'a && x 1 || b'],
    ['after ||', 'a || x 1'],
    ['negated', 'a && ! x 1'],
    ['in the background', 'a; x 1 & b'],
    ['after a background job', 'a & x 1; b'],
    ['in a substitution', 'echo $(a && x 1)'],
    ['in broken text', 'a && x 1 && b "'],
    ['before a comment that swallows the next lines', 'a && x 1 # why \\\n && b'],
  ];
  for (const [name, run] of refused) {
    it(`leaves a command: ${name}`, () => assert.equal(withoutX(`FROM a\nRUN ${run}\n`), undefined));
  }

  it('leaves a command with a heredoc, and one behind a heredoc body', () => {
    assert.equal(withoutX('FROM a\nRUN a && x <<E && b\nbody\nE\n'), undefined);
    assert.equal(withoutX('FROM a\nRUN <<E\ncat <<F\nbody\nF\nx 1\nE\n'), undefined);
  });

  it('leaves the exec form alone', () => {
    assert.equal(withoutX('FROM a\nRUN ["sh", "-c", "a && x 1"]\n'), undefined);
  });
});

/** The file without the arguments of the first command that have one of these values. */
function withoutWords(text: string, ...values: string[]): string | undefined {
  const { file, script } = scriptOf(text);
  const words = script.commands[0]?.args.filter((arg) => values.includes(arg.value ?? ''));
  assert.equal(words?.length, values.length);
  const edits = removeWords(file, script, words ?? []);
  return edits && applyEdits(text, edits);
}

describe('removeWords', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['inside a line', 'RUN c -1 -2 a\n', 'RUN c a\n'],
    ['at the end', 'RUN c a -1 -2\n', 'RUN c a\n'],
    ['apart', 'RUN c -1 a -2 && d\n', 'RUN c a && d\n'],
    ['a whole continuation line', 'RUN c \\\n    -1 -2 \\\n    a\n', 'RUN c \\\n    a\n'],
    ['two continuation lines', 'RUN c \\\n    -1 \\\n    -2 \\\n    a\n', 'RUN c \\\n    a\n'],
    ['the last continuation lines', 'RUN c \\\n    a \\\n    -1 \\\n    -2\n', 'RUN c \\\n    a\n'],
    ['the last continuation line behind a comment', 'RUN c \\\n  a \\\n  # why\n  -1 -2\n', 'RUN c \\\n  a\n'],
    ['the start of a continuation line', 'RUN c \\\n    -1 -2 a\n', 'RUN c \\\n    a\n'],
    ['the end of a line that goes on', 'RUN c a -1 -2 \\\n && d\n', 'RUN c a \\\n && d\n'],
    ['a line end and the next line', 'RUN c -1 \\\n    -2 \\\n    a\n', 'RUN c \\\n    a\n'],
    ['CRLF', 'RUN c \\\r\n    -1 -2 \\\r\n    a\r\n', 'RUN c \\\r\n    a\r\n'],
    ['exec form', 'RUN ["c", "-1", "a", "-2"]\n', 'RUN ["c", "a"]\n'],
    ['exec form over lines', 'RUN ["c", \\\n  "-1", \\\n  "-2"]\n', 'RUN ["c"]\n'],
  ];
  for (const [name, before, after] of cases) {
    it(name, () => assert.equal(withoutWords(`FROM a\n${before}`, '-1', '-2'), `FROM a\n${after}`));
  }

  it('with the escape character of the file', () => {
    const text = '# escape=`\nFROM a\nRUN c `\n  -1 `\n  a\n';
    assert.equal(withoutWords(text, '-1'), '# escape=`\nFROM a\nRUN c `\n  a\n');
  });
});

describe('insertAfterWord', () => {
  it('adds an argument in both forms', () => {
    for (const [before, after] of [
      ['RUN npm install && b\n', 'RUN npm install --no-fund && b\n'],
      ['RUN ["npm", "install", "x"]\n', 'RUN ["npm", "install", "--no-fund", "x"]\n'],
    ]) {
      const text = `FROM a\n${before}`;
      const { script } = scriptOf(text);
      const [word] = commandNamed(script, 'npm').args;
      assert.ok(word);
      assert.equal(applyEdits(text, [insertAfterWord(script, word, '--no-fund')]), `FROM a\n${after}`);
    }
  });

  it('gives a file that reads as meant', () => {
    const { script } = scriptOf('FROM a\nRUN npm install \\\n --no-fund x\n');
    assert.deepEqual(linesOf(script), ['npm install --no-fund x']);
  });
});
