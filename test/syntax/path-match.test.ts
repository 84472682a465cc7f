import assert from 'node:assert/strict';
import { compilePathPattern, hasWildcard } from '../../server/syntax/path-match.js';

describe('compilePathPattern', () => {
  const cases: [pattern: string, path: string, matches: boolean][] = [
    ['abc', 'abc', true],
    ['*', 'abc', true],
    ['*c', 'abc', true],
    ['a*', 'ab/c', false],
    ['a*/b', 'abc/b', true],
    ['a*/b', 'a/c/b', false],
    ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
    ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false],
    ['a*b?c*x', 'abxbbxdbxebxczzx', true],
    ['a*b?c*x', 'abxbbxdbxebxczzy', false],
    ['ab[c]', 'abc', true],
    ['ab[b-d]', 'abc', true],
    ['ab[^c]', 'abc', false],
    ['a\\*b', 'a*b', true],
    ['a?b', 'a/b', false],
    ['a?b', 'a😀b', true],
    ['[\\]a]', ']', true],
    ['[\\-x]', '-', true],
    ['*x', 'xxx', true],
    ['', '', true],
    ['*', '', true],
    ['*', '.env', true],
    ['**', 'a', true],
    ['**', 'a/b', false],
  ];
  for (const [pattern, path, matches] of cases) {
    it(`${pattern} ${matches ? 'matches' : 'does not match'} ${path}`, () => {
      assert.equal(compilePathPattern(pattern)?.matches(path), matches);
    });
  }

  for (const pattern of ['[]a]', '[-]', '[x-]', '[-x]', '[a-b-c]', '[', '[^', '[^bc', 'a[', 'a\\', '[\\']) {
    it(`rejects ${pattern}`, () => assert.equal(compilePathPattern(pattern), undefined));
  }

  it('takes time linear in the path for many stars', () => {
    assert.equal(compilePathPattern(`${'*a'.repeat(100)}b`)?.matches('a'.repeat(5000)), false);
  });
});

describe('hasWildcard', () => {
  it('does not count what is escaped', () => {
    assert.deepEqual(['a*', 'a?', '[a]', 'a\\*', 'a]', 'a\\\\*'].map(hasWildcard), [
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });
});
