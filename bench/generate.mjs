/** Small projects, no two alike, the same on every machine: name and files. */
export function* generateProjects(count) {
  const next = numbers(7);
  for (let index = 0; index < count; index++) {
    const ecosystem = ecosystems[index % ecosystems.length];
    yield [`project-${index}`, { ...ecosystem.files(index), Dockerfile: dockerfileOf(ecosystem, index, next) }];
  }
}

const ecosystems = [
  {
    image: 'node:22-slim',
    manifests: 'package.json package-lock.json',
    install: 'npm ci',
    build: 'npm run build',
    files: (index) => ({
      'package.json': JSON.stringify({ name: `p${index}`, dependencies: { express: '5.1.0' } }),
      'package-lock.json': JSON.stringify({ name: `p${index}`, lockfileVersion: 3, packages: {} }),
      'src/server.js': "import express from 'express';\n",
    }),
  },
  {
    image: 'python:3.13-slim',
    manifests: 'requirements.txt',
    install: 'pip install --no-cache-dir -r requirements.txt',
    build: 'python -m compileall -q .',
    files: (index) => ({ 'requirements.txt': `flask==3.1.${index % 9}\n`, 'app/__init__.py': '' }),
  },
  {
    image: 'golang:1.25',
    manifests: 'go.mod go.sum',
    install: 'go mod download',
    build: 'CGO_ENABLED=0 go build -o /out/app ./cmd/app',
    files: (index) => ({
      'go.mod': `module example.org/p${index}\n\ngo 1.25\n`,
      'go.sum': '',
      'cmd/app/main.go': 'package main\n\nfunc main() {}\n',
    }),
  },
  {
    image: 'maven:3.9-eclipse-temurin-21',
    manifests: 'pom.xml',
    install: 'mvn -B dependency:go-offline',
    build: 'mvn -B package -DskipTests',
    files: (index) => ({
      'pom.xml': `<project><artifactId>p${index}</artifactId></project>\n`,
      'src/main/java/App.java': 'class App {}\n',
    }),
  },
];

function dockerfileOf({ image, manifests, install, build }, index, next) {
  const pick = (...choices) => choices[next() % choices.length];
  const lines = [
    pick('# syntax=docker/dockerfile:1', ''),
    `FROM ${image} AS build`,
    `ARG REVISION=${index}`,
    'WORKDIR /srv/app',
    pick(
      'RUN apt-get update && apt-get install -y --no-install-recommends \\\n      git \\\n      curl && \\\n    rm -rf /var/lib/apt/lists/*',
      'RUN apt-get update\nRUN apt-get install -y git',
      '',
    ),
    pick(`COPY ${manifests} ./`, 'COPY . .'),
    pick(`RUN ${install}`, `RUN ${install} && \\\n    echo "revision $REVISION" > /revision`),
    'COPY . .',
    `RUN ${build}`,
    '',
    'FROM debian:bookworm-slim',
    'LABEL org.opencontainers.image.title="bench" \\\n      org.opencontainers.image.version="1"',
    'RUN useradd --system --uid 10001 app',
    'COPY --from=build /srv/app /srv/app',
    pick('RUN chown -R app:app /srv/app', 'RUN rm -rf /srv/app/tmp', ''),
    'USER app',
    pick('HEALTHCHECK --interval=30s CMD curl -fsS http://localhost:8080/health || exit 1', ''),
    'EXPOSE 8080',
    'ENTRYPOINT ["/srv/app/run"]',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

/** A linear congruential generator; the upper bits are random enough for this. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 16;
  };
}
