import assert from 'node:assert/strict';
import { cpanCall } from '../../../server/model/cpan-call.js';
import { readCpanfile } from '../../../server/model/manifests/cpanfile.js';
import { isPlainMakefile } from '../../../server/model/manifests/makefile-pl.js';

const modulesOf = (text: string) => {
  const found = readCpanfile(text);
  return typeof found === 'string' ? found : found.modules.join(' ');
};

describe('readCpanfile', () => {
  it('lists modules of all phases and features, however they are quoted', () => {
    const text = [
      'use strict; use 5.010;',
      `requires 'A'; requires "B::C", '>= 1.0'; requires q{D} => v1.2.3;`,
      `recommends('E' => 1,);`,
      `requires 'F', git => 'https://example.com/F.git', ref => 'main';`,
      `test_requires 'G'`,
      '; on develop => sub { feature x => sub { requires H => 0 } };',
      'mirror "https://cpan.example/";',
      '__END__',
      'system "make";',
    ].join('\n');
    assert.equal(modulesOf(text), 'A B::C D E F G H');
  });

  for (const [text, why] of [
    ["requires 'A' if $] < 5.010;", '`requires`'],
    ['for my $name (qw(A B)) { requires $name }', '`for`'],
    ["requires 'A';\nrequire './more.pl';", '`require`'],
    ['requires A::B;', '`requires`'],
    ["requires 'A', <VERSION>;", '`requires`'],
    ['on test => \\&more;', '`sub`'],
    ["on test => sub { requires 'A';", 'in the middle of a block'],
    ["requires 'A' . more();", '`requires`'],
    ["BEGIN { unlink 'a' }", '`BEGIN`'],
  ] as const)
    it(`does not take ${text.split('\n').at(-1)} for a list`, () =>
      assert.ok(modulesOf(text).includes(why), modulesOf(text)));

  it('reads text without end once', () => {
    for (const text of ["requires 'a', ", 'q(', 'on test => sub { ', 'q{q[q(', '#\n '])
      assert.equal(typeof readCpanfile(text.repeat(20_000)), /^#/.test(text) ? 'object' : 'string');
  });
});

describe('isPlainMakefile', () => {
  const call = (rest: string) =>
    `use strict;\nuse ExtUtils::MakeMaker 6.48;\nWriteMakefile(NAME => 'A', ${rest});\n1;\n`;

  for (const rest of [
    "VERSION => '1.0', PREREQ_PM => { 'DBI' => 0, Moo => 1.5 }",
    "($] >= 5.005 ? (ABSTRACT => 'x', AUTHOR => 'y <y@example.com>') : ())",
    '(eval { ExtUtils::MakeMaker->VERSION(6.46) } ? (META_MERGE => { resources => {} }) : ())',
    "($ExtUtils::MakeMaker::VERSION >= 6.3002 ? ('LICENSE' => 'perl') : ())",
  ])
    it(`is so with ${rest}`, () => assert.ok(isPlainMakefile(call(rest))));

  for (const rest of [
    "VERSION_FROM => 'lib/A.pm'",
    "'ABSTRACT_FROM' => 'lib/A.pm'",
    "VERSION => do { require './lib/A.pm'; $A::VERSION }",
    'VERSION => `git describe`',
    'EXE_FILES => [glob "bin/*"]',
    'CONFIGURE => sub { unlink "a" }',
    '%more',
    "NAME => 'A'); unlink('x'",
  ])
    it(`is not with ${rest}`, () => assert.ok(!isPlainMakefile(call(rest))));

  it('is not with a second call, or with none', () => {
    assert.ok(!isPlainMakefile(`${call('')}WriteMakefile();`));
    assert.ok(!isPlainMakefile('use ExtUtils::MakeMaker;'));
  });
});

describe('cpanCall', () => {
  const call = (text: string) => {
    const [program = '', ...words] = text.split(' ');
    assert.ok(program === 'cpanm' || program === 'cpm' || program === 'carton');
    const found = cpanCall(program, words, '/app');
    return found && { project: found.project, names: found.names.join(' '), into: found.into };
  };

  for (const [text, expected] of [
    ['cpanm --installdeps .', { project: '/app', names: '', into: undefined }],
    ['cpanm -nqL vendor ./sub --installdeps', { project: '/app/sub', names: '', into: '/app/vendor' }],
    ['cpanm -Llocal --mirror=https://a.example Moo', { project: undefined, names: 'Moo', into: '/app/local' }],
    ['cpm install', { project: '/app', names: '', into: '/app/local' }],
    ['cpm install -gw4', { project: '/app', names: '', into: undefined }],
    ['cpm install -L /opt/m Moo Plack@1.0', { project: undefined, names: 'Moo Plack@1.0', into: '/opt/m' }],
    ['carton', { project: '/app', names: '', into: '/app/local' }],
    ['carton install --cpanfile sub/list', { project: '/app/sub', names: '', into: '/app/sub/local' }],
  ] as const)
    it(`reads ${text}`, () => assert.deepEqual(call(text), expected));

  for (const text of [
    'cpanm',
    'cpanm .',
    'cpanm --installdeps',
    'cpanm --installdeps . Moo',
    'cpanm --installdeps ./a.tar.gz --look',
    'cpanm -l _ Moo',
    'cpanm --self-upgrade',
    'cpanm --installdeps --cpanfile sub/cpanfile .',
    'cpm',
    'cpm exec perl',
    'cpm install -',
    'cpm install --home .cpm',
    'carton exec perl',
    'carton bundle',
  ])
    it(`does not know what ${text} does`, () => assert.equal(call(text), undefined));
});
