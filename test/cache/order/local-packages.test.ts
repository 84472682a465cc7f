import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose, whyBehind } from '../../helpers/proposals.js';

const python = 'FROM python:3.13\nWORKDIR /app\n';
const composer = 'FROM composer:2\nWORKDIR /app\n';
const node = 'FROM node:22\nWORKDIR /app\n';
const dotnet = 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /app\n';
const composerRun = 'composer install --no-scripts --no-autoloader';

/** An install that takes packages or settings out of the repository. */
interface Local {
  readonly name: string;
  readonly base: string;
  readonly run: string;
  readonly before?: string;
  readonly files: MemoryFiles;
  /** The end of the reason. */
  readonly why: string;
}

const requirements = (name: string, text: string, files: MemoryFiles, why: string): Local => ({
  name: `requirements: ${name}`,
  base: python,
  run: 'pip install -r requirements.txt',
  files: { 'requirements.txt': text, ...files },
  why,
});
const pip = (name: string, options: string, files: MemoryFiles, why: string): Local => ({
  ...requirements(name, 'foo\n', files, why),
  name: `pip: ${name}`,
  run: `pip install ${options} -r requirements.txt`,
});
const php = (name: string, manifest: object, lock: object, why: string, before = ''): Local => ({
  name: `Composer: ${name}`,
  base: composer,
  before,
  run: composerRun,
  files: {
    'composer.json': JSON.stringify({ require: { 'a/b': '1' }, ...manifest }),
    'composer.lock': JSON.stringify({ packages: [], 'plugin-api-version': '2.6.0', ...lock }),
    'zips/a.zip': '',
    '.dockerignore': 'vendor\n',
  },
  why,
});
const net = (name: string, project: string, files: MemoryFiles, why: string): Local => ({
  name: `dotnet: ${name}`,
  base: dotnet,
  run: 'dotnet restore',
  files: { 'App.csproj': `<Project Sdk="Microsoft.NET.Sdk">${project}</Project>`, '.dockerignore': 'obj\n', ...files },
  why,
});

const npm = (name: string, manifest: object, run: string, why: string): Local => ({
  name: `npm: ${name}`,
  base: node,
  run,
  files: {
    'package.json': JSON.stringify({ name: 'app', ...manifest }),
    'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}}}',
    'conf/ca.pem': '',
    '.dockerignore': 'node_modules\n',
  },
  why,
});
const go = (name: string, before: string): Local => ({
  name: `Go: ${name}`,
  base: 'FROM golang:1.24\nWORKDIR /app\n',
  before,
  run: 'go mod download',
  files: { 'go.mod': 'module x\nrequire example.org/y v1.0.0\n', 'go.sum': '', 'prod.mod': '' },
  why: '-modfile names another manifest',
});

const gems = (name: string, line: string, why: string, lockfile = 'GEM\n'): Local => ({
  name: `Bundler: ${name}`,
  base: 'FROM ruby:3.4\nWORKDIR /app\nENV BUNDLE_FROZEN=1\n',
  run: 'bundle install',
  files: { Gemfile: `${line}\n`, 'Gemfile.lock': lockfile, '.dockerignore': 'vendor\n.bundle\n', VERSION: '1' },
  why,
});

const pnpm = (name: string, lines: string, why: string): Local => ({
  name: `pnpm: ${name}`,
  base: node,
  run: 'pnpm install --frozen-lockfile --ignore-scripts',
  files: {
    'package.json': '{"dependencies": {"x": "1"}, "packageManager": "pnpm@10.0.0"}',
    'pnpm-lock.yaml': `lockfileVersion: '9.0'\n\npackages:\n\n${lines}`,
    'libs/x/package.json': '{"name": "x"}',
    '.dockerignore': 'node_modules\n',
  },
  why,
});

const locals: readonly Local[] = [
  pnpm(
    'a folder that an override of the workspace names',
    '  x@file:libs/x:\n    resolution: {directory: libs/x, type: directory}\n',
    'pnpm copies the folder libs/x of this repository',
  ),
  pnpm(
    'an archive that is not there',
    '  x@file:libs/x.tgz:\n    resolution: {integrity: sha512-x, tarball: file:libs/x.tgz}\n',
    'pnpm-lock.yaml names the archive libs/x.tgz',
  ),
  gems('a repository of Git among the sources', 'gem "x", git: "./lib/x"', 'the Gemfile takes gems from ./lib/x'),
  gems(
    'a gem in a folder that only the lockfile names',
    'gem "x", **here("x")',
    'the Gemfile has a gem of this repository in gems/x, whose gemspec may read other files',
    'PATH\n  remote: gems/x\n  specs:\n    x (1.0.0)\n\nGEM\n',
  ),
  gems(
    'another Gemfile that is not known',
    'eval_gemfile ENV.fetch("MORE")',
    'the Gemfile runs or reads something else',
  ),
  gems('a folder of gems', 'source "file:///app/gems"', 'the Gemfile takes gems from file:///app/gems'),
  gems('a file that it opens', 'gem "x", open("VERSION").read', 'the Gemfile runs or reads something else'),
  gems('a file that it asks for', 'gem "x" if test(?e, "VERSION")', 'the Gemfile runs or reads something else'),
  gems(
    'one that it asks for by another name',
    'gem "x" if FileTest.exist?("VERSION")',
    'the Gemfile runs or reads something else',
  ),
  npm(
    'workspaces by a pattern that is not understood',
    { workspaces: ['packages/@(a|b)'] },
    'npm ci',
    'it is not known which folders `packages/@(a|b)` means',
  ),
  npm(
    'a dependency by its path in the image',
    { dependencies: { x: '/app/libs/x' } },
    'npm ci',
    'the dependency x is /app/libs/x',
  ),
  npm('a certificate', {}, 'npm ci --cafile=conf/ca.pem', '--cafile=conf/ca.pem names conf/ca.pem'),
  npm('a cache among the sources', {}, 'npm ci --cache .npm', '--cache names .npm'),
  go('another manifest', 'ENV GOFLAGS=-modfile=prod.mod\n'),
  requirements(
    'a project without a dot in front',
    'libs/mine\n',
    { 'libs/mine/setup.py': '' },
    'requirements.txt installs `libs/mine`, a project of this repository',
  ),
  requirements(
    'one that is installed in place',
    '-e libs/mine[x]\n',
    { 'libs/mine/setup.py': '' },
    'requirements.txt installs `libs/mine[x]`, a project of this repository',
  ),
  requirements(
    'one by the name of its folder alone',
    '--editable=mine[x]\n',
    { 'mine/setup.py': '' },
    'requirements.txt installs `mine[x]`, a project of this repository',
  ),
  requirements(
    'a repository of Git by its path in the image',
    'mine @ git+file:///app/mine\n',
    {},
    'requirements.txt names mine @ git+file:///app/mine',
  ),
  requirements(
    'a place that a variable names',
    `foo @ \${LIBS}/foo.whl\n`,
    {},
    `requirements.txt names \${LIBS}/foo.whl`,
  ),
  requirements(
    'a folder of wheels by its path in the image',
    '--find-links /app/wheels\nfoo\n',
    {},
    'requirements.txt names the package source /app/wheels',
  ),
  requirements(
    'an index among the sources',
    '-i file:///app/simple\nfoo\n',
    {},
    'requirements.txt names the package source file:///app/simple',
  ),
  pip('a folder of wheels', '--no-index -f /app/wheels', {}, '-f names the package source /app/wheels'),
  pip('an index', '--index-url=file:///app/simple', {}, '--index-url names the package source file:///app/simple'),
  pip('a certificate', '--cert src/ca.pem', {}, '--cert names src/ca.pem'),
  pip('a cache', '--cache-dir=cache', {}, '--cache-dir names cache'),
  pip('a project', 'libs/mine', { 'libs/mine/setup.py': '' }, 'it installs `libs/mine`, a project of this repository'),
  {
    name: 'Pipenv: an index',
    base: python,
    run: 'pipenv sync --system',
    files: {
      Pipfile: '[[source]]\nname = "x"\nurl = "file:///app/simple"\n[packages]\nfoo = "*"\n',
      'Pipfile.lock': '{}',
    },
    why: 'Pipfile names the package source file:///app/simple',
  },
  {
    name: 'Pipenv: a wheel',
    base: python,
    run: 'pipenv sync --system',
    files: { Pipfile: '[packages]\nfoo = {file = "foo.whl"}\n', 'Pipfile.lock': '{}' },
    why: 'Pipfile has a dependency that is a folder of this repository',
  },
  {
    name: 'Poetry: an index',
    base: python,
    run: 'poetry install --no-root',
    files: { 'pyproject.toml': '[[tool.poetry.source]]\nname = "x"\nurl = "file:///app/simple"\n', 'poetry.lock': '' },
    why: 'pyproject.toml names the package source file:///app/simple',
  },
  {
    name: 'uv: a folder of wheels',
    base: python,
    run: 'uv sync --locked --no-install-project',
    files: { 'pyproject.toml': '[project]\nname = "a"\n[tool.uv]\nfind-links = ["wheels"]\n', 'uv.lock': '' },
    why: 'pyproject.toml names the package source wheels',
  },
  {
    name: 'uv: a folder that a member of the workspace asks for',
    base: python,
    run: 'uv sync --frozen --no-install-workspace',
    files: {
      'pyproject.toml': '[project]\nname = "a"\n[tool.uv.workspace]\nmembers = ["b"]\n',
      'b/pyproject.toml': '[project]\nname = "b"\n',
      'uv.lock':
        '[[package]]\nname = "b"\nsource = { editable = "b" }\n\n[[package]]\nname = "x"\nsource = { directory = "libs/x" }\n',
      '.dockerignore': '**/.venv\n',
    },
    why: 'uv.lock has the dependency libs/x, a folder of this repository',
  },
  {
    name: 'uv: a lockfile with such a folder',
    base: python,
    run: 'uv sync --locked --no-install-project',
    files: { 'pyproject.toml': '[project]\nname = "a"\n', 'uv.lock': 'source = { registry = "wheels" }\n' },
    why: 'uv.lock names the package source wheels',
  },
  ...[
    ['dependencies that are computed', 'dynamic = ["dependencies"]\n', '', 'pyproject.toml computes its dependencies'],
    [
      'a version that is computed and locked',
      'dynamic = ["version"]\n',
      'name = "a"\nversion = "1"\nsource = { editable = "." }\n',
      'uv.lock has a version that pyproject.toml computes',
    ],
    [
      'a repository of Git',
      '[tool.uv.sources]\nx = { git = "../x" }\n',
      '',
      'pyproject.toml names the package source ../x',
    ],
  ].map(([name, more, lock = '', why = '']) => ({
    name: `uv: ${name}`,
    base: python,
    run: 'uv sync --locked --no-install-project',
    files: { 'pyproject.toml': `[project]\nname = "a"\n${more}`, 'uv.lock': lock },
    why,
  })),
  ...[
    [
      'a script',
      '[tool.pdm.scripts]\npost_install = "python src/a.py"\n',
      '',
      'the `post_install` script of PDM runs with it',
    ],
    [
      'a dependency for development',
      '[dependency-groups]\ndev = ["x @ file:///app/x"]\n',
      '',
      'pyproject.toml has a dependency that is a folder of this repository',
    ],
    ['a lockfile', '', '[[package]]\npath = "./x"\n', 'pdm.lock names the package source ./x'],
  ].map(([name, more, lock = '', why = '']) => ({
    name: `PDM: ${name}`,
    base: python,
    run: 'pdm sync --no-self',
    files: { 'pyproject.toml': `[project]\nname = "a"\n${more}`, 'pdm.lock': lock },
    why,
  })),
  {
    name: 'uv: its settings',
    base: python,
    run: 'uv pip install --system -r requirements.txt',
    files: { 'requirements.txt': 'foo', 'uv.toml': '[[index]]\nurl = "./simple"\n' },
    why: 'uv.toml names the package source ./simple',
  },
  ...[
    [
      'a folder',
      'pyproject.toml',
      '[tool.uv.sources]\nx = { path = "libs/x" }\n',
      'pyproject.toml has the dependency libs/x, a folder of this repository',
    ],
    [
      'a workspace',
      'pyproject.toml',
      '[tool.uv.sources]\nx = { workspace = true }\n',
      'pyproject.toml has a dependency that is a folder of this repository',
    ],
    [
      'a lockfile with a folder',
      'pylock.toml',
      '[[packages]]\nname = "x"\ndirectory = { path = "libs/x" }\n',
      'pylock.toml has a dependency that is a folder of this repository',
    ],
    [
      'a script that is run',
      'setup.py',
      'setup(install_requires=open("list").read().split())\n',
      'uv builds the project that setup.py describes',
    ],
  ].map(([name, file = '', text = '', why = '']) => ({
    name: `uv: ${name} in what it is told to read`,
    base: python,
    run: `uv pip install --system -r ${file}`,
    files: { [file]: text },
    why,
  })),
  {
    name: 'pip: settings of the build that a variable names',
    base: python,
    before: 'ENV DIST_EXTRA_CONFIG=build.cfg\n',
    run: 'pip install .',
    files: {
      'pyproject.toml':
        '[project]\nname = "a"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n',
      'build.cfg': '[build]\nbuild_base = /app/out\n',
    },
    why: 'DIST_EXTRA_CONFIG changes what it does',
  },
  php(
    'a folder of archives',
    { repositories: [{ type: 'artifact', url: './zips' }] },
    {},
    'composer.json names the package source ./zips',
  ),
  php(
    'an archive of a lockfile',
    {},
    { packages: [{ name: 'a/b', dist: { type: 'zip', url: 'zips/a.zip' } }] },
    'composer.lock names the archive zips/a.zip',
  ),
  {
    ...php(
      'the version of the project',
      {},
      {},
      'it writes down the version of the project that Git knows, and .git is not there yet',
    ),
    name: 'Composer: the version of the project',
    files: {
      'composer.json': '{"require": {"a/b": "1"}, "config": {"allow-plugins": false}}',
      'composer.lock': '{"packages": []}',
      '.git/HEAD': '',
      '.dockerignore': 'vendor\n',
    },
  },
  php('another manifest', {}, {}, 'COMPOSER may name another manifest or folder', 'ENV COMPOSER=prod.json\n'),
  net(
    'a condition that looks for a source file',
    `<ItemGroup Condition="Exists('src\\local.txt')" />`,
    { 'src/local.txt': '' },
    'App.csproj asks whether src/local.txt exists',
  ),
  net(
    'settings in a file of another name',
    '<PropertyGroup><RestoreConfigFile>build/feeds.xml</RestoreConfigFile></PropertyGroup>',
    { 'build/feeds.xml': '' },
    'App.csproj sets RestoreConfigFile',
  ),
  net(
    'packages in a folder of the project',
    '',
    { 'nuget.config': '<configuration><config><add key="globalPackagesFolder" value="p" /></config></configuration>' },
    'nuget.config moves the folder of the packages',
  ),
];

describe('an install that takes something else out of the repository', () => {
  for (const { name, base, before = '', run, files, why } of locals)
    it(name, () => {
      const text = `${base}${before}COPY . .\nRUN ${run}\n`;
      const all = { 'src/a.js': '', ...files };
      const reason = whyBehind(text, all, 'COPY', 'RUN');
      assert.ok(reason?.endsWith(`: ${why}`), reason);
      assert.equal(propose(text, all).text, text);
    });

  it('is a restore that writes a lockfile anew, or into another folder', () => {
    const why = (project: string, run = 'dotnet restore', more: MemoryFiles = {}) =>
      whyBehind(
        `${dotnet}COPY . .\nRUN ${run}\n`,
        {
          'App.csproj': `<Project Sdk="X"><PropertyGroup>${project}</PropertyGroup></Project>`,
          'packages.lock.json': '{}',
          '.dockerignore': 'obj\n',
          ...more,
        },
        'COPY',
        'RUN',
      );
    assert.equal(why(''), '`dotnet restore` may rewrite packages.lock.json, which `COPY . .` would put back');
    assert.doesNotMatch(why('<RestoreLockedMode>true</RestoreLockedMode>') ?? '', /rewrite/);
    assert.doesNotMatch(why('', 'dotnet restore --locked-mode') ?? '', /rewrite/);
    assert.doesNotMatch(why('', 'dotnet restore -p:RestoreLockedMode=true') ?? '', /rewrite/);
    assert.match(why('<RestoreLockedMode>false</RestoreLockedMode>') ?? '', /rewrite/);
    assert.match(
      why(`<RestoreLockedMode Condition="'$(CI)' == 'true'">true</RestoreLockedMode>`) ?? '',
      /may rewrite packages\.lock\.json/,
    );
    const locked = '<PropertyGroup><RestoreLockedMode>true</RestoreLockedMode></PropertyGroup>';
    const props = (text: string) =>
      why('', 'dotnet restore', { 'Directory.Build.props': `<Project>${text}</Project>` });
    assert.doesNotMatch(props(locked) ?? '', /rewrite/);
    assert.match(props(locked.replace('>', ` Condition="'$(CI)' == 'true'">`)) ?? '', /rewrite/);
    assert.match(props(`<!--${locked}-->`) ?? '', /rewrite/);
    assert.match(
      why('<UseArtifactsOutput>true</UseArtifactsOutput>', 'dotnet restore --locked-mode') ?? '',
      /writes artifacts, over which `COPY \. \.` would copy/,
    );
  });

  it('has the files that can be named copied before it', () => {
    const first = (base: string, run: string, files: MemoryFiles) => {
      const text = `${base}COPY . .\nRUN ${run}\n`;
      return propose(text, { 'src/a.js': '', '.dockerignore': 'obj\n', ...files }).text.slice(base.length);
    };
    assert.equal(
      first(python, 'pip install -r requirements/all.txt', {
        'requirements/all.txt': '--no-index -f wheels\ndist/mine-1.0.whl\n',
        'requirements/wheels/x.whl': '',
        'dist/mine-1.0.whl': '',
      }),
      'COPY requirements/all.txt requirements/\nCOPY dist/mine-1.0.whl dist/\nCOPY requirements/wheels requirements/wheels/\nRUN pip install -r requirements/all.txt\nCOPY . .\n',
    );
    const locked = {
      'package.json': '{"dependencies": {"x": "libs/old/x.tgz", "z": "libs/z.tgz"}}',
      '.dockerignore': 'node_modules\n',
    };
    assert.equal(
      first(node, 'npm ci', {
        ...locked,
        'package-lock.json': '{"packages": {"node_modules/y": {"resolved": "file:libs/y.tgz"}}, "lockfileVersion": 3}',
        'libs/old/x.tgz': '',
        'libs/y.tgz': '',
        'libs/z.tgz': '',
      }),
      'COPY package-lock.json package.json ./\nCOPY libs/y.tgz libs/\nCOPY libs/old/x.tgz libs/old/\nRUN npm ci\nCOPY . .\n',
    );
    assert.equal(
      first(node, 'npm ci', {
        'package.json': '{"workspaces": ["{web,api}", "libs/v?"]}',
        'package-lock.json': '{"lockfileVersion": 3, "packages": {}}',
        'web/package.json': '{}',
        'api/package.json': '{}',
        'libs/v1/package.json': '{}',
        'libs/v10/package.json': '{}',
        '.dockerignore': '**/node_modules\n',
      }),
      'COPY package-lock.json package.json ./\nCOPY web/package.json web/\nCOPY api/package.json api/\nCOPY libs/v1/package.json libs/v1/\nRUN npm ci\nCOPY . .\n',
    );
    assert.equal(
      first(node, 'yarn --frozen-lockfile --ignore-scripts', {
        'package.json': '{}',
        'yarn.lock': '# yarn lockfile v1\n',
        '.yarnclean': 'docs\n',
        '.dockerignore': 'node_modules\n',
      }),
      'COPY .yarnclean package.json yarn.lock ./\nRUN yarn --frozen-lockfile --ignore-scripts\nCOPY . .\n',
    );
    assert.equal(
      first(node, 'pnpm install --frozen-lockfile --ignore-scripts', {
        'package.json': '{"packageManager": "pnpm@9.0.0"}',
        'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
        'pnpm-workspace.yaml': 'patchedDependencies:\n  left@1.0.0: fix/left.diff\n',
        'fix/left.diff': '',
        '.dockerignore': 'node_modules\n',
      }),
      'COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./\nCOPY fix/left.diff fix/\nRUN pnpm install --frozen-lockfile --ignore-scripts\nCOPY . .\n',
    );
    assert.equal(
      first('FROM ruby:3.4\nWORKDIR /app\nENV BUNDLE_FROZEN=1\n', 'bundle install', {
        Gemfile: 'eval_gemfile "#{__dir__}/conf/Gemfile.web"\n',
        'conf/Gemfile.web': "eval_gemfile 'Gemfile.base'\n",
        'conf/Gemfile.base': '',
        'Gemfile.lock': 'GEM\n',
        '.dockerignore': 'vendor\n.bundle\n',
      }),
      'COPY Gemfile Gemfile.lock ./\nCOPY conf/Gemfile.base conf/Gemfile.web conf/\nRUN bundle install\nCOPY . .\n',
    );
    assert.equal(
      first(node, 'yarn install --immutable', {
        'package.json': '{"name": "app"}',
        'yarn.lock': '__metadata:\n  version: 8\n',
        '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: false\nyarnPath: tools/yarn.cjs\n',
        '.env.yarn': 'A=b\n',
        'tools/yarn.cjs': '',
        '.dockerignore': 'node_modules\n.yarn\n',
      }),
      'COPY .env.yarn .yarnrc.yml package.json yarn.lock ./\nCOPY tools/yarn.cjs tools/\nRUN yarn install --immutable\nCOPY . .\n',
    );
    assert.equal(
      first(python, 'poetry install --no-root', {
        'pyproject.toml': '[project]\nname = "a"\nlicense = { file = "COPYING" }\n',
        'poetry.lock': '',
        COPYING: '',
        '.dockerignore': '.venv\n',
      }),
      'COPY COPYING poetry.lock pyproject.toml ./\nRUN poetry install --no-root\nCOPY . .\n',
    );
    const linking = `lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  web:\n    dependencies:\n      x:\n        specifier: link:../libs/x\n        version: link:../libs/x\n\npackages:\n\n  y@file:libs/y.tgz:\n    resolution: {integrity: sha512-y, tarball: file:libs/y.tgz}\n`;
    assert.equal(
      first(node, 'pnpm install --frozen-lockfile --ignore-scripts', {
        'package.json':
          '{"packageManager": "pnpm@10.0.0", "pnpm": {"overrides": {"x": "link:libs/x", "y": "file:libs/y.tgz"}}}',
        'pnpm-lock.yaml': linking,
        'pnpm-workspace.yaml': 'packages:\n  - web\n',
        'web/package.json': '{}',
        'libs/x/package.json': '{"bin": "x.js"}',
        'libs/x/x.js': { text: '', mode: 0o755 },
        'libs/y.tgz': '',
        '.dockerignore': '**/node_modules\n',
      }),
      'COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./\nCOPY libs/y.tgz libs/\nCOPY libs/x/package.json libs/x/x.js libs/x/\nCOPY web/package.json web/\nRUN pnpm install --frozen-lockfile --ignore-scripts\nCOPY . .\n',
    );
    assert.equal(
      first(dotnet, 'dotnet restore', { 'App.csproj': '<Project Sdk="X" />', 'App.csproj.user': '<Project />' }),
      'COPY App.csproj App.csproj.user ./\nRUN dotnet restore\nCOPY . .\n',
    );
  });

  it('is left alone where the names are those of the network', () => {
    const free = (base: string, run: string, files: MemoryFiles) =>
      /may read .*/.exec(
        whyBehind(`${base}COPY . .\nRUN ${run}\n`, { 'src/a.js': '', ...files }, 'COPY', 'RUN') ?? '',
      )?.[0];
    const list = `-i https://example.org/simple\ngit+https://\${TOKEN}@example.org/x.git\nfoo @ https://example.org/foo.whl\nbar>=1 ; python_version < "3"\n`;
    assert.equal(
      free(python, 'pip install --cache-dir /tmp/x -r requirements.txt', { 'requirements.txt': list }),
      undefined,
    );
    const manifest = { dependencies: { a: '~1.2.3', b: 'left/pad', c: '^1.0.0', d: 'https://example.org/d.tgz' } };
    assert.equal(
      free(node, 'npm ci', {
        '.dockerignore': 'node_modules\n',
        'package.json': JSON.stringify(manifest),
        'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}}}',
      }),
      undefined,
    );
    const repositories = [
      { type: 'vcs', url: 'git@example.org:a/b.git' },
      { type: 'composer', url: 'packages.example.org' },
    ];
    assert.equal(
      free(composer, composerRun, {
        '.dockerignore': 'vendor\n',
        'composer.json': JSON.stringify({ repositories, config: { 'allow-plugins': {} } }),
        'composer.lock': JSON.stringify({
          packages: [{ name: 'a/b', dist: { type: 'zip', url: 'https://example.org/b.zip' } }],
          'plugin-api-version': '2.6.0',
        }),
      }),
      undefined,
    );
  });
});
