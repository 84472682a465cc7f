import assert from 'node:assert/strict';
import { parseToml, stringsOf, tableAt, tablesIn, valueAt } from '../../server/syntax/toml.js';

const read = (text: string): unknown => {
  const found = parseToml(text);
  return found && JSON.parse(JSON.stringify(found));
};

describe('parseToml', () => {
  it('reads tables, lists of tables and dotted keys', () => {
    const text =
      'top = 1\n[package]\nname = "app" # own\nedition.workspace = true\n\n[[bin]]\nname = "a"\n[[bin]]\nname = "b"\n[bin.more]\nx = false\n';
    assert.deepEqual(read(text), {
      top: '1',
      package: { name: 'app', edition: { workspace: true } },
      bin: [{ name: 'a' }, { name: 'b', more: { x: false } }],
    });
  });

  it('reads inline tables and lists of several lines', () => {
    const text = 'members = [\n  "a", # first\n  "b/*",\n]\none = { path = "../one", features = ["x", "y"] }\n';
    assert.deepEqual(read(text), { members: ['a', 'b/*'], one: { path: '../one', features: ['x', 'y'] } });
  });

  it('reads strings of every kind', () => {
    const text =
      'a = "x\\"\\u00e9\\n"\nb = \'c:\\d\'\nc = """\none \\\n  two"""\nd = \'\'\'\n[x]\n\'\'\'\n"e.f" = 1979-05-27 07:32:00Z\n';
    assert.deepEqual(read(text), {
      a: 'x"é\n',
      b: 'c:\\d',
      c: 'one two',
      d: '[x]\n',
      'e.f': '1979-05-27T07:32:00.000Z',
    });
  });

  it('reads tables of targets, whose names are quoted', () => {
    assert.deepEqual(read('[target.\'cfg(unix)\'.dependencies]\nlibc = "1"\n'), {
      target: { 'cfg(unix)': { dependencies: { libc: '1' } } },
    });
  });

  it('takes any name for a key', () => {
    assert.deepEqual(Object.keys(parseToml('__proto__ = 1\nconstructor = 2\n') ?? {}), ['__proto__', 'constructor']);
  });

  for (const text of [
    'a',
    'a =',
    'a = 1 b = 2',
    'a = 1\na = 2',
    '[a',
    '[[a]',
    'a = [1',
    'a = "x',
    'a = { b = 1',
    'a = """x',
    'a = 1\n[a]\nb = 1\n[a.b.c]',
    `a = ${'['.repeat(1000)}`,
  ])
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.equal(parseToml(text), undefined);
    });
});

describe('What stands in a TOML table', () => {
  const table = parseToml('a.b.list = ["x", "y"]\n[a.c]\n"d.e" = { f = [{ g = true }] }\n') ?? {};

  it('is found by a dotted name', () => {
    assert.deepEqual(valueAt(table, 'a.b.list'), ['x', 'y']);
    assert.deepEqual(Object.keys(tableAt(table, 'a.c')), ['d.e']);
  });

  it('is nothing where a part of the name is no table', () => {
    assert.equal(valueAt(table, 'a.b.list.0'), undefined);
    assert.deepEqual(Object.keys(tableAt(table, 'a.b.list')), []);
  });

  it('is taken as strings where it is one or a list of them', () => {
    const texts = parseToml('one = "x"\nnone = []\nmixed = ["x", true]\ntable = {}\n') ?? {};
    assert.deepEqual(Object.values(texts).map(stringsOf), [['x'], [], undefined, undefined]);
    assert.equal(stringsOf(texts.other), undefined);
  });

  it('is looked through for tables', () => {
    assert.deepEqual(tablesIn(table.a).flatMap(Object.keys), ['b', 'c', 'list', 'd.e', 'f', 'g']);
  });
});
