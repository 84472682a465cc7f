import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createMemo } from '../../server/syntax/memo.js';

describe('createMemo', () => {
  it('remembers one value for each object', () => {
    const memo = createMemo<object, string>();
    const [a, b] = [{}, {}];
    memo.set(a, 'first');
    memo.set(a, 'second');
    assert.equal(memo.get(a), 'second');
    assert.equal(memo.get(b), undefined);
  });

  it('keeps what two memos know of one object apart', () => {
    const [numbers, texts] = [createMemo<object, number>(), createMemo<object, string>()];
    const key = {};
    numbers.set(key, 1);
    texts.set(key, 'one');
    assert.deepEqual([numbers.get(key), texts.get(key)], [1, 'one']);
  });

  it('is seen neither by copies nor by comparisons', () => {
    const memo = createMemo<object, string>();
    const key = { name: 'install' };
    memo.set(key, 'value');
    assert.equal(memo.get({ ...key }), undefined);
    assert.deepEqual(key, { name: 'install' });
    assert.deepEqual(Reflect.ownKeys(key), ['name']);
  });
});
