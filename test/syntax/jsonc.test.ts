import assert from 'node:assert/strict';
import { parseJsonc } from '../../server/syntax/jsonc.js';

describe('parseJsonc', () => {
  it('takes comments and commas behind the last items', () => {
    const text = '\uFEFF{\r\n\t// one\r\n\t"a": ["x // y", /* two */ "z",],\r\n}\r\n';
    assert.deepEqual(parseJsonc(text), { a: ['x // y', 'z'] });
  });

  it('refuses what is not well formed', () => {
    for (const text of ['', '{', '{"a": }', "{'a': 1}", '{} {}', '['.repeat(100_000)])
      assert.equal(parseJsonc(text), undefined, text.slice(0, 20));
  });
});
