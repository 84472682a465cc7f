import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { nodeProject, propose, whyBehind } from '../../helpers/proposals.js';

/** A RUN that takes a file of the sources which its words do not name as such; the working folder is /app. */
interface Unseen {
  readonly name: string;
  readonly run: string;
  readonly base?: string;
  /** Instructions before the RUN. */
  readonly before?: string;
  readonly files?: MemoryFiles;
  /** The end of the reason. */
  readonly says: string;
}

const php = 'FROM php:8\nWORKDIR /app\n';
const fedora = 'FROM fedora\nWORKDIR /app\n';

const cases: readonly Unseen[] = [
  { name: 'git clones the project itself', run: 'git clone . /srv/x', says: 'may read src/' },
  {
    name: 'git clones a repository of this machine',
    run: 'git clone -b main file:///app /srv/x',
    says: 'may read src/',
  },
  {
    name: 'git takes a template',
    run: 'git clone --template=src https://example.org/x.git /srv/x',
    says: 'may read src/',
  },
  { name: 'curl sends a file', run: 'curl -d @src/a.js -o /srv/x https://example.org', says: 'may read src/' },
  {
    name: 'curl sends a file as part of a form',
    run: 'curl -F f=@src/a.js -o /srv/x https://example.org',
    says: 'may read src/',
  },
  {
    name: 'git takes settings from a file',
    run: 'git clone -c include.path=/app/src/x https://example.org/x.git /srv/x',
    says: 'may read src/',
  },
  { name: 'curl reads a file of this machine', run: 'curl -o /srv/x file:///app/src/a.js', says: 'may read src/' },
  {
    name: 'curl writes a file whose name follows the letter',
    run: 'curl -sSLosrc.js https://x.org',
    says: 'may read src/',
  },
  {
    name: 'wget writes into a folder whose name follows the letter',
    run: 'wget -Psrc https://x.org/x',
    says: 'changes src',
  },
  {
    name: 'tar unpacks into a folder whose name follows the letter',
    run: 'tar -xf /srv/x.tar -Csrc',
    says: 'changes src',
  },
  { name: 'capabilities are taken away', run: 'setcap -r src/a.js', says: 'may read src/' },
  { name: 'a home is made like a folder', run: 'useradd -m -k /app/src me', says: 'may read src/' },
  { name: 'npm installs the project for everybody', run: 'npm install -g --omit=dev', says: 'may read src/' },
  {
    name: 'corepack puts programs among the sources',
    run: 'corepack enable --install-directory src',
    says: 'may read src/',
  },
  { name: 'a script of sed names a file', run: 'sed -i "/x/r src/a.js" /srv/x', says: 'may read src/' },
  { name: 'a script of sed writes a file', run: 'sed -n "s/x/y/gw src/a.js" /srv/x', says: 'may read src/' },
  {
    name: 'a script of sed starts with a backslash',
    run: 'sed -i "\\\\#x#s#y#z#" src/a.js',
    says: 'changes src/a.js',
  },
  { name: 'date tells the time of a file', run: 'date -r src/a.js > /srv/x', says: 'may read src/' },
  { name: 'echo finds files by a question mark', run: 'echo src/?.js > /srv/x', says: 'reads src' },
  { name: 'a list of sums names files', run: 'sha256sum -c /srv/sums', says: 'reads /app' },
  { name: 'sums come by a pipe', run: 'echo "abc  src/a.js" | sha256sum -c -', says: 'reads src/a.js' },
  { name: 'an extension of PHP is compiled', base: php, run: 'docker-php-ext-install /app/src', says: 'reads src' },
  { name: 'ldconfig is told of a folder', run: 'ldconfig /app/src', says: 'reads src' },
  { name: 'ldconfig is configured', run: 'echo /app/src > /etc/ld.so.conf.d/x.conf && ldconfig', says: 'reads src' },
  {
    name: 'ldconfig is configured by a file',
    before: 'COPY README.md /etc/ld.so.conf.d/x.conf\n',
    run: 'ldconfig',
    says: 'may read src/',
  },
  {
    name: 'dnf builds from a list',
    base: fedora,
    run: 'dnf builddep -y src/app.spec',
    files: { 'src/app.spec': '' },
    says: 'reads src/app.spec',
  },
  {
    name: 'dnf learns of a repository',
    base: fedora,
    run: 'dnf config-manager --add-repo src/my.repo',
    files: { 'src/my.repo': '' },
    says: 'reads src/my.repo',
  },
  {
    name: 'a variable names a file',
    before: 'ENV PIP_CONSTRAINT=src/c.txt\n',
    files: { 'src/c.txt': '-c d.txt', 'src/d.txt': '' },
    run: 'pip install x',
    says: 'may read src/',
  },
  {
    name: 'an earlier RUN has made a link to the folder',
    before: 'RUN ln -s /app /srv/data\n',
    run: 'chmod 600 /srv/data/src/a.js',
    says: 'and `COPY src src` both touch /app, one of them by a link',
  },
  {
    name: 'a heredoc has made that link',
    before: 'RUN <<EOF\nln -s /app /srv/data\nEOF\n',
    run: 'chmod 600 /srv/data/src/a.js',
    says: 'and `COPY src src` both touch /app, one of them by a link',
  },
  {
    name: 'a link among the settings of a package manager leads there',
    before: 'RUN ln -s /app/src/own /etc/apk/repositories.d/own\n',
    run: 'apk update',
    says: 'and `COPY src src` both touch /app/src/own, one of them by a link',
  },
  {
    name: 'the same RUN makes such a link',
    run: 'ln -s /app/src/own /etc/apk/repositories.d/own',
    says: 'reads src/own',
  },
];

describe('sources that a RUN takes unseen', () => {
  for (const { name, run, base, before, files, says } of cases) {
    const text = `${base ?? 'FROM node:22\nWORKDIR /app\n'}${before ?? ''}COPY src src\nRUN ${run} && apk add git\n`;
    const all = { ...nodeProject, ...files };

    it(name, () => {
      const reason = whyBehind(text, all, 'COPY src', `RUN ${run}`);
      assert.ok(reason?.endsWith(`\` ${says}`), reason);
    });
    it(`${name}: no proposal does it`, () => {
      const proposed = propose(text, all).text;
      assert.ok(proposed.indexOf('COPY src') < proposed.indexOf(`RUN ${run}`), proposed);
    });
  }

  for (const variable of [
    'RUBYLIB=/app/src/lib',
    'RUBYOPT=-r/app/src/hook.rb',
    'RUBYOPT="-W0 -Isrc"',
    'CFLAGS="-O2 -I/app/src/include"',
    'LDFLAGS=-Lsrc/lib',
    'GEMRC=/app/src/gemrc',
    'CURL_HOME=/app/src',
    'WGETRC=/app/src/wgetrc',
    'PHP_INI_SCAN_DIR=:/app/src/ini',
    'PHPRC=/app/src',
    'ERL_LIBS=/app/src',
    'GOBIN=/app/src/bin',
    'MAKEFILES=/app/src/rules.mk',
    'TMPDIR=/app/src',
    'GIT_DIR=/app/src/.git',
  ])
    it(`those in a place that programs take a variable for: ${variable}`, () => {
      const text = `FROM ruby:3.4\nWORKDIR /app\nENV ${variable}\nCOPY src src\nRUN gem install rake\n`;
      assert.match(whyBehind(text, nodeProject, 'COPY', 'RUN') ?? '', /^`gem install rake` (?:reads|changes) src/);
    });

  it('options in a variable that name no place keep nothing before a RUN', () => {
    const env = 'ENV RUBYOPT="-W0 -rbundler/setup" CFLAGS="-O2 -I/usr/include/x -march=native" XZ_OPT=-9 TMPDIR=/tmp\n';
    const text = `FROM ruby:3.4\nWORKDIR /app\n${env}COPY src src\nRUN gem install rake\n`;
    assert.equal(whyBehind(text, nodeProject, 'COPY', 'RUN'), undefined);
  });

  for (const value of ['/opt/x:', ':/opt/x', '/opt/x::/opt/y', '/opt/x:$PYTHONPATH', '"$PYTHONPATH:/opt/x"'])
    it(`modules of the working folder, which an empty part of PYTHONPATH names: ${value}`, () => {
      const text = `FROM python:3.13\nWORKDIR /app\nENV PYTHONPATH=${value}\nCOPY . .\nRUN pip install gunicorn\n`;
      assert.equal(whyBehind(text, { 'main.py': '' }, 'COPY', 'RUN'), undefined);
      const why = '`pip install gunicorn` reads sitecustomize.py';
      assert.equal(whyBehind(text, { 'sitecustomize.py': '' }, 'COPY', 'RUN'), why);
    });

  it('a file that a variable names is copied before the RUN that reads it', () => {
    const text = 'FROM node:22\nWORKDIR /app\nENV NODE_EXTRA_CA_CERTS=conf/ca.pem\nCOPY . .\nRUN npm ci\n';
    assert.equal(
      propose(text, { ...nodeProject, 'conf/ca.pem': 'x' }).text,
      text.replace(
        'COPY . .\nRUN npm ci',
        'COPY package-lock.json package.json ./\nCOPY conf/ca.pem conf/\nRUN npm ci\nCOPY . .',
      ),
    );
  });

  it('a link among the programs is none that a package manager reads', () => {
    const text =
      'FROM node:22\nWORKDIR /app\nRUN ln -s /app/src/own /usr/local/bin/own\nCOPY src src\nRUN apk add git\n';
    assert.equal(whyBehind(text, nodeProject, 'COPY', 'RUN apk'), undefined);
  });

  it('files from the network with other names need not', () => {
    const text =
      'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nADD https://example.org/data/list.txt src/list\nRUN npm ci\n';
    assert.equal(whyBehind(text, nodeProject, 'ADD', 'RUN npm ci'), undefined);
    for (const url of [
      'https://example.org/x.git',
      'https://example.org/x.txt?y=1',
      'https://example.org/package.json',
    ])
      assert.notEqual(
        whyBehind(text.replace(/https\S+ \S+/, `${url} ./`), nodeProject, 'ADD', 'RUN npm ci'),
        undefined,
        url,
      );
  });

  it('settings that come from the network stay before the install', () => {
    const text = 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nADD https://example.org/.npmrc ./\nRUN npm ci\n';
    assert.equal(
      whyBehind(text, nodeProject, 'ADD', 'RUN'),
      '`npm ci` may read what `ADD https://example.org/.npmrc ./` brings: .npmrc comes from elsewhere',
    );
  });

  it('values that are no paths keep nothing of another stage before a RUN', () => {
    const env =
      'ENV NODE_OPTIONS="--max-old-space-size=4096 --dns-result-order=ipv4first" NODE_VERSION=22.1.0 DOTNET_INVARIANT=false NPM_CONFIG_LOGLEVEL=warn\n';
    const text = `FROM node:22\nWORKDIR /app\n${env}COPY --from=other /out ./\nRUN npm install -g left\n`;
    assert.equal(whyBehind(text, nodeProject, 'COPY', 'RUN'), undefined);
    const file = text.replace('NODE_VERSION=22.1.0', 'NODE_EXTRA_CA_CERTS=ca.pem');
    assert.equal(whyBehind(file, nodeProject, 'COPY', 'RUN'), '`npm install -g left` reads /out/ca.pem');
  });

  it('what is told to programs that only look alike may go first', () => {
    for (const run of [
      'git clone -b main https://example.org/x.git src2',
      'git clone --depth 1 git@example.org:x.git /srv/x',
      'npm install -g left',
      'curl -u a@b -o /srv/x https://example.org/@x',
      'sed -i "s/for what/x y/" /srv/x',
      'echo "abc  /srv/x" | sha256sum -c',
      'ldconfig',
      'ln -s /srv/x /srv/data && chmod 600 /srv/data/x',
    ]) {
      const text = `FROM node:22\nWORKDIR /app\nCOPY src src\nRUN ${run}\n`;
      assert.equal(whyBehind(text, nodeProject, 'COPY', 'RUN'), undefined, run);
    }
  });
});

describe('A folder that only a COPY makes', () => {
  for (const run of ['touch /data/z', 'echo x > /data/z', 'mkdir /data/z', 'ln -s /x /data/y', 'rm -f /data/q'])
    for (const copy of ['COPY README.md /data/', 'COPY src/*.js /data/'])
      it(`is there before \`${run}\`: ${copy}`, () => {
        const reason = whyBehind(`FROM node:22\n${copy}\nRUN ${run}\n`, nodeProject, 'COPY', 'RUN');
        assert.match(reason ?? '', /needs the folder \/data/);
      });

  it('is not needed by what makes it, nor where something else has made it', () => {
    const made = 'FROM node:22\nWORKDIR /data\nCOPY README.md /data/\nWORKDIR /\nRUN touch /data/z\n';
    assert.equal(whyBehind(made, nodeProject, 'COPY', 'RUN'), undefined);
    const own = 'FROM node:22\nCOPY README.md /data/\nRUN mkdir -p /data/z\n';
    assert.equal(whyBehind(own, nodeProject, 'COPY', 'RUN'), undefined);
  });
});
