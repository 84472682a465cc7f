import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose } from '../../helpers/proposals.js';

const names = Array.from({ length: 300 }, (_, index) => `p${index}`);
const locked = (name: string) =>
  `${name}@1:\n  version "1.0.0"\n  resolved "https://registry.yarnpkg.com/${name}/-/${name}-1.0.0.tgz#5b8a3a7765dfe001261dde915589e782f8c94d1e"\n  integrity sha512-x==\n`;
const lockfile = `# yarn lockfile v1\n\n\n${names.map(locked).join('\n')}`;
const manifest = (more: object = {}) =>
  JSON.stringify({ name: 'app', dependencies: Object.fromEntries(names.map((name) => [name, '1'])), ...more });
const files: MemoryFiles = {
  'package.json': manifest(),
  'yarn.lock': lockfile,
  'src/a.js': 'a',
  '.dockerignore': 'Dockerfile\n',
};

const fileOf = (install: string, { from = 'node:22', end = 'CMD ["yarn", "start"]\n' } = {}) =>
  `FROM ${from}\nWORKDIR /app\nCOPY . .\nRUN ${install}\nRUN yarn build\n${end}`;

const fetched = (install: string) =>
  fileOf(install).replace(
    'COPY . .\n',
    `COPY package.json yarn.lock ./\nRUN ${install} --ignore-scripts && rm -rf node_modules\nCOPY . .\n`,
  );

describe('a step that fills the cache of yarn', () => {
  it('comes before the sources where it is not known which packages have install scripts', () => {
    const { text, moves } = propose(fileOf('yarn install --frozen-lockfile'), files);
    assert.equal(text, fetched('yarn install --frozen-lockfile'));
    const step = moves.find(({ part }) => part === 'download');
    assert.deepEqual(step?.caveats, []);
    assert.deepEqual(step?.safe.slice(0, 3), [
      'the install behind it finds the same packages in the cache of yarn, where it would leave them itself',
      'no script runs in the step, and node_modules is removed again',
      'the lockfile names all packages',
    ]);
  });

  it('does not write the lockfile', () => {
    assert.match(
      propose(fileOf('yarn'), files).text,
      /^RUN yarn --ignore-scripts --pure-lockfile && rm -rf node_modules$/m,
    );
  });

  it('stands on one line, however the install is written', () => {
    const { text } = propose(fileOf('yarn install \\\n    --frozen-lockfile \\\n    --production=false'), files);
    assert.match(text, /^RUN yarn install --frozen-lockfile --production=false --ignore-scripts && rm/m);
  });

  it('comes also where scripts of the project itself need the sources, or the install is followed by a build', () => {
    const scripts = { ...files, 'package.json': manifest({ scripts: { postinstall: 'tsc', build: 'tsc' } }) };
    assert.equal(
      propose(fileOf('yarn install --pure-lockfile'), scripts).text,
      fetched('yarn install --pure-lockfile'),
    );
    const built = propose(fileOf('yarn --frozen-lockfile && yarn build'), files).text;
    assert.equal(built, fetched('yarn --frozen-lockfile').replace(/(COPY \. \.\nRUN .*)/, '$1 && yarn build'));
  });

  it('tells of the COPY as it stays, although another install might write the lockfile anew', () => {
    const end = 'RUN yarn install --production --ignore-scripts --prefer-offline\n';
    const { text, moves, kept } = propose(fileOf('yarn --frozen-lockfile', { end }), files);
    assert.match(text, /^COPY \. \.$/m);
    const step = moves.find(({ part }) => part === 'download');
    assert.equal(
      step?.safe.at(-1),
      'of what `COPY . .` brings `yarn --frozen-lockfile --ignore-scripts && rm …` reads only package.json and yarn.lock, copied before it',
    );
    assert.ok(kept.every(({ behind }) => behind.instruction === 'COPY . .'));
  });

  it('keeps the settings of the project with it', () => {
    const set = { ...files, '.yarnrc': 'registry "https://registry.example.org"\n' };
    assert.match(propose(fileOf('yarn install'), set).text, /^COPY \.yarnrc package\.json yarn\.lock \.\/$/m);
  });

  it('is not needed where the install itself may come first', () => {
    const forbidden = fileOf('yarn install --frozen-lockfile --ignore-scripts');
    assert.doesNotMatch(propose(forbidden, { ...files, '.dockerignore': 'node_modules\nDockerfile\n' }).text, /rm -rf/);
    const asked = propose(fileOf('yarn install --frozen-lockfile'), files, ['src/a.js'], { acceptance: 'likely' }).text;
    assert.doesNotMatch(asked, /rm -rf/);
  });

  const refused: readonly (readonly [string, string, MemoryFiles?])[] = [
    ['the cache is cleaned again in the RUN', fileOf('yarn install --frozen-lockfile && yarn cache clean')],
    ['it has a mount for the cache', fileOf('--mount=type=cache,target=/usr/local/share/.cache yarn install')],
    [
      'a few packages are fetched in no time',
      fileOf('yarn install'),
      {
        ...files,
        'yarn.lock': `# yarn lockfile v1\n\n${names.slice(0, 20).map(locked).join('\n')}`,
      },
    ],
    ['the lockfile is not copied', fileOf('yarn install').replace('COPY . .', 'COPY package.json ./\nCOPY src src')],
    ['it works without the network', fileOf('yarn install --offline')],
    ['it is to fetch anew', fileOf('yarn install --force')],
    [
      'it prefers what it has, and the lockfile leaves something open',
      fileOf('yarn --prefer-offline'),
      {
        ...files,
        'package.json': manifest({ devDependencies: { other: '2' } }),
      },
    ],
    [
      'the lockfile leaves something open, which a later build may find in another version',
      fileOf('yarn install'),
      {
        ...files,
        'package.json': manifest({ devDependencies: { other: '2' } }),
      },
    ],
    ['packages are used where they lie in the cache', fileOf('yarn install --frozen-lockfile --enable-pnp')],
    [
      'the settings of npm name a folder of packages',
      fileOf('yarn install'),
      { ...files, '.npmrc': 'yarn-offline-mirror=./mirror\n', 'mirror/p0-1.0.0.tgz': '' },
    ],
    [
      'a package is of a repository',
      fileOf('yarn install'),
      {
        ...files,
        'yarn.lock': lockfile.replace(/resolved "[^"]*"/, 'resolved "git+https://example.org/p0.git#5b8a3a77"'),
      },
    ],
    [
      'it is another yarn',
      fileOf('yarn install'),
      {
        ...files,
        'package.json': manifest({ packageManager: 'yarn@4.1.0' }),
      },
    ],
    [
      'it may be another yarn',
      fileOf('yarn install').replace('COPY', 'RUN corepack prepare yarn@stable --activate\nCOPY'),
    ],
    [
      'packages of the repository have folders of their own',
      fileOf('yarn install'),
      {
        ...files,
        'package.json': manifest({ workspaces: ['packages/*'] }),
      },
    ],
    ['a setting moves the cache', fileOf('yarn install'), { ...files, '.yarnrc': 'cache-folder "./cache"\n' }],
    [
      'packages lie in one file',
      fileOf('yarn install'),
      {
        ...files,
        'package.json': manifest({ installConfig: { pnp: true } }),
      },
    ],
    ['something has been installed there before', fileOf('yarn install').replace('COPY', 'RUN yarn add a\nCOPY')],
    [
      'a COPY before it brings installed packages',
      fileOf('yarn install').replace('COPY', 'COPY --from=deps /app/node_modules node_modules\nCOPY'),
    ],
    ['the image may bring installed packages', fileOf('yarn install', { from: 'example.org/app:1' })],
    ['it may fail without harm', fileOf('yarn install || true')],
  ];
  for (const [why, text, project = files] of refused) {
    it(`is not there where ${why}`, () => assert.doesNotMatch(propose(text, project).text, /rm -rf/));
  }
});
