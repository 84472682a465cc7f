import type { Tree } from './case.js';

/** A project with an order that can be mended, and what its commits do. Own code; the programs are in `order-programs.ts`. */
export interface OrderProject {
  readonly name: string;
  readonly dockerfile: string;
  readonly files: Tree;
  /** Sources that most commits edit. */
  readonly sources: readonly string[];
  /** Files that few commits edit. */
  readonly seldom: readonly string[];
  /** What a commit with another dependency changes; `n` tells them apart. */
  manifests(n: number): Tree;
  /** ARGs with another value in every build. */
  readonly changingArgs?: readonly string[];
  /** The advisor adds a step: more of them run, but cheaper ones. */
  readonly adds?: true;
  /** Moves with a caveat are tried too. */
  readonly likely?: true;
}

const npmLock = (names: readonly string[]) =>
  `{"lockfileVersion": 3, "packages": {\n"": {},\n${names.map((name) => `"node_modules/${name}": {}`).join(',\n')}\n}}\n`;
const npmManifest = (more: object = {}) => JSON.stringify({ name: 'app', dependencies: { left: '1.0.0' }, ...more });
const npmFiles = {
  'package.json': npmManifest(),
  'package-lock.json': npmLock(['left']),
  'src/a.js': 'a',
  'src/b.js': 'b',
  'README.md': 'read',
  '.dockerignore': 'node_modules\nDockerfile\n',
};
const npmManifests = (n: number): Tree => ({
  'package.json': npmManifest({ version: `1.0.${n}` }),
  'package-lock.json': npmLock(['left', `right-${n}`.replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '')]),
});
const js = ['src/a.js', 'src/b.js'];

const manyModules = Array.from({ length: 40 }, (_, n) => `example.org/m${n} v1.0.0 h1:x\n`).join('');

const ownCrate = '\n[[package]]\nname = "app"\nversion = "0.0.0"\ndependencies = ["crate1"]\n';

const manyCrates = Array.from(
  { length: 40 },
  (_, n) => `\n[[package]]\nname = "crate${n}"\nversion = "1.0.0"\nsource = "registry+https://example.org/index"\n`,
).join('');

const yarnLock = (last: number) =>
  `# yarn lockfile v1\n\n${Array.from({ length: 120 }, (_, n) => (n === 119 ? last : n))
    .map(
      (n) =>
        `left@1.0.${n}:\n  version "1.0.${n}"\n  resolved "https://registry.yarnpkg.com/left/-/left-1.0.${n}.tgz"\n  integrity sha512-x==\n`,
    )
    .join('\n')}`;

export const orderProjects: readonly OrderProject[] = [
  {
    name: 'npm, all sources first',
    dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["node", "dist/app.js"]\n',
    files: npmFiles,
    sources: js,
    seldom: ['README.md'],
    manifests: npmManifests,
  },
  {
    name: 'npm, installed and built in one RUN, the folder made by the COPY',
    dockerfile:
      'FROM node:22\nCOPY . /srv/app\nWORKDIR /srv/app\nENV NODE_ENV=production\nRUN npm ci && \\\n    npm run build\n',
    files: npmFiles,
    sources: js,
    seldom: ['README.md'],
    manifests: npmManifests,
  },
  {
    name: 'npm, installed behind commands on the sources in the same RUN',
    dockerfile:
      'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN set -e && chmod 750 start.sh && sed -i s/local/db/ README.md && npm ci && \\\n    npm run build\n',
    files: { ...npmFiles, 'start.sh': 'start', 'README.md': 'local' },
    sources: js,
    seldom: ['README.md'],
    manifests: npmManifests,
    adds: true,
  },
  {
    name: 'npm, an install that writes its lockfile anew',
    dockerfile:
      'FROM node:22\nWORKDIR /app\nCOPY --chown=1000:1000 web .\nRUN npm install\nRUN npm run build\nCOPY README.md /docs/\n',
    files: {
      ...Object.fromEntries(Object.entries(npmFiles).map(([path, text]) => [`web/${path}`, text])),
      'README.md': 'read',
      'web/old/package-lock.json': '{}',
      '.dockerignore': '**/node_modules\nDockerfile\n',
    },
    sources: js.map((path) => `web/${path}`),
    seldom: ['web/README.md', 'web/old/package-lock.json'],
    manifests: (n) => Object.fromEntries(Object.entries(npmManifests(n)).map(([path, text]) => [`web/${path}`, text])),
  },
  {
    name: 'npm with workspaces and patches',
    dockerfile:
      'FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y git\nRUN npm ci\nRUN npm run build\nFROM debian:13\nWORKDIR /srv\nCOPY --from=build /app /srv/app\nRUN apt-get update && apt-get install -y curl\n',
    files: {
      ...npmFiles,
      'package.json': npmManifest({ workspaces: ['packages/*'], scripts: { postinstall: 'patch-package' } }),
      'packages/one/package.json': '{"name": "one"}',
      'packages/one/index.js': 'one',
      'packages/two/package.json': '{"name": "two", "bin": "cli.js"}',
      'packages/two/cli.js': { text: 'two', mode: 0o755 },
      'packages/two/lib/x.js': 'x',
      'patches/left.patch': 'patched',
      '.dockerignore': '**/node_modules\nDockerfile\n',
    },
    sources: ['packages/one/index.js', 'packages/two/lib/x.js', 'src/a.js'],
    seldom: ['README.md', 'patches/left.patch'],
    manifests: (n) => ({ 'packages/one/package.json': JSON.stringify({ name: 'one', version: `1.0.${n}` }) }),
  },
  {
    name: 'yarn, whose packages may have install scripts',
    dockerfile:
      'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN yarn install --frozen-lockfile\nRUN yarn build\nCMD ["node", "dist/app.js"]\n',
    files: {
      'package.json': npmManifest(),
      'yarn.lock': yarnLock(119),
      'src/a.js': 'a',
      'src/b.js': 'b',
      'README.md': 'read',
      '.dockerignore': 'Dockerfile\n',
    },
    sources: js,
    seldom: ['README.md'],
    manifests: (n) => ({ 'yarn.lock': yarnLock(200 + n) }),
    adds: true,
  },
  {
    name: 'yarn, copied for another owner',
    dockerfile:
      'FROM node:22\nWORKDIR /app\nCOPY --chown=1000:1000 . .\nRUN yarn install --frozen-lockfile --ignore-scripts\nRUN npm run build\nUSER 1000:1000\n',
    files: {
      ...npmFiles,
      'yarn.lock': '# yarn lockfile v1\n\nleft@1.0.0:\n',
      'tools/run.sh': { text: 'run', mode: 0o755 },
    },
    sources: js,
    seldom: ['README.md', 'tools/run.sh'],
    manifests: (n) => ({
      'package.json': npmManifest({ version: `1.0.${n}` }),
      'yarn.lock': `# yarn lockfile v1\n\nleft@1.0.${n}:\n`,
    }),
  },
  {
    name: 'pnpm, package by package',
    dockerfile:
      'FROM node:22\nWORKDIR /app\nCOPY package.json pnpm-workspace.yaml pnpm-lock.yaml ./\nCOPY packages ./packages\nCOPY tools ./tools\nRUN pnpm install --frozen-lockfile --ignore-scripts\nCOPY src ./src\nRUN pnpm build\n',
    files: {
      'package.json': '{"name": "root", "packageManager": "pnpm@9.0.0"}',
      'pnpm-workspace.yaml': 'packages:\n  - "packages/*"\n',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'packages/one/package.json': '{"name": "one"}',
      'packages/one/src/index.ts': 'one',
      'packages/one/src/deep/x.ts': 'x',
      'tools/check.sh': { text: 'check', mode: 0o755 },
      'src/a.js': 'a',
      'README.md': 'read',
      '.dockerignore': '**/node_modules\nDockerfile\n',
    },
    sources: ['packages/one/src/index.ts', 'packages/one/src/deep/x.ts', 'src/a.js'],
    seldom: ['tools/check.sh', 'README.md'],
    manifests: (n) => ({ 'packages/one/package.json': JSON.stringify({ name: 'one', version: `1.0.${n}` }) }),
  },
  {
    name: 'pip with requirements that include others',
    dockerfile:
      'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN chmod +x start.sh && mkdir -p data\nRUN apt-get update && apt-get install -y gcc\nRUN pip install -r requirements.txt\nCMD ["./start.sh"]\n',
    files: {
      'requirements.txt': '-r requirements/base.txt\nflask==3.0.0\n',
      'requirements/base.txt': 'jinja==3.0.0\n',
      'requirements/test.txt': 'pytest==8.0.0\n',
      'app/main.py': 'main',
      'app/util.py': 'util',
      'start.sh': 'start',
      '.dockerignore': 'Dockerfile\n.venv\n',
    },
    sources: ['app/main.py', 'app/util.py'],
    seldom: ['start.sh', 'requirements/test.txt'],
    manifests: (n) => ({ 'requirements/base.txt': `jinja==3.0.${n}\n` }),
  },
  {
    name: 'copies from what changes most to what changes least',
    dockerfile:
      'FROM python:3.13\nWORKDIR /app\nCOPY app ./app\nCOPY conf /etc-app\nCOPY --chmod=600 keys /keys/\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nRUN touch built\n',
    files: {
      'requirements.txt': 'flask==3.0.0\n',
      'app/main.py': 'main',
      'app/sub/util.py': 'util',
      'conf/app.ini': 'a=1',
      'conf/link': { link: 'app.ini' },
      'keys/one': 'key',
      '.dockerignore': 'Dockerfile\n',
    },
    sources: ['app/main.py', 'app/sub/util.py'],
    seldom: ['conf/app.ini', 'keys/one'],
    manifests: (n) => ({ 'requirements.txt': `flask==3.0.${n}\n` }),
  },
  {
    name: 'apt-get behind the sources, with folders of other modes and owners',
    dockerfile:
      'FROM debian:13\nRUN mkdir -p /srv/app/data && chown 1000:1000 /srv/app/data && chmod 700 /srv/app/data\nWORKDIR /srv/app\nCOPY . .\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists\nRUN find . -type f | sort > /files\n',
    files: {
      'data/one': 'one',
      'private/': { mode: 0o700 },
      'private/two': { text: 'two', mode: 0o600 },
      'bin/run': { text: 'run', mode: 0o755 },
      'lib/x': 'x',
      '.dockerignore': 'Dockerfile\n',
    },
    sources: ['lib/x', 'data/one'],
    seldom: ['bin/run', 'private/two'],
    manifests: (n) => ({ 'lib/list': `list ${n}` }),
  },
  {
    name: 'go, modules after the sources',
    dockerfile:
      'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go mod download\nRUN go build -o /app ./cmd\nFROM alpine:3.22\nCOPY --from=build /app /app\nRUN apk add tzdata\nCOPY conf /conf\nENTRYPOINT ["/app"]\n',
    files: {
      'go.mod': 'module example.org/app\n\ngo 1.25\n\nrequire example.org/one v1.0.0\n',
      'go.sum': 'example.org/one v1.0.0 h1:x\n',
      'cmd/main.go': 'package main',
      'lib/lib.go': 'package lib',
      'conf/app.ini': 'a=1',
      '.dockerignore': 'Dockerfile\n',
    },
    sources: ['cmd/main.go', 'lib/lib.go'],
    seldom: ['conf/app.ini'],
    manifests: (n) => ({ 'go.sum': `example.org/one v1.0.${n} h1:x\n` }),
  },
  {
    name: 'uv, with a virtual environment beside the sources',
    dockerfile:
      'FROM python:3.13\nWORKDIR /app\nCOPY . .\nENV UV_FROZEN=1\nRUN uv sync --no-install-project\nRUN cat .venv/list app/main.py > /built\n',
    files: {
      'pyproject.toml': '[project]\nname = "app"\nversion = "1.0.0"\ndependencies = ["flask"]\n',
      'uv.lock': 'version = 1\n',
      'app/main.py': 'main',
      'README.md': 'read',
      '.dockerignore': 'Dockerfile\n.venv\n',
    },
    sources: ['app/main.py'],
    seldom: ['README.md'],
    manifests: (n) => ({ 'uv.lock': `version = 1\n# ${n}\n` }),
  },
  {
    name: 'go, built without a step that downloads',
    dockerfile:
      'FROM golang:1.25 AS build\nCOPY . /src\nWORKDIR /src\nRUN go vet -o /vetted ./...\nRUN go build -o /app ./cmd\nFROM alpine:3.22\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n',
    files: {
      'go.mod': 'module example.org/app\n\ngo 1.25\n\nrequire example.org/one v1.0.0\n',
      'go.sum': manyModules,
      'cmd/main.go': 'package main',
      'lib/lib.go': 'package lib',
      'README.md': 'read',
      '.dockerignore': 'Dockerfile\n',
    },
    sources: ['cmd/main.go', 'lib/lib.go'],
    seldom: ['README.md'],
    manifests: (n) => ({ 'go.sum': `${manyModules}example.org/last v1.0.${n} h1:x\n` }),
    adds: true,
  },
  {
    name: 'cargo, dependencies compiled with the project',
    dockerfile:
      'FROM rust:1.95 AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\nFROM alpine:3.22\nCOPY --from=build /src/target/release/app /app\nENTRYPOINT ["/app"]\n',
    files: {
      'Cargo.toml': '[package]\nname = "app"\n\n[dependencies]\ncrate1 = "1"\n',
      'Cargo.lock': `version = 4\n${ownCrate}${manyCrates}`,
      'src/main.rs': 'fn main() { lib::run() }',
      'src/lib/mod.rs': 'pub fn run() {}',
      'README.md': 'read',
      '.dockerignore': 'Dockerfile\ntarget\n',
    },
    sources: ['src/main.rs', 'src/lib/mod.rs'],
    seldom: ['README.md'],
    manifests: (n) => ({
      'Cargo.lock': `version = 4\n${ownCrate}${manyCrates.replace('"crate7"', `"crate7${n}"`)}`,
    }),
    adds: true,
  },
  {
    name: '.NET, published with packages that the project names, obj not ignored',
    dockerfile:
      'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /out\nFROM mcr.microsoft.com/dotnet/aspnet:9.0\nWORKDIR /app\nCOPY --from=build /out .\nENTRYPOINT ["dotnet", "App.dll"]\n',
    files: {
      'App.csproj':
        '<Project Sdk="Microsoft.NET.Sdk.Web">\n<PackageReference Include="one" Version="1.0.0" />\n</Project>\n',
      'Program.cs': 'return;',
      'Pages/Index.cs': 'page',
      'obj/project.assets.json': 'of another machine',
    },
    sources: ['Program.cs', 'Pages/Index.cs'],
    seldom: ['obj/project.assets.json'],
    manifests: (n) => ({
      'App.csproj': `<Project Sdk="Microsoft.NET.Sdk.Web">\n<PackageReference Include="p${n}" Version="1.0.0" />\n</Project>\n`,
    }),
    adds: true,
  },
  {
    name: 'uv, the project itself installed with what it depends on',
    dockerfile: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen\nCMD ["python", "app/main.py"]\n',
    files: {
      'pyproject.toml':
        '[project]\nname = "app"\nversion = "1.0.0"\ndependencies = ["flask"]\n\n[build-system]\nrequires = ["hatchling"]\n',
      'uv.lock': 'version = 1\n',
      'app/main.py': 'main',
      'README.md': 'read',
      '.dockerignore': 'Dockerfile\n.venv\n',
    },
    sources: ['app/main.py'],
    seldom: ['README.md'],
    manifests: (n) => ({ 'uv.lock': `version = 1\n# ${n}\n` }),
    adds: true,
  },
  {
    name: 'pip, the project itself installed twice, with a version that sed puts in',
    dockerfile:
      'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN sed -i \'s/dynamic = \\["version"\\]/version = "0.0.1"/\' pyproject.toml && \\\n    pip install .\nCMD ["python", "-m", "app"]\n',
    files: {
      'pyproject.toml':
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n[project]\nname = "app"\ndynamic = ["version"]\nreadme = "README.md"\ndependencies = ["flask", "rich"]\n\n[tool.hatch.build.targets.wheel]\npackages = ["src/app"]\n',
      'src/app/main.py': 'main',
      'src/app/deep/util.py': 'util',
      'README.md': 'read',
      'docs/more.md': 'more',
      '.dockerignore': 'Dockerfile\n',
    },
    sources: ['src/app/main.py', 'src/app/deep/util.py'],
    seldom: ['README.md', 'docs/more.md'],
    manifests: (n) => ({
      'pyproject.toml': `[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n[project]\nname = "app"\ndynamic = ["version"]\nreadme = "README.md"\ndependencies = ["flask", "rich-${n}"]\n\n[tool.hatch.build.targets.wheel]\npackages = ["src/app"]\n`,
    }),
    adds: true,
  },
  {
    name: 'npm, in a folder of what is copied, where a WORKDIR comes later',
    dockerfile:
      'FROM node:22\nWORKDIR /repo\nCOPY . .\nWORKDIR /repo/app\nRUN npm ci\nRUN npm run build\nCOPY --chown=1000:1000 docs docs\nWORKDIR docs\nRUN mkdir -p /srv/pages && touch /srv/pages/x\n',
    files: {
      ...Object.fromEntries(Object.entries(npmFiles).map(([path, text]) => [`app/${path}`, text])),
      'docs/index.md': 'index',
      '.dockerignore': '**/node_modules\nDockerfile\n',
    },
    sources: js.map((path) => `app/${path}`),
    seldom: ['docs/index.md'],
    manifests: (n) => Object.fromEntries(Object.entries(npmManifests(n)).map(([path, text]) => [`app/${path}`, text])),
  },
  {
    name: 'npm, in a folder that the RUN enters',
    dockerfile:
      'FROM node:22\nWORKDIR /app\nCOPY --chown=1000:1000 . .\nRUN cd web && npm ci\nRUN cd web && npm run build\nUSER 1000:1000\n',
    files: {
      ...Object.fromEntries(Object.entries(npmFiles).map(([path, text]) => [`web/${path}`, text])),
      'web/': { mode: 0o750 },
      'api/a.js': 'a',
      'README.md': 'read',
      '.dockerignore': '**/node_modules\nDockerfile\n',
    },
    sources: ['api/a.js', ...js.map((path) => `web/${path}`)],
    seldom: ['README.md'],
    manifests: (n) => Object.fromEntries(Object.entries(npmManifests(n)).map(([path, text]) => [`web/${path}`, text])),
  },
  {
    name: 'composer, whose scripts and autoloader look at the sources',
    dockerfile: 'FROM php:8.4\nWORKDIR /app\nCOPY . .\nRUN composer install --no-dev -o\nCMD ["php", "src/App.php"]\n',
    files: {
      'composer.json':
        '{"require": {"lib0": "*"}, "autoload": {"classmap": ["src/"]}, "scripts": {"post-autoload-dump": "@php cache"}}',
      'composer.lock': composerLock(0),
      'src/App.php': '<?php',
      'src/Other.php': '<?php',
      'README.md': 'read',
      '.dockerignore': 'Dockerfile\nvendor\nvar\n',
    },
    sources: ['src/App.php', 'src/Other.php'],
    seldom: ['README.md'],
    manifests: (n) => ({ 'composer.lock': composerLock(n) }),
    adds: true,
  },
  {
    name: 'a build argument that every build has otherwise',
    dockerfile:
      'FROM alpine:3.22\nARG GIT_SHA\nWORKDIR /app\nRUN apk add git\nCOPY app ./app\nRUN mkdir -p /srv/data && touch /srv/data/x\nRUN echo "$GIT_SHA" > /version\n',
    files: { 'app/main': 'main', 'app/other': 'other', '.dockerignore': 'Dockerfile\n', 'README.md': 'read' },
    sources: ['app/main', 'app/other'],
    seldom: ['README.md'],
    manifests: (n) => ({ 'app/list': `list ${n}` }),
    changingArgs: ['GIT_SHA'],
  },
  {
    name: 'apt-get, pip and npm in one RUN',
    dockerfile:
      'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN set -e && apt-get update && apt-get install -y git && \\\n    pip install -r requirements.txt && \\\n    npm ci && \\\n    chmod 600 README.md\n',
    files: { ...npmFiles, 'requirements.txt': 'flask\n' },
    sources: js,
    seldom: ['README.md'],
    manifests: (n) => (n % 2 === 0 ? npmManifests(n) : { 'requirements.txt': `flask\nother${n}\n` }),
    adds: true,
  },
  {
    name: 'a site that a web server serves, packages behind it',
    dockerfile:
      'FROM debian:13\nCOPY . /var/www/html/\nRUN apt-get update && apt-get install -y git curl\nRUN chmod 600 /var/www/html/conf.ini\n',
    files: { 'index.html': 'a', 'js/app.js': 'a', 'conf.ini': 'a=1', '.dockerignore': 'Dockerfile\n' },
    sources: ['index.html', 'js/app.js'],
    seldom: ['conf.ini'],
    manifests: (n) => ({ 'js/list.js': `${n}` }),
  },
  {
    name: 'npm, not locked and not ignored',
    dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install\nRUN npm run build\n',
    files: { ...npmFiles, '.dockerignore': 'Dockerfile\n' },
    sources: js,
    seldom: ['README.md'],
    manifests: npmManifests,
    likely: true,
  },
];

/** Forty packages, and one that is always another. */
function composerLock(n: number): string {
  const names = [...Array.from({ length: 40 }, (_, at) => `lib${at}`), `more${n}`];
  return `{"packages": [\n${names.map((name) => `  {"name": "${name}", "dist": {}}`).join(',\n')}\n]}\n`;
}

/** A state of a project. */
export interface State {
  readonly files: Tree;
  readonly args: Readonly<Record<string, string>>;
}

/** The first state and one more for each commit; no file is ever again what it was. `salt` makes them unlike those of another run. */
export function statesOf(project: OrderProject, commits: number, salt: string): readonly State[] {
  let files: Tree = Object.fromEntries(Object.entries(project.files).map(([path, file]) => [path, file]));
  const states: State[] = [{ files, args: argsOf(project, 0, salt) }];
  for (let n = 1; n <= commits; n++) {
    files = { ...files, ...changesOf(project, files, n, salt) };
    states.push({ files, args: argsOf(project, n, salt) });
  }
  return states;
}

function argsOf({ changingArgs = [] }: OrderProject, n: number, salt: string): Record<string, string> {
  return Object.fromEntries(changingArgs.map((name) => [name, `${n}-${salt}`]));
}

/** Most commits edit a source; some add or take one away, change a mode, edit what seldom changes, or ask for another package. */
function changesOf(project: OrderProject, files: Tree, n: number, salt: string): Tree {
  const folder = (project.sources[0] ?? 'x').replace(/[^/]*$/, '');
  const added = `${folder}added-${n}.txt`;
  if (n % 10 === 0) return project.manifests(n);
  if (n % 11 === 0) return { [`${folder}added-${n - 4}.txt`]: undefined };
  if (n % 7 === 0) return { [added]: `added ${n} ${salt}` };
  if (n % 13 === 0) return edited(files, project.seldom[0], n, salt, 0o755);
  if (n % 6 === 0) return edited(files, project.seldom[(n / 6) % project.seldom.length], n, salt);
  return edited(files, project.sources[n % project.sources.length], n, salt);
}

function edited(files: Tree, path: string | undefined, n: number, salt: string, mode?: number): Tree {
  const file = path === undefined ? undefined : files[path];
  if (path === undefined || file === undefined) return {};
  const text = `${n} ${salt}\n`;
  if (typeof file === 'string') return { [path]: mode === undefined ? text : { text, mode } };
  return 'archive' in file ? {} : { [path]: { ...file, text, ...(mode !== undefined && { mode }) } };
}
