import { missingCacheMount } from '../../../server/rules/mount/missing-cache-mount.js';
import { testRule } from '../../helpers/rule-tester.js';

const leftPad =
  'left-pad@^1.3.0:\n  version "1.3.0"\n  resolved "https://registry.yarnpkg.com/left-pad/-/left-pad-1.3.0.tgz#5b8a3a7765dfe001261dde915589e782f8c94d1e"\n  integrity sha512-XI5MPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA==\n';
const fromGit =
  '"tool@git+https://example.org/tool.git":\n  version "1.0.0"\n  resolved "git+https://example.org/tool.git#5b8a3a7765dfe001261dde915589e782f8c94d1e"\n';

const mounts = '--mount=type=cache,target=/go/pkg/mod \\\n    --mount=type=cache,target=/root/.cache/go-build';
/** By two fixes, one behind the other. */
const compiledFirst = '--mount=type=cache,target=/root/.cache/go-build \\\n    --mount=type=cache,target=/go/pkg/mod';

testRule(missingCacheMount, {
  valid: [
    {
      name: 'a mount that is meant for it stands elsewhere, which cache-mount-wrong-target tells',
      code: 'FROM node:22\nRUN --mount=type=cache,target=/root/.cache/yarn yarn install --frozen-lockfile\n',
    },
    {
      name: 'Go in an image of which only a build argument tells which it is',
      code: 'ARG VERSION\nFROM example.org/go:$VERSION\nRUN apt-get install -y git\nCOPY . .\nRUN go build ./...\n',
    },
    {
      name: 'Go and Rust in an image that may keep their downloads elsewhere',
      code: 'FROM example.org/go-base\nRUN apt-get install -y git\nCOPY . .\nRUN go build ./...\nRUN cargo build\n',
    },
    ...[
      'example.com/centos:7',
      'centos@sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
      'fedora:$V',
      'fedora:99',
    ].map((image) => ({
      name: `yum on ${image}, of which it is not known what it is`,
      code: `ARG V\nFROM ${image}\nRUN yum install -y git gcc make\n`,
    })),
    ...['fedora-minimal:41', 'redhat/ubi8-minimal:8.4', 'rockylinux:8.4-minimal'].map((image) => ({
      name: `microdnf on ${image}, which may be another program or too old`,
      code: `FROM ${image}\nRUN microdnf install -y git gcc make\n`,
    })),
    {
      name: 'deno reads its folder again at run time',
      code: 'FROM denoland/deno:2.1.4\nWORKDIR /app\nCOPY . .\nRUN deno install\nCMD ["run", "main.ts"]\n',
    },
    {
      name: 'deno in a stage whose cache is copied',
      code: 'FROM denoland/deno:2.1.4 AS build\nCOPY . .\nRUN deno cache main.ts\nFROM denoland/deno:2.1.4\nCOPY --from=build /deno-dir /deno-dir\n',
    },
    {
      name: 'a step before, which can have no mount, has downloaded what it would hide',
      code: 'FROM rust:1.90 AS build\nWORKDIR /app\nCOPY Cargo.toml Cargo.lock ./\nRUN cargo build --release\nRUN rm src/*.rs\nCOPY . .\nRUN cargo build --release\nFROM scratch\nCOPY --from=build /app/target/release/app /app\n',
    },
    'FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    {
      name: 'a frontend that does not know --mount',
      code: '# syntax=docker/dockerfile:1.1\nFROM node:22\nRUN npm ci\n',
    },
    ...['COPY npm-cache /root/.npm', 'COPY --from=example.org/npm-cache:1 /cache /root/.npm', 'COPY home /root'].map(
      (copy) => ({
        name: `a cache that is copied, which a mount would hide: ${copy}`,
        code: `FROM node:22\n${copy}\nRUN npm ci\n`,
        files: { 'npm-cache/index': 'x', 'home/.npm/index': 'x' },
      }),
    ),
    ...[
      ['rust:1.90', 'cargo fetch', 'cargo build --release', '.cargo/config.toml', '[net]\noffline = true\n'],
      ['node:22', 'npm ci', 'npm ci --omit=dev', '.npmrc', 'offline=true\n'],
    ].map(([image, first = '', second = '', name = '', text = '']) => ({
      name: `a later step that ${name} has work offline with what an earlier one downloaded`,
      code: `FROM ${image} AS build\nWORKDIR /app\nCOPY *.toml *.lock *.json ./\nRUN ${first}\nCOPY . .\nRUN ${second}\nFROM debian:13\nCOPY --from=build /app/out /app\n`,
      files: { 'Cargo.toml': '', 'Cargo.lock': '', 'package.json': '{}', 'package-lock.json': '{}', [name]: text },
    })),
    {
      name: 'a later build of Go that ENV forbids to download',
      code: 'FROM golang:1.25 AS build\nCOPY go.mod go.sum ./\nRUN go mod download\nENV GOPROXY off\nRUN go list\nFROM debian:13\nCOPY --from=build /app /app\n',
    },
    {
      name: 'a later yarn, of which the context shows no settings',
      code: 'FROM node:22\nWORKDIR /app\nCOPY web/package.json web/yarn.lock web/.yarnrc.yml ./\nCOPY web/.yarn ./.yarn\nRUN yarn install\n',
      files: {},
    },
    {
      name: 'a later yarn, by its option, where no context is known',
      code: 'FROM node:22\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN yarn install --immutable\n',
    },
    {
      name: 'a part of the cache is in memory',
      code: 'FROM debian:13\nRUN --mount=type=tmpfs,target=/var/cache/apt --mount=type=tmpfs,target=/var/lib/apt/lists apt-get update && apt-get install -y a b c\n',
    },
    {
      name: 'one of two caches is in memory',
      code: 'FROM debian:13\nRUN --mount=type=tmpfs,target=/var/lib/apt/lists apt-get update && apt-get install -y a b c\n',
    },
    {
      name: 'what go generate runs is not known, and -a takes nothing that was compiled before',
      code: 'FROM golang:1.26 AS build\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go generate ./... && go build -a -o /app .\nFROM scratch\nCOPY --from=build /app /\n',
    },
    {
      name: 'a mount of a folder above',
      code: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache pip install -r r.txt\n',
    },
    { name: 'the author wants no cache', code: 'FROM python:3.13\nRUN pip install --no-cache-dir -r r.txt\n' },
    {
      name: 'the author cleans up, as the official images do',
      code: 'FROM debian:13\nRUN apt-get update && apt-get install -y a b c; apt-get dist-clean\n',
    },
    {
      name: 'the author cleans up',
      code: 'FROM debian:13\nRUN apt-get update && apt-get install -y a b c && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      name: 'a mount of another type at the folder',
      code: 'FROM debian:13\nRUN --mount=type=tmpfs,target=/var/cache/apt --mount=type=tmpfs,target=/var/lib/apt apt-get update && apt-get install -y git curl make\n',
    },
    ...['gosu app npm ci', 'sudo -u app npm ci', 'su app -c "npm ci"', 'runuser -u app -- npm ci'].map((command) => ({
      name: `somebody else than the user of the RUN: ${command}`,
      code: `FROM node:22\nRUN ${command}\n`,
    })),
    ...[
      'FROM golang:1.24-nanoserver-ltsc2022\n',
      'FROM mcr.microsoft.com/dotnet/sdk:9.0-windowsservercore-ltsc2022 AS base\nFROM base\n',
      'FROM --platform=windows/amd64 golang:1.24\n',
    ].map((from) => ({
      name: `on Windows: ${from.trim()}`,
      code: `${from}COPY . .\nRUN go build ./... && dotnet restore\n`,
    })),
    {
      name: 'a build of Go whose modules lie in the repository',
      code: 'FROM golang:1.25\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/go-build go build ./...\n',
      files: { 'go.mod': '', 'vendor/modules.txt': '' },
    },
    {
      name: 'a command of Go that compiles nothing',
      code: 'FROM golang:1.25\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go mod tidy && go mod vendor\n',
    },
    { name: 'one tool', code: 'FROM node:22\nRUN npm install -g pnpm\n' },
    { name: 'few packages', code: 'FROM debian:13\nRUN apt-get update && apt-get install -y git curl\n' },
    {
      name: 'few packages of a tool without a word',
      code: 'FROM archlinux:base\nRUN pacman -S --noconfirm git curl\n',
    },
    { name: 'caches are cleaned by choice', code: 'FROM node:22\nRUN npm ci\n', settings: { cacheStrategy: 'clean' } },
    { name: 'a builder without mounts', code: 'FROM node:22\nRUN npm ci\n', settings: { builder: 'classic' } },
    { name: 'the user of the base is not known', code: 'FROM example.com/node\nRUN npm ci\n' },
    { name: 'the uid is not known', code: 'FROM node:22\nRUN useradd app\nENV HOME=/app\nUSER app\nRUN npm ci\n' },
    {
      name: 'the modules in the image are used at run time',
      code: 'FROM golang:1.25\nCOPY go.mod go.sum ./\nRUN go mod download\n',
    },
    {
      name: 'the stage below has restored the packages into the image',
      code: 'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS deps\nCOPY a.csproj .\nRUN dotnet restore\nFROM deps AS build\nCOPY . .\nRUN dotnet publish\nFROM alpine:3.22\nCOPY --from=build /out /out\n',
    },
    {
      name: 'Yarn 3 keeps its cache in the project',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN yarn install\n',
      files: { 'package.json': '{"packageManager": "yarn@3.6.1"}', 'yarn.lock': '__metadata:\n  version: 6\n' },
    },
    {
      name: "Plug'n'Play, the default of Yarn 4, takes packages from the cache whenever they are used",
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN yarn install --immutable\n',
      files: { 'package.json': '{}', 'yarn.lock': '__metadata:\n  version: 8\n' },
    },
    ...[
      ['yarn.lock', 'yarn install --frozen-lockfile', { 'package.json': '{"installConfig": {"pnp": true}}' }],
      ['yarn.lock', 'yarn install --enable-pnp', { 'package.json': '{}' }],
      ['pnpm-lock.yaml', 'pnpm install', { 'pnpm-workspace.yaml': 'enableGlobalVirtualStore: true\n' }],
      ['uv.lock', 'uv sync --locked --link-mode=symlink', { 'pyproject.toml': '[project]\nname = "a"\n' }],
      ['uv.lock', 'uv sync --locked', { 'pyproject.toml': '[tool.uv]\nlink-mode = "symlink"\n' }],
      ['pdm.lock', 'pdm config install.cache on && pdm sync', { 'pyproject.toml': '' }],
      ['bun.lock', 'bun install --backend symlink', { 'package.json': '{}' }],
    ].map(([lockfile, command, files]) => ({
      name: `the packages are links into the cache: ${command}, ${Object.values(files ?? {})
        .join('')
        .trim()}`,
      code: `FROM node:22\nWORKDIR /app\nCOPY . .\nRUN ${command}\n`,
      files: { [String(lockfile)]: '', ...(files as object) },
    })),
    {
      name: 'a variable has the packages linked into the cache',
      code: 'FROM python:3.13\nENV UV_LINK_MODE=symlink\nCOPY . .\nRUN uv sync --locked\n',
    },
    {
      name: 'a setting moves the cache of the first yarn',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN yarn install\n',
      files: { 'package.json': '{}', 'yarn.lock': '# yarn lockfile v1\n', '.yarnrc': 'cache-folder "./.cache"\n' },
    },
    ...[
      'FROM node:22\nCOPY . .\nRUN yarn install --frozen-lockfile\nRUN yarn build && yarn install --production --offline\n',
      'FROM node:22 AS deps\nCOPY . .\nRUN npm ci\nFROM deps\nRUN npm ci --omit=dev --offline\n',
    ].map((code) => ({
      name: `a later step finds the downloads in the image, and works offline: ${code.replaceAll('\n', ', ')}`,
      code,
    })),
    ...[
      ['mcr.microsoft.com/dotnet/sdk:9.0', 'dotnet restore', 'dotnet publish --no-restore -o /out'],
      ['mcr.microsoft.com/dotnet/sdk:9.0', 'dotnet build', 'dotnet publish --no-build -o /out'],
      ['maven:3.9', 'mvn dependency:go-offline', 'mvn -o package'],
      ['rust:1.90', 'cargo fetch', 'cargo build --frozen'],
      ['rust:1.90', 'cargo fetch', 'CARGO_NET_OFFLINE=true cargo build'],
      ['gradle:8', 'gradle dependencies', 'gradle --offline assemble'],
      ['dart:3.9', 'dart pub get', 'dart compile exe bin/app.dart -o /out'],
      ['denoland/deno:2.5.0', 'deno cache main.ts', 'deno compile --cached-only main.ts'],
    ].map(([image, first, second]) => ({
      name: `the builder may have lost the mount and kept what \`${first}\` gave, without which \`${second}\` fails`,
      code: `FROM ${image} AS build\nWORKDIR /app\nCOPY . .\nRUN ${first}\nRUN ${second}\nFROM scratch\nCOPY --from=build /out /out\n`,
    })),
    {
      name: 'Cargo that downloads nothing',
      code: 'FROM rust:1.90 AS build\nCOPY . .\nRUN cargo build --frozen\nFROM scratch\nCOPY --from=build /target/release/app /app\n',
    },
    ...[
      'FROM node:22\nUSER node\nRUN yarn install --frozen-lockfile\n',
      'FROM debian:13\nENV HOME=/home/app\nUSER 1000:1000\nRUN poetry install\n',
      'FROM rust:1.90 AS build\nENV HOME=/home/app CARGO_HOME=/home/app/.cargo\nUSER 1000:1000\nRUN cargo build\nFROM alpine:3.22\nCOPY --from=build /app/target /app\n',
      'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nENV HOME=/home/app\nUSER 1000:1000\nRUN dotnet publish -o /out\nFROM alpine:3.22\nCOPY --from=build /out /out\n',
    ].map((code) => ({
      name: `root would own the folder above the mount, and something else is written there: ${code.replaceAll('\n', ', ')}`,
      code,
    })),
    ...[
      'COPY --from=deps /root/.m2 /root/.m2\nCOPY . .\nRUN mvn -o package',
      'COPY --from=deps /root /root\nCOPY . .\nRUN mvn -o package',
      'COPY . .\nRUN --mount=from=deps,source=/root/.m2,target=/root/.m2,rw mvn -o package',
    ].map((rest) => ({
      name: `another stage takes the downloads with the folder above them: ${rest.split('\n')[0]}`,
      code: `FROM maven:3.9 AS deps\nCOPY pom.xml .\nRUN mvn dependency:go-offline\nFROM maven:3.9 AS build\n${rest}\nFROM alpine:3.22\nCOPY --from=build /target /app\n`,
    })),
    ...[
      'COPY lib/x.jar /root/.m2/repository/x/x/1/x-1.jar',
      'COPY m2 /root/.m2',
      'ADD https://example.org/x-1.jar /root/.m2/repository/x/x/1/',
      'RUN mkdir -p /root/.m2/repository/x && curl -o /root/.m2/repository/x/x.jar https://example.org/x.jar',
    ].map((brought) => ({
      name: `the mount would hide what lies there: ${brought}`,
      code: `FROM maven:3.9 AS build\n${brought}\nCOPY . .\nRUN mvn package\nFROM alpine:3.22\nCOPY --from=build /target /app\n`,
      files: { 'pom.xml': '', 'lib/x.jar': '', 'm2/repository/x/x.jar': '' },
    })),
    {
      name: 'the lists come from an earlier step',
      code: 'FROM debian:13\nRUN apt-get update\nRUN apt-get install -y a b c\n',
    },
  ],
  invalid: [
    {
      name: 'Go has its modules and compiles all the same',
      code: 'FROM golang:1.25\nRUN --mount=type=cache,target=/go/pkg/mod «go» install example.org/a@v1 example.org/b@v1 example.org/c@v1\n',
      message: 'go compiles everything again when this step re-runs; a cache mount at /root/.cache/go-build keeps it',
    },
    ...['mirror.gcr.io/library/ruby:3.4', 'public.ecr.aws/docker/library/debian:13', 'example.org/base:1'].map(
      (image) => ({
        name: `docker-clean may be at work in ${image}`,
        code: `FROM ${image}\nRUN apt-get update && «apt-get» install -y git curl make\n`,
        fixed: `FROM ${image}\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\\n    --mount=type=cache,target=/var/lib/apt,sharing=locked \\\n    rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y git curl make\n`,
      }),
    ),
    ...(
      [
        ['centos:7.9.2009', '/var/cache/yum', '1'],
        ['amazonlinux:2', '/var/cache/yum', '1'],
        ['public.ecr.aws/lambda/python:3.11', '/var/cache/yum', '1'],
        ['amazonlinux:2023', '/var/cache/dnf', 'True'],
        ['rockylinux:9', '/var/cache/dnf', 'True'],
        ['registry.access.redhat.com/ubi9/ubi', '/var/cache/dnf', 'True'],
        ['fedora:40', '/var/cache/dnf', 'True'],
        ['fedora', '/var/cache/libdnf5', 'True'],
      ] as const
    ).map(([image, folder, keep]) => ({
      name: `yum on ${image}`,
      code: `FROM ${image}\nRUN «yum» install -y git gcc make\n`,
      message: `a cache mount at ${folder} keeps it`,
      safety: 'unsafe' as const,
      fixed: `FROM ${image}\nRUN --mount=type=cache,target=${folder},sharing=locked yum install --setopt=keepcache=${keep} -y git gcc make\n`,
    })),
    {
      name: 'yum cleans where mounts are wanted',
      code: 'FROM centos:7\nRUN «yum» install -y git gcc make && yum clean all && rm -rf /var/cache/yum\n',
      settings: { cacheStrategy: 'mounts' },
      fixed:
        'FROM centos:7\nRUN --mount=type=cache,target=/var/cache/yum,sharing=locked yum install --setopt=keepcache=1 -y git gcc make\n',
    },
    ...['registry.access.redhat.com/ubi9/ubi-minimal:9.5', 'redhat/ubi8-minimal:8.10-1052', 'oraclelinux:9-slim'].map(
      (image) => ({
        name: `microdnf on ${image}`,
        code: `FROM ${image}\nRUN «microdnf» install -y git gcc make\n`,
        fixed: `FROM ${image}\nRUN --mount=type=cache,target=/var/cache/yum,sharing=locked microdnf install --setopt=keepcache=1 -y git gcc make\n`,
      }),
    ),
    {
      name: 'deno in a stage that is copied from',
      code: 'FROM denoland/deno:2.1.4 AS build\nWORKDIR /app\nCOPY . .\nRUN «deno» compile -o /bin/app main.ts\nFROM debian:13\nCOPY --from=build /bin/app /bin/app\n',
      fixed:
        'FROM denoland/deno:2.1.4 AS build\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/deno-dir,sharing=locked deno compile -o /bin/app main.ts\nFROM debian:13\nCOPY --from=build /bin/app /bin/app\n',
    },
    {
      code: 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN «npm» ci\n',
      message: 'npm downloads everything again when this step re-runs; a cache mount at /root/.npm',
      severity: 'info',
      safety: 'unsafe',
      evidence: /CI runner that starts empty/,
      fixed: 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    },
    ...(
      [
        ['safe', 'of which only what was built is taken', 'COPY --from=build /app/dist /srv\n'],
        ['unsafe', 'of which the folder is taken with others', 'COPY --from=build /root /root\n'],
        ['unsafe', 'of which all is shown to a RUN', 'RUN --mount=from=build,target=/b cp -r /b/app/dist /srv\n'],
        ['unsafe', 'that nothing is taken of', 'CMD ["true"]\n'],
      ] as const
    ).map(([safety, what, rest]) => ({
      name: `npm ci in a stage ${what}`,
      code: `FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN «npm» ci\nRUN npm run build\nFROM nginx:1.29\n${rest}`,
      safety,
      fixed: `FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci\nRUN npm run build\nFROM nginx:1.29\n${rest}`,
    })),
    ...(
      [
        ['unsafe', 'npm install', 'may choose another version than without the cache'],
        ['unsafe', 'npm ci && npm run build -- --cache-to /root/.npm/x', 'is asked about its folder'],
        ['unsafe', 'npm ci && npm ci --omit=dev --offline', 'is done again without the network'],
      ] as const
    ).map(([safety, run, why]) => ({
      name: `an install that ${why}`,
      code: `FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN «npm»${run.slice(3)}\nFROM nginx:1.29\nCOPY --from=build /app/dist /srv\n`,
      safety,
      fixed: `FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm ${run}\nFROM nginx:1.29\nCOPY --from=build /app/dist /srv\n`,
    })),
    ...(
      [
        ['safe', 'without libraries of C', 'ENV CGO_ENABLED=0\n', 'go build -o /out .'],
        ['safe', 'without libraries of C, as the command says', '', 'CGO_ENABLED=0 go build -o /out .'],
        ['unsafe', 'perhaps with libraries of C', '', 'go build -o /out .'],
        ['unsafe', 'as a build argument says', 'ARG CGO_ENABLED=0\n', 'go build -o /out .'],
        ['unsafe', 'as its RUN says', 'ENV CGO_ENABLED=0\n', 'export CGO_ENABLED=1 && go build -o /out .'],
        ['unsafe', 'with libraries of C', 'ENV CGO_ENABLED=1\n', 'go build -o /out .'],
        [
          'unsafe',
          'with tests, whose results are kept too',
          'ENV CGO_ENABLED=0\n',
          'go test ./... && go build -o /out .',
        ],
      ] as const
    ).map(([safety, how, head, run]) => {
      return {
        name: `Go ${how}`,
        code: `FROM golang:1.25 AS build\n${head}COPY . .\nRUN ${run.replace(/\bgo\b/, safety === 'safe' ? '«go»' : '««go»»')}\nFROM scratch\nCOPY --from=build /out /out\n`,
        safety,
        ...(safety === 'unsafe' && {
          caveat:
            /^(?:Go does not notice that a library of C changed|results of tests are taken from the cache); the build needs BuildKit$/,
        }),
        fixed: `FROM golang:1.25 AS build\n${head}COPY . .\nRUN ${safety === 'safe' ? mounts : compiledFirst} \\\n    ${run}\nFROM scratch\nCOPY --from=build /out /out\n`,
      };
    }),
    ...(
      [
        ['safe', 'has none', 'FROM golang:1.25-alpine', 'apk add --no-cache git make'],
        [
          'safe',
          'has none, whatever the release',
          'FROM golang:1.19.2-alpine3.16',
          'apk add ca-certificates && go version',
        ],
        ['unsafe', 'may have one', 'FROM golang:1.25-bookworm', 'apt-get install git'],
        ['unsafe', 'installs one', 'FROM golang:1.25-alpine', 'apk add --no-cache build-base'],
        ['unsafe', 'may get one', 'FROM golang:1.25-alpine', 'wget -qO- https://example.org/install.sh | sh'],
        ['unsafe', 'is told of one', 'FROM golang:1.25-alpine', 'go env -w CC=/src/cc'],
      ] as const
    ).map(([safety, how, from, run]) => {
      const file = (build: string) =>
        `${from} AS build\nRUN ${run}\nWORKDIR /src\nCOPY . .\nRUN ${build}\nFROM scratch\nCOPY --from=build /out /out\n`;
      return {
        name: `Go in an image that ${how} of the compilers of C`,
        code: file(safety === 'safe' ? '«go» build -o /out .' : '««go»» build -o /out .'),
        safety,
        fixed: file(`${safety === 'safe' ? mounts : compiledFirst} \\\n    go build -o /out .`),
      };
    }),
    {
      name: 'Go downloads in one RUN and builds in another',
      code: 'FROM golang:1.25 AS build\nENV CGO_ENABLED=0\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN «go» build -o /out .\nFROM scratch\nCOPY --from=build /out /out\n',
      safety: 'safe',
      fixed: `FROM golang:1.25 AS build\nENV CGO_ENABLED=0\nCOPY go.mod go.sum ./\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\nCOPY . .\nRUN ${mounts} \\\n    go build -o /out .\nFROM scratch\nCOPY --from=build /out /out\n`,
    },
    {
      name: 'Go builds without what let the RUN in that downloads: where the mount is lost, it cannot do so again',
      code: 'FROM golang:1.25 AS build\nENV CGO_ENABLED=0\nCOPY go.mod go.sum ./\nRUN --mount=type=secret,id=netrc,target=/root/.netrc «go» mod download\nCOPY . .\nRUN «go» build -o /out .\nFROM scratch\nCOPY --from=build /out /out\n',
      safety: 'unsafe',
      caveat: /^each of these steps must be able to download; /,
    },
    {
      name: 'Go builds without the network, and has the modules in the image',
      code: 'FROM golang:1.25 AS build\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN --network=none «go» build -o /out .\nFROM scratch\nCOPY --from=build /out /out\n',
      fixed:
        'FROM golang:1.25 AS build\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN --network=none --mount=type=cache,target=/root/.cache/go-build go build -o /out .\nFROM scratch\nCOPY --from=build /out /out\n',
    },
    {
      name: 'Go that may compile C: the mount for the modules alone is safe',
      code: 'FROM golang:1.25 AS build\nCOPY go.mod go.sum ./\nRUN «go» mod download\nCOPY . .\nRUN «go» build -o /out .\nFROM scratch\nCOPY --from=build /out /out\n',
      message: 'go downloads everything again when this step re-runs; a cache mount at /go/pkg/mod keeps it',
      safety: 'safe',
      evidence: /the same holds for line 5/,
    },
    ...(
      [
        ['safe', 'names registries alone', 'yarn install --frozen-lockfile', [leftPad]],
        ['safe', 'names all that is asked for', 'yarn install --prefer-offline', [leftPad]],
        ['unsafe', 'leaves something open to a yarn that prefers what it has', 'yarn install --prefer-offline', []],
        ['unsafe', 'names a repository', 'yarn install --frozen-lockfile', [leftPad, fromGit]],
        [
          'unsafe',
          'has no checksums',
          'yarn install --frozen-lockfile',
          [leftPad.replace(/#\w+"|\n {2}integrity.*/g, (found) => (found.endsWith('"') ? '"' : ''))],
        ],
      ] as const
    ).map(([safety, how, run, entries]) => {
      const file = (install: string) =>
        `FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN ${install}\nRUN yarn build\nFROM nginx:1.29\nCOPY --from=build /app/dist /srv\n`;
      return {
        name: `yarn with a lockfile that ${how}`,
        code: file(run.replace('yarn', '«yarn»')),
        files: {
          'package.json': '{"dependencies": {"left-pad": "^1.3.0"}}',
          'yarn.lock': `# yarn lockfile v1\n\n${entries.join('\n')}`,
        },
        safety,
        fixed: file(`--mount=type=cache,target=/usr/local/share/.cache/yarn,sharing=locked ${run}`),
      };
    }),
    {
      name: "Cargo's downloads",
      code: 'FROM rust:1.90 AS build\nWORKDIR /app\nCOPY . .\nRUN «cargo» build --release\nFROM scratch\nCOPY --from=build /app/target/release/app /app\n',
      safety: 'safe',
      fixed:
        'FROM rust:1.90 AS build\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \\\n    --mount=type=cache,target=/usr/local/cargo/git/db,sharing=locked \\\n    cargo build --release\nFROM scratch\nCOPY --from=build /app/target/release/app /app\n',
    },
    {
      name: 'pip, which keeps what it compiled',
      code: 'FROM python:3.13 AS build\nRUN «pip» install --prefix /out -r requirements.txt\nFROM python:3.13-slim\nCOPY --from=build /out /usr/local\n',
      safety: 'unsafe',
      fixed:
        'FROM python:3.13 AS build\nRUN --mount=type=cache,target=/root/.cache/pip pip install --prefix /out -r requirements.txt\nFROM python:3.13-slim\nCOPY --from=build /out /usr/local\n',
    },
    {
      name: 'as many packages as count, of a tool without a word',
      code: 'FROM archlinux:base\nRUN «pacman» -S --noconfirm git make curl\n',
      fixed:
        'FROM archlinux:base\nRUN --mount=type=cache,target=/var/cache/pacman/pkg,sharing=locked pacman -S --noconfirm git make curl\n',
    },
    {
      name: 'Yarn 4 keeps its cache in its global folder',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN «yarn» install --immutable\n',
      files: {
        'package.json': '{}',
        'yarn.lock': '__metadata:\n  version: 8\n',
        '.yarnrc.yml': 'nodeLinker: node-modules\n',
      },
      message: 'yarn downloads everything again when this step re-runs; a cache mount at /root/.yarn/berry/cache',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.yarn/berry/cache,sharing=locked yarn install --immutable\n',
    },
    {
      name: 'what is compiled, where the stage below has downloaded the modules into the image',
      code: 'FROM golang:1.25 AS deps\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nFROM deps AS build\nCOPY . .\nRUN «go» build -o /app .\nFROM alpine:3.22\nCOPY --from=build /app /app\n',
      severity: 'warning',
      fixed:
        'FROM golang:1.25 AS deps\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nFROM deps AS build\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/go-build go build -o /app .\nFROM alpine:3.22\nCOPY --from=build /app /app\n',
    },
    {
      name: 'another user owns the mount',
      code: 'FROM node:22\nUSER node\nRUN «npm» ci\n',
      fixed: 'FROM node:22\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci\n',
    },
    {
      name: 'nothing else is written to the folder above the mount, which root owns then',
      code: 'FROM debian:13\nENV HOME=/home/app\nUSER 1000:1000\nRUN «pip» install -r r.txt\n',
      fixed:
        'FROM debian:13\nENV HOME=/home/app\nUSER 1000:1000\nRUN --mount=type=cache,target=/home/app/.cache/pip,uid=1000,gid=1000 pip install -r r.txt\n',
    },
    ...[
      ['npm ci --registry=http://npm.internal', 'npm ci --omit=dev'],
      ['https_proxy=http://proxy:3128 npm ci', 'npm ci --omit=dev'],
      ['export HTTPS_PROXY=http://proxy:3128 && npm ci', 'npm ci --omit=dev'],
      ['--network=host npm ci', 'npm ci --omit=dev'],
      ['npm ci', 'npm config delete //npm.internal/:_authToken\nRUN npm ci --omit=dev'],
      ['npm ci', 'npm logout\nENV NPM_CONFIG_REGISTRY=http://npm.internal\nRUN npm ci --omit=dev'],
    ].map(([first = '', second = '']) => ({
      name: `a way to the packages that only one of two steps has: ${first}, ${second.replaceAll('\n', ', ')}`,
      code: `FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN ${first.replace(/\bnpm ci/, '«npm» ci')}\nRUN ${second}\nFROM nginx:1.29\nCOPY --from=build /app/dist /srv\n`,
      safety: 'unsafe' as const,
      caveat: /^each of these steps must be able to download; the build needs BuildKit$/,
    })),
    {
      name: 'a secret that a stage which is built on this one lacks',
      code: 'FROM node:22 AS deps\nWORKDIR /app\nCOPY . .\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc «npm» ci\nFROM deps AS build\nRUN «npm» ci --omit=dev\nFROM nginx:1.29\nCOPY --from=build /app/dist /srv\n',
      safety: 'unsafe',
      caveat: /each of these steps must be able to download/,
    },
    {
      name: 'what a step sets for those behind it, too',
      code: 'FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm config set registry http://npm.internal && «npm» ci\nRUN npm ci --omit=dev\nFROM nginx:1.29\nCOPY --from=build /app/dist /srv\n',
      safety: 'safe',
    },
    {
      name: 'the step that works offline has the same mount',
      code: 'FROM node:22\nCOPY . .\nRUN «npm» ci && npm ci --omit=dev --offline\n',
    },
    ...[
      ['mcr.microsoft.com/dotnet/sdk:9.0', '«dotnet» restore && dotnet publish --no-restore -o /out'],
      ['maven:3.9', '«mvn» dependency:go-offline && mvn -o package'],
      ['rust:1.90', '«cargo» fetch && cargo build --frozen'],
    ].map(([image, commands]) => ({
      name: `what works offline finds in the same RUN what was downloaded before it: ${commands}`,
      code: `FROM ${image} AS build\nWORKDIR /app\nCOPY . .\nRUN ${commands}\nFROM scratch\nCOPY --from=build /out /out\n`,
    })),
    {
      name: 'pnpm has the packages in the project before it works offline',
      code: 'FROM node:22\nCOPY pnpm-lock.yaml .\nRUN «pnpm» fetch\nCOPY . .\nRUN pnpm install --offline\n',
    },
    {
      name: 'the file itself makes the folder above the mount for that user',
      code: 'FROM node:22\nRUN mkdir /home/node/.cache && chown node:node /home/node/.cache\nUSER node\nRUN «yarn» install --frozen-lockfile\n',
    },
    {
      name: 'settings lie beside the downloads',
      code: 'FROM maven:3.9 AS build\nCOPY settings.xml /root/.m2/\nCOPY . .\nRUN «mvn» package\nFROM alpine:3.22\nCOPY --from=build /target /app\n',
      files: { 'pom.xml': '', 'settings.xml': '' },
    },
    {
      name: 'a variable moves the cache',
      code: 'FROM python:3.13\nENV PIP_CACHE_DIR=/pip\nRUN «pip» install -r r.txt\n',
      fixed: 'FROM python:3.13\nENV PIP_CACHE_DIR=/pip\nRUN --mount=type=cache,target=/pip pip install -r r.txt\n',
    },
    {
      name: 'with mounts wanted, the option that defeats one goes',
      code: 'FROM python:3.13\nRUN «pip» install --no-cache-dir -r r.txt\n',
      settings: { cacheStrategy: 'mounts' },
      fixed: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r r.txt\n',
    },
    {
      name: 'apt, with docker-clean and the clean-up dealt with',
      code: 'FROM debian:13\nRUN apt-get update && «apt-get» install -y a b c && rm -rf /var/lib/apt/lists/*\n',
      message:
        'apt downloads everything again when this step re-runs; cache mounts at /var/cache/apt and /var/lib/apt keep it',
      settings: { cacheStrategy: 'mounts' },
      fixed:
        'FROM debian:13\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\\n    --mount=type=cache,target=/var/lib/apt,sharing=locked \\\n    rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y a b c\n',
    },
    {
      name: 'two distributions do not share a cache',
      code: 'FROM debian:13 AS a\nRUN rm /etc/apt/apt.conf.d/docker-clean; apt-get update && «apt-get» install -y a b c\nFROM ubuntu:24.04\nRUN rm /etc/apt/apt.conf.d/docker-clean; apt-get update && «apt-get» install -y a b c\n',
    },
    {
      name: 'compilation after the sources are copied',
      code: 'FROM golang:1.25-alpine AS build\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN «go» build -o /app\nFROM scratch\nCOPY --from=build /app /app\n',
      severity: 'warning',
      evidence: /the same holds for line 3/,
      fixed:
        'FROM golang:1.25-alpine AS build\nCOPY go.mod go.sum ./\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod \\\n    --mount=type=cache,target=/root/.cache/go-build \\\n    go build -o /app\nFROM scratch\nCOPY --from=build /app /app\n',
    },
  ],
});
