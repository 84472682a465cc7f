import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { nodeProject, propose, whyBehind } from '../../helpers/proposals.js';

const manifest = JSON.stringify({ name: 'app', dependencies: { left: '1.0.0' } });

/** A manager of packages with its project in /app. */
interface Manager {
  readonly install: string;
  readonly files: MemoryFiles;
  readonly base?: string;
}

const npm: Manager = { install: 'npm ci', files: {} };
const pnpm: Manager = {
  install: 'pnpm install --frozen-lockfile --ignore-scripts',
  files: { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
};
const yarn: Manager = {
  install: 'yarn --frozen-lockfile --ignore-scripts',
  files: { 'yarn.lock': '# yarn lockfile v1\n' },
};
const bun: Manager = {
  install: 'bun install --frozen-lockfile',
  files: { 'package.json': '{"name": "app"}', 'bun.lock': '{"packages": {}}' },
};
const bundler: Manager = {
  install: 'bundle install',
  base: 'FROM ruby:3.4\nWORKDIR /app\nENV BUNDLE_FROZEN=1\n',
  files: { Gemfile: 'gem "rack"\n', 'Gemfile.lock': 'GEM\n', '.dockerignore': 'Dockerfile\n.bundle\nvendor\n' },
};
const poetry: Manager = {
  install: 'poetry install --no-root',
  base: 'FROM python:3.13\nWORKDIR /app\n',
  files: {
    'pyproject.toml': '[tool.poetry]\nname = "app"\n',
    'poetry.lock': '[metadata]\n',
    '.dockerignore': 'Dockerfile\n.venv\n',
  },
};

const python = 'FROM python:3.13\nWORKDIR /app\n';
const pip: Manager = {
  install: 'pip install -r requirements.txt',
  base: python,
  files: { 'requirements.txt': 'flask==3.0.0\n' },
};
const pipenv: Manager = {
  install: 'pipenv install --system --deploy',
  base: python,
  files: { Pipfile: '[packages]\nflask = "*"\n', 'Pipfile.lock': '{"_meta": {}, "default": {}}' },
};
const uv: Manager = {
  install: 'uv sync --frozen --no-install-project',
  base: python,
  files: {
    'pyproject.toml': '[project]\nname = "app"\nversion = "1"\n',
    'uv.lock': 'version = 1\n\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n',
    '.dockerignore': 'Dockerfile\n.venv\n',
  },
};
const composer: Manager = {
  install: 'composer install --no-scripts --no-autoloader --no-plugins',
  base: 'FROM composer:2\nWORKDIR /app\n',
  files: {
    'composer.json': '{"name": "a/b"}',
    'composer.lock': '{"packages": [], "packages-dev": []}',
    '.dockerignore': 'Dockerfile\nvendor\n',
  },
};
const dotnet: Manager = {
  install: 'dotnet restore a.csproj',
  base: 'FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /app\n',
  files: {
    'a.csproj': '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="X" /></ItemGroup></Project>',
    '.dockerignore': 'Dockerfile\nobj\n',
  },
};

function fileWith({ base = 'FROM node:22\nWORKDIR /app\n', install }: Manager, command: string): string {
  return `${base}RUN ${command}\nCOPY . .\nRUN ${install}\n`;
}

function filesWith({ files }: Manager, more: MemoryFiles = {}): MemoryFiles {
  return { ...nodeProject, 'package.json': manifest, ...files, ...more };
}

describe('a setting that a command writes', () => {
  const strange: readonly [Manager, string, string][] = [
    [npm, 'npm config set -g cache .npm', '`npm config` sets cache'],
    [npm, 'npm config set cache=.npm', '`npm config` sets cache'],
    [npm, 'npm set cache .npm', '`npm config` sets cache'],
    [npm, 'npm config set cache "$WHERE/npm"', '`npm config` sets cache'],
    [npm, 'npm config set fund=false script-shell=./src/sh', '`npm config` sets script-shell'],
    [npm, 'npm config set node-options=--require=./src/a.js', '`npm config` sets node-options'],
    [npm, 'npm config set -g force true', '`npm config` sets force'],
    [npm, 'npm config set cafile src/ca.pem --location=project', '`npm config` sets cafile'],
    [npm, '<<EOF\nnpm config set cache .npm\nEOF', '`npm config` sets cache'],
    [npm, 'npm config set $KEY x', '`npm config` sets something that is not known'],
    [npm, 'echo "cache=.npm" > /root/.npmrc', '.npmrc sets cache'],
    [npm, 'printf "fund=false\\ncache = .npm\\n" >> ~/.npmrc', '.npmrc sets cache'],
    [npm, 'cp /run/secrets/npmrc /root/.npmrc', '.npmrc is written by `cp`'],
    [npm, 'mkdir -p x && cp conf/.npmrc ~/', '.npmrc is written by `cp`'],
    [pnpm, 'pnpm config set store-dir .store', '`pnpm config` sets store-dir'],
    [pnpm, 'pnpm config set storeDir .store', '`pnpm config` sets storeDir'],
    [pnpm, 'pnpm config set --location project virtual-store-dir src', '`pnpm config` sets virtual-store-dir'],
    [pnpm, 'npm config set store-dir .store', '`npm config` sets store-dir'],
    [yarn, 'yarn config set yarn-offline-mirror ./packages', '`yarn config` sets yarn-offline-mirror'],
    [yarn, 'yarn config set -H cacheFolder ./cache', '`yarn config` sets cacheFolder'],
    [yarn, 'yarn set version berry', '`yarn set version` takes another Yarn'],
    [bun, 'echo "[install]" > bunfig.toml', 'bunfig.toml is written by `echo`'],
    [bundler, 'bundle config set --local local.rack /app/src', '`bundle config` sets local.rack'],
    [bundler, 'bundle config local.rack ../rack', '`bundle config` sets local.rack'],
    [bundler, 'bundle config --global gemfile gemfiles/a', '`bundle config` sets gemfile'],
    [bundler, 'bundle config set plugins true', '`bundle config` sets plugins'],
    [bundler, 'cp /x .bundle/config', '.bundle/config is written by `cp`'],
    [poetry, 'poetry config virtualenvs.path src/env', '`poetry config` sets virtualenvs.path'],
    [poetry, 'poetry config certificates.own.cert src/ca.pem', '`poetry config` sets certificates.own.cert'],
    [pip, 'pip config set global.find-links wheels', '`pip config` sets find-links'],
    [pip, 'pip3 config --user set install.requirement /app/src/more.txt', '`pip config` sets requirement'],
    [pip, 'python -m pip config set global.target /app/src', '`pip config` sets target'],
    [pip, 'pip config set global.index-url file:///app/src', '`pip config` sets index-url'],
    [pip, 'printf "[global]\\nno-index = yes\\n" > /etc/pip.conf', 'pip.conf sets no-index'],
    [pip, 'cp conf/pip.conf ~/.config/pip/', 'pip.conf is written by `cp`'],
    [pipenv, 'pip config set global.find-links wheels', '`pip config` sets find-links'],
    [uv, 'cp conf/uv.toml /etc/uv/uv.toml', 'uv.toml is written by `cp`'],
    [composer, 'composer config -g repositories.x path ../src', '`composer config` sets repositories.x'],
    [composer, 'composer config --global vendor-dir src', '`composer config` sets vendor-dir'],
    [composer, 'composer config -g repos.x \'{"type": "path", "url": "src"}\'', '`composer config` sets repos.x'],
    [composer, 'cp conf/config.json /tmp/config.json', 'config.json is written by `cp`'],
    [dotnet, 'dotnet nuget add source src/packages', '`dotnet nuget add source` sets a source'],
    [dotnet, 'dotnet nuget update source x -s $WHERE', '`dotnet nuget update source` sets a source'],
    [dotnet, 'cp conf/n /root/.nuget/NuGet/NuGet.Config', 'NuGet.Config is written by `cp`'],
  ];
  for (const [manager, command, why] of strange)
    it(`keeps the install behind the sources: ${JSON.stringify(command)}`, () => {
      const text = fileWith(manager, command);
      const said = whyBehind(text, filesWith(manager), 'COPY . .', `RUN ${manager.install}`) ?? '';
      assert.ok(said.endsWith(`\`COPY . .\` brings: ${why}`), said);
      assert.equal(propose(text, filesWith(manager)).text, text);
    });

  const harmless: readonly [Manager, string][] = [
    [npm, 'npm config set -g registry https://example.org'],
    [npm, 'npm config set //example.org/:_authToken "$TOKEN"'],
    [npm, 'npm config set cache /tmp/npm'],
    [npm, 'npm config set script-shell /bin/bash'],
    [npm, 'npm config set node-options=--max-old-space-size=4096'],
    [npm, 'npm config get cache'],
    [npm, 'cp /root/.npmrc /srv/x'],
    [npm, 'echo "//example.org/:_authToken=$TOKEN" > ~/.npmrc'],
    [pnpm, 'pnpm config set store-dir /pnpm/store'],
    [pnpm, 'yarn config set yarn-offline-mirror ./packages'],
    [yarn, 'yarn config set network-timeout 300000'],
    [bundler, 'bundle config set --global without "development test"'],
    [bundler, 'bundle config --global jobs 4'],
    [bundler, 'bundle config set --global build.nokogiri --use-system-libraries'],
    [bundler, 'bundle config set --global path /usr/local/bundle'],
    [bundler, 'bundle config --global gems.example.org user:key'],
    [poetry, 'poetry config virtualenvs.create false'],
    [poetry, 'poetry config --no-interaction cache-dir /opt/poetry-cache'],
    [pip, 'pip config set global.index-url https://example.org/simple'],
    [pip, 'pip config --global set global.trusted-host "$HOST"'],
    [pip, 'pip config set install.find-links "https://example.org/a https://example.org/b"'],
    [pip, 'pip config set global.find-links /opt/wheels'],
    [pip, 'mkdir -p ~/.pip && printf "[global]\\nindex-url = https://example.org\\n" > ~/.pip/pip.conf'],
    [pip, 'pip config list'],
    [pip, 'npm config set cache .npm'],
    [composer, 'composer config -g repo.packagist composer https://example.org/composer/'],
    [composer, 'composer config -g github-oauth.github.com "$TOKEN"'],
    [composer, 'composer config --global cache-dir /opt/composer'],
    [dotnet, 'dotnet nuget add source https://example.org/index.json --name x'],
    [dotnet, 'dotnet nuget add source "https://example.org/$OWNER/index.json"'],
    [dotnet, 'dotnet nuget add source /opt/packages'],
  ];
  for (const [manager, command] of harmless)
    it(`does not keep it there: ${command}`, () => {
      const { text } = propose(fileWith(manager, command), filesWith(manager));
      assert.ok(text.indexOf(`RUN ${manager.install}`) < text.indexOf('COPY . .'), text);
    });

  it('names a folder in which the install writes', () => {
    const text = fileWith(npm, 'npm config set -g cache /app/src');
    const files = { ...nodeProject, 'src/a.js': { text: 'a', gitIgnored: false } };
    assert.equal(whyBehind(text, files, 'COPY . .', 'RUN npm ci'), '`npm ci` writes src, which `COPY . .` brings too');
    assert.equal(propose(text).text, text);
  });

  it('says of such a folder that it may be ignored only where Git ignores it', () => {
    const text = fileWith(npm, 'npm config set -g cache /app/cache');
    const advice =
      '`npm ci` writes cache, over which `COPY . .` would copy a cache of the context: list it in the ignore file';
    const why = (files: MemoryFiles) => whyBehind(text, { ...nodeProject, ...files }, 'COPY . .', 'RUN npm ci');
    assert.equal(why({}), advice);
    assert.equal(why({ cache: { type: 'directory', gitIgnored: true } }), advice);
    assert.equal(why({ 'cache/keep.js': '' }), advice, 'nobody knows what Git ignores');
    assert.equal(
      why({ 'cache/keep.js': { text: '', gitIgnored: false } }),
      '`npm ci` writes cache, which `COPY . .` brings too',
    );
  });

  it('names a folder of environments, in a file as well', () => {
    assert.equal(
      whyBehind(
        fileWith(poetry, 'poetry config cache-dir /app/src'),
        filesWith(poetry),
        'COPY . .',
        'RUN poetry install',
      ),
      '`poetry install --no-root` writes src, over which `COPY . .` would copy a src of the context: list it in the ignore file',
    );
    const files = filesWith(poetry, { 'poetry.toml': '[virtualenvs]\npath = "src/env"\n' });
    assert.match(
      whyBehind(fileWith(poetry, 'true'), files, 'COPY . .', 'RUN poetry install') ?? '',
      /brings: poetry\.toml sets virtualenvs\.path$/,
    );
  });

  it('names a folder of gems beside the Gemfile', () => {
    const text = fileWith(bundler, 'bundle config set --local path src/gems');
    assert.equal(
      whyBehind(text, filesWith(bundler), 'COPY . .', 'RUN bundle install'),
      '`bundle install` writes src/gems, over which `COPY . .` would copy a src/gems of the context: list it in the ignore file',
    );
  });

  it('counts where a stage below writes it', () => {
    const text =
      'FROM node:22 AS base\nRUN npm config set -g cache .npm\nFROM base\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
    assert.match(whyBehind(text, nodeProject, 'COPY . .', 'RUN npm ci') ?? '', /`npm config` sets cache$/);
  });

  it('does not count where another stage, or a later step, writes it', () => {
    const text =
      'FROM node:22 AS other\nRUN npm config set -g cache .npm\nFROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm config set -g cache .npm\n';
    assert.match(propose(text).text, /RUN npm ci\nRUN npm config set -g cache \.npm\nCOPY \. \.\n/);
  });

  it('stays before the install that reads the file', () => {
    const files = { ...nodeProject, 'src/package.json': '' };
    for (const name of ['.npmrc', '/app/.npmrc'])
      assert.equal(
        whyBehind(
          `FROM node:22\nWORKDIR /app\nCOPY . .\nRUN echo "fund=false" > ${name}\nRUN npm ci\n`,
          files,
          'RUN echo',
          'RUN npm ci',
        ),
        '`npm ci` and `echo "fund=false" > .npmrc` both touch /app/.npmrc'.replace('> .npmrc', `> ${name}`),
      );
  });
});

describe('a command that writes a setting', () => {
  const text = (command: string) => `FROM node:22\nWORKDIR /app\nCOPY . .\nRUN ${command}\nRUN npm ci\n`;

  for (const command of [
    'npm config set registry https://example.org',
    'npm config set -g registry https://example.org',
    'npm config set --location=global cache /tmp/npm',
    'npm c set fund=false',
    'npm set progress=false',
  ])
    it(`reads nothing of the sources: ${command}`, () => {
      assert.equal(whyBehind(text(command), nodeProject, 'COPY . .', `RUN ${command}`), undefined);
      const proposed = propose(text(command)).text;
      assert.ok(proposed.indexOf(`RUN ${command}`) < proposed.indexOf('COPY . .'), proposed);
    });

  it('reads settings of the project unless it writes those of everybody', () => {
    const files = { ...nodeProject, '.npmrc': 'prefix=/srv/npm\n' };
    const why = (command: string) => whyBehind(text(command), files, 'COPY . .', `RUN ${command}`);
    assert.equal(why('npm config set fund=false'), '`npm config set fund=false` reads .npmrc');
    assert.equal(why('npm config set -g fund=false'), undefined);
  });

  it('reads those of the folders above, too', () => {
    const whole = 'FROM node:22\nWORKDIR /app/web\nCOPY . /app\nRUN npm set fund=false\n';
    const files = { ...nodeProject, '.npmrc': 'prefix=/srv/npm\n' };
    assert.equal(whyBehind(whole, files, 'COPY . /app', 'RUN npm'), '`npm set fund=false` reads .npmrc');
  });

  it('writes a file of the project that a COPY may bring', () => {
    const command = 'npm config set fund=false --location=project';
    assert.equal(
      whyBehind(text(command), nodeProject, 'COPY . .', `RUN ${command}`),
      '`npm config set fund=false --location=project` reads .npmrc',
    );
  });

  it('writes a file in a home that is the folder of the project', () => {
    const whole =
      'FROM node:22\nRUN useradd -d /app me\nUSER me\nWORKDIR /app\nCOPY . .\nRUN npm config set fund=false\n';
    assert.equal(whyBehind(whole, nodeProject, 'COPY . .', 'RUN npm'), '`npm config set fund=false` reads .npmrc');
  });

  it('is not known to write just that where the home folder is not known', () => {
    const whole = 'FROM example.org/base\nUSER 1000\nWORKDIR /app\nCOPY . .\nRUN npm config set fund=false\n';
    assert.match(whyBehind(whole, nodeProject, 'COPY . .', 'RUN npm') ?? '', /may read what `COPY \. \.` brings$/);
  });
});

describe('a command of Yarn or pnpm that writes a setting', () => {
  const text = (command: string, { install }: Manager) =>
    `FROM node:22\nWORKDIR /app\nCOPY . .\nRUN ${command} && ${install} && ${install.split(' ')[0]} build\n`;
  const yarnSet = 'yarn config set registry https://example.org';

  for (const [command, manager] of [
    [yarnSet, yarn],
    ['pnpm config set registry https://example.org', pnpm],
    ['pnpm set //example.org/:_authToken "$TOKEN"', pnpm],
  ] as const)
    it(`stands before the sources with the install: ${command}`, () => {
      const { text: proposed } = propose(text(command, manager), filesWith(manager));
      const [tool] = command.split(' ');
      const end = `\nRUN ${command} && ${manager.install}\nCOPY . .\nRUN ${tool} build\n`;
      assert.ok(proposed.endsWith(end), proposed);
    });

  const refused: readonly [string, string, Manager, MemoryFiles][] = [
    ['writes into the project', yarnSet, yarn, { 'yarn.lock': '__metadata:\n  version: 8\n' }],
    ['may be one of another Yarn', `corepack enable && ${yarnSet}`, yarn, {}],
    ['may run a program of the project', yarnSet, yarn, { '.yarnrc': 'yarn-path "src/yarn.js"\n' }],
    ['writes into the project when told so', 'pnpm config set --location=project fund false', pnpm, {}],
    ['works in another folder', 'yarn --cwd src config set fund false', yarn, {}],
  ];
  for (const [why, command, manager, files] of refused)
    it(`does not where it ${why}: ${command}`, () => {
      const written = text(command, manager);
      assert.equal(propose(written, filesWith(manager, files)).text, written);
    });
});

describe('a setting that a COPY brings to where it counts', () => {
  const refusals: readonly [Manager, string, string][] = [
    [npm, 'COPY conf/npmrc /root/.npmrc', '.npmrc sets cache'],
    [npm, 'COPY conf/npmrc .npmrc', '.npmrc sets cache'],
    [npm, 'COPY conf/npmrc /usr/local/etc/npmrc', '.npmrc sets cache'],
    [npm, 'COPY <<EOF /root/.npmrc\ncache=.npm\nEOF', '.npmrc sets cache'],
    [npm, 'COPY <<.npmrc /root/\ncache=.npm\n.npmrc', '.npmrc sets cache'],
    [npm, 'COPY --from=other /x /root/.npmrc', '.npmrc comes from elsewhere'],
    [npm, 'COPY --from=other /x/.npmrc ./', '.npmrc comes from elsewhere'],
    [npm, 'ADD https://example.org/.npmrc /root/', '.npmrc comes from elsewhere'],
    [pnpm, 'COPY conf/pnpm.yaml pnpm-workspace.yaml', 'pnpm-workspace.yaml sets storeDir'],
    [yarn, 'COPY conf/yarn.yml /root/.yarnrc.yml', '.yarnrc.yml sets cacheFolder'],
    [bun, 'COPY conf/bun.toml /root/.bunfig.toml', 'bunfig.toml sets dir'],
    [bundler, 'COPY conf/bundle /root/.bundle/config', '.bundle/config sets local.rack'],
    [pip, 'COPY conf/pip.conf /etc/', 'pip.conf sets find-links'],
    [pip, 'COPY conf/pip.conf /root/.config/pip/pip.conf', 'pip.conf sets find-links'],
    [pip, 'COPY --from=other /x /etc/pip.conf', 'pip.conf comes from elsewhere'],
    [uv, 'COPY conf/uv.toml /etc/uv/', 'uv.toml sets find-links'],
    [composer, 'COPY conf/composer.json /root/.composer/config.json', 'config.json sets vendor-dir'],
    [
      composer,
      'COPY <<EOF /tmp/config.json\n{"repositories": {"x": {"type": "path", "url": "src"}}}\nEOF',
      'config.json sets repositories.x',
    ],
    [dotnet, 'COPY conf/nuget.xml /root/.nuget/NuGet/NuGet.Config', 'NuGet.Config sets a source'],
    [dotnet, 'COPY conf/nuget.xml nuget.config', 'NuGet.Config sets a source'],
  ];
  const files: MemoryFiles = {
    'conf/npmrc': 'cache=.npm\n',
    'conf/plain': 'registry=https://example.org\n',
    'conf/pnpm.yaml': 'storeDir: .store\n',
    'conf/yarn.yml': 'cacheFolder: ./cache\n',
    'conf/bun.toml': '[install.cache]\ndir = ".cache"\n',
    'conf/bundle': 'BUNDLE_LOCAL__RACK: "../rack"\n',
    'conf/pip.conf': '[global]\ntimeout = 60\nfind-links =\n  https://example.org\n  wheels\n',
    'conf/harmless.conf': '[global]\nindex-url = https://example.org\n# no-index = yes\n[install]\ntrusted-host=x\n',
    'conf/uv.toml': 'find-links = ["wheels"]\n',
    'conf/index.toml': 'link-mode = "copy"\n[[index]]\nurl = "https://example.org/simple"\n',
    'conf/composer.json': '{"config": {"secure-http": true, "vendor-dir": "src"}}',
    'conf/nuget.xml': '<configuration><packageSources><add key="x" value="./src" /></packageSources></configuration>',
  };
  const placed = ({ base = 'FROM node:22\nWORKDIR /app\n', install }: Manager, copy: string) =>
    `${base}${copy}\nCOPY . .\nRUN ${install}\n`;

  for (const [manager, copy, why] of refusals)
    it(`keeps the install behind the sources: ${JSON.stringify(copy)}`, () => {
      const text = placed(manager, copy);
      const said = whyBehind(text, filesWith(manager, files), 'COPY . .', `RUN ${manager.install}`) ?? '';
      assert.ok(said.endsWith(`\`COPY . .\` brings: ${why}`), said);
      assert.equal(propose(text, filesWith(manager, files)).text, text);
    });

  const harmless: readonly [Manager, string][] = [
    [npm, 'COPY conf/plain /root/.npmrc'],
    [npm, 'COPY conf/npmrc /srv/.npmrc'],
    [npm, 'COPY --from=other /x /root/x'],
    [pip, 'COPY conf/harmless.conf /etc/pip.conf'],
    [pip, 'COPY conf/pip.conf /srv/pip.conf'],
    [uv, 'COPY conf/index.toml /etc/uv/uv.toml'],
  ];
  for (const [manager, copy] of harmless)
    it(`does not keep it there: ${copy}`, () => {
      const { text } = propose(placed(manager, copy), filesWith(manager, files));
      assert.ok(text.indexOf(`RUN ${manager.install}`) < text.indexOf('COPY . .'), text);
    });

  it('is looked for in the file that an option of dotnet names', () => {
    const install = { ...dotnet, install: 'dotnet restore a.csproj --configfile conf/nuget.xml' };
    const said = whyBehind(fileWith(install, 'true'), filesWith(install, files), 'COPY . .', 'RUN dotnet') ?? '';
    assert.ok(said.endsWith(': conf/nuget.xml names the package source ./src'), said);
  });
});

describe('a setting of Bundler in a file of the project', () => {
  const behind = (settings: string) =>
    whyBehind(
      `${bundler.base}COPY .bundle .bundle\nCOPY Gemfile* ./\nCOPY src src\nRUN bundle install\n`,
      filesWith(bundler, {
        '.dockerignore': '',
        '.bundle/config': settings,
        'src/a.js': { text: 'a', gitIgnored: false },
      }),
      'COPY src',
      'RUN bundle',
    );

  it('names a folder that stands for a gem', () =>
    assert.equal(
      behind('---\nBUNDLE_LOCAL__RACK: "../rack"\n'),
      '`bundle install` may read src/: .bundle/config sets local.rack',
    ));

  it('says where programs of gems are put', () =>
    assert.equal(behind('---\nBUNDLE_BIN: "src"\n'), '`bundle install` writes src, which `COPY src src` brings too'));

  it('does not matter where it names groups', () =>
    assert.equal(behind('---\nBUNDLE_WITHOUT: "development:test"\n'), undefined));
});

describe('variables that bun reads from files', () => {
  const text = 'FROM oven/bun:1\nWORKDIR /app\nCOPY . .\nRUN bun install --frozen-lockfile\n';

  it('keep the install behind the sources where they place something', () => {
    for (const name of ['.env', '.env.local', '.env.production', '.env.production.local']) {
      const files = filesWith(bun, { [name]: 'PORT=1\nexport BUN_INSTALL_CACHE_DIR=.cache\n' });
      const why = whyBehind(text, files, 'COPY . .', 'RUN bun') ?? '';
      assert.ok(why.endsWith(`: ${name} sets BUN_INSTALL_CACHE_DIR`), why);
    }
  });

  it('do so where settings name them, and where install scripts may heed them', () => {
    const named = { '.env': 'VITE_TOKEN=x\n', 'bunfig.toml': '[install]\nregistry = "https://$VITE_TOKEN@x"\n' };
    assert.match(whyBehind(text, filesWith(bun, named), 'COPY . .', 'RUN bun') ?? '', /: \.env sets VITE_TOKEN$/);
    const skipped = { '.env': 'PUPPETEER_SKIP_DOWNLOAD=1\n' };
    assert.match(whyBehind(text, filesWith(bun, skipped), 'COPY . .', 'RUN bun') ?? '', /: \.env sets PUPPETEER_SKIP/);
    const quiet = text.replace('--frozen-lockfile', '--frozen-lockfile --ignore-scripts');
    assert.notEqual(propose(quiet, filesWith(bun, skipped)).text, quiet);
  });

  it('do not matter where only the program heeds them, or bun reads other files', () => {
    for (const [name, env] of [
      ['.env', '# NODE_OPTIONS=x\nVITE_API_URL=http://localhost\nPORT=80\nDATABASE_URL=x\n'],
      ['.env.development', 'NODE_OPTIONS=x\n'],
      ['.env.example', 'NODE_OPTIONS=x\n'],
    ] as const)
      assert.match(propose(text, filesWith(bun, { [name]: env })).text, /\nCOPY bun\.lock package\.json \.\/\nRUN bun/);
  });
});
