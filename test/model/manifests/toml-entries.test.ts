import assert from 'node:assert/strict';
import { tomlEntries, tomlStrings } from '../../../server/model/manifests/toml-entries.js';

describe('tomlEntries', () => {
  it('tells tables, keys and values over several lines', () => {
    const text = `a = 1\n[project] # the project\nname = "x # y"\nlist = [\n  "one", # ]\n  'two]',\n]\n[[tool."hatch".x]]\n"key" . b = { c = "=" }\n`;
    assert.deepEqual(tomlEntries(text), [
      { table: '', key: 'a', value: '1' },
      { table: 'project', key: '', value: '' },
      { table: 'project', key: 'name', value: '"x # y"' },
      { table: 'project', key: 'list', value: `[\n  "one", \n  'two]',\n]` },
      { table: 'tool.hatch.x', key: '', value: '' },
      { table: 'tool.hatch.x', key: 'key.b', value: '{ c = "=" }' },
    ]);
  });

  it('skips what looks like a table in a long string', () => {
    const found = tomlEntries('a = """\n[x]\nb = "c"\n"""\nd = 1\n');
    assert.deepEqual(
      found?.map(({ key }) => key),
      ['a', 'd'],
    );
  });

  it('gives up where a list, a string or a line has no end or no sense', () => {
    for (const text of ['a = [1', 'a = "b', 'a', 'a = """b']) assert.equal(tomlEntries(text), undefined, text);
  });
});

describe('tomlStrings', () => {
  it('reads a string or a list of strings', () => {
    assert.deepEqual(tomlStrings('"a\\"b"'), ['a"b']);
    assert.deepEqual(tomlStrings(`[ "a",\n 'b' , ]`), ['a', 'b']);
    assert.deepEqual(tomlStrings('[]'), []);
  });

  it('reads nothing else', () => {
    for (const value of ['1', '{ file = "a" }', '["a", 1]']) assert.equal(tomlStrings(value), undefined);
  });
});
