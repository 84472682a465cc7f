import fc from 'fast-check';

/** A Dockerfile as people write them, sometimes clumsily, always one that BuildKit accepts. */
export const arbitraryDockerfile = (): fc.Arbitrary<string> => stagesOf();

const image = fc.constantFrom(
  ...['node:22-alpine', 'node:22', 'node', 'python:3.13-slim', 'golang:1.25', 'rust:1.90', 'debian:bookworm-slim'],
  ...['ubuntu:latest', 'ruby:3.4', 'php:8.4-fpm', 'maven:3-eclipse-temurin-21', 'mcr.microsoft.com/dotnet/sdk:9.0'],
  ...['alpine:3.22', 'fedora:43', 'scratch', 'composer:2', 'ghcr.io/cirruslabs/flutter:stable', '$BASE'],
);

const source = fc.constantFrom(
  ...['.', './', 'src', 'src/', './src', 'package.json', 'package*.json', 'package.json package-lock.json'],
  ...[
    'requirements.txt',
    'pyproject.toml poetry.lock',
    'go.mod go.sum',
    'Cargo.toml Cargo.lock',
    '*.csproj',
    'pom.xml',
  ],
  ...['packages', 'Gemfile*', '.git', 'node_modules', 'missing.txt', '"a"', '*', '$DIR', 'conf/app.conf'],
);

const target = fc.constantFrom('.', './', '/app', '/app/', '/', 'src', '/srv/$DIR/', '/etc/app.conf', '../up');

const copyFlags = fc.constantFrom('', '', '', '--link ', '--chown=app:app ', '--chmod=755 ', '--chown=$UID --link ');

const command = fc.constantFrom(
  ...['npm ci', 'npm install', 'npm i --omit=dev', 'yarn install --frozen-lockfile', 'yarn --immutable', 'pnpm i'],
  ...['pnpm install --frozen-lockfile', 'bun install', 'npm run build', 'npm ci --prefix web', 'corepack enable'],
  ...['pip install -r requirements.txt', 'pip install --no-cache-dir -r requirements.txt', 'pip install .', 'uv sync'],
  ...['pip install -e .', 'poetry install --no-root', 'uv pip install --system -r requirements.txt', 'pipenv sync'],
  ...['go mod download', 'go build -o /bin/app ./cmd/app', 'cargo build --release', 'cargo fetch', 'go install ./...'],
  ...['mvn -B package', './gradlew build --no-daemon', 'dotnet restore', 'dotnet publish -c Release -o /out'],
  ...['bundle install', 'composer install --no-dev', 'mix deps.get', 'flutter pub get', 'swift build', 'stack build'],
  ...['apt-get update', 'apt-get install -y curl', 'apt-get update && apt-get install -y curl git', 'apt-get clean'],
  ...['rm -rf /var/lib/apt/lists/*', 'apk add --no-cache git', 'apk add git', 'dnf install -y gcc && dnf clean all'],
  ...[
    'chown -R app:app /app',
    'chown app /app/x',
    'chmod +x /app/run.sh',
    'rm -rf /root/.cache',
    'rm -f a.tgz',
    'true',
  ],
  ...['curl -fsSLO https://example.org/a.tgz', 'tar xf a.tgz', 'useradd -m app', 'mkdir -p /app/data', 'cd web'],
  ...[
    'export CI=1',
    'if [ -f yarn.lock ]; then yarn; else npm i; fi',
    "sh -c 'npm ci'",
    'git clone https://x.org/y.git',
  ],
  ...[
    'npm cache clean --force',
    'echo "# not a comment"',
    '(cd web && npm ci)',
    'FOO=bar npm ci',
    'xargs < list npm i',
  ],
);

const separator = fc.constantFrom(
  ' && ',
  ' && \\\n    ',
  ' \\\n  && ',
  '; ',
  ' && \\\n# why\n    ',
  ' || ',
  ' ; \\\n\n  ',
  ' | ',
);

const mount = fc.constantFrom(
  ...['', '', '', '', '--mount=type=cache,target=/root/.npm ', '--mount=type=cache,target=/root/.cache '],
  ...['--mount=type=bind,source=package.json,target=package.json ', '--mount=type=cache,target=/var/cache/apt \\\n  '],
  ...['--mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked '],
  ...['--mount=type=secret,id=npmrc,target=/root/.npmrc ', '--network=none ', '--mount=type=cache,target=~/.npm '],
);

const script = fc
  .array(fc.tuple(command, separator), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([text, join], index) => (index === parts.length - 1 ? text : text + join)).join(''));

const run = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(mount, script).map(([flags, text]) => `RUN ${flags}${text}`) },
  { weight: 1, arbitrary: fc.array(command, { maxLength: 3 }).map((lines) => `RUN <<EOF\n${lines.join('\n')}\nEOF`) },
  { weight: 1, arbitrary: command.map((text) => `RUN ${JSON.stringify(text.split(' '))}`) },
);

const copy = fc
  .tuple(fc.constantFrom('COPY', 'COPY', 'COPY', 'ADD'), copyFlags, source, target)
  .map(([keyword, flags, from, to]) => `${keyword} ${flags}${from} ${manyNeedFolder(from, to)}`);

const plain = fc.constantFrom(
  ...[
    'WORKDIR /app',
    'WORKDIR app',
    'WORKDIR $DIR',
    'USER app',
    'USER root',
    'USER 1000:1000',
    'ENV NODE_ENV=production',
  ],
  ...['ENV PATH=/app/bin:$PATH HOME=/home/app', 'ENV A 1', 'ARG VERSION', 'ARG DIR=src', 'ARG BASE', 'LABEL a="b c"'],
  ...['ENV npm_config_cache=/tmp/npm PIP_NO_CACHE_DIR=1', 'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]', 'EXPOSE 80'],
  ...['CMD ["node", "server.js"]', 'CMD npm start', 'ENTRYPOINT ["/app/run.sh"]', 'VOLUME /data', 'STOPSIGNAL SIGTERM'],
  ...['HEALTHCHECK CMD curl -f http://localhost/ || exit 1', 'HEALTHCHECK NONE', 'ONBUILD COPY . /app'],
  ...['ONBUILD RUN npm install', 'ADD https://example.org/a.tgz /tmp/', 'ADD a.tgz /opt/', 'MAINTAINER me'],
  ...['COPY <<EOF /etc/x\nkey=$VALUE\nEOF', 'COPY ["a b", "/app/"]', 'COPY --from=nginx:latest /etc/nginx /etc/nginx'],
  ...['# layerwise ignore=missing-cache-mount reason="small"', '# hadolint ignore=DL3006', '# a comment', ''],
  ...['# layerwise ignore-file=unpinned-base', '# layerwise ignore=no-such-rule,unpinned-base', 'RUN   npm   ci  '],
);

const instruction = fc.oneof(
  { weight: 5, arbitrary: run },
  { weight: 3, arbitrary: copy },
  { weight: 4, arbitrary: plain },
);

function stagesOf(): fc.Arbitrary<string> {
  const stage = fc.array(instruction, { maxLength: 9 });
  const head = fc.constantFrom(
    ...['', '', '# syntax=docker/dockerfile:1\n', '# check=skip=all\n', '\uFEFF', '# comment\n\n', '# syntax=x/y\n'],
  );
  return fc
    .tuple(head, fc.array(fc.tuple(image, stage, fc.nat(3)), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([start, stages, finalNewline]) => {
      const texts = stages.map(([base, lines, link], index) => {
        const previous = index > 0 && link === 0 ? `s${index - 1}` : base;
        const artifact = index > 0 && link === 1 ? [`COPY --from=s${index - 1} /app /app`] : [];
        return [`FROM ${previous} AS s${index}`, ...lines, ...artifact].join('\n');
      });
      return `${start}ARG BASE=alpine:3.22\n${texts.join('\n\n')}${finalNewline ? '\n' : ''}`;
    });
}

/** BuildKit wants a `/` at the end of the destination where there are several sources. */
function manyNeedFolder(from: string, to: string): string {
  return /\S \S/.test(from) && !to.endsWith('/') && to !== '.' ? `${to}/` : to;
}
