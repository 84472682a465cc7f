import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { formatting } from '../../server/lsp/formatting.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { openText } from './open-text.js';

const everything = { tabSize: 2, insertSpaces: true, insertFinalNewline: true, trimFinalNewlines: true };

function format(text: string, path?: string, options = everything): string {
  const opened = openText(text.replaceAll('|', '¦'), {}, path);
  return TextDocument.applyEdits(opened.document, formatting(opened, options));
}

describe('formatting', () => {
  it('removes blanks at line ends and writes keywords in capitals', () => {
    assert.equal(
      format('from alpine as build  \n# note \t\nRUN echo a  \\  \n  b   \n\nCopy a b\n'),
      'FROM alpine AS build\n# note\nRUN echo a  \\\n  b\n\nCOPY a b\n',
    );
  });

  it('ends the file as the client asks', () => {
    assert.equal(format('FROM alpine'), 'FROM alpine\n');
    assert.equal(format('FROM alpine\r\n\r\n\r\n'), 'FROM alpine\r\n');
    assert.equal(format('FROM alpine\nCOPY <<E /x\nE\n\n'), 'FROM alpine\nCOPY <<E /x\nE\n');
    assert.equal(
      format('FROM alpine\n\n', 'Dockerfile', { tabSize: 2, insertSpaces: true } as never),
      'FROM alpine\n\n',
    );
  });

  it('leaves heredocs, triggers and directives as they are', () => {
    for (const text of [
      'FROM alpine\nCOPY <<EOF /x\na  \n\t \nEOF\nRUN true\n',
      'FROM alpine\nONBUILD run echo\n',
      '# escape= \nFROM alpine\n',
    ]) {
      assert.equal(format(text), text);
    }
  });

  it('never changes what a step runs', () => {
    const before = 'FROM alpine\nRUN echo "a   b"   \\\n   # c  \n\n   && ls\t \n';
    assert.notEqual(format(before), before);
    const texts = (text: string) => parseDockerfile(text).instructions.map((one) => one.text);
    assert.deepEqual(texts(format(before)), texts(before));
  });

  it('tidies ignore files and keeps their patterns', () => {
    assert.equal(format('src  \n# a \n!src/b\t\n\n', '.dockerignore'), 'src\n# a\n!src/b\n');
  });

  it('is done after one time and means the same, whatever the text', () => {
    const line = fc.constantFrom(
      'from alpine as a  ',
      'RUN echo  a \\  ',
      '  b\t',
      '# c  ',
      '',
      '  ',
      'env A=1  ',
      'COPY <<E /x',
      'E',
      'onbuild run x ',
      'RUN ["a", "b"] ',
      '"  ',
      '\\',
      'label a="x  \\',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (lines, ending) => {
        const text = lines.join(ending);
        const once = format(text);
        assert.equal(format(once), once.replace(/(\r?\n)[\r\n]+$/, '$1'));
        const meaning = (one: string) =>
          parseDockerfile(one).instructions.map((instruction) => [
            instruction.keyword,
            instruction.keyword === 'FROM' ? instruction.image?.text : instruction.text,
            instruction.heredocs.map(({ content }) => content),
          ]);
        assert.deepEqual(meaning(once), meaning(text));
      }),
      { numRuns: 300 },
    );
  });
});
