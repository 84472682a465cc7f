import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lint } from '../../server/index.js';
import { root } from '../helpers/root.js';

interface Snippet {
  readonly prefix: readonly string[];
  readonly description: string;
  readonly body: readonly string[];
}

/** The text that a snippet inserts when every default is taken; `$0`, where the cursor ends, is nothing. */
function expand({ body }: Snippet): string {
  return body
    .join('\n')
    .replace(/\$\{0:([^}]*)\}/g, '$1')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replaceAll('$0', '');
}

const read = (name: string): [string, Snippet][] =>
  Object.entries<Snippet>(JSON.parse(readFileSync(join(root, 'client/snippets', `${name}.json`), 'utf8')));

describe('snippets', () => {
  for (const [name, snippet] of read('dockerfile')) {
    if (/^Ignore/.test(name)) continue;
    it(`${name}: a Dockerfile with it is what the rules ask for`, () => {
      const text = expand(snippet);
      const base = /^Go /.test(name) ? 'golang:1.25' : 'debian:12.9';
      const start = /^FROM/.test(text) ? '' : `FROM ${base}\nWORKDIR /app\n`;
      const { findings } = lint({ path: 'Dockerfile', text: `${start}${text}\n` });
      assert.deepEqual(
        findings.map(({ rule, message }) => `${rule}: ${message}`),
        [],
      );
    });
  }

  it('Ignore a finding: a comment that the engine takes', () => {
    const [, snippet] = read('dockerfile').find(([name]) => /^Ignore/.test(name)) ?? assert.fail();
    const comment = expand(snippet).replace('=rule ', '=syntax-error ');
    const { findings, suppressed } = lint({ path: 'Dockerfile', text: `FROM debian:12.9\n${comment}\nRUNN echo\n` });
    assert.deepEqual(findings, []);
    assert.deepEqual(
      suppressed.map(({ reason }) => reason),
      ['reason'],
    );
  });

  for (const [name, snippet] of read('dockerignore')) {
    it(`${name}: patterns that each have an effect`, () => {
      const { findings } = lint({ path: '.dockerignore', text: expand(snippet), files: {} });
      assert.deepEqual(
        findings.map(({ rule }) => rule),
        [],
      );
    });
  }
});
