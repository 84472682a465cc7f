import { copyBeforeInstall } from '../../../server/rules/order/copy-before-install.js';
import { testRule } from '../../helpers/rule-tester.js';

const node = {
  'package.json': '{"dependencies": {"left-pad": "1.3.0"}}',
  'package-lock.json': '{"lockfileVersion": 3, "packages": {"node_modules/left-pad": {"version": "1.3.0"}}}',
  'src/index.ts': 'export {};',
  '.dockerignore': 'node_modules\n',
};

testRule(copyBeforeInstall, {
  valid: [
    {
      name: 'manifests first',
      code: 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n',
      files: node,
    },
    {
      name: 'no install',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm run build\n',
      files: node,
    },
    {
      name: 'another stage copies the sources',
      code: 'FROM node:22 AS a\nCOPY . .\nFROM node:22\nWORKDIR /app\nCOPY package.json .\nRUN npm install\n',
      files: node,
    },
    {
      name: 'an install that may not run',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN if [ -f package.json ]; then npm ci; fi\n',
      files: node,
    },
    {
      name: 'only settings besides the manifests',
      code: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json tsconfig.json vite.config.ts ./\nRUN npm ci\n',
      files: { ...node, 'tsconfig.json': '{}', 'vite.config.ts': '' },
    },
    {
      name: 'a list of requirements that a program has unpacked elsewhere',
      code: 'FROM python:3.13\nCOPY . /app\nWORKDIR /app\nRUN ./setup.bin -i && pip install -r /opt/tool/requirements.txt\n',
    },
    {
      name: 'the folder in which pip looks for packages',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY wheels/* /wheels/\nCOPY requirements.txt ./\nRUN pip install --no-index --find-links /wheels/ -r requirements.txt\n',
      files: { 'requirements.txt': 'foo\n', 'wheels/foo-1-py3-none-any.whl': '', 'wheels/list.py': '' },
    },
    {
      name: 'the schema that the postinstall of Prisma reads',
      code: 'FROM node:22\nWORKDIR /app\nCOPY package.json ./\nCOPY prisma ./prisma\nRUN npm install\nCOPY . .\n',
      files: {
        'package.json': '{"dependencies": {"@prisma/client": "6"}}',
        'prisma/schema.prisma': '',
        'prisma/seed.ts': '',
        'src/index.ts': '',
      },
    },
    {
      name: 'a second install behind the sources',
      code: 'FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\nRUN npm install --omit=dev\n',
      files: node,
    },
    {
      name: 'what is installed comes from another stage',
      code: 'FROM node:22 AS deps\nWORKDIR /app\nCOPY package.json ./\nRUN npm i\nFROM node:22\nWORKDIR /app\nCOPY . .\nCOPY --from=deps /app/node_modules ./node_modules\nRUN npm i\n',
      files: node,
    },
    {
      name: 'a folder of requirements',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY requirements/ requirements/\nRUN pip install -r requirements/prod.txt\nCOPY . .\n',
      files: { 'requirements/prod.txt': 'flask\n', 'requirements/dev.txt': 'ruff\n', 'app.py': '' },
    },
    {
      name: 'named packages',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install flask\n',
      files: { 'app.py': '' },
    },
    {
      name: 'a module without dependencies',
      code: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go build ./...\n',
      files: { 'go.mod': 'module a\n', 'main.go': '' },
    },
    {
      name: 'vendored modules',
      code: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go build ./...\n',
      files: { 'go.mod': 'module a\nrequire b v1.0.0\n', 'vendor/modules.txt': '', 'main.go': '' },
    },
    {
      name: 'modules in a cache mount',
      code: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go build ./...\n',
      files: { 'go.mod': 'module a\nrequire b v1.0.0\n', 'main.go': '' },
    },
    {
      name: 'gems of others in the repository',
      code: 'FROM ruby:3.4\nWORKDIR /app\nCOPY Gemfile Gemfile.lock vendor ./\nRUN bundle install\nCOPY . .\n',
      files: { Gemfile: 'gem "rails"\n', 'Gemfile.lock': '', 'vendor/javascript/a.js': '', 'app/a.rb': '' },
    },
    {
      name: 'a virtual environment from another stage',
      code: 'FROM python:3.13 AS deps\nENV HOME=/deps\nWORKDIR $HOME\nCOPY pyproject.toml .\nRUN poetry install --no-root\nFROM python:3.13\nENV HOME=/deps\nCOPY --from=deps $HOME $HOME\nWORKDIR /app\nCOPY . .\nRUN poetry install\n',
      files: { 'pyproject.toml': '[tool.poetry]\n', 'a.py': '' },
    },
    {
      name: 'a build of the dependencies with stand-ins for the sources',
      code: 'FROM rust:1\nWORKDIR /app\nCOPY Cargo.toml build.rs ./\nCOPY macros macros\nRUN mkdir src && touch src/lib.rs && cargo build && rm -r src\nCOPY . .\nRUN cargo build\n',
      files: { 'Cargo.toml': '', 'build.rs': '', 'macros/src/lib.rs': '', 'src/main.rs': '' },
    },
    {
      name: 'a task of the project that fetches the dependencies before',
      code: 'FROM gradle:9\nWORKDIR /app\nCOPY build.gradle ./\nRUN gradle downloadRepos\nCOPY . .\nRUN gradle installDist\n',
      files: { 'build.gradle': '', 'src/A.java': '' },
    },
    {
      name: 'modules downloaded before',
      code: 'FROM golang:1.25\nWORKDIR /src\nCOPY go.* ./\nRUN go mod download\nCOPY . .\nRUN go build ./...\n',
      files: { 'go.mod': 'module a\nrequire b v1.0.0\n', 'main.go': '' },
    },
  ],
  invalid: [
    {
      name: 'npm ci, with a build behind it',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\nRUN npm run build\n',
      files: node,
      severity: 'warning',
      safety: 'safe',
      message: '`COPY . .` before `npm ci` makes every edit of the sources install all dependencies again',
      evidence: /`COPY \. \.` takes 3 files that `npm ci` does not read: src\/index\.ts/,
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n',
    },
    {
      name: 'no context: no fix',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\n',
      safety: 'none',
      evidence: /no manifest/,
    },
    {
      name: 'flags, absolute destination, blank lines and comments stay',
      code: 'FROM node:22\n\n# The app\nCOPY --link --chown=node:node «.» /app/\n\nWORKDIR /app\n\nRUN npm ci\n\nUSER node\n',
      files: node,
      safety: 'safe',
      fixed:
        'FROM node:22\n\nCOPY --link --chown=node:node package.json package-lock.json /app/\n\nWORKDIR /app\n\nRUN npm ci\n\n# The app\nCOPY --link --chown=node:node . /app/\n\nUSER node\n',
    },
    {
      name: 'JSON form',
      code: 'FROM node:22\nWORKDIR /app\nCOPY [«".»", "/app/my app"]\nWORKDIR "/app/my app"\nRUN npm ci\n'.replace(
        '«".»"',
        '«"."»',
      ),
      files: node,
      safety: 'safe',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY ["package.json", "package-lock.json", "/app/my app/"]\nWORKDIR "/app/my app"\nRUN npm ci\nCOPY [".", "/app/my app"]\n',
    },
    {
      name: 'a relative destination of another working folder',
      code: 'FROM node:22\nCOPY «.» app\nWORKDIR /app\nRUN npm ci\n',
      files: node,
      safety: 'safe',
      fixed: 'FROM node:22\nCOPY package.json package-lock.json app/\nWORKDIR /app\nRUN npm ci\nCOPY . /app\n',
    },
    {
      name: 'a local node_modules is not ignored',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN npm i\n',
      files: { 'package.json': '{"dependencies": {"a": "1"}}', 'index.js': '' },
      safety: 'unsafe',
      caveat: /node_modules would be copied over/,
      fixed: 'FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm i\nCOPY . .\n',
    },
    {
      name: 'install and build in one RUN',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN --mount=type=cache,target=/root/.npm cd web && npm ci && npm cache clean --force && npm run build\n',
      files: {
        'web/package.json': '{"dependencies": {"a": "1"}}',
        'web/package-lock.json': '{"packages": {"node_modules/a": {}}}',
        'web/src/a.ts': '',
        '.dockerignore': '**/node_modules\n',
      },
      safety: 'safe',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY web/package.json web/package-lock.json web/\nRUN --mount=type=cache,target=/root/.npm cd web && npm ci && npm cache clean --force\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm cd web && npm run build\n',
    },
    {
      name: 'a RUN that cannot be cut',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN npm ci; npm run build\n',
      files: node,
      safety: 'none',
      evidence: /`npm run build` in the same RUN may read the sources/,
    },
    {
      name: 'packages in a cache mount that the next command needs',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN --mount=type=cache,target=/app/node_modules npm ci && npm run build\n',
      files: node,
      safety: 'none',
      evidence: /no fix: a later command needs what it leaves in its cache mount, which a builder may lose/,
    },
    {
      name: 'packages in a cache mount that the next command uses offline',
      code: 'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY «.» .\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet restore && dotnet publish --no-restore -o /out\n',
      files: { 'App.csproj': '<Project Sdk="Microsoft.NET.Sdk"></Project>', 'a.cs': '', '.dockerignore': 'bin\nobj\n' },
      safety: 'none',
    },
    {
      name: 'a lifecycle script that needs the sources',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\n',
      files: { ...node, 'package.json': '{"scripts": {"postinstall": "tsc"}, "dependencies": {"a": "1"}}' },
      severity: 'info',
      safety: 'none',
      evidence: /the `postinstall` script runs `tsc`/,
    },
    {
      name: 'a lifecycle script that is not known',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\n',
      files: { ...node, 'package.json': '{"scripts": {"prepare": "frob"}, "dependencies": {"a": "1"}}' },
      safety: 'unsafe',
      caveat: /the `prepare` script runs `frob`/,
    },
    {
      name: 'lifecycle scripts that are known or forbidden do no harm',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\n',
      files: {
        ...node,
        'package.json':
          '{"scripts": {"prepare": "husky || true", "postinstall": "patch-package"}, "dependencies": {"a": "1"}}',
        'patches/a.patch': '',
      },
      safety: 'safe',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nCOPY patches patches/\nRUN npm ci\nCOPY . .\n',
    },
    {
      name: 'an install before it in the same RUN takes packages from what is copied',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY «wheels/*» /wheels/\nCOPY requirements.txt ./\nRUN pip install --no-index --find-links /wheels/ foo && pip install -r requirements.txt\n',
      files: { 'requirements.txt': 'bar\n', 'wheels/foo-1-py3-none-any.whl': '', 'wheels/list.py': '' },
      evidence: /no fix: `pip install --no-index .*` before it in the same RUN may read the sources/,
      safety: 'none',
    },
    {
      name: 'something between reads the sources',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN ./prepare.sh\nRUN npm ci\n',
      files: node,
      safety: 'none',
      evidence: /line 4 runs a command that may read the sources/,
    },
    {
      name: 'what stands between does no harm',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\nENV A=1\nRUN npm ci\n',
      files: node,
      safety: 'safe',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\nENV A=1\nRUN npm ci\nCOPY . .\n',
    },
    ...[
      'RUN cabal update && cabal build --only-dependencies',
      'RUN cabal update\nRUN cabal build --only-dependencies',
    ].map((runs) => ({
      name: `the list of packages is fetched first (${runs.split('\n').length} RUN)`,
      code: `FROM haskell:9.8\nWORKDIR /app\nCOPY «.» .\n${runs}\nRUN cabal build\n`,
      files: {
        'a.cabal': 'name: a\n',
        'app/Main.hs': '',
        'app/Lib.hs': '',
        '.dockerignore': 'Dockerfile\ndist-newstyle\n',
      },
      safety: 'unsafe' as const,
      fixed: `FROM haskell:9.8\nWORKDIR /app\nCOPY a.cabal ./\n${runs}\nCOPY . .\nRUN cabal build\n`,
    })),
    {
      name: 'an install script of a dependency may read what moves',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\n',
      files: {
        ...node,
        'package-lock.json':
          '{"packages": {"node_modules/frob": {"hasInstallScript": true}, "node_modules/esbuild": {"hasInstallScript": true}}}',
      },
      safety: 'unsafe',
      caveat: /the install script of frob would run before the sources/,
    },
    {
      name: 'a lockfile that does not tell of install scripts',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN yarn install --frozen-lockfile\n',
      files: {
        'package.json': '{"dependencies": {"left-pad": "1.3.0"}}',
        'yarn.lock': '# yarn lockfile v1\n',
        'a.js': '',
        '.dockerignore': 'node_modules\n',
      },
      safety: 'unsafe',
      caveat: /install scripts of dependencies/,
    },
    {
      name: 'install scripts are turned off',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN yarn install --frozen-lockfile --ignore-scripts\n',
      files: {
        'package.json': '{"dependencies": {"left-pad": "1.3.0"}}',
        'yarn.lock': '# yarn lockfile v1\n',
        'a.js': '',
        '.dockerignore': 'node_modules\n',
      },
      safety: 'safe',
    },
    {
      name: 'workspaces of pnpm',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN pnpm install --frozen-lockfile\n',
      files: {
        'package.json': '{"packageManager": "pnpm@10.2.0"}',
        'pnpm-lock.yaml': '',
        'pnpm-workspace.yaml': 'packages:\n  - "packages/*"\n  - apps/web\n',
        'packages/a/package.json': '{"dependencies": {"x": "1"}}',
        'packages/a/a.ts': '',
        'apps/web/package.json': '{}',
        '.dockerignore': '**/node_modules\n',
      },
      safety: 'safe',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./\nCOPY packages/a/package.json packages/a/\nCOPY apps/web/package.json apps/web/\nRUN pnpm install --frozen-lockfile\nCOPY . .\n',
    },
    {
      name: 'the program of a workspace, which npm makes executable',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\n',
      files: {
        'package.json': '{"workspaces": ["packages/*"]}',
        'packages/tool/package.json': '{"bin": "cli.js", "dependencies": {"x": "1"}}',
        'packages/tool/cli.js': { text: '', mode: 0o644 },
        'packages/tool/lib/a.js': '',
        'package-lock.json': '{"packages": {}}',
        '.dockerignore': '**/node_modules\n',
      },
      safety: 'unsafe',
      caveat: /makes packages\/tool\/cli\.js executable/,
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nCOPY packages/tool/package.json packages/tool/cli.js packages/tool/\nRUN npm ci\nCOPY . .\n',
    },
    {
      name: 'patches stand in one COPY, however they are named',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN pnpm install --frozen-lockfile\n',
      files: {
        'package.json': '{"packageManager": "pnpm@10.2.0", "pnpm": {"patchedDependencies": {"x": "patches/x.patch"}}}',
        'pnpm-lock.yaml': '',
        'patches/x.patch': '',
        'a.js': '',
        '.dockerignore': 'node_modules\n',
      },
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml ./\nCOPY patches patches/\nRUN pnpm install --frozen-lockfile\nCOPY . .\n',
    },
    {
      name: 'a RUN without a network downloads nothing',
      code: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY «.» .\nRUN --network=none go build -o /out\nFROM scratch\nCOPY --from=build /out /\n',
      files: { 'go.mod': 'module a.b/c\n\nrequire a.b/d v1.0.0\n', 'go.sum': '', 'a.go': '' },
      safety: 'none',
      evidence: /no fix: its RUN has no network/,
    },
    {
      name: 'a lockfile that is not there: another folder must be the context',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN pnpm install --frozen-lockfile\n',
      files: { 'package.json': '{"dependencies": {"a": "1"}}', 'a.js': '' },
      safety: 'none',
      evidence: /no fix: `pnpm install --frozen-lockfile` needs pnpm-lock.yaml, which is not in the build context/,
    },
    {
      name: 'a workspace that is not there: another folder must be the context',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN pnpm install\n',
      files: { 'package.json': '{"dependencies": {"@a/b": "workspace:*"}}', 'a.js': '' },
      safety: 'none',
      evidence: /no fix: its workspace @a\/b is not in the build context/,
    },
    {
      name: 'several COPYs of sources',
      code: 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nCOPY «src» ./src\nCOPY public ./public\nRUN npm i\nCMD ["node", "src/index.js"]\n',
      files: { ...node, 'src/index.js': '', 'public/a.html': '' },
      safety: 'safe',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm i\nCOPY src ./src\nCOPY public ./public\nCMD ["node", "src/index.js"]\n',
    },
    {
      name: 'pip with included requirements',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY «.» .\nRUN pip install -r requirements/prod.txt\n',
      files: {
        'requirements/prod.txt': '-r base.txt\n-c ../constraints.txt\n',
        'requirements/base.txt': 'flask\n',
        'constraints.txt': '',
        'app.py': '',
      },
      safety: 'safe',
      fixed:
        'FROM python:3.13\nWORKDIR /app\nCOPY requirements/prod.txt requirements/base.txt requirements/\nCOPY constraints.txt ./\nRUN pip install -r requirements/prod.txt\nCOPY . .\n',
    },
    {
      name: 'requirements that install the project',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY «.» .\nRUN pip install -r requirements.txt\n',
      files: { 'requirements.txt': 'flask\n-e .\n', 'app.py': '' },
      severity: 'info',
      safety: 'none',
      evidence: /a project of this repository/,
    },
    {
      name: 'a second file of requirements behind the sources',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY «.» .\nRUN pip install -r requirements.txt\nRUN pip install -r dev.txt\n',
      files: { 'requirements.txt': 'flask\n', 'dev.txt': 'ruff\n', 'app.py': '' },
      safety: 'none',
      evidence: /line 6 runs a command that may read the sources/,
    },
    {
      name: 'requirements and sources in one COPY',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt «app.py» ./\nRUN pip install -r requirements.txt\n',
      files: { 'requirements.txt': 'flask\n', 'app.py': '' },
      safety: 'safe',
      fixed:
        'FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY requirements.txt app.py ./\n',
    },
    {
      name: 'poetry install, which installs the project too',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY «.» .\nRUN poetry install --only main\n'.replace(
        ' --only main',
        ' --without dev',
      ),
      files: { 'pyproject.toml': '[tool.poetry]\nname = "a"\n', 'poetry.lock': '', 'a/__init__.py': '' },
      safety: 'safe',
      fixed:
        'FROM python:3.13\nWORKDIR /app\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install --without dev --no-root\nCOPY . .\nRUN poetry install --without dev\n',
    },
    {
      name: 'a step between: the original command still runs behind the sources',
      code: 'FROM maven:3 AS build\nWORKDIR /app\nCOPY «src» ./src\nCOPY pom.xml .\nRUN mvn -B package\nFROM scratch\nCOPY --from=build /app/target/a.jar /\n',
      files: { 'pom.xml': '<project><artifactId>a</artifactId></project>', 'src/main/java/A.java': '' },
      fixed:
        'FROM maven:3 AS build\nWORKDIR /app\nCOPY pom.xml .\nRUN mvn -B dependency:go-offline\nCOPY src ./src\nRUN mvn -B package\nFROM scratch\nCOPY --from=build /app/target/a.jar /\n',
    },
    {
      name: 'go build of a file, which the download does without',
      code: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY «.» .\nRUN go build -o /app cmd/main.go\nFROM scratch\nCOPY --from=build /app /app\n',
      files: { 'go.mod': 'module a\n\nrequire b.org/c v1.0.0\n', 'go.sum': 'b.org/c v1.0.0 h1:x\n', 'cmd/main.go': '' },
      safety: 'safe',
      fixed:
        'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /app cmd/main.go\nFROM scratch\nCOPY --from=build /app /app\n',
    },
    {
      name: 'go mod tidy, which may download more than the manifests tell',
      code: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY «.» .\nRUN go mod tidy && go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n',
      files: { 'go.mod': 'module a\nrequire b v1.0.0\n', 'go.sum': '', 'main.go': '', 'a.go': '' },
      evidence:
        /takes \d files that `go mod download` does not read: [\s\S]*\nmost of what `go mod tidy` downloads depends on /,
    },
    {
      name: 'go build in a folder that is not there before the sources',
      code: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY «.» .\nRUN cd cmd/app && go build -o /app\nFROM scratch\nCOPY --from=build /app /app\n',
      files: { 'go.mod': 'module a\nrequire b v1.0.0\n', 'cmd/app/main.go': '' },
      safety: 'safe',
      fixed:
        'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod ./\nRUN go mod download\nCOPY . .\nRUN cd cmd/app && go build -o /app\nFROM scratch\nCOPY --from=build /app /app\n',
    },
    {
      name: 'bind mounts, where the file has them',
      code: 'FROM node:22 AS a\nWORKDIR /a\nRUN --mount=type=bind,source=package.json,target=package.json npm ci\nFROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\n',
      files: node,
      safety: 'safe',
      fixed:
        'FROM node:22 AS a\nWORKDIR /a\nRUN --mount=type=bind,source=package.json,target=package.json npm ci\nFROM node:22\nWORKDIR /app\nRUN --mount=type=bind,source=package.json,target=package.json \\\n    --mount=type=bind,source=package-lock.json,target=package-lock.json \\\n    npm ci\nCOPY . .\n',
    },
    {
      name: 'manifests that the RUN mounts by itself',
      code: 'FROM node:22\nWORKDIR /app\nCOPY «.» .\nRUN --mount=type=bind,source=package.json,target=package.json --mount=type=bind,source=package-lock.json,target=package-lock.json npm ci\n',
      files: node,
      safety: 'safe',
      fixed:
        'FROM node:22\nWORKDIR /app\nRUN --mount=type=bind,source=package.json,target=package.json --mount=type=bind,source=package-lock.json,target=package-lock.json npm ci\nCOPY . .\n',
    },
    {
      name: 'sources that land in a folder of the system',
      code: 'FROM node:22\nCOPY «src» /usr/local/lib/tool\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n',
      files: node,
      safety: 'unsafe',
      caveat: /may use what is copied to \/usr\/local\/lib\/tool/,
    },
    {
      name: 'uv sync of a workspace',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY «.» .\nRUN uv sync --frozen\n',
      files: {
        'pyproject.toml': '[project]\nname = "a"\n[build-system]\n[tool.uv.workspace]\nmembers = ["libs/*"]\n',
        'uv.lock': '',
        'libs/b/pyproject.toml': '',
        'libs/b/b.py': '',
        '.dockerignore': '.venv\n**/.venv\n',
      },
      fixed:
        'FROM python:3.13\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nCOPY libs/b/pyproject.toml libs/b/\nRUN uv sync --frozen --no-install-workspace\nCOPY . .\nRUN uv sync --frozen\n',
    },
    {
      name: 'go build without a download',
      code: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY «.» .\nRUN CGO_ENABLED=0 go build -o /app ./cmd/app\nFROM scratch\nCOPY --from=build /app /app\n',
      files: { 'go.mod': 'module a\nrequire b v1.0.0\n', 'go.sum': '', 'cmd/app/main.go': '' },
      safety: 'safe',
      message: 'download all dependencies again',
      fixed:
        'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app ./cmd/app\nFROM scratch\nCOPY --from=build /app /app\n',
    },
    {
      name: 'a Go module with a local replacement, in the final image',
      code: 'FROM golang:1.25\nWORKDIR /src\nCOPY «.» .\nRUN go mod download && go build ./...\n',
      files: {
        'go.mod': 'module a\nrequire b v1.0.0\nreplace c => ./c\n',
        'c/go.mod': 'module c\n',
        'c/c.go': '',
        'main.go': '',
      },
      safety: 'safe',
      fixed:
        'FROM golang:1.25\nWORKDIR /src\nCOPY go.mod ./\nCOPY c/go.mod c/\nRUN go mod download\nCOPY . .\nRUN go build ./...\n',
    },
    {
      name: 'composer install, whose scripts and autoloader need the sources',
      code: 'FROM composer:2\nWORKDIR /app\nCOPY «.» .\nRUN composer install --no-dev\n',
      files: {
        'composer.json': '{"require": {"a/b": "1"}, "scripts": {"post-install-cmd": "php x.php"}}',
        'composer.lock': '{}',
        'src/A.php': '',
        '.dockerignore': 'vendor\n',
      },
      safety: 'safe',
      fixed:
        'FROM composer:2\nWORKDIR /app\nCOPY composer.json composer.lock ./\nRUN composer install --no-dev --no-scripts --no-autoloader\nCOPY . .\nRUN composer install --no-dev\n',
    },
    {
      name: 'bundle install',
      code: 'FROM ruby:3.4\nWORKDIR /app\nCOPY «.» .\nRUN bundle install\n',
      files: {
        Gemfile: 'gem "rails"\nruby file: ".ruby-version"\n',
        'Gemfile.lock': '',
        '.ruby-version': '3.4',
        'app/a.rb': '',
      },
      safety: 'unsafe',
      caveat: /may write Gemfile.lock anew/,
      fixed: 'FROM ruby:3.4\nWORKDIR /app\nCOPY Gemfile Gemfile.lock .ruby-version ./\nRUN bundle install\nCOPY . .\n',
    },
    {
      name: 'dotnet publish: projects keep their folders',
      code: 'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY «.» .\nRUN dotnet publish App/App.csproj -c Release -r linux-x64 -o /out\nFROM scratch\nCOPY --from=build /out /\n',
      files: {
        'App/App.csproj':
          '<Project><ItemGroup><ProjectReference Include="..\\Lib\\Lib.csproj" /></ItemGroup></Project>',
        'App/Program.cs': '',
        'Lib/Lib.csproj': '<Project></Project>',
        'Directory.Packages.props': '<Project></Project>',
        '.dockerignore': '**/obj\n**/bin\n',
      },
      safety: 'safe',
      fixed:
        'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY App/App.csproj App/\nCOPY Lib/Lib.csproj Lib/\nCOPY Directory.Packages.props ./\nRUN dotnet restore App/App.csproj -r linux-x64\nCOPY . .\nRUN dotnet publish App/App.csproj -c Release -r linux-x64 -o /out\nFROM scratch\nCOPY --from=build /out /\n',
    },
    {
      name: 'mvn package',
      code: 'FROM maven:3 AS build\nWORKDIR /app\nCOPY «.» .\nRUN mvn -B clean package -DskipTests\nFROM scratch\nCOPY --from=build /app/target/a.jar /\n',
      files: { 'pom.xml': '<project><artifactId>a</artifactId></project>', 'src/main/java/A.java': '' },
      safety: 'unsafe',
      caveat: /fetches more than the build needs/,
      fixed:
        'FROM maven:3 AS build\nWORKDIR /app\nCOPY pom.xml ./\nRUN mvn -B dependency:go-offline\nCOPY . .\nRUN mvn -B clean package -DskipTests\nFROM scratch\nCOPY --from=build /app/target/a.jar /\n',
    },
    {
      name: 'cargo build has no clean fix',
      code: 'FROM rust:1 AS build\nWORKDIR /app\nCOPY «.» .\nRUN cargo build --release\n',
      files: { 'Cargo.toml': '', 'Cargo.lock': '', 'src/main.rs': '' },
      safety: 'none',
      evidence: /cache mount or cargo-chef/,
    },
    {
      name: 'cargo chef with a recipe that is kept',
      code: 'FROM rust:1 AS build\nWORKDIR /app\nCOPY «.» .\nRUN cargo chef cook --release --recipe-path recipe.json\nRUN cargo build --release\n',
      files: { 'Cargo.toml': '', 'Cargo.lock': '', 'recipe.json': '{}', 'src/main.rs': '' },
      safety: 'unsafe',
      fixed:
        'FROM rust:1 AS build\nWORKDIR /app\nCOPY recipe.json Cargo.toml Cargo.lock ./\nRUN cargo chef cook --release --recipe-path recipe.json\nCOPY . .\nRUN cargo build --release\n',
    },
    {
      name: 'mix deps.get and deps.compile',
      code: 'FROM elixir:1.18\nWORKDIR /app\nCOPY «.» .\nRUN mix local.hex --force && mix deps.get && mix deps.compile && mix compile\n',
      files: {
        'mix.exs': '',
        'mix.lock': '',
        'config/config.exs': '',
        'lib/a.ex': '',
        '.dockerignore': 'deps\n_build\n',
      },
      fixed:
        'FROM elixir:1.18\nWORKDIR /app\nCOPY mix.exs mix.lock ./\nCOPY config config/\nRUN mix local.hex --force && mix deps.get && mix deps.compile\nCOPY . .\nRUN mix compile\n',
    },
    {
      name: 'flutter pub get with a package of the repository',
      code: 'FROM ghcr.io/cirruslabs/flutter\nWORKDIR /app\nCOPY «.» .\nRUN flutter pub get\n',
      files: {
        'pubspec.yaml': 'dependencies:\n  a:\n    path: packages/a\n',
        'pubspec.lock': '',
        'packages/a/pubspec.yaml': '',
        'lib/main.dart': '',
        '.dockerignore': '**/.dart_tool\n',
      },
      safety: 'unsafe',
      fixed:
        'FROM ghcr.io/cirruslabs/flutter\nWORKDIR /app\nCOPY pubspec.yaml pubspec.lock ./\nCOPY packages/a/pubspec.yaml packages/a/\nRUN flutter pub get\nCOPY . .\n',
    },
  ],
});
