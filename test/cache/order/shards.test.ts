import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose, whyBehind } from '../../helpers/proposals.js';

const lock = (names: readonly string[]) =>
  `version: 2.0\nshards:\n${names.map((name) => `  ${name}:\n    git: https://example.org/${name}.git\n    version: 1.2.0\n`).join('\n')}`;
const manifest = (name: string, more = '') => `name: ${name}\nversion: 1.2.0\n${more}`;

const files: MemoryFiles = {
  'shard.yml': 'name: app\nversion: 0.1.0\n\ndependencies:\n  web: # fast\n    github: own/web\n',
  'shard.lock': lock(['db', 'web']),
  'src/app.cr': 'puts 1',
  '.dockerignore': 'Dockerfile\nlib\nbin\n',
};
const installed: MemoryFiles = {
  'lib/.shards.info': lock(['db', 'web']).replace('2.0', '1.0'),
  'lib/db/shard.yml': manifest('db'),
  'lib/web/shard.yml': manifest('web', 'crystal: ">= 1.0"\n'),
};

const head = 'FROM crystallang/crystal:1.18\nWORKDIR /app\n';
const build = 'RUN crystal build src/app.cr\n';
const manifests = 'COPY shard.lock shard.yml ./\n';

function ordered(run: string, more: MemoryFiles = {}, acceptance: 'proved' | 'likely' = 'proved') {
  return propose(`${head}COPY . .\nRUN ${run}\n${build}`, { ...files, ...more }, ['src/app.cr'], { acceptance });
}

describe('shards', () => {
  it('installs before the sources where the packages that are installed have no scripts', () => {
    const { text, moves } = ordered('shards install --production', installed);
    assert.equal(text, `${head}${manifests}RUN shards install --production\nCOPY . .\n${build}`);
    assert.deepEqual(
      moves.flatMap(({ caveats }) => caveats),
      [],
    );
  });

  it('installs before the sources without scripts, whatever is installed', () => {
    const run = 'shards install --frozen --skip-postinstall';
    assert.equal(ordered(run).text, `${head}${manifests}RUN ${run}\nCOPY . .\n${build}`);
  });

  it('may write its lockfile anew unless it is frozen, so the COPY leaves that out', () => {
    assert.match(ordered('shards install', installed).text, /RUN shards install\nCOPY --exclude=shard\.lock \. \.\n/);
  });

  it('installs before the sources with a caveat where nothing is locked', () => {
    const run = 'shards update && shards install';
    const { text, moves } = propose(
      `${head}COPY . .\nRUN ${run} && \\\n    crystal build src/app.cr\n`,
      { 'shard.yml': files['shard.yml'] ?? '', 'src/app.cr': '', '.dockerignore': 'lib\nbin\n' },
      ['src/app.cr'],
      { acceptance: 'likely' },
    );
    assert.equal(text, `${head}COPY shard.yml ./\nRUN ${run}\nCOPY . .\n${build}`);
    assert.deepEqual(
      moves.flatMap(({ caveats }) => caveats),
      [
        'without a lockfile it is open which install scripts would run before the sources are there',
        'shard.lock beside the sources would be copied over what it makes there',
      ],
    );
  });

  const refusals: readonly (readonly [why: string, reason: string, run: string, more: MemoryFiles])[] = [
    [
      'nothing tells of scripts',
      'it is not known whether the shard db has a script, which would run before the sources are there',
      'shards install --frozen',
      {},
    ],
    [
      'another version is installed',
      'it is not known whether the shard web has a script, which would run before the sources are there',
      'shards install --frozen',
      { ...installed, 'lib/.shards.info': lock(['db', 'web']).replace(/1\.2\.0\n$/, '1.1.0\n') },
    ],
    [
      'a package has a script',
      'the script of web would run before the sources are there',
      'shards install --frozen',
      { ...installed, 'lib/web/shard.yml': manifest('web', 'scripts:\n  postinstall: make\n') },
    ],
    [
      'a package has a script, and its manifest is in braces',
      'the script of web would run before the sources are there',
      'shards install --frozen',
      { ...installed, 'lib/web/shard.yml': '{name: web, version: 1.2.0, scripts: {postinstall: make}}' },
    ],
    [
      'a variable names the compiler that it asks for its version',
      'CRYSTAL changes what it does',
      'CRYSTAL=src/crystal shards install --frozen',
      installed,
    ],
    [
      'it resolves anew',
      'without a lockfile it is open which install scripts would run before the sources are there',
      'shards update --frozen',
      installed,
    ],
    [
      'a dependency is a folder of the repository',
      'shard.yml has a dependency that is a folder of this repository',
      'shards install --frozen --skip-postinstall',
      { 'shard.override.yml': 'dependencies:\n  web:\n    path: ../web\n' },
    ],
    [
      'a dependency may be one',
      'shard.yml has a dependency from a place that may be in this repository',
      'shards install --frozen --skip-postinstall',
      { 'shard.yml': 'name: app\ndependencies:\n  web: {git: "file:///app/web"}\n' },
    ],
  ];
  for (const [why, reason, run, more] of refusals)
    it(`stays behind the sources where ${why}`, () => {
      const text = `${head}COPY . .\nRUN ${run}\n${build}`;
      const found = whyBehind(text, { ...files, ...more }, 'COPY . .', `RUN ${run}`);
      assert.equal(found, `\`${run}\` may read what \`COPY . .\` brings: ${reason}`);
    });

  it('stays behind the sources where a variable moves what it does, or programs of packages would be covered', () => {
    const moved = `${head}ENV SHARDS_INSTALL_PATH=/deps\nCOPY . .\nRUN shards install --frozen --skip-postinstall\n`;
    assert.match(whyBehind(moved, files, 'COPY . .', 'RUN shards') ?? '', /SHARDS_INSTALL_PATH changes what it does$/);
    const more = { '.dockerignore': 'Dockerfile\nlib\n', 'bin/run': 'run' };
    const run = 'shards install --frozen --skip-postinstall';
    assert.equal(ordered(run, more).edits.length, 0);
    assert.match(ordered(`${run} --skip-executables`, more).text, /RUN shards .*\nCOPY \. \.\n/);
    const executable = { ...more, ...installed, 'lib/web/shard.yml': manifest('web', 'executables:\n  - web\n') };
    assert.equal(ordered('shards install --frozen', executable).edits.length, 0);
  });
});
