import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose } from '../../helpers/proposals.js';

const go: MemoryFiles = {
  'go.mod': 'module example.org/app\n\ngo 1.25\n\nrequire example.org/one v1.0.0\n',
  'go.sum': Array.from({ length: 80 }, (_, n) => `example.org/m${n} v1.0.0 h1:x\n`).join(''),
  'cmd/main.go': 'package main',
  '.dockerignore': 'Dockerfile\n',
};

const dotnet: MemoryFiles = {
  'Shop.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup/></Project>',
  'Program.cs': 'return;',
};

const uv: MemoryFiles = {
  'pyproject.toml':
    '[project]\nname = "app"\nversion = "1.0.0"\ndependencies = ["flask"]\n\n[build-system]\nrequires = ["hatchling"]\n',
  'uv.lock': Array.from({ length: 60 }, (_, n) => `[[package]]\nname = "p${n}"\n`).join(''),
  'app/main.py': 'main',
  '.dockerignore': 'Dockerfile\n.venv\n',
};

interface Case {
  readonly name: string;
  readonly text: string;
  readonly files: MemoryFiles;
  readonly changed: string;
  readonly expected: string;
}

const runtime = 'FROM alpine:3.22\nCOPY --from=build /out /app\n';

const cases: readonly Case[] = [
  {
    name: 'modules of Go, for a stage of which only the program is taken',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out ./cmd\n${runtime}`,
    files: go,
    changed: 'cmd/main.go',
    expected: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'before the first command of the same program',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go vet ./...\nRUN CGO_ENABLED=0 go build -o /out ./cmd\n${runtime}`,
    files: go,
    changed: 'cmd/main.go',
    expected: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go vet ./...\nRUN CGO_ENABLED=0 go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'before a check that the manifest is tidy',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go mod tidy -diff\nRUN go build -o /out ./cmd\n${runtime}`,
    files: go,
    changed: 'cmd/main.go',
    expected: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go mod tidy -diff\nRUN go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'before a command that looks for what the sources import',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go get -d -v ./... && go install -v ./...\nRUN go build -o /out ./cmd\n${runtime}`,
    files: go,
    changed: 'cmd/main.go',
    expected: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go get -d -v ./... && go install -v ./...\nRUN go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'beside a cache mount for what is compiled',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/go-build go build -o /out ./cmd\n${runtime}`,
    files: go,
    changed: 'cmd/main.go',
    expected: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN --mount=type=cache,target=/root/.cache/go-build go mod download\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/go-build go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'in the folder that the script goes to, with the secrets of its RUN',
    text: `FROM golang:1.25 AS build\nCOPY . /src\nRUN --mount=type=secret,id=netrc,target=/root/.netrc cd /src && go build -o /out ./cmd\n${runtime}`,
    files: go,
    changed: 'cmd/main.go',
    expected: `FROM golang:1.25 AS build\nCOPY go.mod go.sum /src/\nRUN --mount=type=secret,id=netrc,target=/root/.netrc cd /src && go mod download\nCOPY . /src\nRUN --mount=type=secret,id=netrc,target=/root/.netrc cd /src && go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'packages of .NET, for the runtime that is published for',
    text: `FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -r linux-x64 --self-contained true -o /out\n${runtime}`,
    files: dotnet,
    changed: 'Program.cs',
    expected: `FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY Shop.csproj ./\nRUN dotnet restore -r linux-x64\nCOPY . .\nRUN dotnet publish -c Release -r linux-x64 --self-contained true -o /out\n${runtime}`,
  },
  {
    name: 'what is installed before it in the same RUN goes before that',
    text: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install uv && uv sync --frozen\n',
    files: uv,
    changed: 'app/main.py',
    expected:
      'FROM python:3.13\nWORKDIR /app\nRUN pip install uv\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen --no-install-project\nCOPY . .\nRUN uv sync --frozen\n',
  },
  {
    name: 'what is not of the workspace, before members of it are installed',
    text: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen --no-install-project\n',
    files: {
      ...uv,
      'pyproject.toml':
        '[project]\nname = "app"\ndependencies = ["lib"]\n[tool.uv.sources]\nlib = { workspace = true }\n[tool.uv.workspace]\nmembers = ["lib"]\n',
      'lib/pyproject.toml': '[project]\nname = "lib"\n',
      '.dockerignore': '**/.venv\n',
    },
    changed: 'app/main.py',
    expected:
      'FROM python:3.13\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nCOPY lib/pyproject.toml lib/\nRUN uv sync --frozen --no-install-project --no-install-workspace\nCOPY . .\nRUN uv sync --frozen --no-install-project\n',
  },
  {
    name: 'what a project of uv depends on, before the project itself is installed',
    text: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen\n',
    files: uv,
    changed: 'app/main.py',
    expected:
      'FROM python:3.13\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen --no-install-project\nCOPY . .\nRUN uv sync --frozen\n',
  },
];

interface Refusal {
  readonly name: string;
  readonly text: string;
  readonly files?: MemoryFiles;
}

const built = 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out ./cmd\n';

const refusals: readonly Refusal[] = [
  {
    name: 'modules are replaced by what is not there',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go vet ./... && go build -o /out ./cmd\n${runtime}`,
    files: {
      ...go,
      'go.mod':
        'module example.org/app\n\ngo 1.25\n\nrequire example.org/one v1.0.0\nreplace example.org/one => ./one\n',
    },
  },
  {
    name: 'modules are replaced by what lies outside',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go get ./... && go build -o /out ./cmd\n${runtime}`,
    files: {
      ...go,
      'go.mod':
        'module example.org/app\n\ngo 1.25\n\nrequire example.org/one v1.0.0\nreplace example.org/one => ../one\n',
    },
  },
  {
    name: 'a version is required and excluded',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go get ./... && go build -o /out ./cmd\n${runtime}`,
    files: {
      ...go,
      'go.mod':
        'module example.org/app\n\ngo 1.25\n\nrequire (\n\texample.org/one v1.0.0 // indirect\n)\nexclude example.org/one v1.0.0\n',
    },
  },
  {
    name: 'modules may come without TLS',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go get -insecure ./... && go build -o /out ./cmd\n${runtime}`,
    files: { ...go, 'go.mod': 'module example.org/app\n\ngo 1.25\n\nrequire example.org/one v1.0.0\n' },
  },
  { name: 'the image would hold modules that the build does not need', text: built.replace(' AS build', '') },
  {
    name: 'another stage is built from it',
    text: `${built}FROM build\nCMD ["/out"]\n`,
  },
  { name: 'another stage takes the modules too', text: `${built}FROM alpine:3.22\nCOPY --from=build /go /go\n` },
  {
    name: 'a mount shows all of the stage',
    text: `${built}FROM alpine:3.22\nRUN --mount=from=build,target=/b cp -r /b/go /go\n`,
  },
  {
    name: 'nothing takes anything of it: it may be built for itself',
    text: `${built}FROM alpine:3.22\nCMD ["true"]\n`,
  },
  { name: 'the modules lie in the repository', text: `${built}${runtime}`, files: { ...go, 'vendor/modules.txt': '' } },
  {
    name: 'a cache mount covers the modules',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'a module is required whose manifest was enough so far',
    text: `${built}${runtime}`,
    files: { ...go, 'go.sum': `${go['go.sum']}example.org/one v1.0.0/go.mod h1:x\n` },
  },
  {
    name: 'a cache mount stands where nobody knows',
    text: `FROM golang:1.25 AS build\nARG CACHE\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=$CACHE go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'a cache mount covers the folder that holds the modules',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/go go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'the same RUN installs what a download may need',
    text: `FROM golang:1.25-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN ./prepare.sh && go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'a later command of the RUN copies modules out of the cache',
    text: built.replace('./cmd\n', './cmd && cp -r /go/pkg/mod/x /out\n') + runtime,
  },
  {
    name: 'a later RUN packs all of the folder that holds the cache',
    text: `${built}RUN tar cf /out /go/\n${runtime}`,
  },
  { name: 'a later RUN goes by the variable of the cache', text: `${built}RUN cp -r "$GOPATH/pkg" /out\n${runtime}` },
  {
    name: 'private modules are asked for elsewhere',
    text: built.replace('WORKDIR', 'ENV GOPRIVATE=example.com\nWORKDIR') + runtime,
  },
  {
    name: 'private modules may be told of from outside',
    text: built.replace('WORKDIR', 'ARG GOPRIVATE\nWORKDIR') + runtime,
  },
  {
    name: 'a folder of the context becomes that of the modules',
    text: built.replace('RUN go', 'COPY third_party vendor\nRUN go') + runtime,
    files: { ...go, 'third_party/modules.txt': '' },
  },
  {
    name: 'the RUN has no network',
    text: built.replace('RUN go', 'RUN --network=none go') + runtime,
  },
  {
    name: 'a variable forbids to download',
    text: `FROM golang:1.25 AS build\nENV GOFLAGS=-mod=vendor\nWORKDIR /src\nCOPY . .\nRUN go build -o /out ./cmd\n${runtime}`,
  },
  {
    name: 'it is downloaded already',
    text: `FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.* ./\nRUN go mod download\nCOPY . .\nRUN go build -o /out ./cmd\n${runtime}`,
  },
];

describe('A step that downloads is put before the sources', () => {
  for (const { name, text, files, changed, expected } of cases) {
    it(name, () => {
      const proposal = propose(text, files, [changed]);
      assert.equal(proposal.text, expected);
      assert.ok(proposal.after.seconds < proposal.before.seconds);
      assert.deepEqual(
        proposal.moves.flatMap(({ caveats }) => caveats),
        [],
      );
      assert.equal(propose(expected, files, [changed]).text, expected);
    });
  }

  for (const { name, text, files = go } of refusals)
    it(`not where ${name}`, () => {
      assert.equal(propose(text, files, ['cmd/main.go']).text, text);
    });

  it('not where the stage is the one that is built', () => {
    const text = cases[0]?.text ?? '';
    assert.equal(propose(text, go, ['cmd/main.go'], { target: 'build' }).text, text);
  });

  it('says what it saves: the RUN behind it no longer has to fetch', () => {
    const [, download] = propose(cases[0]?.text ?? '', go, ['cmd/main.go']).moves;
    assert.equal(download?.part, 'download');
    assert.deepEqual(download.rebuilds.before, 20);
    assert.equal(download.rebuilds.after, 0);
    assert.deepEqual(download.safe[0], '`go build -o /out ./cmd` would fetch the same, and finds it there');
  });

  it('has caveats with --unsafe: the image may hold more, the download may fail', () => {
    const final = built.replace(' AS build', '');
    const maven = `FROM maven:3 AS build\nWORKDIR /src\nCOPY . .\nRUN mvn -B package -DskipTests\n${runtime}`;
    const caveats = (text: string, files: MemoryFiles, changed: string) =>
      propose(text, files, [changed], { acceptance: 'likely' }).moves.flatMap((move) => move.caveats);
    assert.deepEqual(caveats(final, go, 'cmd/main.go'), ['the image may hold more than the build needs']);
    const pom = {
      'pom.xml': '<project><artifactId>a</artifactId></project>',
      'src/Main.java': '',
      '.dockerignore': 'Dockerfile',
    };
    assert.deepEqual(caveats(maven, pom, 'src/Main.java'), [
      '`mvn -B dependency:go-offline` fails where something is missing that the build does not need',
    ]);
    const extended = { ...pom, '.mvn/extensions.xml': '<extensions/>' };
    assert.deepEqual(caveats(maven, extended, 'src/Main.java').slice(1), [
      'an extension of Maven in .mvn/extensions.xml may read other files',
    ]);
    assert.equal(propose(maven, pom, ['src/Main.java']).text, maven);
    const wrapped = maven.replace('FROM maven:3', 'FROM eclipse-temurin:21').replace('RUN mvn', 'RUN ./mvnw');
    const wrapper = { ...pom, mvnw: '', '.mvn/wrapper/maven-wrapper.properties': '' };
    assert.deepEqual(caveats(wrapped, wrapper, 'src/Main.java').slice(1), ['mvnw is a script of this repository']);
    assert.deepEqual(caveats(wrapped, { ...pom, mvnw: '' }, 'src/Main.java'), []);
    assert.equal(propose(wrapped, wrapper, ['src/Main.java']).text, wrapped);
  });

  it('is not worth it where modules change as often as the sources', () => {
    const text = cases[0]?.text ?? '';
    assert.equal(propose(text, go, ['go.sum']).text, text);
  });
});
