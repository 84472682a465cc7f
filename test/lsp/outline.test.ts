import assert from 'node:assert/strict';
import type { DocumentSymbol } from 'vscode-languageserver';
import { documentLinks } from '../../server/lsp/document-links.js';
import { documentSymbols, flatSymbols } from '../../server/lsp/document-symbols.js';
import { foldingRanges } from '../../server/lsp/folding-ranges.js';
import { imagePage } from '../../server/lsp/image-page.js';
import { parseImageReference } from '../../server/syntax/image-ref.js';
import { openText } from './open-text.js';

function outline(symbols: readonly DocumentSymbol[], indent = ''): string[] {
  return symbols.flatMap(({ name, detail, children = [] }) => [
    `${indent}${name}: ${detail}`,
    ...outline(children, `${indent}  `),
  ]);
}

describe('document symbols', () => {
  const text = 'ARG A=1\nFROM alpine AS build\nRUN echo \\\n  hello\nFROM scratch\nCOPY --from=build /a /b\n';

  it('are the stages with their instructions', () => {
    assert.deepEqual(outline(documentSymbols(openText(text))), [
      'ARG: A=1',
      'build: alpine',
      '  RUN: echo hello',
      'scratch: ',
      '  COPY: /a /b',
    ]);
  });

  it('reach as far as what they name, with the selection inside', () => {
    const [, stage] = documentSymbols(openText(text));
    assert.deepEqual(stage?.range, { start: { line: 1, character: 0 }, end: { line: 3, character: 7 } });
    assert.deepEqual(stage?.selectionRange.start, { line: 1, character: 15 });
  });

  it('are a list for clients that know no tree', () => {
    const names = flatSymbols(openText(text)).map(({ name, containerName }) => [name, containerName]);
    assert.deepEqual(names[2], ['RUN echo hello', 'build']);
  });

  it('are none in an ignore file, and never without a name', () => {
    assert.deepEqual(documentSymbols(openText('src\n', {}, '.dockerignore')), []);
    assert.ok(documentSymbols(openText('FROM\n"\n@\n')).every(({ name }) => name !== ''));
  });
});

describe('folding ranges', () => {
  const lines = (text: string, path?: string) =>
    foldingRanges(openText(text, {}, path)).map(({ startLine, endLine, kind }) => [startLine, endLine, kind]);

  it('are stages, instructions of several lines and blocks of comments', () => {
    assert.deepEqual(lines('# a\n# b\nFROM alpine\nRUN a \\\n  b\nRUN c\n\nFROM alpine\n'), [
      [0, 1, 'comment'],
      [2, 5, 'region'],
      [3, 4, undefined],
    ]);
  });

  it('fold a heredoc with its instruction, several each by itself', () => {
    assert.deepEqual(lines('FROM alpine\nRUN <<A cat <<B\nx\ny\nA\nz\nw\nB\n'), [
      [0, 7, 'region'],
      [1, 7, undefined],
      [2, 3, undefined],
      [5, 6, undefined],
    ]);
  });

  it('fold comments of ignore files', () => {
    assert.deepEqual(lines('# a\n# b\nsrc\n# c\n', '.dockerignore'), [[0, 1, 'comment']]);
  });
});

describe('document links', () => {
  it('lead from images to their pages and from sources to files', () => {
    const opened = openText(
      '# syntax=docker/dockerfile:1\nFROM node:24 AS a\nFROM a\nCOPY a.txt src missing /x/\nCOPY --from=ghcr.io/acme/tool:1 /a /b\n',
      { 'a.txt': '', 'src/b': '' },
    );
    const found = documentLinks(opened).map(({ range, target }) => [opened.document.getText(range), target]);
    assert.deepEqual(found, [
      ['docker/dockerfile:1', 'https://hub.docker.com/r/docker/dockerfile'],
      ['node:24', 'https://hub.docker.com/_/node'],
      ['a.txt', 'file:///project/a.txt'],
      ['ghcr.io/acme/tool:1', 'https://ghcr.io/acme/tool'],
    ]);
  });

  it('know the pages of the big registries and none of others', () => {
    const pageOf = (text: string) => {
      const reference = parseImageReference(text);
      return reference && imagePage(reference);
    };
    assert.equal(pageOf('quay.io/a/b:1'), 'https://quay.io/repository/a/b');
    assert.equal(pageOf('mcr.microsoft.com/dotnet/sdk:9.0'), 'https://mcr.microsoft.com/artifact/mar/dotnet/sdk');
    assert.equal(pageOf('public.ecr.aws/docker/library/node'), 'https://gallery.ecr.aws/docker/library/node');
    assert.equal(pageOf('localhost:5000/a'), undefined);
  });
});
