import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { nodeProject, propose, whyBehind } from '../../helpers/proposals.js';

/** An order that would build another image, or none. */
interface Refusal {
  readonly name: string;
  /** The first line names the base image; the working folder is /app where none is given. */
  readonly text: string;
  readonly files?: MemoryFiles;
  /** How the two instructions start. */
  readonly behind: readonly [string, string];
  readonly reason: string;
}

const manifest = (more: object) => JSON.stringify({ name: 'app', dependencies: { left: '1.0.0' }, ...more });

const refusals: readonly Refusal[] = [
  {
    name: 'a postinstall script reads a source file',
    text: 'COPY package*.json ./\nCOPY src src\nRUN npm ci\n',
    files: { 'package.json': manifest({ scripts: { postinstall: 'node src/a.js' } }) },
    behind: ['COPY src', 'RUN npm ci'],
    reason: '`npm ci` may read src/: the `postinstall` script runs `node src/a.js`, which may read the sources',
  },
  {
    name: 'a later step works offline with what an install leaves in a cache mount',
    text: 'COPY . .\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet restore\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet publish --no-restore -o /out\n',
    files: { '.dockerignore': 'obj\nbin\n', 'App.csproj': '<Project Sdk="Microsoft.NET.Sdk"></Project>' },
    behind: ['COPY . .', 'RUN --mount=type=cache,target=/root/.nuget/packages dotnet restore'],
    reason: '`dotnet publish --no-restore -o /out` needs what `dotnet restore` leaves in a cache mount',
  },
  {
    name: 'a script needs the packages that an install leaves in a cache mount',
    text: 'COPY . .\nRUN --mount=type=cache,target=/app/node_modules npm ci\nRUN --mount=type=cache,target=/app/node_modules npm run build\n',
    behind: ['COPY . .', 'RUN --mount=type=cache,target=/app/node_modules npm ci'],
    reason: '`npm run build` needs what `npm ci` leaves in a cache mount',
  },
  {
    name: 'a COPY overwrites a file that an install wrote',
    text: 'COPY package*.json ./\nRUN npm ci\nCOPY src/ node_modules/left/\n',
    behind: ['RUN npm ci', 'COPY src/'],
    reason: '`COPY src/ node_modules/left/` may replace /app/node_modules, which `npm ci` writes',
  },
  {
    name: 'a RUN has changed one of the files that a COPY brings again',
    text: 'COPY src src\nRUN echo changed > src/a.js\nCOPY . .\nRUN cp -r src /opt/out\n',
    behind: ['COPY . .', 'RUN cp'],
    reason: '`cp -r src /opt/out` reads src',
  },
  {
    name: 'a RUN has removed one of the files that a COPY brings again',
    text: 'COPY src src\nRUN rm -r src/b.js\nCOPY . .\nRUN cp -r src /opt/out\n',
    behind: ['COPY . .', 'RUN cp'],
    reason: '`cp -r src /opt/out` reads src',
  },
  {
    name: 'a RUN has changed such a file through a link',
    text: 'RUN ln -s /app/src /s\nCOPY src src\nRUN touch /s/c.js\nCOPY . .\nRUN cp -r src /opt/out\n',
    behind: ['COPY . .', 'RUN cp'],
    reason: '`cp -r src /opt/out` reads src',
  },
  {
    name: 'a package of the distribution may have replaced a file that a COPY brings again',
    text: 'COPY etc/nginx /etc/nginx\nRUN apt-get update && apt-get install -y nginx\nCOPY etc /etc\nRUN cp /etc/nginx/nginx.conf /opt/out\n',
    files: { 'etc/nginx/nginx.conf': 'server' },
    behind: ['COPY etc /etc', 'RUN cp'],
    reason: '`cp /etc/nginx/nginx.conf /opt/out` reads etc/nginx/nginx.conf',
  },
  {
    name: 'the output of an install goes to a file that the sources bring too',
    text: 'COPY . .\nRUN npm ci > README.md\n',
    files: { 'README.md': { text: 'read', gitIgnored: false } },
    behind: ['COPY . .', 'RUN npm ci'],
    reason: '`npm ci > README.md` writes README.md, which `COPY . .` brings too',
  },
  {
    name: 'the input of an install is a source file',
    text: 'COPY package*.json ./\nCOPY src src\nRUN npm ci < src/a.js\n',
    behind: ['COPY src', 'RUN npm ci'],
    reason: '`npm ci < src/a.js` reads src/a.js',
  },
  {
    name: 'an install would be overwritten by a folder that the ignore file lets through',
    text: 'COPY . .\nRUN npm ci\n',
    files: { '.dockerignore': 'Dockerfile\n' },
    behind: ['COPY . .', 'RUN npm ci'],
    reason:
      '`npm ci` writes node_modules, over which `COPY . .` would copy a node_modules of the context: list it in the ignore file',
  },
  {
    name: 'an install without --frozen rewrites its lockfile, and the syntax has no COPY --exclude',
    text: 'COPY . .\nRUN npm install\n',
    files: { base: '# syntax=docker/dockerfile:1.18\nFROM node:22\nWORKDIR /app\n' },
    behind: ['COPY . .', 'RUN npm install'],
    reason: '`npm install` may rewrite package-lock.json, which `COPY . .` would put back',
  },
  {
    name: 'a mirror may have an old syntax',
    text: 'COPY . .\nRUN npm install\n',
    files: { base: '# syntax=example.org/docker/dockerfile:1\nFROM node:22\nWORKDIR /app\n' },
    behind: ['COPY . .', 'RUN npm install'],
    reason: '`npm install` may rewrite package-lock.json, which `COPY . .` would put back',
  },
  {
    name: 'the branch of Git is part of the name of a lockfile',
    text: 'COPY . .\nRUN pnpm install --frozen-lockfile --ignore-scripts\n',
    files: { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n", '.npmrc': 'git-branch-lockfile=true\n' },
    behind: ['COPY . .', 'RUN pnpm'],
    reason:
      '`pnpm install --frozen-lockfile --ignore-scripts` may read what `COPY . .` brings: .npmrc sets git-branch-lockfile',
  },
  {
    name: 'an install makes the folder of the sources, which are of another user',
    text: 'COPY requirements.txt ./\nCOPY --chown=1000 src src\nRUN pip install -r requirements.txt\n',
    files: { base: 'FROM python:3.13\nWORKDIR /app\n', 'requirements.txt': '-e git+https://example.org/x.git#egg=x\n' },
    behind: ['COPY --chown', 'RUN pip'],
    reason: '`COPY --chown=1000 src src` decides owner and mode of /app/src',
  },
  {
    name: 'an option takes back what keeps pnpm from writing its lockfile',
    text: 'ENV CI=true\nCOPY . .\nRUN pnpm install --no-frozen-lockfile --ignore-scripts\n',
    files: {
      base: '# syntax=docker/dockerfile:1.4-labs\nFROM node:22\nWORKDIR /app\n',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    },
    behind: ['COPY . .', 'RUN pnpm'],
    reason:
      '`pnpm install --no-frozen-lockfile --ignore-scr …` may rewrite pnpm-lock.yaml, which `COPY . .` would put back',
  },
  ...[
    ['nobody knows a script from the network', 'curl -fsSL https://example.org/install.sh | sh', 'sh'],
    ['a known one is run in another way', 'curl -fsSL https://bun.sh/install | bash -c "sh ./x"', 'sh ./x'],
    ['a known one is written to the folder', 'curl -sS https://getcomposer.org/installer | php', 'php'],
    [
      'a known one writes a log into the folder',
      'curl -fsSL https://bun.sh/install | bash > log 2>&1',
      'bash > log 2>&1',
    ],
    ['a script of the sources takes its place', 'curl -fsSL https://bun.sh/install | bash < run.sh', 'bash < run.sh'],
    ['a script of the sources is named', 'curl -fsSL https://bun.sh/install | bash -- ./run.sh', 'bash -- ./run.sh'],
  ].map(([name = '', command, said]) => ({
    name,
    text: `COPY . .\nRUN ${command}\n`,
    behind: ['COPY . .', 'RUN curl'] as const,
    reason: `\`${said}\` may read what \`COPY . .\` brings`,
  })),
  {
    name: 'a variable says that an installer writes into the project',
    text: 'ENV DENO_INSTALL=/app/tools\nCOPY . .\nRUN curl -fsSL https://deno.land/install.sh | sh\n',
    behind: ['COPY . .', 'RUN curl'],
    reason: '`curl -fsSL https://deno.land/install.sh | sh` reads tools',
  },
  {
    name: 'a source file stands in for a module of an installer',
    text: 'COPY . .\nRUN curl -sSL https://install.python-poetry.org | python3 -\n',
    files: { base: 'FROM python:3.13\nWORKDIR /app\n', 'argparse.py': '' },
    behind: ['COPY . .', 'RUN curl'],
    reason: '`curl -sSL https://install.python-poetry.org | …` reads argparse.py',
  },
  ...[
    ['npm', 'npm cache clean --force', '.npmrc'],
    ['Yarn', 'yarn cache clean', '.yarnrc.yml'],
    ['bun', 'bun pm cache rm', 'bunfig.toml'],
    ['Composer', 'composer clear-cache', 'composer.json'],
    ['Go', 'go version', 'go.mod'],
  ].map(([who = '', command = '', file = '']) => ({
    name: `a setting of the project says where the cache of ${who} is, or which version runs`,
    text: `COPY . .\nRUN ${command}\nRUN apt-get install -y git\n`,
    files: { [file]: 'x', 'package.json': '{}' },
    behind: ['COPY . .', `RUN ${command}`] as const,
    reason: `\`${command}\` reads ${/^(?:yarn|bun)/.test(command) ? 'package.json' : file}`,
  })),
  ...[
    ['a folder that it goes to is not there yet', 'cd src', '`cd src`'],
    ['a folder that it asks for is not there yet', 'test -d src', '`test -d src`'],
    ['a redirection writes a source file', 'echo 1 > src/a.js', '`echo 1 > src/a.js`'],
    ['a word is made of a source file', 'echo $(cat src/a.js)', '`echo $(cat src/a.js)`'],
    ['another program is joined', 'echo 1 | node -p 1', '`echo 1 | node -p 1`'],
    ['patches lie in a folder of their own', 'patch-package --patch-dir src', '`patch-package --patch-dir src`'],
    ['the lockfile is changed', 'npx npm-force-resolutions', '`npx npm-force-resolutions`'],
    [
      'a check for the manager loads a source file',
      `node -e "if (process.env.npm_execpath === require('./src/a.js')) process.exit(1)"`,
      `\`node -e "if (process.env.npm_execpath === require('./src/a.js')) process.exit(1)"\``,
    ],
  ].map(([name = '', postinstall = '', said = '']) => ({
    name: `a script of the project: ${name}`,
    text: 'COPY . .\nRUN npm ci\n',
    files: { 'package.json': manifest({ scripts: { postinstall } }) },
    behind: ['COPY . .', 'RUN npm'] as const,
    reason: `\`npm ci\` may read what \`COPY . .\` brings: the \`postinstall\` script runs ${said}`,
  })),
  {
    name: 'a script of the project sets up Git hooks by itself',
    text: 'COPY . .\nRUN npm ci\n',
    files: {
      'package.json': manifest({ scripts: { postinstall: 'git config core.hooksPath .hooks' } }),
      '.git/config': '',
    },
    behind: ['COPY . .', 'RUN npm'],
    reason:
      '`npm ci` may read what `COPY . .` brings: the `postinstall` script sets up Git hooks, and .git is not there yet',
  },
  ...[
    ['has a script', { scripts: { prepare: 'node build.js' } }, 'the `prepare` script runs `node build.js`'],
    ['is compiled', {}, 'binding.gyp makes it compile the sources of the project'],
    [
      'has a program that is made executable',
      { bin: 'cli.js' },
      'the install makes lib/cli.js executable, which the COPY behind it undoes',
    ],
  ].map(([name = '', more, said = '']) => ({
    name: `a folder of the repository that npm links ${String(name)}`,
    text: 'COPY . .\nRUN npm ci\n',
    files: {
      'package.json': manifest({ dependencies: { lib: 'file:lib' } }),
      'lib/package.json': JSON.stringify({ name: 'lib', ...(more as object) }),
      'lib/cli.js': '',
      ...(name === 'is compiled' ? { 'lib/binding.gyp': '{}' } : {}),
    },
    behind: ['COPY . .', 'RUN npm'] as const,
    reason: `\`npm ci\` may read what \`COPY . .\` brings: ${String(said)}`,
  })),
  {
    name: 'npm is told to copy a folder of the repository',
    text: 'ENV npm_config_install_links=true\nCOPY . .\nRUN npm ci\n',
    files: {
      'package.json': manifest({ dependencies: { lib: 'file:lib' } }),
      'package-lock.json':
        '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/lib": {"version": "1.0.0", "resolved": "file:lib"}}}',
      'lib/package.json': '{"name": "lib"}',
      'lib/a.js': '',
    },
    behind: ['COPY . .', 'RUN npm'],
    reason: '`npm ci` may read what `COPY . .` brings: npm copies the folder lib of this repository',
  },
  {
    name: 'pnpm runs a script of its own before all others',
    text: 'COPY . .\nRUN pnpm install --frozen-lockfile\n',
    files: {
      'package.json': manifest({ packageManager: 'pnpm@10.0.0', scripts: { 'pnpm:devPreinstall': 'node src/a.js' } }),
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    },
    behind: ['COPY . .', 'RUN pnpm'],
    reason:
      '`pnpm install --frozen-lockfile` may read what `COPY . .` brings: the `pnpm:devPreinstall` script runs `node src/a.js`, which may read the sources',
  },
  {
    name: 'pnpm makes a program of a workspace executable for another one',
    text: 'COPY . .\nRUN pnpm install --frozen-lockfile --ignore-scripts\n',
    files: {
      'package.json': manifest({ dependencies: { lib: 'workspace:*' } }),
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'pnpm-workspace.yaml': 'packages: [lib]\n',
      'lib/package.json': '{"name": "lib", "bin": "cli.js"}',
      'lib/cli.js': '',
    },
    behind: ['COPY . .', 'RUN pnpm'],
    reason:
      '`pnpm install --frozen-lockfile --ignore-scripts` may read what `COPY . .` brings: the install makes lib/cli.js executable, which the COPY behind it undoes',
  },
  {
    name: 'npm gives a program of a workspace the mode that all have',
    text: 'COPY . .\nRUN npm ci\n',
    files: {
      'package.json': manifest({ workspaces: ['lib'] }),
      'lib/package.json': '{"name": "lib", "bin": "cli.js"}',
      'lib/cli.js': { text: '', mode: 0o775 },
    },
    behind: ['COPY . .', 'RUN npm'],
    reason:
      '`npm ci` may read what `COPY . .` brings: the install makes lib/cli.js executable, which the COPY behind it undoes',
  },
  {
    name: 'pnpm copies a folder of the repository',
    text: 'COPY . .\nRUN pnpm install --frozen-lockfile --ignore-scripts\n',
    files: {
      'package.json': manifest({ dependencies: { lib: 'file:lib' } }),
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'lib/package.json': '{}',
    },
    behind: ['COPY . .', 'RUN pnpm'],
    reason:
      '`pnpm install --frozen-lockfile --ignore-scripts` may read what `COPY . .` brings: the dependency lib is the folder lib of this repository, which pnpm copies',
  },
  {
    name: 'hooks of pnpm may load other files',
    text: 'COPY . .\nRUN pnpm install --frozen-lockfile --ignore-scripts\n',
    files: { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n", '.pnpmfile.cjs': "module.exports = require('./src/a.js')" },
    behind: ['COPY . .', 'RUN pnpm'],
    reason:
      '`pnpm install --frozen-lockfile --ignore-scripts` may read what `COPY . .` brings: .pnpmfile.cjs may load other files',
  },
  {
    name: 'packages for other systems are installed too, and one has a script',
    text: 'COPY . .\nRUN npm ci --force\n',
    files: {
      'package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        packages: { 'node_modules/left': { version: '1.0.0', os: ['darwin'], hasInstallScript: true } },
      }),
    },
    behind: ['COPY . .', 'RUN npm'],
    reason:
      '`npm ci --force` may read what `COPY . .` brings: the install script of left would run before the sources are there',
  },
  {
    name: 'modules that an install script of another package finds above',
    text: 'COPY package*.json ./\nCOPY src /node_modules\nRUN npm ci\n',
    files: {
      'package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        packages: { 'node_modules/left': { version: '1.0.0', hasInstallScript: true } },
      }),
    },
    behind: ['COPY src', 'RUN npm'],
    reason: '`npm ci` may read src/: the install script of left would run before the sources are there',
  },
  {
    name: 'a setting names a file for one registry',
    text: 'COPY . .\nRUN npm ci\n',
    files: { '.npmrc': '//example.org/:cafile=src/ca.pem\n' },
    behind: ['COPY . .', 'RUN npm'],
    reason: '`npm ci` may read what `COPY . .` brings: .npmrc sets //example.org/:cafile',
  },
  ...[
    'pip install --no-index --find-links=wheels flask',
    'pip install -f wheels flask',
    'pip install --log src/log flask',
    'pip install src/*',
    'pip install src/tool[extra]',
    'pip install -r requirements.txt --group prod',
    'pip install "flask @ file:///app/src"',
    'pip install $(< src/a.js)',
    'gem install -g src/gems',
    'gem install rack --local',
    'apt-get -c src/apt.conf update',
    'apt-get -o Dir::Etc::sourcelist=src/list update',
    'apk add --root src git',
    'dnf install -y --installroot=src git',
    'rpm --import src/key',
    'npm install -g --userconfig src/npmrc left',
    'corepack prepare pnpm@9 --activate --output',
  ].map((command) => ({
    name: `a word of a known command names a place in the project: ${command}`,
    text: `COPY . .\nRUN ${command}\n`,
    behind: ['COPY . .', `RUN ${command}`] as const,
    reason: `\`${command.length > 48 ? `${command.slice(0, 46)} …` : command}\` may read what \`COPY . .\` brings`,
  })),
  {
    name: 'a key among the sources becomes one of the system',
    text: 'COPY . .\nRUN apt-key add src/a.js && apt-get update\n',
    behind: ['COPY . .', 'RUN apt-key'],
    reason: '`apt-key add src/a.js && apt-get update` reads src/a.js',
  },
  ...[
    ['for finds their names', 'for one in src/*; do apt-get install -y $one; done', 'apt-get install -y $one', 'src'],
    ['[[ asks for one', 'if [[ -f src/new ]]; then apt-get update; fi', 'apt-get update', 'src/new'],
    ['echo lists them', 'echo src/* > /etc/list && apt-get update', undefined, 'src'],
    ['a link to one is made executable', 'ln -s /app/src/a.js /bin/a && chmod +x /bin/a', undefined, 'src/a.js'],
  ].map(([name, command = '', said = command, path]) => ({
    name: `source files of which no command is told: ${name}`,
    text: `COPY . .\nRUN ${command}\n`,
    behind: ['COPY . .', `RUN ${command.slice(0, 4)}`] as const,
    reason: `\`${said.length > 48 ? `${said.slice(0, 46).trimEnd()} …` : said}\` reads ${path}`,
  })),
  {
    name: 'settings among the sources, which are the home folder',
    text: 'ENV HOME=/app\nCOPY . .\nRUN curl -o /usr/bin/x https://example.org/x\n',
    files: { '.curlrc': 'insecure' },
    behind: ['COPY . .', 'RUN curl'],
    reason: '`curl -o /usr/bin/x https://example.org/x` reads .curlrc',
  },
  ...[
    [
      'a variable names another Gemfile',
      'BUNDLE_GEMFILE may name another Gemfile',
      'ENV BUNDLE_GEMFILE=src/Gemfile\n',
      '',
    ],
    ['the Gemfile takes a version out of a folder', 'the Gemfile reads other files', '', "gem 'x', Dir['src/*'].first"],
    ['the Gemfile runs a program', 'the Gemfile runs or reads something else', '', 'gem "x", `cat src/a.js`'],
    ['Bundler has a plugin', 'the Gemfile runs or reads something else', '', 'plugin "bootboot"'],
  ].map(([name, why, before, line]) => ({
    name: `of Bundler: ${name}`,
    text: `${before}ENV BUNDLE_FROZEN=1\nCOPY . .\nRUN bundle install\n`,
    files: {
      base: 'FROM ruby:3.4\nWORKDIR /app\n',
      Gemfile: `gem "rack"\n${line}\n`,
      'Gemfile.lock': 'GEM\n',
    },
    behind: ['COPY . .', 'RUN bundle'] as const,
    reason: `\`bundle install\` may read what \`COPY . .\` brings: ${why}`,
  })),
  {
    name: 'a volume may lose what is written to it',
    text: 'VOLUME /app/data\nRUN mkdir -p data/x && touch data/x/y\n',
    behind: ['VOLUME', 'RUN mkdir'],
    reason: '`mkdir -p data/x && touch data/x/y` and `VOLUME /app/data` both touch /app/data/x/y',
  },
  {
    name: 'no base image is of Docker Hub, where the syntax with COPY --exclude is',
    text: 'COPY . .\nRUN npm install\n',
    files: { base: 'FROM example.org/node:22\nWORKDIR /app\n' },
    behind: ['COPY . .', 'RUN npm install'],
    reason: '`npm install` may rewrite package-lock.json, which `COPY . .` would put back',
  },
  {
    name: 'Corepack finds a version above the project',
    text: 'ENV COREPACK_ENABLE_AUTO_PIN=0\nRUN corepack enable\nCOPY . /app\nRUN cd web && pnpm install --frozen-lockfile --ignore-scripts\n',
    files: {
      'package.json': '{"packageManager": "pnpm@9.1.0"}',
      'web/package.json': manifest({}),
      'web/pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    },
    behind: ['COPY . /app', 'RUN cd'],
    reason:
      '`pnpm install --frozen-lockfile --ignore-scripts` may read what `COPY . /app` brings: Corepack takes the version that package.json names',
  },
  {
    name: 'Corepack may write packageManager into package.json',
    text: 'RUN corepack enable\nCOPY . .\nRUN pnpm install --frozen-lockfile --ignore-scripts\n',
    files: { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
    behind: ['COPY . .', 'RUN pnpm'],
    reason:
      '`pnpm install --frozen-lockfile --ignore-scripts` may read what `COPY . .` brings: Corepack may write `packageManager` into package.json, and the COPY behind it brings the old one back',
  },
  ...[
    ['in a stage below', 'FROM node:22 AS base\nRUN corepack enable\nFROM base\nWORKDIR /app\n'],
    ['in a heredoc', 'FROM node:22\nWORKDIR /app\nRUN <<EOF\nset -e\ncorepack enable\nEOF\n'],
    [
      'in a stage that its program is copied from',
      'FROM node:22 AS tools\nRUN corepack enable\nFROM node:22\nCOPY --from=tools /usr/local /usr/local\nWORKDIR /app\n',
    ],
  ].map(([where = '', base = '']) => ({
    name: `Corepack that is switched on ${where} may write packageManager`,
    text: 'COPY . .\nRUN pnpm install --frozen-lockfile --ignore-scripts\n',
    files: { base, 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
    behind: ['COPY . .', 'RUN pnpm'] as const,
    reason:
      '`pnpm install --frozen-lockfile --ignore-scripts` may read what `COPY . .` brings: Corepack may write `packageManager` into package.json, and the COPY behind it brings the old one back',
  })),
  {
    name: 'a setting decides where Bundler installs',
    text: 'ENV BUNDLE_PATH=vendor/bundle\nCOPY . .\nRUN bundle install\n',
    files: {
      base: 'FROM ruby:3.4\nWORKDIR /app\n',
      Gemfile: 'gem "rack"\n',
      'Gemfile.lock': 'GEM\n',
    },
    behind: ['COPY . .', 'RUN bundle'],
    reason:
      '`bundle install` writes vendor/bundle, over which `COPY . .` would copy a vendor/bundle of the context: list it in the ignore file',
  },
  {
    name: 'apt-get reads the sources that a COPY brings',
    text: 'COPY src/a.js /etc/apt/sources.list\nRUN apt-get update && apt-get install -y git\n',
    behind: ['COPY', 'RUN apt-get'],
    reason:
      '`apt-get update && apt-get install -y git` may read or replace what `COPY src/a.js /etc/apt/sources.list` puts into the system',
  },
  {
    name: 'apt-get installs a package of the context',
    text: 'COPY src src\nRUN apt-get install -y ./src/a.deb\n',
    behind: ['COPY', 'RUN apt-get'],
    reason: '`apt-get install -y ./src/a.deb` reads src/a.deb',
  },
  {
    name: 'apt-get installs what a file of the context lists',
    text: 'COPY src src\nRUN apt-get install -y $(cat src/packages.txt)\n',
    behind: ['COPY', 'RUN apt-get'],
    reason: '`apt-get install -y $(cat src/packages.txt)` reads src/packages.txt',
  },
  {
    name: 'xargs hands on what a file of the context lists',
    text: 'COPY src src\nRUN xargs apk add < src/packages.txt\n',
    behind: ['COPY', 'RUN xargs'],
    reason: '`xargs apk add < src/packages.txt` may read src/',
  },
  {
    name: 'a USER between',
    text: 'RUN touch /srv/app\nUSER node\nRUN mkdir -p /work/cache\n',
    behind: ['USER', 'RUN mkdir'],
    reason: '`mkdir -p /work/cache` runs as the user that `USER node` sets',
  },
  {
    name: 'a folder that a COPY would make for root',
    text: 'USER node\nRUN mkdir -p /work/cache\nCOPY src /work/src\n',
    behind: ['RUN mkdir', 'COPY src'],
    reason: '`mkdir -p /work/cache` decides owner and mode of /work',
  },
  {
    name: 'triggers of a stage below',
    text: 'COPY src src\nRUN apk add git\n',
    files: { base: 'FROM node:22 AS base\nWORKDIR /app\nONBUILD RUN ls\nFROM base\n' },
    behind: ['COPY src', 'RUN apk'],
    reason: 'the stage stays as it is',
  },
  {
    name: 'two triggers for later builds',
    text: 'ONBUILD RUN first\nONBUILD RUN second\n',
    behind: ['ONBUILD RUN first', 'ONBUILD RUN second'],
    reason: 'the onbuilds of `ONBUILD RUN first` and `ONBUILD RUN second` stay in order',
  },
  {
    name: 'workspaces that come from another stage',
    text: 'COPY package*.json ./\nCOPY --from=node:22 /packages ./packages\nRUN npm ci\n',
    behind: ['COPY --from', 'RUN npm ci'],
    reason: '`npm ci` may read what `COPY --from=node:22 /packages ./packages` brings',
  },
  {
    name: 'settings of the package manager under another name',
    text: 'COPY package*.json ./\nCOPY conf/npmrc .npmrc\nRUN npm ci\n',
    files: { 'conf/npmrc': 'registry=https://example.org' },
    behind: ['COPY conf', 'RUN npm ci'],
    reason: '`npm ci` reads conf/npmrc',
  },
  {
    name: 'settings of the package manager as a heredoc',
    text: 'COPY package*.json ./\nCOPY <<EOF .npmrc\nregistry=https://example.org\nEOF\nRUN npm ci\n',
    behind: ['COPY <<EOF', 'RUN npm ci'],
    reason: '`npm ci` may read what `COPY <<EOF .npmrc registry=https://example.org …` brings',
  },
  {
    name: 'a glob that starts to match a manifest',
    text: 'COPY src/*.json ./\nCOPY package*.json ./\nRUN npm ci\n',
    behind: ['COPY src', 'RUN npm ci'],
    reason: '`npm ci` reads src/package.json',
  },
  {
    name: 'globs that may match files of one name some day',
    text: 'COPY src/*.js ./\nCOPY lib/*.js ./\n',
    files: { 'lib/c.js': '' },
    behind: ['COPY src', 'COPY lib'],
    reason: '`COPY lib/*.js ./` may put other files where `COPY src/*.js ./` puts some',
  },
  {
    name: 'a link under whose name files are put',
    text: 'COPY src ./\nCOPY conf ./data/\n',
    files: { 'src/data': { link: '/elsewhere' }, 'conf/x': '' },
    behind: ['COPY src', 'COPY conf'],
    reason: '`COPY conf ./data/` may put other files where `COPY src ./` puts some',
  },
  {
    name: 'a link that a RUN writes through',
    text: 'COPY src ./\nRUN touch /app/data/x\n',
    files: { 'src/data': { link: '/elsewhere' } },
    behind: ['COPY src', 'RUN touch'],
    reason: '`touch /app/data/x` reads src/data/x',
  },
  {
    name: 'a relative WORKDIR',
    text: 'WORKDIR sub\nRUN touch here\n',
    behind: ['WORKDIR sub', 'RUN touch'],
    reason: '`touch here` works in the folder that `WORKDIR sub` sets',
  },
  {
    name: 'a relative destination',
    text: 'WORKDIR sub\nCOPY src .\n',
    behind: ['WORKDIR sub', 'COPY src'],
    reason: '`COPY src .` works in the folder that `WORKDIR sub` sets',
  },
  {
    name: 'chown of what a COPY brought',
    text: 'COPY src src\nRUN chown -R node /app\n',
    behind: ['COPY src', 'RUN chown'],
    reason: '`chown -R node /app` reads /app',
  },
  {
    name: '--chown to a user that a RUN makes',
    text: 'RUN adduser -D me\nCOPY --chown=me src src\n',
    behind: ['RUN adduser', 'COPY --chown'],
    reason: '`COPY --chown=me src src` names a user that `adduser -D me` may make',
  },
  {
    name: 'the mode of a folder that a COPY makes',
    text: 'COPY --chmod=700 src /data\nRUN mkdir -p /data/cache\n',
    behind: ['COPY --chmod', 'RUN mkdir'],
    reason: '`COPY --chmod=700 src /data` decides owner and mode of /data',
  },
  {
    name: 'an ARG in scope',
    text: 'ARG VERSION=1\nRUN apk add git=$VERSION\n',
    behind: ['ARG', 'RUN apk'],
    reason: '`apk add git=$VERSION` uses VERSION',
  },
  {
    name: 'an ARG that must not reach what was run before it',
    text: 'RUN make\nARG VERSION=1\n',
    behind: ['RUN make', 'ARG'],
    reason: '`make` may read VERSION, which is set after it',
  },
  {
    name: 'a SHELL',
    text: 'SHELL ["bash", "-c"]\nRUN touch /srv/a\n',
    behind: ['SHELL', 'RUN touch'],
    reason: '`touch /srv/a` runs in the shell that `SHELL ["bash", "-c"]` sets',
  },
  {
    name: 'a shell that a COPY brings',
    text: 'SHELL ["/app/src/sh", "-c"]\nCOPY src src\nRUN apk add git\n',
    behind: ['COPY src', 'RUN apk'],
    reason: '`apk add git` reads src/sh',
  },
  {
    name: 'a program that a COPY brings',
    text: 'ENV PATH=/app/src:$PATH\nCOPY src src\nRUN apk add git\n',
    behind: ['COPY src', 'RUN apk'],
    reason: '`apk add git` reads src',
  },
  {
    name: 'a heredoc that runs a source file',
    text: 'COPY src src\nRUN <<EOF\napk add git\nnode src/a.js\nEOF\n',
    behind: ['COPY src', 'RUN <<EOF'],
    reason: '`node src/a.js` may read src/',
  },
  {
    name: 'a heredoc that is a file of the system',
    text: 'COPY <<EOF /etc/apt/sources.list\ndeb x y z\nEOF\nRUN apt-get update\n',
    behind: ['COPY <<EOF', 'RUN apt-get'],
    reason:
      '`apt-get update` may read or replace what `COPY <<EOF /etc/apt/sources.list deb x y z EOF` puts into the system',
  },
  {
    name: 'a bind mount out of which a program of the context runs',
    text: 'COPY src src\nRUN --mount=type=bind,target=/mnt/all /mnt/all/setup\n',
    behind: ['COPY src', 'RUN --mount'],
    reason: '`/mnt/all/setup` may read src/',
  },
  {
    name: 'an archive that may have files for any place',
    text: 'COPY src src\nRUN tar xzPf /opt/a.tgz -C /srv\n',
    behind: ['COPY src', 'RUN tar'],
    reason: '`tar xzPf /opt/a.tgz -C /srv` may read src/',
  },
  {
    name: 'a file behind a script that is an option',
    text: 'COPY src src\nRUN sed --expression=s,a,b, -i src/a.js\n',
    behind: ['COPY src', 'RUN sed'],
    reason: '`sed --expression=s,a,b, -i src/a.js` may read src/',
  },
  {
    name: 'a listing of the working folder',
    text: 'COPY src src\nRUN ls > /srv/files\n',
    behind: ['COPY src', 'RUN ls'],
    reason: '`ls > /srv/files` reads /app',
  },
  {
    name: 'a program of which nothing is known',
    text: 'COPY src src\nRUN make deps\n',
    behind: ['COPY src', 'RUN make'],
    reason: '`make deps` may read src/',
  },
  {
    name: 'npm keeps its cache among the sources',
    text: 'COPY . .\nRUN npm ci\n',
    files: { '.npmrc': 'fund=false\ncache = .npm-cache\n' },
    behind: ['COPY . .', 'RUN npm ci'],
    reason: '`npm ci` may read what `COPY . .` brings: .npmrc sets cache',
  },
  {
    name: 'npm keeps its cache among the sources, and says so in quotes',
    text: 'COPY . .\nRUN npm ci\n',
    files: { '.npmrc': '\uFEFF"cache" = .npm-cache\r\n' },
    behind: ['COPY . .', 'RUN npm ci'],
    reason: '`npm ci` may read what `COPY . .` brings: .npmrc sets cache',
  },
  ...[
    ["'storeDir' : .store\n", 'pnpm-workspace.yaml sets storeDir'],
    ['{ storeDir: .store }\n', 'pnpm-workspace.yaml is not understood'],
  ].map(([settings = '', why]) => ({
    name: `settings of pnpm are ${JSON.stringify(settings)}`,
    text: 'COPY . .\nRUN pnpm install --frozen-lockfile\n',
    files: {
      'package.json': '{"name": "app"}',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'pnpm-workspace.yaml': settings,
    },
    behind: ['COPY . .', 'RUN pnpm'] as const,
    reason: `\`pnpm install --frozen-lockfile\` may read what \`COPY . .\` brings: ${why}`,
  })),
  {
    name: 'pnpm keeps its store among the sources',
    text: 'COPY . .\nRUN pnpm install --frozen-lockfile\n',
    files: {
      'package.json': '{"name": "app"}',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\nstoreDir: .store\n',
    },
    behind: ['COPY . .', 'RUN pnpm'],
    reason: '`pnpm install --frozen-lockfile` may read what `COPY . .` brings: pnpm-workspace.yaml sets storeDir',
  },
  ...[
    ['[install.cache]\ndir = ".cache"\n', 'bunfig.toml sets dir'],
    ['install = { cache.dir = ".cache" }\n', 'bunfig.toml sets dir'],
    ['[install.lockfile]\nprint = "yarn"\n', 'bunfig.toml sets lockfile'],
    ['[install\n', 'bunfig.toml is not understood'],
  ].map(([settings = '', why]) => ({
    name: `settings of bun are ${JSON.stringify(settings)}`,
    text: 'COPY . .\nRUN bun install --frozen-lockfile\n',
    files: { 'package.json': '{"name": "app"}', 'bun.lock': '{"packages": {}}', 'bunfig.toml': settings },
    behind: ['COPY . .', 'RUN bun'] as const,
    reason: `\`bun install --frozen-lockfile\` may read what \`COPY . .\` brings: ${why}`,
  })),
  {
    name: 'yarn installs from a folder of the sources',
    text: 'COPY . .\nRUN yarn --frozen-lockfile\n',
    files: {
      'package.json': '{"name": "app"}',
      'yarn.lock': '# yarn lockfile v1\n',
      '.yarnrc': 'registry "https://example.org"\nyarn-offline-mirror "./packages"\n',
    },
    behind: ['COPY . .', 'RUN yarn'],
    reason: '`yarn --frozen-lockfile` may read what `COPY . .` brings: .yarnrc sets yarn-offline-mirror',
  },
  {
    name: 'a source file that stands in for a module of Python',
    text: 'COPY . .\nRUN python -m pip install requests\n',
    files: { base: 'FROM python:3.13\nWORKDIR /app\n', 'random.py': '' },
    behind: ['COPY . .', 'RUN python'],
    reason: '`python -m pip install requests` reads random.py',
  },
  {
    name: 'a source file that stands in for a module of Python while requirements are installed',
    text: 'COPY . .\nRUN python -m pip install -r requirements.txt\n',
    files: { base: 'FROM python:3.13\nWORKDIR /app\n', 'requirements.txt': 'requests', 'logging/__init__.py': '' },
    behind: ['COPY . .', 'RUN python'],
    reason: '`python -m pip install -r requirements.txt` reads logging/__init__.py',
  },
  {
    name: 'settings among the sources, where the home folder may be theirs',
    text: 'COPY . .\nRUN npm ci\n',
    files: { base: 'FROM example.org/base\nWORKDIR /app\n', 'tools/.npmrc': 'ignore-scripts=true\n' },
    behind: ['COPY . .', 'RUN npm ci'],
    reason: '`npm ci` may read what `COPY . .` brings: its home folder is not known, and tools/.npmrc may lie in it',
  },
  {
    name: 'a plugin that asks Git for the version of the project',
    text: 'RUN pip install poetry poetry-dynamic-versioning\nCOPY . .\nRUN poetry install --no-root\n',
    files: {
      base: 'FROM python:3.13\nWORKDIR /app\n',
      'pyproject.toml': '[tool.poetry-dynamic-versioning]\nenable = true\n',
      'poetry.lock': '',
      '.git/HEAD': '',
    },
    behind: ['COPY . .', 'RUN poetry'],
    reason:
      '`poetry install --no-root` may read what `COPY . .` brings: a plugin of Poetry takes the version of the project from Git or from a source',
  },
  {
    name: 'Bundler brings the gems that lie among the sources up to date',
    text: 'COPY Gemfile* ./\nCOPY vendor vendor\nRUN bundle install\n',
    files: {
      base: 'FROM ruby:3.4\nWORKDIR /app\n',
      Gemfile: 'gem "rack"\n',
      'Gemfile.lock': 'GEM\n',
      'vendor/cache/rack-3.0.0.gem': '',
      '.dockerignore': 'vendor/bundle\n.bundle\n',
    },
    behind: ['COPY vendor', 'RUN bundle'],
    reason: '`bundle install` changes vendor/cache',
  },
  {
    name: 'an install of the project itself',
    text: 'COPY . .\nRUN pip install -e .\n',
    behind: ['COPY . .', 'RUN pip'],
    reason: '`pip install -e .` may read what `COPY . .` brings: /app/pyproject.toml is not found in the build context',
  },
  {
    name: 'a working folder that the base image decides',
    text: 'COPY src src\nRUN apk add git\n',
    files: { base: 'FROM example.org/base\n' },
    behind: ['COPY src', 'RUN apk'],
    reason: '`COPY src src` before it copies to a place that is not known',
  },
];

describe('an order that is refused', () => {
  for (const { name, text, files, behind, reason } of refusals) {
    const { base, ...more } = files ?? {};
    const whole = `${typeof base === 'string' ? base : 'FROM node:22\nWORKDIR /app\n'}${text}`;
    const all = { ...nodeProject, ...more };

    it(name, () => assert.equal(whyBehind(whole, all, ...behind), reason));

    it(`${name}: no proposal does it`, () => {
      const changed = Object.keys(all).filter((path) => path.startsWith('src/'));
      const proposed = propose(whole, all, changed).text;
      const [first, second] = behind.map((start) => proposed.indexOf(`\n${start}`));
      assert.ok((first ?? -1) >= 0 && (first ?? 0) < (second ?? 0), proposed);
    });
  }

  it('is named with the step that it keeps running again', () => {
    const { kept } = propose('FROM node:22\nWORKDIR /app\nCOPY src src\nRUN make deps\n');
    assert.deepEqual(kept, [
      {
        line: 3,
        instruction: 'RUN make deps',
        behind: { line: 2, instruction: 'COPY src src' },
        reason: '`make deps` may read src/',
        rebuilds: 20,
      },
    ]);
  });

  it('is named without the comments in it', () => {
    const run = 'RUN \\\n  # the tools first\n  make deps && \\\n# then\n  make all\n';
    const [first] = propose(`FROM node:22\nWORKDIR /app\nCOPY src src\n${run}`).kept;
    assert.deepEqual([first?.instruction, first?.reason], ['RUN make deps && make all', '`make deps` may read src/']);
  });
});
