import assert from 'node:assert/strict';
import { DiagnosticTag } from 'vscode-languageserver';
import { type DiagnosticData, diagnosticsOf } from '../../server/lsp/diagnostics.js';
import type { MemoryFiles } from '../../server/model/memory-source.js';
import { ableClient, openText } from './open-text.js';

function diagnose(text: string, files?: MemoryFiles, path?: string, client = ableClient) {
  return diagnosticsOf(openText(text, files, path), client);
}

describe('diagnostics', () => {
  it('carry the rule, its page and a place', () => {
    const [first] = diagnose('ARG A\nFROM alpine\n');
    assert.equal(first?.code, 'unpinned-base');
    assert.equal(first.source, 'layerwise');
    assert.equal(first.severity, 2);
    assert.match(first.codeDescription?.href ?? '', /\/unpinned-base\.md$/);
    assert.deepEqual(first.range, { start: { line: 1, character: 5 }, end: { line: 1, character: 11 } });
  });

  it('count columns in UTF-16 and lines by every line ending', () => {
    const found = diagnose(
      '# 😀\r\nFROM debian:13\r\nRUN echo 😀 && apt-get update\r\nRUN apt-get install -y curl\r\n',
    );
    const split = found.find(({ code }) => code === 'split-apt-update');
    assert.deepEqual(split?.relatedInformation?.[0]?.location.range, {
      start: { line: 2, character: 15 },
      end: { line: 2, character: 29 },
    });
  });

  it('have facts as related information, with or without a place of their own', () => {
    const found = diagnose('FROM debian:13\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends curl\n');
    const split = found.find(({ code }) => code === 'split-apt-update');
    assert.deepEqual(split?.relatedInformation?.[0]?.location, {
      uri: 'file:///project/Dockerfile',
      range: { start: { line: 1, character: 4 }, end: { line: 1, character: 18 } },
    });
    const vcs = diagnose('FROM alpine:3.22\nCOPY . /app\n', { '.git/HEAD': 'x', 'a.txt': '', '.dockerignore': 'b\n' });
    const related = vcs.flatMap((one) => one.relatedInformation ?? []);
    assert.ok(related.some(({ message }) => message.startsWith('.git: ')));
  });

  it('fade what is without effect', () => {
    const [first] = diagnose('src\nsrc/a\n', { 'src/a': '' }, '.dockerignore');
    assert.deepEqual(first?.tags, [DiagnosticTag.Unnecessary]);
  });

  it('carry their fixes as edits in lines and columns', () => {
    const [first] = diagnose('src\nsrc/a\n', { 'src/a': '' }, '.dockerignore');
    const data = first?.data as DiagnosticData | undefined;
    assert.equal(data?.version, 1);
    assert.deepEqual(data?.fixes[0]?.files, [
      {
        uri: 'file:///project/.dockerignore',
        create: false,
        edits: [{ range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, newText: '' }],
      },
    ]);
  });

  it('leave out what the client does not know', () => {
    const client = {
      ...ableClient,
      relatedInformation: false,
      diagnosticData: false,
      diagnosticTags: false,
      codeDescription: false,
    };
    for (const one of diagnose('src\nsrc/a\n', { 'src/a': '' }, '.dockerignore', client)) {
      assert.deepEqual(Object.keys(one).sort(), ['code', 'message', 'range', 'severity', 'source']);
    }
  });

  it('are none for a file that the config excludes', () => {
    const opened = openText('FROM alpine\n');
    const excluded = { ...opened, surroundings: { ...opened.surroundings, excluded: true } };
    assert.deepEqual(diagnosticsOf(excluded, ableClient), []);
  });
});
