import assert from 'node:assert/strict';
import { flagValue, hasFlag, positionals } from '../../server/syntax/command-line.js';
import type { ShellCommand } from '../../server/syntax/shell.js';
import { scriptOf } from '../helpers/scripts.js';

function command(run: string): ShellCommand {
  const [first] = scriptOf(`FROM a\nRUN ${run}\n`).script.commands;
  assert.ok(first);
  return first;
}

describe('hasFlag', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['apt-get install -y curl', true],
    ['apt-get -qqy install curl', true],
    ['apt-get install --yes curl', true],
    ['apt-get install --yes=true curl', true],
    ['apt-get install "-y" curl', true],
    ['apt-get install curl', false],
    ['apt-get install --yesterday curl', false],
    ['apt-get install -- -y', false],
    ['apt-get install y', false],
    ['apt-get --yes="$X" install', true],
  ];
  for (const [run, expected] of cases) {
    it(`${run}: ${expected}`, () => assert.equal(hasFlag(command(run), '-y', '--yes'), expected));
  }
});

describe('flagValue', () => {
  it('reads all forms, and says where the value stands', () => {
    const text = 'pip install -r a.txt --requirement=b.txt -rc.txt "--requirement=d e.txt" --requirement="f.txt" x';
    const file = `FROM a\nRUN ${text}\n`;
    const values = flagValue(command(text), ['-r', '--requirement']);
    assert.deepEqual(
      values.map((word) => word.value),
      ['a.txt', 'b.txt', 'c.txt', 'd e.txt', 'f.txt'],
    );
    assert.deepEqual(
      values.map((word) => file.slice(word.span.start, word.span.end)),
      ['a.txt', 'b.txt', 'c.txt', 'd e.txt', '"f.txt"'],
    );
  });

  it('leaves open what an expansion decides', () => {
    const [value] = flagValue(command('pip install --target="$X/y"'), ['--target']);
    assert.deepEqual([value?.value, value?.text], [undefined, '"$X/y"']);
  });

  it('has none for a flag at the end, a bundle, or behind --', () => {
    assert.deepEqual(flagValue(command('a -xr -- -r b'), ['-r']), []);
    assert.deepEqual(flagValue(command('a -r'), ['-r']), []);
  });
});

describe('positionals', () => {
  const values = new Set(['-o', '--prefix']);

  it('passes flags and their values over', () => {
    const words = positionals(command('npm --prefix app -q install -o x a --b=c - -- -d'), values);
    assert.deepEqual(
      words.map((word) => word.value),
      ['install', 'a', '-', '-d'],
    );
  });
});
