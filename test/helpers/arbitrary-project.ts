import fc from 'fast-check';
import type { MemoryFiles } from '../../server/model/memory-source.js';
import { arbitraryContext, arbitraryIgnoreFile } from './arbitrary-context.js';
import { arbitraryDockerfile } from './arbitrary-dockerfile.js';

/** A Dockerfile and the files of its build context. */
export type Project = readonly [dockerfile: string, files: MemoryFiles];

/** Either anything with anything, or a Dockerfile and a repository that belong together. */
export function arbitraryProject(): fc.Arbitrary<Project> {
  return fc.oneof(fc.tuple(arbitraryDockerfile(), arbitraryContext()), matching());
}

interface Recipe {
  readonly image: string;
  readonly files: MemoryFiles;
  readonly manifests: string;
  readonly installs: readonly string[];
  readonly builds: readonly string[];
}

const recipes: readonly Recipe[] = [
  {
    image: 'node:22-slim',
    files: { 'package.json': '{"name":"a","dependencies":{"b":"1.0.0"}}', 'package-lock.json': '{}', 'src/a.js': '' },
    manifests: 'package.json package-lock.json',
    installs: ['npm ci', 'npm install', 'npm ci --ignore-scripts && npm cache clean --force'],
    builds: ['npm run build', 'npx tsc'],
  },
  {
    image: 'node:22-alpine',
    files: {
      'package.json': '{"workspaces":["packages/*"],"packageManager":"pnpm@10.0.0"}',
      'pnpm-lock.yaml': 'lockfileVersion: 9\n',
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
      'packages/a/package.json': '{"name":"a","scripts":{"postinstall":"node x.js"}}',
      'packages/a/x.js': '',
      'patches/b.patch': '',
    },
    manifests: 'package.json pnpm-lock.yaml pnpm-workspace.yaml',
    installs: ['pnpm install --frozen-lockfile', 'corepack enable && pnpm i', 'npm i -g pnpm && pnpm install'],
    builds: ['pnpm -r build', 'pnpm build'],
  },
  {
    image: 'python:3.13',
    files: { 'requirements.txt': '-r base.txt\n', 'base.txt': 'flask\n', 'app/__init__.py': '', 'setup.py': '' },
    manifests: 'requirements.txt base.txt',
    installs: ['pip install -r requirements.txt', 'pip install --no-cache-dir -r requirements.txt', 'pip install .'],
    builds: ['python -m compileall app', 'python manage.py collectstatic'],
  },
  {
    image: 'golang:1.25',
    files: { 'go.mod': 'module a\n', 'go.sum': '', 'cmd/a/main.go': 'package main\n', 'vendor.md': '' },
    manifests: 'go.mod go.sum',
    installs: ['go mod download', 'go mod download -x', 'go get ./...'],
    builds: ['go build -o /bin/a ./cmd/a', 'CGO_ENABLED=0 go build ./...'],
  },
  {
    image: 'rust:1.90',
    files: { 'Cargo.toml': '[workspace]\nmembers=["x"]\n', 'Cargo.lock': '', 'x/Cargo.toml': '[package]\nname="x"\n' },
    manifests: 'Cargo.toml Cargo.lock',
    installs: ['cargo fetch', 'cargo fetch --locked'],
    builds: ['cargo build --release', 'cargo install --path x'],
  },
  {
    image: 'mcr.microsoft.com/dotnet/sdk:9.0',
    files: { 'A/A.csproj': '<Project/>', 'B/B.csproj': '<Project/>', 'A/Program.cs': '', 'nuget.config': '' },
    manifests: 'A/A.csproj',
    installs: ['dotnet restore A/A.csproj', 'dotnet restore'],
    builds: ['dotnet publish A -c Release -o /out', 'dotnet build --no-restore'],
  },
  {
    image: 'ruby:3.4',
    files: { Gemfile: "gem 'rails'\n", 'Gemfile.lock': '', 'config/app.rb': '', '.ruby-version': '3.4.1' },
    manifests: 'Gemfile Gemfile.lock',
    installs: ['bundle install', 'bundle install && rm -rf /usr/local/bundle/cache'],
    builds: ['bundle exec rake assets:precompile'],
  },
];

/** Steps around an install in an order that is sometimes right; the dice decide which are there. */
function matching(): fc.Arbitrary<Project> {
  const system = fc.constantFrom(
    ...['', 'RUN apt-get update\nRUN apt-get install -y curl\n', 'RUN apt-get update && apt-get install -y git\n'],
    ...['RUN useradd app && mkdir /app\n', 'ARG VERSION=dev\nENV VERSION=$VERSION\n', 'RUN apk add git\n', ''],
  );
  const copy = fc.constantFrom(
    ...['COPY . .\n', 'COPY . /app\n', 'COPY --chown=app . .\n', 'COPY --link . .\n', 'COPY ./ ./\n', 'ADD . .\n'],
    ...['COPY MANIFESTS ./\n', 'COPY MANIFESTS ./\nCOPY . .\n', 'COPY . .\nCOPY MANIFESTS ./\n', 'COPY src src\n'],
  );
  const between = fc.constantFrom(
    ...[
      '',
      '',
      'ENV A=1\n',
      'RUN echo hi\n',
      '# why\n',
      'USER app\n',
      'RUN cat src/a.js\n',
      'WORKDIR sub\n',
      'ARG X\n',
    ],
  );
  const end = fc.constantFrom(
    ...['', 'COPY . .\n', 'RUN chown -R app:app /app\nUSER app\n', 'RUN rm -rf /app/src\n', 'FROM alpine:3.22\n'],
    ...['FROM alpine:3.22\nCOPY --from=s /app /app\nRUN chown -R 1000 /app\n', 'CMD ["x"]\n', 'RUN BUILD --more\n'],
  );
  const dice = fc.record({ system, copy, between, between2: between, end, root: fc.constantFrom('/app', '/', 'rel') });
  const extra = fc.option(fc.record({ '.dockerignore': arbitraryIgnoreFile() }), { nil: {} });
  return fc.constantFrom(...recipes).chain(({ image, files, manifests, installs, builds }) =>
    fc
      .tuple(dice, fc.constantFrom(...installs), fc.constantFrom(...builds), extra)
      .map(([{ system, copy, between, between2, end, root }, install, build, more]) => {
        const middle = `${copy}${between}RUN ${install}\n${between2}RUN ${build}\n${end}`;
        const text = `FROM ${image} AS s\nWORKDIR ${root}\n${system}${middle}`;
        return [text.replaceAll('MANIFESTS', manifests), { ...files, ...more }] as const;
      }),
  );
}
