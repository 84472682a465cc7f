// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is Dockerfile text here.
import assert from 'node:assert/strict';
import { expandWord, type Lookup, unknown, variableNames } from '../../server/syntax/variables.js';

describe('expandWord', () => {
  const values: Readonly<Record<string, string | typeof unknown>> = {
    v: 'a.b.c',
    home: '/home',
    empty: '',
    secret: unknown,
    long: 'aXbXc',
    lines: 'a\nb',
    ünï: 'u',
  };
  const lookup: Lookup = (name) => values[name];
  const expand = (text: string): string | undefined => {
    const { value, error } = expandWord(text, lookup, { escape: '\\' });
    assert.equal(error, undefined, text);
    return value;
  };
  const fail = (text: string): string | undefined => expandWord(text, lookup, { escape: '\\' }).error;

  /** Each text expands to its value. */
  function expands(cases: Readonly<Record<string, string | undefined>>): void {
    for (const [text, value] of Object.entries(cases)) assert.equal(expand(text), value, text);
  }

  it('puts values in, and nothing for unset variables', () => {
    expands({ 'x$v/y': 'xa.b.c/y', '${v}x': 'a.b.cx', $unset: '', 'a${unset}b': 'ab', $ünï: 'u', $vx: '' });
  });

  it('leaves a $ alone that no name follows', () => {
    expands({ '$.': '$.', a$: 'a$', '$ x': '$ x', '$(v)': '$(v)' });
  });

  it('reads numbers and special parameters as names of their own', () => {
    expands({ a$1b: 'ab', a$12b: 'ab', 'a$?b': 'ab', 'a$@b': 'ab', $$v: 'v' });
  });

  it('takes quotes and escapes away', () => {
    expands({
      '"a b"': 'a b',
      "'$v'": '$v',
      '"$v"': 'a.b.c',
      '\\$v': '$v',
      '\\\\$v': '\\a.b.c',
      '"\\$v"': '$v',
      '"a\\tb"': 'a\\tb',
      'a\\tb': 'atb',
      "'a\\tb'": 'a\\tb',
      'end\\': 'end',
      '"\\""': '"',
    });
  });

  it('knows the backtick as escape', () => {
    const { value } = expandWord('C:\\x`$v', lookup, { escape: '`' });
    assert.equal(value, 'C:\\x$v');
  });

  it('keeps quotes in a heredoc body, and escapes with the backslash there', () => {
    const body = expandWord("\"$v\" '$v' it's \\$v `$v\n", lookup, { escape: '`', mode: 'heredoc' });
    assert.deepEqual(body, { value: "\"a.b.c\" 'a.b.c' it's $v `a.b.c\n", error: undefined });
  });

  it('takes the other value for an unset or empty variable', () => {
    expands({
      '${unset:-w}': 'w',
      '${unset-w}': 'w',
      '${empty:-w}': 'w',
      '${empty-w}': '',
      '${v:-w}': 'a.b.c',
      '${unset:+w}': '',
      '${empty+w}': 'w',
      '${empty:+w}': '',
      '${v:+w}': 'w',
    });
  });

  it('expands the other value in its turn', () => {
    expands({
      '${unset:-$v}': 'a.b.c',
      '${unset:-${unset:-${v}}}': 'a.b.c',
      '${unset:-"a }b"}': 'a }b',
      '${v:+$home}': '/home',
    });
  });

  it('fails where a variable must be set', () => {
    expands({ '${v:?m}': 'a.b.c', '${empty?m}': '' });
    assert.equal(fail('${unset?}'), 'unset: is not allowed to be unset');
    assert.equal(fail('${empty:?}'), 'empty: is not allowed to be empty');
    assert.equal(fail('${unset:?say $v}'), 'unset: say a.b.c');
  });

  it('cuts shortest and longest starts and ends', () => {
    expands({
      '${v#*.}': 'b.c',
      '${v##*.}': 'c',
      '${v%.*}': 'a.b',
      '${v%%.*}': 'a',
      '${v#a}': '.b.c',
      '${v#x}': 'a.b.c',
      '${v#?}': '.b.c',
      '${v%?}': 'a.b.',
      '${unset#x}': '',
      '${home#/}': 'home',
    });
  });

  it('replaces the first match or all, the longest at each place', () => {
    expands({
      '${v/./-}': 'a-b.c',
      '${v//./-}': 'a-b-c',
      '${v/./}': 'ab.c',
      '${long/X*/-}': 'a-',
      '${long//X/}': 'abc',
      '${v//?/x}': 'xxxxx',
      '${home/\\/h/H}': 'Home',
      '${v/x/y}': 'a.b.c',
    });
  });

  it('knows * ? and escapes in patterns, and no brackets', () => {
    expands({ '${v#[a]}': 'a.b.c', '${v#\\?}': 'a.b.c', '${lines#a?}': 'a\nb', '${lines##*}': '\nb' });
    assert.equal(fail('${v#\\x}'), 'invalid pattern (\\x) in substitution');
  });

  it('rejects wrong substitutions', () => {
    for (const [text, reason] of Object.entries({
      '${}': 'syntax error: bad substitution',
      '${:x}': 'syntax error: bad substitution',
      '${{v}': 'syntax error: bad substitution',
      '${': "syntax error: missing '}'",
      '${v:-x': "syntax error: missing '}'",
      '${v^}': 'unsupported modifier (^) in substitution',
      '${v:x}': 'unsupported modifier (:x) in substitution',
      '${v:#x}': 'unsupported modifier (:#) in substitution',
      '${v:%x}': 'unsupported modifier (:%) in substitution',
      '${v/.}': "syntax error: missing '/' in ${}",
      "it's": 'unexpected end of statement while looking for matching single-quote',
      '"x': 'unexpected end of statement while looking for matching double-quote',
    })) {
      assert.equal(fail(text), reason, text);
    }
  });

  it('has no value where an unknown variable decides', () => {
    expands({
      a$secret: undefined,
      '${secret:-w}': undefined,
      '${secret:+w}': undefined,
      '${secret#x}': undefined,
      '${secret/x/y}': undefined,
      '${secret:?must}': undefined,
      '${v:-$secret}': 'a.b.c',
      '${unset:-$secret}': undefined,
      '${unset:+$secret}': '',
      '${v#$secret}': undefined,
      "'$secret'": '$secret',
    });
    assert.equal(fail('${secret^}'), 'unsupported modifier (^) in substitution');
  });

  it('gives up on nesting without end, and on patterns without end', () => {
    const nested = '${a:-'.repeat(10_000) + '}'.repeat(10_000);
    assert.deepEqual(expandWord(nested, lookup, { escape: '\\' }), { value: undefined, error: undefined });
    const huge: Lookup = () => 'a'.repeat(100_000);
    const pattern = `\${v/${'*a'.repeat(1_000)}b/x}`;
    assert.deepEqual(expandWord(pattern, huge, { escape: '\\' }), { value: undefined, error: undefined });
  });
});

describe('variableNames', () => {
  it('lists each name once, nested ones too, and none in single quotes', () => {
    assert.deepEqual(variableNames('$b${a:-${c}}$b'), ['b', 'c', 'a']);
    assert.deepEqual(variableNames("'$a' \\$b $c"), ['c']);
    assert.deepEqual(variableNames('plain'), []);
  });

  it('takes the escape into account', () => {
    assert.deepEqual(variableNames('`$a \\$b', { escape: '`' }), ['b']);
  });
});
