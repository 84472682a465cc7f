import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose, whyBehind } from '../../helpers/proposals.js';

const list =
  `use strict;
# what we need
requires 'perl', '5.016';
requires 'Mojolicious' => '9.0';
requires("JSON::XS", ">= 3, < 5");
requires 'lib';

on 'test' => sub {
    requires 'Test::More';
};
feature sqlite => 'SQLite support', sub { recommends 'DBD::SQLite' };
1;

=head1 NOTES

Run C<carton install>; ` +
  '`rm -rf /`' +
  `.

=cut
`;

const files: MemoryFiles = {
  cpanfile: list,
  'lib/App.pm': 'package App;',
  'app.pl': 'a',
  '.dockerignore': 'Dockerfile\nlocal\n',
};
const snapshot =
  '# carton snapshot format: version 1.0\nDISTRIBUTIONS\n  Mojolicious-9.0\n    pathname: S/SR/SRI/M.tar.gz\n';
const locked: MemoryFiles = { ...files, 'cpanfile.snapshot': snapshot };

const from = 'FROM perl:5.40\nWORKDIR /app\n';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly files?: MemoryFiles;
  readonly expected: string;
  readonly caveat?: RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'cpanm, with the cpanfile alone',
    text: `${from}COPY . .\nRUN cpanm --installdeps --notest .\n`,
    expected: `${from}COPY cpanfile ./\nRUN cpanm --installdeps --notest .\nCOPY . .\n`,
  },
  {
    name: 'cpanm, whose options stand together and behind the folder',
    text: `${from}COPY . .\nRUN cpanm -nq . --installdeps --with-develop --with-feature=sqlite --mirror https://cpan.example\n`,
    expected: `${from}COPY cpanfile ./\nRUN cpanm -nq . --installdeps --with-develop --with-feature=sqlite --mirror https://cpan.example\nCOPY . .\n`,
  },
  {
    name: 'cpanm, with the files that it looks at beside the cpanfile, and without those that it does not',
    text: `${from}COPY . /app/\nRUN cpanm --installdeps /app && rm -rf /root/.cpanm\n`,
    files: {
      ...locked,
      'META.json': '{}',
      'META.yml': '',
      'Build.PL': 'die',
      'Makefile.PL': 'die',
      Makefile: 'all:\n\ttrue\n',
    },
    expected: `${from}COPY Build.PL META.json cpanfile /app/\nRUN cpanm --installdeps /app && rm -rf /root/.cpanm\nCOPY . /app/\n`,
  },
  {
    name: 'cpanm, with a Makefile that MakeMaker has written',
    text: `${from}COPY . .\nRUN cpanm --installdeps .\n`,
    files: { ...files, Makefile: '#     NAME => q[App]\nall:\n' },
    expected: `${from}COPY Makefile cpanfile ./\nRUN cpanm --installdeps .\nCOPY . .\n`,
  },
  {
    name: 'cpanm into a folder of the project, of a RUN that goes on with the sources',
    text: `${from}COPY . .\nRUN cpanm -L local --installdeps . && perl -Ilocal/lib/perl5 app.pl\n`,
    expected: `${from}COPY cpanfile ./\nRUN cpanm -L local --installdeps .\nCOPY . .\nRUN perl -Ilocal/lib/perl5 app.pl\n`,
  },
  {
    name: 'cpanm, with a list of another name and options in a variable',
    text: `${from}ENV PERL_CPANM_OPT="--notest --mirror https://cpan.example"\nCOPY . .\nRUN cpanm --cpanfile cpanfile.prod --installdeps .\n`,
    files: { ...files, 'cpanfile.prod': "requires 'Moo';" },
    expected: `${from}ENV PERL_CPANM_OPT="--notest --mirror https://cpan.example"\nCOPY cpanfile.prod ./\nRUN cpanm --cpanfile cpanfile.prod --installdeps .\nCOPY . .\n`,
  },
  {
    name: 'cpanm, before what another stage brings to a folder below',
    text: `FROM node:22 AS web\nRUN mkdir /dist\n${from}COPY . .\nCOPY --from=web /dist lib/public\nRUN cpanm --installdeps .\n`,
    expected: `FROM node:22 AS web\nRUN mkdir /dist\n${from}COPY cpanfile ./\nRUN cpanm --installdeps .\nCOPY . .\nCOPY --from=web /dist lib/public\n`,
  },
  {
    name: 'modules by name, before the manifests',
    text: `${from}COPY . .\nRUN cpanm --notest Carton App::cpm@0.997 'DBI~>= 1.6' MIYAGAWA/Plack-1.0.tar.gz\nRUN perl app.pl\n`,
    expected: `${from}RUN cpanm --notest Carton App::cpm@0.997 'DBI~>= 1.6' MIYAGAWA/Plack-1.0.tar.gz\nCOPY . .\nRUN perl app.pl\n`,
  },
  {
    name: 'what a module by name depends on',
    text: `${from}COPY . .\nRUN cpanm --notest --installdeps Crypt::DES\n`,
    expected: `${from}RUN cpanm --notest --installdeps Crypt::DES\nCOPY . .\n`,
  },
  {
    name: 'cpanm that is fetched and run at once',
    text: `${from}COPY . .\nRUN curl -L https://cpanmin.us | perl - App::cpanminus\n`,
    expected: `${from}RUN curl -L https://cpanmin.us | perl - App::cpanminus\nCOPY . .\n`,
  },
  {
    name: 'cpm, with the snapshot, after cpm itself',
    text: `${from}ARG CPM_ARGS=--with-test\nCOPY . .\nRUN cpanm --notest App::cpm && cpm install -g Carton && cpm install -g \${CPM_ARGS} && rm -fr /root/.cpanm /root/.perl-cpm\n`,
    files: locked,
    expected: `${from}ARG CPM_ARGS=--with-test\nCOPY cpanfile cpanfile.snapshot ./\nRUN cpanm --notest App::cpm && cpm install -g Carton && cpm install -g \${CPM_ARGS} && rm -fr /root/.cpanm /root/.perl-cpm\nCOPY . .\n`,
  },
  {
    name: 'cpm into local',
    text: `${from}COPY . .\nRUN cpm install --resolver=snapshot -w 8\n`,
    files: { ...locked, 'META.json': '{}', 'Build.PL': '' },
    expected: `${from}COPY cpanfile cpanfile.snapshot ./\nRUN cpm install --resolver=snapshot -w 8\nCOPY . .\n`,
  },
  {
    name: 'carton that keeps its snapshot',
    text: `${from}COPY . .\nRUN carton install --deployment --without develop\n`,
    files: locked,
    expected: `${from}COPY cpanfile cpanfile.snapshot ./\nRUN carton install --deployment --without develop\nCOPY . .\n`,
  },
  {
    name: 'carton that may write its snapshot anew, without that',
    text: `${from}ENV PERL_CARTON_PATH=/opt/modules PERL5LIB=/opt/modules/lib/perl5\nCOPY . .\nRUN carton install\n`,
    files: locked,
    expected: `# syntax=docker/dockerfile:1\n${from}ENV PERL_CARTON_PATH=/opt/modules PERL5LIB=/opt/modules/lib/perl5\nCOPY cpanfile cpanfile.snapshot ./\nRUN carton install\nCOPY --exclude=cpanfile.snapshot . .\n`,
  },
  {
    name: 'with --unsafe a cpanfile that is a program',
    text: `${from}COPY . .\nRUN cpanm --installdeps .\n`,
    files: { ...files, cpanfile: 'requires $_ for qw(Moo DBI);\n' },
    expected: `${from}COPY cpanfile ./\nRUN cpanm --installdeps .\nCOPY . .\n`,
    caveat: /cpanfile is a program that does more than list modules/,
  },
  {
    name: 'with --unsafe a Makefile.PL that is nothing but a list',
    text: `${from}COPY . .\nRUN cpanm --installdeps .\n`,
    files: {
      'Makefile.PL':
        "use ExtUtils::MakeMaker;\nWriteMakefile(NAME => 'App', VERSION => '1.0', PREREQ_PM => {'DBI' => 0, 'Moo' => 1.5},\n  ($] >= 5.005 ? (ABSTRACT => 'x') : ()),\n);\n",
      'lib/App.pm': 'package App;',
    },
    expected: `${from}COPY Makefile.PL ./\nRUN cpanm --installdeps .\nCOPY . .\n`,
    caveat: /Makefile\.PL leaves a Makefile that lists the modules and tests which are there then/,
  },
];

interface Refusal {
  readonly name: string;
  readonly run?: string;
  readonly before?: string;
  readonly between?: string;
  readonly files?: MemoryFiles;
  readonly why: RegExp;
}

const withList = (text: string, more: MemoryFiles = {}): MemoryFiles => ({ ...files, cpanfile: text, ...more });

const refusals: readonly Refusal[] = [
  {
    name: 'the project itself is installed',
    run: 'cpanm --notest .',
    why: /it is not known what it installs$/,
  },
  { name: 'an archive of the project is', run: 'cpanm ./vendor/Own.tar.gz', why: /not known what it installs$/ },
  { name: 'a folder below is', run: 'cpm install -g vendor/Own', why: /not known what it installs$/ },
  { name: 'a list of modules is read', run: 'cpanm < modules.txt', why: /may read what `COPY \. \.` brings/ },
  { name: 'and piped', run: 'cat modules.txt | cpanm', why: /may read what `COPY \. \.` brings/ },
  { name: 'it leaves a protocol', run: 'cpanm --installdeps . > install.log', why: /writes install\.log, over which/ },
  {
    name: 'a file has the name of a module by name',
    run: 'cpanm Carton',
    files: { ...files, Carton: 'an archive' },
    why: /reads Carton$/,
  },
  {
    name: 'a folder has the name of one that cpm is given',
    run: 'cpm install -g Carton',
    files: { ...files, 'Carton/Makefile.PL': '' },
    why: /reads Carton$/,
  },
  {
    name: 'a file has the name of a module that the cpanfile lists',
    files: { ...files, Mojolicious: 'an archive' },
    why: /\/app\/Mojolicious has the name of a module that it looks for$/,
  },
  {
    name: 'an old Perl would find a module in the working folder',
    files: { ...files, 'JSON/XS.pm': 'package JSON::XS;' },
    why: /\/app\/JSON\/XS\.pm has the name of a module that it looks for$/,
  },
  {
    name: 'and so would cpanm itself',
    run: 'cpanm Carton',
    files: { ...files, 'LWP/UserAgent.pm': 'package LWP::UserAgent;' },
    why: /reads LWP\/UserAgent\.pm$/,
  },
  { name: 'a mirror is a folder', run: 'cpanm --mirror ./mirror --installdeps .', why: /not known what it installs$/ },
  { name: 'a mirror of cpm is', run: 'cpm install --resolver 02packages,file:///app/mirror', why: /what it installs$/ },
  { name: 'an index is a file', run: 'cpanm --mirror-index index.txt --installdeps .', why: /what it installs$/ },
  { name: 'archives are kept', run: 'cpanm --save-dists dists --installdeps .', why: /not known what it installs$/ },
  { name: 'a cache of the project is used', run: 'carton install --cached', files: locked, why: /what it installs$/ },
  { name: 'signatures are looked at', run: 'cpanm --verify --installdeps .', why: /not known what it installs$/ },
  { name: 'a resolver is a module', run: 'cpm install --resolver +My::Resolver', why: /not known what it installs$/ },
  { name: 'a word is not known', run: 'cpanm --installdeps $(cat folder)', why: /not known what it installs$/ },
  {
    name: 'cpm reads a list of its own',
    run: 'cpm install',
    files: { ...files, 'cpm.yml': '' },
    why: /cpm reads cpm\.yml/,
  },
  {
    name: 'the cpanfile has conditions',
    files: withList("if ($^O eq 'linux') { requires 'Moo' }\n"),
    why: /cpanfile is a program that does more than list modules: `if`$/,
  },
  {
    name: 'the cpanfile reads another file',
    files: withList("requires 'Moo';\ndo './more.pl';\n"),
    why: /does more than list modules: `do`$/,
  },
  {
    name: 'the cpanfile loads a module, with a folder for it',
    files: withList("use lib 'lib';\nrequires 'Moo';\n"),
    why: /does more than list modules: `use lib`$/,
  },
  {
    name: 'a block of it does',
    files: withList("on test => sub { requires 'Moo'; system 'make' };\n"),
    why: /does more than list modules: `system`$/,
  },
  {
    name: 'a version comes from a command',
    files: withList("requires 'Moo', `cat VERSION`;\n"),
    why: /does more than list modules: `requires`$/,
  },
  {
    name: 'a version comes from a variable in a string',
    files: withList('requires "Moo", "$ENV{MOO}";\n'),
    why: /does more than list modules: `requires`$/,
  },
  {
    name: 'what looks like the end of a comment in a string starts code',
    files: withList("requires 'Moo'; requires '#'; unlink 'x';\n"),
    why: /cpanfile names #, which is no module$/,
  },
  {
    name: 'text that is no POD is code',
    files: withList("requires 'Moo';\n =head1 X\ndo 'x';\n"),
    why: /does more than list modules/,
  },
  {
    name: 'the cpanfile names a file of the project',
    files: withList("requires './vendor/Own.tar.gz';\n"),
    why: /cpanfile names \.\/vendor\/Own\.tar\.gz, which is no module$/,
  },
  {
    name: 'the cpanfile takes a module from a folder',
    run: 'cpm install',
    files: withList("requires 'Own', git => '/app/.git';\n"),
    why: /cpanfile takes Own from \/app\/\.git$/,
  },
  {
    name: 'the cpanfile takes a module from a file',
    run: 'cpm install',
    files: withList("requires 'Own', '0', url => 'file:///app/Own.tar.gz';\n"),
    why: /cpanfile takes Own from file:/,
  },
  {
    name: 'the cpanfile names a mirror in the sources',
    run: 'cpm install',
    files: withList("mirror 'file:///app/mirror';\nrequires 'Own';\n"),
    why: /cpanfile takes modules from file:/,
  },
  {
    name: 'Makefile.PL leaves a Makefile',
    files: {
      'Makefile.PL': "use ExtUtils::MakeMaker;\nWriteMakefile(NAME => 'App', VERSION => 1);\n",
      'lib/App.pm': '',
    },
    why: /Makefile\.PL leaves a Makefile that lists the modules and tests which are there then$/,
  },
  {
    name: 'Makefile.PL takes the version from a module',
    files: { 'Makefile.PL': "use ExtUtils::MakeMaker;\nWriteMakefile(NAME => 'App', VERSION_FROM => 'lib/App.pm');\n" },
    why: /Makefile\.PL is a program that may read the sources$/,
  },
  { name: 'Build.PL is run', files: { 'Build.PL': '', 'Makefile.PL': '' }, why: /cpanm runs Build\.PL$/ },
  {
    name: 'there is no list',
    files: { 'lib/App.pm': '' },
    why: /reads manifests that are not known to come from the build context/,
  },
  {
    name: 'Perl finds modules in the sources',
    before: 'ENV PERL5LIB=/app/lib\n',
    why: /changes lib$/,
  },
  {
    name: 'Perl finds modules in the sources, by a folder of the working folder',
    before: 'ENV PERL5LIB=lib\n',
    why: /PERL5LIB names a place that is not known$/,
  },
  {
    name: 'the script says so',
    run: 'export PERL5LIB=$PWD/lib && cpanm --installdeps .',
    why: /PERL5LIB names a place that is not known$/,
  },
  {
    name: 'Perl loads a module each time',
    before: 'ENV PERL5OPT=-I/app/lib\n',
    why: /PERL5OPT may have it load or take something else$/,
  },
  {
    name: 'Perl looks for modules in the working folder',
    before: 'ENV PERL_USE_UNSAFE_INC=1\n',
    why: /PERL_USE_UNSAFE_INC may have it load or take something else$/,
  },
  {
    name: 'a variable names an index',
    before: 'ENV PERL_CPANM_OPT="--mirror-index index.txt"\n',
    why: /it is not known what it installs$/,
  },
  {
    name: 'a variable has it install among the sources',
    before: 'ENV PERL_MM_OPT=INSTALL_BASE=/app/lib\n',
    why: /`COPY \. \.`|lib/,
  },
  {
    name: 'a variable names another list',
    run: 'carton install --deployment',
    before: 'ENV PERL_CARTON_CPANFILE=/app/list\n',
    files: locked,
    why: /PERL_CARTON_CPANFILE may have it load or take something else$/,
  },
  {
    name: 'the context has modules of its own',
    run: 'cpm install',
    files: { ...files, '.dockerignore': '', 'local/lib/perl5/Moo.pm': '' },
    why: /writes local, over which `COPY \. \.` would copy a local of the context: list it in the ignore file$/,
  },
  {
    name: 'carton writes a snapshot that is not there',
    run: 'carton install',
    why: /cpanfile\.snapshot/,
  },
  {
    name: 'another stage brings a list',
    before: 'COPY cpanfile ./\n',
    between: 'COPY --from=perl:5.40 /list/ ./\n',
    why: /reads|may read/,
  },
  {
    name: 'the list comes from another folder',
    between: 'COPY . .\nCOPY docker/cpanfile ./\n',
    files: { ...files, 'docker/cpanfile': "requires 'Moo';" },
    why: /comes from another place$/,
  },
  {
    name: 'the list has another name in the context',
    between: 'COPY . .\nCOPY cpanfile.prod cpanfile\n',
    files: { ...files, 'cpanfile.prod': "do 'more.pl';" },
    why: /comes from another place$/,
  },
  {
    name: 'a file says which Perl it is',
    before: 'RUN git clone https://github.com/tokuhirom/plenv /opt/plenv\n',
    why: /a file may tell which Perl it is run with$/,
  },
  {
    name: 'the sources might be the home folder',
    before: 'USER $USER\n',
    files: { ...files, '.cpanm/build.log': '' },
    why: /its home folder is not known, and \.cpanm may lie in it$/,
  },
  {
    name: 'another script is fetched',
    run: 'curl -L https://example.com/cpanm | perl - App::cpanminus',
    why: /may read what `COPY \. \.` brings/,
  },
  {
    name: 'a script that is fetched installs the project',
    run: 'curl -L https://cpanmin.us | perl - --installdeps .',
    why: /it is not known what it installs$/,
  },
];

describe('An install from CPAN', () => {
  describe('goes before the sources:', () => {
    for (const { name, text, files: own = files, expected, caveat } of cases) {
      it(name, () => {
        const proposal = propose(text, own, ['lib/App.pm'], { acceptance: caveat ? 'likely' : 'proved' });
        assert.equal(proposal.text, expected);
        if (!caveat) return;
        assert.ok(proposal.moves.some(({ caveats }) => caveats.some((one) => caveat.test(one))));
        assert.equal(propose(text, own, ['lib/App.pm']).text, text);
      });
    }
  });

  describe('stays behind the sources where', () => {
    for (const { name, run = 'cpanm --installdeps .', before = '', between, files: own = files, why } of refusals) {
      it(name, () => {
        const text = `${from}${before}${between ?? 'COPY . .\n'}RUN ${run}\n`;
        assert.equal(propose(text, own, ['lib/App.pm', 'app.pl']).text, text);
        assert.match(whyBehind(text, own, between ?? 'COPY . .', `RUN ${run}`) ?? '', why);
      });
    }

    it('Makefile.PL runs that of a folder, even with --unsafe', () => {
      const plain = "use ExtUtils::MakeMaker;\nWriteMakefile(NAME => 'App', VERSION => 1);\n";
      const own = { 'Makefile.PL': plain, 'xs/Makefile.PL': plain, 'lib/App.pm': '' };
      const text = `${from}COPY . .\nRUN cpanm --installdeps .\n`;
      assert.equal(propose(text, own, ['lib/App.pm'], { acceptance: 'likely' }).text, text);
    });
  });
});
