import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose } from '../../helpers/proposals.js';

const runtime = 'FROM alpine:3.22\nCOPY --from=build /out /app\n';
const packages = Array.from({ length: 60 }, (_, n) => `[[package]]\nname = "p${n}"\n`).join('');
const sums = Array.from({ length: 80 }, (_, n) => `example.org/m${n} v1.0.0 h1:x\n`).join('');
const module = 'module example.org/app\n\ngo 1.25\n\nrequire example.org/one v1.0.0\n';

interface Project {
  readonly base: string;
  readonly end: string;
  readonly files: MemoryFiles;
  readonly changed: string;
}

const go: Project = {
  base: 'golang:1.25',
  end: runtime,
  files: { 'go.mod': module, 'go.sum': sums, 'cmd/main.go': 'package main', '.dockerignore': 'Dockerfile\n' },
  changed: 'cmd/main.go',
};

const dotnet: Project = {
  base: 'mcr.microsoft.com/dotnet/sdk:9.0',
  end: runtime,
  files: { 'Shop.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"/>', 'Program.cs': 'return;' },
  changed: 'Program.cs',
};

const poetry: Project = {
  base: 'python:3.13',
  end: '',
  files: {
    'pyproject.toml': '[tool.poetry]\nname = "app"\n\n[tool.poetry.dependencies]\nflask = "1"\n',
    'poetry.lock': packages,
    'app/main.py': 'main',
    '.dockerignore': 'Dockerfile\n.venv\n',
  },
  changed: 'app/main.py',
};

const uv: Project = {
  base: 'python:3.13',
  end: '',
  files: {
    'pyproject.toml': '[project]\nname = "app"\ndependencies = ["flask"]\n\n[build-system]\nrequires = ["hatchling"]\n',
    'uv.lock': `${packages}\n[[package]]\nname = "app"\nsource = { editable = "." }\n`,
    'app/main.py': 'main',
    '.dockerignore': 'Dockerfile\n.venv\n',
  },
  changed: 'app/main.py',
};

const composer: Project = {
  base: 'php:8.4',
  end: '',
  files: {
    'composer.json':
      '{"require": {"a/b": "^1"}, "autoload": {"psr-4": {"App\\\\": "src/"}}, "scripts": {"post-autoload-dump": "@php artisan"}}',
    'composer.lock': `{"packages": [${Array.from({ length: 60 }, (_, n) => `{"name": "a/b${n}", "dist": {"type": "zip"}}`)}]}`,
    'src/App.php': '<?php',
    '.dockerignore': 'Dockerfile\nvendor\n',
  },
  changed: 'src/App.php',
};

function proposed({ base, end, files, changed }: Project, run: string, more: MemoryFiles = {}): readonly string[] {
  const text = `FROM ${base} AS build\nWORKDIR /src\nCOPY . .\n${run}\n${end}`;
  const found = propose(text, { ...files, ...more }, [changed]).text;
  const own = text.split('\n');
  return found.split('\n').filter((line) => !own.includes(line));
}

interface Refusal {
  readonly why: string;
  readonly project: Project;
  readonly run: string;
  readonly more?: MemoryFiles;
}

const refusals: readonly Refusal[] = [
  { why: 'its RUN has no network', project: go, run: 'RUN --network=none go build -o /out ./cmd' },
  {
    why: 'the proxy is not a plain word',
    project: go,
    run: 'ARG P\nRUN GOPROXY=$P go build -o /out ./cmd',
  },
  { why: 'the command is told to use vendor/', project: go, run: 'RUN GOFLAGS=-mod=vendor go build -o /out ./cmd' },
  {
    why: 'other manifests are named',
    project: go,
    run: 'ENV GOFLAGS=-modfile=x.mod\nRUN go build -o /out ./cmd',
    more: { 'x.mod': module },
  },
  { why: 'other manifests are named by option', project: go, run: 'RUN go build -modfile=x.mod -o /out ./cmd' },
  {
    why: 'credentials are written before it',
    project: go,
    run: 'ARG T\nRUN echo "machine example.org password $T" > ~/.netrc && go build -o /out ./cmd',
  },
  {
    why: 'Go is told of private modules before it',
    project: go,
    run: 'RUN go env -w GOPRIVATE=example.org && go build -o /out ./cmd',
  },
  {
    why: 'the RUN before tells Go of private modules',
    project: go,
    run: 'RUN go env -w GOPRIVATE=a.b\nRUN go build -o /out ./cmd',
  },
  { why: 'Go is told to use vendor/', project: go, run: 'RUN go env -w GOFLAGS=-mod=vendor && go build -o /out ./cmd' },
  {
    why: 'the RUN before tells Go to use vendor/',
    project: go,
    run: 'RUN go env -w GOFLAGS=-mod=vendor\nRUN go build -o /out ./cmd',
  },
  {
    why: 'Go is told of a proxy that is not known',
    project: go,
    run: 'RUN go env -w GOPROXY=$P && go build -o /out .',
  },
  { why: 'modules go elsewhere', project: go, run: 'RUN go env -w GOMODCACHE=/src/m && go build -o /out ./cmd' },
  { why: 'modules are exported elsewhere', project: go, run: 'RUN export GOPATH=/src/m && go build -o /out ./cmd' },
  {
    why: 'modules that are missing do not matter',
    project: go,
    run: 'RUN go mod tidy -e && go build -o /out ./cmd',
  },
  { why: 'the RUN does not fail with it', project: go, run: 'RUN go build -o /out ./cmd || true' },
  { why: 'a later command hides that it fails', project: go, run: 'RUN go build -o /out ./cmd; echo done' },
  {
    why: 'it is listed where modules lie',
    project: { ...go, end: 'FROM alpine:3.22\nCOPY --from=build /out /list /app/\n' },
    run: 'RUN go build -o /out ./cmd && go list -m -json all > /list',
  },
  {
    why: 'a later RUN asks where a module lies',
    project: go,
    run: "RUN go build -o /out ./cmd\nRUN go list -f '{{.Dir}}' -m example.org/one > /list",
  },
  { why: 'modules are looked through', project: go, run: 'RUN go build -o /out ./cmd\nRUN syft dir:/ -o json > /list' },
  {
    why: 'a mount holds the modules',
    project: go,
    run: 'RUN --mount=type=bind,from=deps,source=/go/pkg,target=/go/pkg go build -o /out ./cmd',
  },
  {
    why: 'another stage gives the modules',
    project: go,
    run: 'COPY --from=deps /go/pkg /go/pkg\nRUN go build -o /out ./cmd',
  },
  {
    why: 'a module is replaced by a folder of the image',
    project: go,
    run: 'RUN go build -o /out ./cmd',
    more: { 'go.mod': `${module}replace example.org/one => /src/lib\n`, 'lib/go.mod': 'module example.org/one\n' },
  },
  {
    why: 'it would leave a go.sum that nothing puts back',
    project: { ...go, end: 'FROM alpine:3.22\nCOPY --from=build /src /app\n' },
    run: 'RUN go build -o app ./cmd',
    more: { 'go.sum': '', '.dockerignore': 'Dockerfile\ngo.sum\n' },
  },
  {
    why: 'a source of packages is added before it',
    project: dotnet,
    run: 'RUN dotnet nuget add source https://example.org/v3/index.json\nRUN dotnet publish -o /out',
  },
  {
    why: 'a workload is installed before it',
    project: dotnet,
    run: 'RUN dotnet workload install wasm-tools\nRUN dotnet publish -o /out',
  },
  {
    why: 'a token stands in front of the command',
    project: dotnet,
    run: 'ARG T\nRUN FEED_TOKEN=$T dotnet publish -o /out',
  },
  {
    why: 'packages lie in a folder of the repository',
    project: dotnet,
    run: 'RUN dotnet publish -o /out',
    more: {
      'nuget.config':
        '<configuration><packageSources><add key="own" value="./packages" /></packageSources></configuration>',
      'packages/own.1.0.0.nupkg': '',
    },
  },
  {
    why: 'a target runs when packages are restored',
    project: dotnet,
    run: 'RUN dotnet publish -o /out',
    more: {
      'Directory.Build.targets':
        '<Project><Target Name="A" BeforeTargets="Restore"><Exec Command="cat Program.cs"/></Target></Project>',
    },
  },
  {
    why: 'a part of a solution is published',
    project: dotnet,
    run: 'RUN dotnet publish Part.slnf -o /out',
    more: { 'Part.slnf': '{"solution": {"path": "All.sln"}}', 'All.sln': '' },
  },
  {
    why: 'poetry is told before it to make no environment',
    project: poetry,
    run: 'RUN poetry config virtualenvs.create false && poetry install',
  },
  {
    why: 'poetry fills the environment that it lies in itself',
    project: poetry,
    run: 'ENV POETRY_VIRTUALENVS_CREATE=false\nRUN poetry install',
  },
  {
    why: 'poetry.toml says so',
    project: poetry,
    run: 'RUN poetry install',
    more: { 'poetry.toml': '[virtualenvs]\ncreate = false\n' },
  },
  {
    why: 'poetry loads plugins that the project requires',
    project: poetry,
    run: 'RUN poetry install',
    more: { 'pyproject.toml': `${poetry.files['pyproject.toml']}[tool.poetry.requires-plugins]\nown = "1"\n` },
  },
  { why: 'its downloads are removed behind it', project: poetry, run: 'RUN poetry install && rm -rf /root/.cache' },
  { why: 'it does without the lockfile where that is old', project: uv, run: 'RUN uv sync --locked || uv sync' },
  {
    why: 'the lockfile names another project of the repository',
    project: uv,
    run: 'RUN uv sync --frozen',
    more: {
      'pyproject.toml': `${uv.files['pyproject.toml']}[tool.uv]\nworkspace = { members = ["lib"] }\n`,
      'uv.lock': `${uv.files['uv.lock']}\n[[package]]\nname = "lib"\nsource = { editable = "lib" }\n`,
      'lib/pyproject.toml': '[project]\nname = "lib"\n',
    },
  },
  {
    why: 'Composer has no lockfile, and would resolve anew',
    project: composer,
    run: 'RUN composer install',
    more: { '.dockerignore': 'Dockerfile\nvendor\ncomposer.lock\n' },
  },
  { why: 'Composer resolves anew', project: composer, run: 'RUN composer update' },
  { why: 'another manifest is named', project: composer, run: 'ENV COMPOSER=other.json\nRUN composer install' },
  { why: 'the cache is named in front', project: composer, run: 'RUN COMPOSER_HOME=. composer install' },
  {
    why: 'the sources bring settings of Composer',
    project: composer,
    run: 'ENV COMPOSER_HOME=/src/own\nRUN composer install',
    more: { 'own/auth.json': '{}' },
  },
  {
    why: 'the sources may bring installed packages',
    project: composer,
    run: 'RUN composer install',
    more: { '.dockerignore': 'Dockerfile\n' },
  },
  {
    why: 'a plugin looks at the project while packages are installed',
    project: composer,
    run: 'RUN composer install',
    more: { 'composer.json': '{"config": {"allow-plugins": {"symfony/flex": true}}}' },
  },
  {
    why: 'a script would find the packages installed',
    project: composer,
    run: 'RUN composer install',
    more: { 'composer.json': '{"scripts": {"pre-install-cmd": "ls vendor > list"}}' },
  },
  {
    why: 'a package is a folder of the repository',
    project: composer,
    run: 'RUN composer install',
    more: { 'composer.json': '{"repositories": [{"type": "path", "url": "lib"}]}', 'lib/composer.json': '{}' },
  },
  {
    why: 'it clears the cache behind it',
    project: composer,
    run: 'RUN composer install && composer clear-cache',
  },
];

interface Case {
  readonly name: string;
  readonly project: Project;
  readonly run: string;
  readonly more?: MemoryFiles;
  readonly added: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'where Go only tells the name of the module later',
    project: go,
    run: 'RUN go build -o /out ./cmd && go list -m > /src/name',
    added: ['COPY go.mod go.sum ./', 'RUN go mod download'],
  },
  {
    name: 'of Composer, without scripts and autoloader',
    project: composer,
    run: 'RUN composer install --no-dev -o',
    added: ['COPY composer.json composer.lock ./', 'RUN composer install --no-dev -o --no-scripts --no-autoloader'],
  },
  {
    name: 'of Composer, with its settings',
    project: composer,
    run: 'ENV COMPOSER_HOME=/composer COMPOSER_ALLOW_SUPERUSER=1\nRUN composer install',
    more: { 'auth.json': '{}' },
    added: ['COPY auth.json composer.json composer.lock ./', 'RUN composer install --no-scripts --no-autoloader'],
  },
  {
    name: 'of Poetry, whose `--only` leaves out dependencies, and not the project',
    project: poetry,
    run: 'RUN poetry install --only main',
    added: ['COPY poetry.lock pyproject.toml ./', 'RUN poetry install --only main --no-root'],
  },
  {
    name: 'of Poetry, which lies in an environment of its own',
    project: poetry,
    run: 'ENV POETRY_VIRTUALENVS_CREATE=false\nRUN curl -sSL https://install.python-poetry.org | python3 -\nRUN poetry install',
    added: ['COPY poetry.lock pyproject.toml ./', 'RUN poetry install --no-root'],
  },
  {
    name: 'with what stands in front of the command',
    project: go,
    run: 'RUN GOWORK=off GOOS=linux go build -o /out ./cmd',
    added: ['COPY go.mod go.sum ./', 'RUN GOWORK=off go mod download'],
  },
  {
    name: 'with the modules of a workspace, commented and quoted ones too',
    project: go,
    run: 'RUN go build -o /out ./cmd',
    more: { 'go.work': 'go 1.25\nuse (\n\t. // own\n\t"./lib"\n)\n', 'lib/go.mod': 'module example.org/lib\n' },
    added: ['COPY go.mod go.sum go.work ./', 'COPY lib/go.mod lib/', 'RUN go mod download'],
  },
  {
    name: 'with what is set before the command',
    project: go,
    run: 'RUN go env -w GO111MODULE=on && go env -w GOPROXY=https://example.org,direct CGO_ENABLED=0 \\\n && go env && go build -o /out ./cmd',
    added: ['COPY go.mod go.sum ./', 'RUN GO111MODULE=on GOPROXY=https://example.org,direct go mod download'],
  },
  {
    name: 'with what is exported before the command',
    project: go,
    run: 'RUN export GOPROXY=https://example.org NAME=$V && go build -o /out ./cmd',
    added: ['COPY go.mod go.sum ./', 'RUN GOPROXY=https://example.org go mod download'],
  },
  {
    name: 'where go.mod is made complete before the command',
    project: go,
    run: 'RUN go mod tidy && go build -o /out ./cmd',
    added: ['COPY go.mod go.sum ./', 'RUN go mod download'],
  },
  {
    name: 'where the RUN before makes go.mod complete',
    project: go,
    run: 'RUN go mod tidy\nRUN go build -o /out ./cmd',
    added: ['COPY go.mod go.sum ./', 'RUN go mod download'],
  },
  {
    name: 'behind a RUN that sets up Go',
    project: go,
    run: 'RUN go env -w GOPROXY=https://example.org\nRUN go build -o /out ./cmd',
    added: ['COPY go.mod go.sum ./', 'RUN go mod download'],
  },
  {
    name: 'where the shell stops at a failure',
    project: go,
    run: 'RUN set -ex; go build -o /out ./cmd; strip /out',
    added: ['COPY go.mod go.sum ./', 'RUN go mod download'],
  },
  {
    name: 'with properties in quotes',
    project: dotnet,
    run: 'RUN dotnet publish "-p:A=b;c" -o /out',
    added: ['COPY Shop.csproj ./', 'RUN dotnet restore "-p:A=b;c"'],
  },
  {
    name: 'with files that imported files import',
    project: dotnet,
    run: 'RUN dotnet publish -o /out',
    more: {
      'Directory.Build.props': '<Project><Import Project="build/a.props"/></Project>',
      'build/a.props': '<Project><Import Project="b.props"/></Project>',
      'build/b.props': '<Project/>',
    },
    added: [
      'COPY Directory.Build.props Shop.csproj ./',
      'COPY build/a.props build/b.props build/',
      'RUN dotnet restore',
    ],
  },
];

describe('A download by itself', () => {
  for (const { why, project, run, more } of refusals)
    it(`is not proposed where ${why}`, () => {
      assert.deepEqual(
        proposed(project, run, more).filter((line) => line.startsWith('RUN')),
        [],
      );
    });

  it('has a caveat where Poetry fills the environment that it lies in', () => {
    const text =
      'FROM python:3.13\nRUN pip install poetry\nENV POETRY_VIRTUALENVS_CREATE=false\nWORKDIR /src\nCOPY . .\nRUN poetry install\n';
    const { moves } = propose(text, poetry.files, [poetry.changed], { acceptance: 'likely' });
    assert.deepEqual(
      moves.flatMap(({ caveats }) => caveats),
      ['poetry lies in the environment that it fills, and might not start again after `poetry install --no-root`'],
    );
  });

  it('is not needed of Poetry that installs no package', () => {
    const more = {
      'pyproject.toml': `[tool.poetry]\npackage-mode = false\n\n[tool.poetry.dependencies]\nflask = "1"\n`,
    };
    const run = 'RUN poetry config virtualenvs.create false && poetry install';
    const linesWith = (text: string) => proposed(poetry, `${text}\n${run}`, more);
    for (const text of [
      'RUN pip install poetry==1.8.3',
      'RUN pip install "poetry >= 1.5, < 2"',
      'RUN conda install poetry=2',
    ])
      assert.deepEqual(linesWith(text), ['COPY poetry.lock pyproject.toml ./'], text);
    for (const text of [
      'RUN pip install poetry==1.7.1',
      'RUN pip install "poetry >= 1.5, < 1.8"',
      'ARG V=1.7\nRUN pip install poetry==$V',
      'RUN conda install poetry=1.6',
      'COPY --from=example.org/poetry:1.6 /opt/poetry /opt/poetry',
      'RUN curl -sSL https://install.python-poetry.org | python3 - \\\n  --version 1.6.0',
      'RUN curl -sSL https://install.python-poetry.org | POETRY_VERSION=1.6.0 python3 -',
    ])
      assert.deepEqual(linesWith(text), [], text);
  });

  for (const { name, project, run, more, added } of cases)
    it(`is proposed ${name}`, () => {
      assert.deepEqual(proposed(project, run, more), added);
    });
});
