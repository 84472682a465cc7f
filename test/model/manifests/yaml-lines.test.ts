import assert from 'node:assert/strict';
import { yamlKeys, yamlList } from '../../../server/model/manifests/yaml-lines.js';

describe('yamlList', () => {
  for (const text of [
    'packages:\n  - a\n  - b/*\n',
    '\uFEFFpackages: # all\r\n- "a"\r\n\r\n# more\r\n- \'b/*\' # the rest\r\nother: 1\r\n',
    '---\n"packages" :\n    - a\n    - b/*\n...\n',
    'packages: [a, "b/*"]\n',
    "x: 1\n'packages': [\n  a, # one\n  'b/*',\n]\ny: 2\n",
  ])
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(yamlList(text, 'packages'), ['a', 'b/*']);
    });

  it('has no items where there is no such key, or nothing at it', () => {
    for (const text of [
      '',
      'other:\n  - a\n',
      'packages:\nother:\n  - a\n',
      'packages: []\n',
      'x:\n  packages:\n    - a\n',
    ])
      assert.deepEqual(yamlList(text, 'packages'), [], text);
  });

  for (const text of [
    'packages: &all\n  - a\n',
    'packages: *all\n',
    'packages:\n  - &a a\n  - *a\n',
    'packages:\n  - name: a\n',
    'packages:\n  - "a\\x62"\n',
    'packages:\n  - a\n    b\n',
    'packages: [a, {b: c}]\n',
    'packages: [a\n',
    'packages: |\n  - a\n',
    '{packages: [a]}\n',
    '? packages\n: - a\n',
    'packages:\n  - "a\n  b"\n',
  ])
    it(`does not understand ${JSON.stringify(text)}`, () => {
      assert.equal(yamlList(text, 'packages'), undefined);
    });
});

describe('yamlKeys', () => {
  it('reads keys with and without quotes', () => {
    const text =
      '\uFEFF# settings\r\n---\r\n"a": 1\r\n\'b\' : x # y: z\r\nc:\r\n- d: e\r\n  f: g\r\nh: [\r\n  i\r\n]\r\n';
    assert.deepEqual(yamlKeys(text), ['a', 'b', 'c', 'h']);
  });

  it('does not understand a mapping in braces, a question mark, or what is none', () => {
    for (const text of ['{a: 1}\n', '? a\n: 1\n', 'a\n', '%YAML 1.2\n---\na: 1\n', '&x a: 1\n'])
      assert.equal(yamlKeys(text), undefined, text);
  });
});
