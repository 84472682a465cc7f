import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { type ContextExtras, contextOf, nodeProject, propose, whyBehind } from '../../helpers/proposals.js';

const head = 'FROM node:14\nWORKDIR /app\n';
const yarn = `${head}COPY . .\nRUN yarn install --frozen-lockfile\n`;
const better = `${head}COPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile\nCOPY . .\n`;

const entry = (pattern: string, version: string, more = '') =>
  `"${pattern}":\n  version "${version}"\n  resolved "https://registry.yarnpkg.com/${pattern.split('@')[0]}/-/x-${version}.tgz#0123456789012345678901234567890123456789"\n${more}`;

const yarnLock = `# yarn lockfile v1\n\n${entry('left@^1.0.0', '1.0.3', '  dependencies:\n    right "~2.0.0"\n')}\n${entry('right@~2.0.0', '2.0.1')}`;

const project: MemoryFiles = {
  'package.json': '{"name": "app", "dependencies": {"left": "^1.0.0"}}',
  'yarn.lock': yarnLock,
  'src/a.js': 'a',
  '.dockerignore': 'node_modules\nDockerfile\n',
};

const installed: MemoryFiles = {
  'node_modules/left/package.json': '{"name": "left", "version": "1.0.3", "scripts": {"test": "x", "prepare": "x"}}',
  'node_modules/left/node_modules/right/package.json': '{"name": "right", "version": "2.0.1"}',
};

const npm: MemoryFiles = {
  ...project,
  'package-lock.json': JSON.stringify({
    lockfileVersion: 1,
    dependencies: { left: { version: '1.0.3', dependencies: { right: { version: '2.0.1' } } } },
  }),
};

const berryLock = `__metadata:
  version: 8

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    left: "npm:^1.0.0"

"left@npm:^1.0.0":
  version: 1.0.3
  resolution: "left@npm:1.0.3"
  checksum: 10c0/aa

"right@patch:right@npm%3A~2.0.0#~/.yarn/patches/right.patch":
  version: 2.0.1
  resolution: "right@patch:right@npm%3A2.0.1#~/.yarn/patches/right.patch::version=2.0.1&hash=aa"

"right@npm:~2.0.0":
  version: 2.0.1
  resolution: "right@npm:2.0.1"
`;

const berry: MemoryFiles = {
  'package.json': '{"name": "app", "dependencies": {"left": "^1.0.0"}, "packageManager": "yarn@4.11.0"}',
  'yarn.lock': berryLock,
  '.yarnrc.yml': 'nodeLinker: node-modules\n',
  'src/a.js': 'a',
  '.dockerignore': 'node_modules\n.yarn\nDockerfile\n',
};
const berryRun = `${head}COPY . .\nRUN yarn install --immutable\n`;
const berryBetter = `${head}COPY .yarnrc.yml package.json yarn.lock ./\nRUN yarn install --immutable\nCOPY . .\n`;

const none = { 'left@1.0.3': false, 'right@2.0.1': false };

interface Case {
  readonly name: string;
  readonly text?: string;
  readonly files?: MemoryFiles;
  readonly extras?: ContextExtras;
}

const proofs: readonly Case[] = [
  { name: 'installed packages without install scripts', files: { ...project, ...installed } },
  { name: 'what a registry said of all packages', extras: { installScripts: none } },
  {
    name: 'one told by a registry, the other installed',
    files: { ...project, 'node_modules/left/package.json': installed['node_modules/left/package.json'] ?? '' },
    extras: { installScripts: { 'right@2.0.1': false } },
  },
  {
    name: 'an install script of which it is known that it reads nothing of the project',
    files: {
      ...project,
      'package.json': '{"dependencies": {"esbuild": "^1.0.0"}}',
      'yarn.lock': `# yarn lockfile v1\n${entry('esbuild@^1.0.0', '1.0.0')}`,
    },
    extras: { installScripts: {} },
  },
  {
    name: 'a range that a resolution replaces',
    files: {
      ...project,
      'package.json': '{"dependencies": {"left": "^1.0.0"}, "resolutions": {"**/right": "2.0.1"}}',
      'yarn.lock': yarnLock.replace('right@~2.0.0', 'right@2.0.1'),
    },
    extras: { installScripts: none },
  },
  {
    name: 'an alias, by the name that the registry has',
    files: {
      ...project,
      'package.json': '{"dependencies": {"left": "npm:right@~2.0.0"}}',
      'yarn.lock': `# yarn lockfile v1\n${entry('right@~2.0.0', '2.0.1').replace('"right@', '"left@npm:right@')}`,
    },
    extras: { installScripts: { 'right@2.0.1': false } },
  },
];

const berryProofs: readonly Case[] = [
  {
    name: 'Yarn 4, of whose packages a registry says that none has an install script',
    extras: { installScripts: none },
  },
  {
    name: 'Yarn 4, whose settings turn install scripts off',
    files: { ...berry, '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: false\n' },
  },
  {
    name: 'Yarn 4, which runs no script that is for publishing',
    files: {
      ...berry,
      'package.json': '{"dependencies": {"left": "^1.0.0"}, "scripts": {"prepare": "node src/a.js"}}',
      '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: false\n',
    },
  },
  {
    name: 'Yarn 3, whose cache in the project is ignored, with a plugin that is idle',
    files: {
      ...berry,
      'package.json': '{"name": "app", "packageManager": "yarn@3.6.0"}',
      '.yarnrc.yml':
        'enableScripts: false\nplugins:\n  - path: .yarn/plugins/a.cjs\n    spec: "@yarnpkg/plugin-workspace-tools"\nnodeLinker: node-modules\n',
    },
  },
];

const berryOff = 'nodeLinker: node-modules\nenableScripts: false\n';
const berryManifest = (more: object) =>
  JSON.stringify({ name: 'app', dependencies: { left: '^1.0.0' }, packageManager: 'yarn@4.11.0', ...more });

const berryRefusals: readonly (Case & { readonly reason: string })[] = [
  {
    name: 'Yarn 4 runs scripts of the project whatever its settings forbid',
    files: {
      ...berry,
      'package.json': berryManifest({ scripts: { postinstall: 'node src/a.js' } }),
      '.yarnrc.yml': berryOff,
    },
    reason:
      'may read what `COPY . .` brings: the `postinstall` script runs `node src/a.js`, which may read the sources',
  },
  {
    name: 'Yarn 4 builds a package that the manifest names although settings forbid it',
    files: {
      ...berry,
      'package.json': berryManifest({ dependenciesMeta: { right: { built: true } } }),
      '.yarnrc.yml': berryOff,
    },
    reason: 'may read what `COPY . .` brings: an install script of right might run before the sources are there',
  },
  {
    name: 'Yarn 4 would install into a file that the sources may bring',
    files: { ...berry, '.yarnrc.yml': 'enableScripts: false\n' },
    reason: 'may read what `COPY . .` brings: Yarn 2 and later keeps more than node_modules, unless nodeLinker says so',
  },
  {
    name: 'a plugin of Yarn may read anything',
    files: {
      ...berry,
      '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: false\nplugins:\n  - .yarn/plugins/mine.cjs\n',
    },
    reason: 'may read what `COPY . .` brings: .yarnrc.yml sets plugins',
  },
  {
    name: 'packages of Yarn come from another registry than the one that was asked',
    files: { ...berry, '.yarnrc.yml': 'nodeLinker: node-modules\nnpmRegistryServer: https://npm.example.org\n' },
    extras: { installScripts: none },
    reason: 'may read what `COPY . .` brings: .yarnrc.yml sets npmRegistryServer',
  },
  {
    name: 'settings of Yarn stand behind a byte order mark',
    files: { ...berry, '.yarnrc.yml': '\uFEFFnpmRegistryServer: https://npm.example.org\nnodeLinker: node-modules\n' },
    extras: { installScripts: none },
    reason: 'may read what `COPY . .` brings: .yarnrc.yml sets npmRegistryServer',
  },
  {
    name: 'settings of Yarn are not understood',
    files: { ...berry, '.yarnrc.yml': '? npmRegistryServer\n: https://npm.example.org\nnodeLinker: node-modules\n' },
    extras: { installScripts: none },
    reason: 'may read what `COPY . .` brings: .yarnrc.yml is not understood',
  },
  {
    name: 'the state that Yarn keeps would be copied over',
    files: {
      ...berry,
      '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: false\n',
      '.dockerignore': 'node_modules\n',
    },
    reason:
      'writes .yarn/install-state.gz, over which `COPY . .` would copy a .yarn/install-state.gz of the context: list it in the ignore file',
  },
];

interface Doubt extends Case {
  readonly reason: string;
}

const generic = 'install scripts of dependencies would run before the sources are there';

const doubts: readonly Doubt[] = [
  { name: 'nobody has asked, and nothing is installed', reason: generic },
  {
    name: 'an install script that is not in the table',
    extras: { installScripts: { ...none, 'right@2.0.1': true } },
    reason: 'the install script of right would run before the sources are there',
  },
  {
    name: 'an installed package has one',
    files: {
      ...project,
      ...installed,
      'node_modules/left/package.json': '{"name": "left", "version": "1.0.3", "scripts": {"postinstall": "node x"}}',
    },
    reason: 'the install script of left would run before the sources are there',
  },
  {
    name: 'an installed package is compiled although it has none',
    files: { ...project, ...installed, 'node_modules/left/binding.gyp': '{}' },
    reason: 'the install script of left would run before the sources are there',
  },
  {
    name: 'another version is installed',
    files: { ...project, ...installed, 'node_modules/left/package.json': '{"name": "left", "version": "1.0.4"}' },
    reason: 'it is not known whether left has an install script, which would run before the sources are there',
  },
  {
    name: 'one of two copies of a version is not what it was',
    files: {
      ...project,
      ...installed,
      'node_modules/right/package.json': '{"name": "right", "version": "2.0.1", "scripts": {"preinstall": "x"}}',
    },
    reason: 'the install script of right would run before the sources are there',
  },
  {
    name: 'a registry was asked about another version',
    extras: { installScripts: { 'left@1.0.4': false, 'right@2.0.1': false } },
    reason: 'it is not known whether left has an install script, which would run before the sources are there',
  },
  {
    name: 'npm was asked about what another registry has',
    files: { ...project, 'yarn.lock': yarnLock.replaceAll('registry.yarnpkg.com', 'npm.example.org') },
    extras: { installScripts: none },
    reason:
      'it is not known whether left and 1 more have install scripts, which would run before the sources are there',
  },
  {
    name: 'a package comes from Git, whatever is installed or known',
    files: {
      ...project,
      ...installed,
      'yarn.lock': yarnLock.replace(/https:\S+right\S+/, 'https://codeload.github.com/a/right/tar.gz/0123456789"'),
    },
    extras: { installScripts: none },
    reason: 'right is no package of a registry, and an install script of it would run before the sources are there',
  },
  {
    name: 'the lockfile lacks a range of the manifest',
    files: { ...project, 'package.json': '{"dependencies": {"left": "^2.0.0"}}' },
    extras: { installScripts: none },
    reason: generic,
  },
  {
    name: 'the lockfile lacks a range of a package',
    files: { ...project, 'yarn.lock': yarnLock.replace('right "~2', 'right "~3') },
    extras: { installScripts: none },
    reason: generic,
  },
  {
    name: 'the lockfile is in the middle of a merge',
    files: { ...project, 'yarn.lock': yarnLock.replace('  version', '<<<<<<< HEAD\n  version') },
    extras: { installScripts: none },
    reason: generic,
  },
  {
    name: 'the install does not see the lockfile',
    text: `${head}COPY package.json ./\nCOPY src src\nRUN yarn install --frozen-lockfile\n`,
    extras: { installScripts: none },
    reason: 'yarn.lock, which tells of install scripts or forbids them, is not copied before it',
  },
  {
    name: 'npm 7 and later add peer dependencies that an old lockfile does not have',
    text: 'FROM node:16\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
    files: npm,
    extras: { installScripts: none },
    reason: generic,
  },
  {
    name: 'an npm that replaces that of the image',
    text: `${head}RUN npm install -g npm@8\nCOPY . .\nRUN npm ci\n`,
    files: npm,
    extras: { installScripts: none },
    reason: generic,
  },
  {
    name: 'an npm that comes with another image',
    text: `${head}COPY --from=node:22 /usr/local /usr/local\nCOPY . .\nRUN npm ci\n`,
    files: npm,
    extras: { installScripts: none },
    reason: generic,
  },
  {
    name: 'a package in the tarball of another one, of which a registry knows nothing',
    text: `${head}COPY . .\nRUN npm ci\n`,
    files: {
      ...npm,
      'package-lock.json': JSON.stringify({
        lockfileVersion: 1,
        dependencies: { left: { version: '1.0.3', bundled: true } },
      }),
    },
    extras: { installScripts: none },
    reason: 'it is not known whether left has an install script, which would run before the sources are there',
  },
  {
    name: 'npm is told to leave the lockfile alone, so that it says nothing',
    text: `${head}COPY . .\nRUN npm install --no-package-lock\n`,
    files: { ...project, 'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}}}' },
    reason: 'without a lockfile it is open which install scripts would run before the sources are there',
  },
  {
    name: 'nothing is locked',
    text: `${head}COPY . .\nRUN npm install\n`,
    files: { 'package.json': project['package.json'] ?? '', 'src/a.js': '', '.dockerignore': 'node_modules\n' },
    extras: { installScripts: none },
    reason: 'without a lockfile it is open which install scripts would run before the sources are there',
  },
  {
    name: 'husky would set up hooks in the .git of the context',
    files: {
      ...project,
      '.git/HEAD': '',
      'package.json': '{"dependencies": {"husky": "^1.0.0"}}',
      'yarn.lock': `# yarn lockfile v1\n${entry('husky@^1.0.0', '4.3.0')}`,
    },
    extras: { installScripts: { 'husky@4.3.0': true } },
    reason: 'the install script of husky sets up Git hooks, and .git is not there yet',
  },
  {
    name: 'puppeteer loads a file of the project that says where browsers go',
    text: `${head}COPY . .\nRUN npm ci\n`,
    files: {
      ...project,
      '.puppeteerrc.cjs': '',
      'package-lock.json': '{"lockfileVersion": 3, "packages": {"node_modules/puppeteer": {"hasInstallScript": true}}}',
    },
    reason: 'the install script of puppeteer loads .puppeteerrc.cjs',
  },
  {
    name: 'the first yarn does not heed a variable of the later ones',
    text: `${head}ENV YARN_ENABLE_SCRIPTS=false\nCOPY . .\nRUN yarn install --frozen-lockfile\n`,
    reason: 'yarn may not heed the variable that forbids install scripts',
  },
  {
    name: 'bun trusts a package that sets up Git hooks',
    text: 'FROM oven/bun:1\nWORKDIR /app\nCOPY . .\nRUN bun install --frozen-lockfile\n',
    files: { ...project, 'bun.lock': '{"packages": {"lefthook": ["lefthook@1.0.3", "", {}, "sha512-x"]}}' },
    extras: { installScripts: {} },
    reason: 'an install script of lefthook might run before the sources are there',
  },
  {
    name: 'an older pnpm says of an optional package that it has to be built, whether or not it has',
    text: `${head}COPY . .\nRUN pnpm install --frozen-lockfile\n`,
    files: {
      ...project,
      'package.json': '{"packageManager": "pnpm@8.15.0", "dependencies": {"left": "^1.0.0"}}',
      'pnpm-lock.yaml':
        "lockfileVersion: '6.0'\n\npackages:\n\n  /left@1.0.3:\n    resolution: {integrity: sha512-x}\n    requiresBuild: true\n    optional: true\n",
    },
    reason: 'an install script of left might run before the sources are there',
  },
  {
    name: 'a lockfile of bun that cannot be read',
    text: 'FROM oven/bun:1\nWORKDIR /app\nCOPY . .\nRUN bun install --frozen-lockfile\n',
    files: { ...project, 'bun.lockb': '' },
    reason: 'install scripts of dependencies would run before the sources are there',
  },
  {
    name: 'settings that forbid scripts, which the install does not see',
    text: `${head}COPY package.json package-lock.json ./\nCOPY src src\nRUN npm ci\n`,
    files: {
      ...project,
      'package-lock.json': '{"lockfileVersion": 3, "packages": {"node_modules/left": {"hasInstallScript": true}}}',
      '.npmrc': 'ignore-scripts=true\n',
    },
    reason: '.npmrc, which tells of install scripts or forbids them, is not copied before it',
  },
  ...[
    ['an option', '', 'npm ci --no-ignore-scripts'],
    ['the value of one', '', 'npm ci --ignore-scripts=false'],
    ['a variable', 'ENV npm_config_ignore_scripts=false\n', 'npm ci'],
  ].map(([name = '', before = '', run = '']) => ({
    name: `settings that forbid scripts, against which ${name} stands`,
    text: `${head}${before}COPY . .\nRUN ${run}\n`,
    files: {
      ...project,
      'package-lock.json': '{"lockfileVersion": 3, "packages": {"node_modules/left": {"hasInstallScript": true}}}',
      '.npmrc': 'ignore-scripts=true\n',
    },
    reason: 'the install script of left would run before the sources are there',
  })),
];

describe('the install script of Nx', () => {
  const withNx = (version: string, files: MemoryFiles = {}): MemoryFiles => ({
    ...project,
    'package-lock.json': JSON.stringify({
      lockfileVersion: 3,
      packages: { 'node_modules/nx': { version, hasInstallScript: true } },
    }),
    ...files,
  });
  const all = `${head}COPY . .\nRUN npm ci\n`;
  const named = `${head}COPY src src\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY nx.json ./\n`;
  const why = (text: string, files: MemoryFiles) =>
    whyBehind(text, files, text === all ? 'COPY .' : 'COPY src', 'RUN npm ci');

  for (const version of ['14.8.9', '16.10.0', '20.5.0', '22.0.1', '23.1.1'])
    it(`does nothing without nx.json: ${version}`, () => {
      const sources = 'COPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .';
      assert.equal(propose(all, withNx(version)).text, all.replace('COPY . .\nRUN npm ci', sources));
      assert.equal(why(named, withNx(version, { 'nx.json': '{}' })), undefined);
    });

  for (const [name, text, files] of [
    ['nx.json is copied before it', all, withNx('20.5.0', { 'nx.json': '{}' })],
    ['another file marks the workspace', all, withNx('20.5.0', { nx: '' })],
    ['this version lists all files first', all, withNx('17.3.2')],
    ['so does one of two', all, withNx('20.5.0', { 'package-lock.json': lockOf('20.5.0', '18.0.0') })],
    ['nobody knows that version', all, withNx('29.0.0')],
  ] as const)
    it(`may read the sources where ${name}`, () =>
      assert.match(why(text, files) ?? '', /the install script of nx would run before the sources are there$/));

  it('finds a file that another stage gives', () => {
    const text = named.replace('COPY src src', 'COPY --from=other /out/nx.json ./');
    assert.match(whyBehind(text, withNx('20.5.0'), 'COPY --from', 'RUN npm ci') ?? '', /`npm ci` /);
  });
});

/** A lockfile with Nx twice. */
function lockOf(one: string, other: string): string {
  const packages = {
    'node_modules/nx': { version: one, hasInstallScript: true },
    'node_modules/left/node_modules/nx': { version: other, hasInstallScript: true },
  };
  return JSON.stringify({ lockfileVersion: 3, packages });
}

describe('install scripts of dependencies', () => {
  for (const brings of [
    'npm install -g pnpm@8',
    'apk add --no-cache pnpm',
    'corepack prepare pnpm@9.0.0 --activate',
    '<<EOF\nnpm install -g pnpm@8\nEOF',
  ])
    it(`are a reason where another pnpm than that of the manifest may run them: ${brings}`, () => {
      const files = {
        'package.json': '{"packageManager": "pnpm@10.1.0", "dependencies": {"left": "1"}}',
        'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
        'src/a.js': '',
        '.dockerignore': 'Dockerfile\nnode_modules\n',
      };
      const at = (run: string) => `FROM node:22\nWORKDIR /app\nCOPY . .\n${run}RUN pnpm install --frozen-lockfile\n`;
      const isMoved = (text: string) => /RUN pnpm install[^\n]*\nCOPY \. \.\n$/.test(propose(text, files).text);
      assert.deepEqual([at('RUN corepack enable\n'), at(`RUN ${brings}\n`)].map(isMoved), [true, false]);
    });

  it('are no reason, nor is Corepack, where only a comment names it', () => {
    const files = { ...nodeProject, 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };
    const text =
      '# corepack enable\nFROM node:22\nWORKDIR /app\nCOPY . .\nRUN pnpm install --frozen-lockfile --ignore-scripts\n';
    assert.notEqual(propose(text, files).text, text);
  });

  for (const { name, text = yarn, files = project, extras } of proofs)
    it(`are no reason: ${name}`, () => {
      const { moves, text: proposed } = propose(text, files, undefined, { context: contextOf(text, files, extras) });
      assert.equal(proposed, better);
      assert.deepEqual(
        moves.flatMap(({ caveats }) => caveats),
        [],
      );
    });

  for (const { name, files = berry, extras } of berryProofs)
    it(`are no reason: ${name}`, () => {
      const context = contextOf(berryRun, files, extras);
      assert.equal(propose(berryRun, files, undefined, { context }).text, berryBetter);
    });

  for (const { name, files = berry, extras, reason } of berryRefusals)
    it(`do not matter where ${name}`, () => {
      const found = whyBehind(berryRun, files, 'COPY . .', 'RUN yarn', extras);
      assert.equal(found, `\`yarn install --immutable\` ${reason}`);
      const context = contextOf(berryRun, files, extras);
      assert.equal(propose(berryRun, files, undefined, { context }).text, berryRun);
    });

  it('are no reason without --frozen-lockfile, where yarn would leave its lockfile as it is', () => {
    const text = `${head}COPY . .\nRUN yarn install\n`;
    const steady = yarnLock.replaceAll(/^( {2}resolved .*)$/gm, '$1\n  integrity sha512-x');
    const order = (lock: string) => {
      const files = { ...project, 'yarn.lock': lock };
      return propose(text, files, undefined, { context: contextOf(text, files, { installScripts: none }) }).text;
    };
    assert.equal(order(steady), `${head}COPY package.json yarn.lock ./\nRUN yarn install\nCOPY . .\n`);
    assert.equal(order(`${steady}\n${entry('old@^1.0.0', '1.0.0', '  integrity sha512-x\n')}`), text);
  });

  it('of Prisma are given the schema and the variables that they look for', () => {
    const text = `${head}COPY . .\nRUN npm ci\n`;
    const files = {
      'package.json': '{"dependencies": {"@prisma/client": "6"}}',
      'package-lock.json':
        '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/@prisma/client": {"hasInstallScript": true}}}',
      'prisma/schema.prisma': '',
      '.env': 'DATABASE_URL=x',
      'src/a.js': '',
      '.dockerignore': 'node_modules\nDockerfile\n',
    };
    assert.equal(
      propose(text, files).text,
      `${head}COPY .env package-lock.json package.json ./\nCOPY prisma/schema.prisma prisma/\nRUN npm ci\nCOPY . .\n`,
    );
  });

  it('of Prisma are given the schema that its settings or an option name', () => {
    const order = (manifest: object, more: MemoryFiles) =>
      propose(`${head}COPY . .\nRUN npm ci\n`, {
        'package.json': JSON.stringify({ dependencies: { prisma: '6' }, ...manifest }),
        'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}}}',
        'db/schema.prisma': '',
        'src/a.js': '',
        '.dockerignore': 'node_modules\nDockerfile\n',
        ...more,
      }).text.slice(head.length);
    const copied = 'COPY package-lock.json package.json ./\nCOPY db/schema.prisma db/\nRUN npm ci\nCOPY . .\n';
    for (const option of ['--schema db/schema.prisma', '--schema=./db/schema.prisma'])
      assert.equal(order({ scripts: { postinstall: `prisma generate ${option}` } }, {}), copied);
    const settings = (schema: string) => order({}, { 'prisma.config.ts': `export default { schema: ${schema} };\n` });
    for (const schema of ["'db/schema.prisma'", "path.join('db', 'schema.prisma')"])
      assert.equal(settings(schema), copied.replace('package.json', 'package.json prisma.config.ts'));
    assert.equal(settings('env("SCHEMA")'), 'COPY . .\nRUN npm ci\n');
    const workspaces = {
      'package.json': '{"workspaces": ["web"], "prisma": {"schema": "db/schema.prisma"}}',
      'web/package.json': '{"dependencies": {"@prisma/client": "6"}}',
      '.dockerignore': '**/node_modules\nDockerfile\n',
    };
    assert.equal(order({}, workspaces), copied.replace('COPY db', 'COPY web/package.json web/\nCOPY db'));
  });

  for (const [generator, output, isMoved] of [
    ['"prisma-client-js"', '"../node_modules/client"', true],
    ['"prisma-client-js"', '"../build/client"', true],
    ['"prisma-client-js"', '"../src/client"', false],
    ['"node ./src/a.js"', undefined, false],
  ] as const)
    it(`of Prisma ${isMoved ? 'may' : 'must not'} run first with the generator ${generator} into ${output ?? 'nothing'}`, () => {
      const text = `${head}COPY . .\nRUN npm ci\n`;
      const line = output === undefined ? '' : `  output = ${output}\n`;
      const files = {
        'package.json': '{"dependencies": {"@prisma/client": "6"}}',
        'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}}}',
        'prisma/schema.prisma': `generator client {\n  provider = ${generator}\n${line}}\n`,
        'src/a.js': '',
        '.dockerignore': 'node_modules\nbuild\nDockerfile\n',
      };
      assert.equal(propose(text, files).text !== text, isMoved);
    });

  it('keep an unlocked install behind a COPY that is made for a lockfile', () => {
    const text = `${head}COPY package*.json ./\nRUN npm install\nCOPY . .\n`;
    const files = { 'package.json': project['package.json'] ?? '', 'src/a.js': '', '.dockerignore': 'node_modules\n' };
    const found = propose(text, files, ['package-lock.json', 'src/a.js'], { acceptance: 'likely' });
    assert.equal(found.text, text);
  });

  it('are a caveat where nothing is locked, and so is a lockfile that lies beside the sources after all', () => {
    const text = `${head}COPY . .\nRUN npm install\n`;
    const files = { 'package.json': project['package.json'] ?? '', 'src/a.js': '', '.dockerignore': 'node_modules\n' };
    const { moves, text: proposed } = propose(text, files, undefined, { acceptance: 'likely' });
    assert.equal(proposed, `${head}COPY package.json ./\nRUN npm install\nCOPY . .\n`);
    assert.deepEqual(
      moves.flatMap(({ caveats }) => caveats),
      [
        'without a lockfile it is open which install scripts would run before the sources are there',
        'package-lock.json and npm-shrinkwrap.json beside the sources would be copied over what it makes there',
      ],
    );
  });

  it('are no reason where an old npm installs just what its lockfile has', () => {
    const text = `${head}COPY . .\nRUN npm ci\n`;
    const context = contextOf(text, npm, { installScripts: none });
    const proposed = propose(text, npm, undefined, { context }).text;
    assert.equal(proposed, `${head}COPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\n`);
  });

  it('are no reason where those that bun might trust have none', () => {
    const text = 'FROM oven/bun:1\nWORKDIR /app\nUSER root\nCOPY . .\nRUN bun install --frozen-lockfile\n';
    const files = { ...project, 'bun.lock': '{"packages": {"left": ["left@1.0.3", "", {}, "sha512-x"],}}' };
    const context = contextOf(text, files, { installScripts: none });
    const proposed = propose(text, files, undefined, { context }).text;
    assert.match(proposed, /COPY bun\.lock package\.json \.\/\nRUN bun install --frozen-lockfile\nCOPY \. \.\n$/);
  });

  it('are no reason where pnpm is one that runs none by itself, by its number or as the newest', () => {
    const files = {
      'package.json': '{"dependencies": {"left": "1"}}',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'src/a.js': '',
      '.dockerignore': 'Dockerfile\nnode_modules\n',
    };
    const isMoved = (run: string, more: MemoryFiles = {}) => {
      const text = `FROM node:22\nWORKDIR /app\nRUN ${run}\nCOPY . .\nRUN pnpm install --frozen-lockfile\n`;
      return /RUN pnpm install[^\n]*\nCOPY \. \.\n$/.test(propose(text, { ...files, ...more }).text);
    };
    for (const run of [
      'npm install -g pnpm',
      'npm i --global --loglevel error pnpm@10.30.3 turbo && pnpm --version',
      'npm i pnpm@^10 -g',
      'true\nENV COREPACK_ENABLE_AUTO_PIN=0\nRUN corepack enable && corepack prepare pnpm@latest --activate',
    ])
      assert.ok(isMoved(run), run);
    for (const run of [
      'npm i -g pnpm\nENV npm_config_dangerously_allow_all_builds=true',
      'npm install -g pnpm@9',
      'corepack enable',
      'npm install -g pnpm@next-9',
      'npm i -g pnpm && npm i -g pnpm@8',
    ])
      assert.ok(!isMoved(run), run);
    assert.ok(
      !isMoved('npm install -g pnpm', {
        'package.json': '{"packageManager": "pnpm@9.1.0", "dependencies": {"left": "1"}}',
      }),
    );
    const allowing = { 'package.json': '{"dependencies": {"left": "1"}, "pnpm": {"onlyBuiltDependencies": ["left"]}}' };
    assert.ok(!isMoved('npm install -g pnpm', allowing));
  });

  it('are no reason where pnpm runs only those that the workspace names', () => {
    const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN pnpm install --frozen-lockfile\n';
    const files = (built: string) => ({
      ...project,
      'package.json': '{"packageManager": "pnpm@10.1.0", "dependencies": {"left": "1"}}',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'pnpm-workspace.yaml': `onlyBuiltDependencies:\n  - esbuild@0.25.0\n${built}`,
    });
    const order = (built: string) => propose(text, files(built)).text;
    assert.match(order(''), /install --frozen-lockfile\nCOPY \. \.\n$/);
    assert.equal(order('  - left\n'), text);
    assert.equal(order('dangerouslyAllowAllBuilds: true\n'), text);
    assert.match(
      order("allowBuilds:\n  '@swc/core': true\n  sharp@1.0.0 || 1.0.1: true # fine\n  left: false\n"),
      /\nCOPY \. \.\n$/,
    );
    assert.equal(order('allowBuilds:\n  esbuild: true\n  left@1: true\n'), text);
    assert.equal(order('allowBuilds:\n  esbuild: maybe\n'), text);
    assert.equal(order('allowBuilds: {left: true}\n'), text);
    assert.equal(order('"allowBuilds":\n  left: true\n'), text);
    assert.equal(order("'dangerouslyAllowAllBuilds': true\n"), text);
    const allOthers = { ...files(''), 'pnpm-workspace.yaml': 'neverBuiltDependencies: []\n' };
    assert.equal(propose(text, allOthers).text, text);
  });

  it('are no reason where settings forbid them', () => {
    const text = `${head}COPY . .\nRUN npm ci\n`;
    const files = {
      ...project,
      'package.json': '{"scripts": {"postinstall": "node src/a.js"}, "dependencies": {"left": "1"}}',
      'package-lock.json': '{"lockfileVersion": 3, "packages": {"node_modules/left": {"hasInstallScript": true}}}',
      '.npmrc': 'ignore-scripts=true\n',
    };
    const proposed = propose(text, files).text;
    assert.equal(proposed, `${head}COPY .npmrc package-lock.json package.json ./\nRUN npm ci\nCOPY . .\n`);
  });

  for (const { name, text = yarn, files = project, extras = {}, reason } of doubts) {
    it(`keep an install behind the sources: ${name}`, () => {
      const copy = text.includes('COPY . .') ? 'COPY . .' : 'COPY src';
      const install = text.slice(text.lastIndexOf('RUN '));
      const found = whyBehind(text, files, copy, install, extras) ?? '';
      assert.equal(found.slice(found.indexOf(': ') + 2), reason);
    });

    it(`${name}: no proposal moves it`, () => {
      const context = contextOf(text, files, extras);
      assert.equal(propose(text, files, undefined, { context }).text, text);
    });

    it(`${name}: --unsafe says so`, () => {
      const context = contextOf(text, files, extras);
      const { moves } = propose(text, files, undefined, { context, acceptance: 'likely' });
      assert.ok(moves.flatMap(({ caveats }) => caveats).includes(reason));
    });
  }
});
