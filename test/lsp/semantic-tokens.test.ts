import assert from 'node:assert/strict';
import { semanticTokens, tokensLegend } from '../../server/lsp/semantic-tokens.js';
import { openText } from './open-text.js';

/** Tokens as `type:text`. */
function tokens(text: string, within?: { start: number; end: number }, path?: string): string[] {
  const opened = openText(text, {}, path);
  const data = semanticTokens(opened, within);
  const found: string[] = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at < data.length; at += 5) {
    const [deltaLine = 0, delta = 0, length = 0, type = 0] = data.slice(at, at + 4);
    character = deltaLine === 0 ? character + delta : delta;
    line += deltaLine;
    const range = { start: { line, character }, end: { line, character: character + length } };
    found.push(`${tokensLegend.tokenTypes[type]}:${opened.document.getText(range)}`);
  }
  return found;
}

describe('semantic tokens', () => {
  it('tell keywords, images, stages and flags apart', () => {
    assert.deepEqual(tokens('FROM --platform=linux/amd64 alpine AS build\nFROM build\nCOPY --from=build /a /b\n'), [
      'keyword:FROM',
      'parameter:--platform',
      'type:alpine',
      'keyword:AS',
      'namespace:build',
      'keyword:FROM',
      'namespace:build',
      'keyword:COPY',
      'parameter:--from',
      'namespace:build',
    ]);
  });

  it('find commands, their options and variables in scripts', () => {
    assert.deepEqual(tokens('FROM alpine\nRUN apk add --no-cache "$PKG" && \\\n  # note\n  ls -l\n').slice(2), [
      'keyword:RUN',
      'function:apk',
      'parameter:--no-cache',
      'variable:$PKG',
      'comment:# note',
      'function:ls',
      'parameter:-l',
    ]);
  });

  it('mark directives, declarations and heredocs', () => {
    assert.deepEqual(tokens('# syntax=docker/dockerfile:1\nFROM alpine\nENV A=1\nCOPY <<EOF /x\nbody\nEOF\n'), [
      'macro:# syntax=docker/dockerfile:1',
      'keyword:FROM',
      'type:alpine',
      'keyword:ENV',
      'variable:A',
      'keyword:COPY',
      'macro:<<EOF',
      'macro:EOF',
    ]);
  });

  it('never reach over a line end', () => {
    assert.deepEqual(tokens('FR\\\nOM alpine\r\n# a\r\n'), [
      'keyword:FR\\',
      'keyword:OM',
      'type:alpine',
      'comment:# a',
    ]);
  });

  it('can be had for a part', () => {
    assert.deepEqual(tokens('FROM alpine\nUSER 1\n', { start: 12, end: 18 }), ['keyword:USER']);
  });

  it('are the comments of an ignore file', () => {
    assert.deepEqual(tokens('# a\nsrc\n', undefined, '.dockerignore'), ['comment:# a']);
  });
});
