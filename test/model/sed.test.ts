import assert from 'node:assert/strict';
import { sedEdit } from '../../server/model/sed.js';
import type { ShellCommand } from '../../server/syntax/shell.js';

const call = (...words: string[]) => {
  const span = { start: 0, end: 0 };
  const args = words.map((text) => ({ text, value: text, span }));
  return sedEdit({ name: 'sed', args } as unknown as ShellCommand);
};

describe('sedEdit', () => {
  it('puts a text in place of a plain pattern, once in each line', () => {
    const edit = call('-i', 's/dynamic = \\["version"\\]/version = "0.0.0"/', 'pyproject.toml');
    assert.deepEqual(edit?.files, ['pyproject.toml']);
    assert.equal(edit?.apply('a\ndynamic = ["version"]\nb'), 'a\nversion = "0.0.0"\nb');
    assert.equal(call('-i', 's/a/b/', 'f')?.apply('aa\naa'), 'ba\nba');
  });

  it('knows the ends of a line, any text, other separators and `g`', () => {
    assert.equal(
      call('-i', '-e', 's|^version = .*$|version = "1/2"|', 'f')?.apply('version = 0\nx'),
      'version = "1/2"\nx',
    );
    assert.equal(call('--in-place', 's/a/$&/g'.replace('$&', '$1'), 'f')?.apply('aa'), '$1$1');
    assert.equal(call('-i', 's/a+(b)/c/', 'f')?.apply('aab a+(b)'), 'aab c');
  });

  for (const [name, ...words] of [
    ['a group', '-i', 's/\\(a\\)/\\1/', 'f'],
    ['a set', '-i', 's/[ab]/c/', 'f'],
    ['repetition', '-i', 's/a*/c/', 'f'],
    ['any text twice', '-i', 's/.*a.*/c/', 'f'],
    ['what was found', '-i', 's/a/&b/', 'f'],
    ['an address', '-i', '1d', 'f'],
    ['output', 's/a/b/', 'f'],
    ['a pattern of files', '-i', 's/a/b/', '*.toml'],
    ['no file', '-i', 's/a/b/'],
  ] as const)
    it(`knows nothing of ${name}`, () => assert.equal(call(...words), undefined));
});
