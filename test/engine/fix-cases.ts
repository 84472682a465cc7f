import type { Config } from '../../server/core/config.js';

/** A project whose safe fixes must not change the image. */
export interface FixCase {
  readonly rule: string;
  readonly name: string;
  readonly dockerfile: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly config?: Config;
}

const node = {
  'package.json': '{"name": "app", "dependencies": {"left": "1"}}\n',
  'package-lock.json':
    '{\n  "lockfileVersion": 3,\n  "packages": {\n    "": {},\n    "node_modules/left": {"version": "1.0.0"},\n    "node_modules/right": {"version": "2.0.0"}\n  }\n}\n',
  'src/index.ts': 'index\n',
  'src/cart.ts': 'cart\n',
  '.dockerignore': 'node_modules\n.dockerignore\nDockerfile\n',
};
const yarn = {
  'package.json': '{"name": "app", "dependencies": {"left": "1"}}\n',
  'yarn.lock':
    '# yarn lockfile v1\n\nleft@1:\n  version "1.0.0"\n  resolved "https://registry.yarnpkg.com/left/-/left-1.0.0.tgz"\n  integrity sha512-bGVmdA==\n',
  'src/index.ts': 'index\n',
  '.dockerignore': 'node_modules\n.dockerignore\nDockerfile\n',
};
const python = { 'requirements.txt': 'flask==3\nrich==14\n', 'app.py': 'print()\n', '.dockerignore': 'Dockerfile\n' };
const go = {
  'go.mod': 'module a\nrequire b v1.0.0\n',
  'go.sum': 'sum\n',
  'main.go': 'package main\n',
  '.dockerignore': 'Dockerfile\n',
};
const download = 'FROM debian:12\nRUN curl -fsSLo /tmp/a.bin https://example.com/a.bin\n';
const npm = '--mount=type=cache,target=/root/.npm';

export const fixCases: readonly FixCase[] = [
  {
    rule: 'copy-before-install',
    name: 'npm ci and a build behind it',
    dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["node", "dist/app.js"]\n',
    files: node,
  },
  {
    rule: 'copy-before-install',
    name: 'with an owner, --link and an absolute destination',
    dockerfile: 'FROM node:22\nCOPY --link --chown=1000:1000 . /app/\nWORKDIR /app\nRUN npm ci\nUSER node\n',
    files: node,
  },
  {
    rule: 'copy-before-install',
    name: 'two stages, of which the final one takes what was built',
    dockerfile:
      'FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nFROM nginx:1.29\nCOPY --from=build /app/dist /srv\n',
    files: node,
  },
  {
    rule: 'copy-before-install',
    name: 'pip',
    dockerfile:
      'FROM python:3.13\nWORKDIR /app\nADD . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
    files: python,
  },
  {
    rule: 'copy-before-install',
    name: 'go mod download',
    dockerfile: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go mod download\nRUN go build -o /app .\n',
    files: go,
  },
  {
    rule: 'broad-bind-mount',
    name: 'pip in the mounted folder',
    dockerfile:
      'FROM python:3.13\nWORKDIR /src\nRUN --mount=type=bind,target=/src pip install -r requirements.txt\nCOPY app.py /\n',
    files: python,
  },
  {
    rule: 'broad-copy',
    name: 'what a later stage takes of the context, by way of another',
    dockerfile:
      'FROM scratch AS files\nCOPY . /src\nFROM nginx:1.29\nCOPY --from=files /src/public /srv\nCOPY --from=files /src/conf/nginx.conf /etc/nginx.conf\n',
    files: { 'public/index.html': 'index\n', 'conf/nginx.conf': 'conf\n', 'src/a.ts': 'a\n' },
  },
  {
    rule: 'copy-before-install',
    name: 'with steps between that make folders of their own, and of the sources',
    dockerfile:
      'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN mkdir -p src/data other\nCOPY <<E other.ts\nx\nE\nRUN npm ci > install.log\n',
    files: node,
  },
  {
    rule: 'chown-after-copy',
    name: 'a single file in a folder that is there',
    dockerfile:
      'FROM node:22\nCOPY tool /usr/local/bin/\nRUN chown node:node /usr/local/bin/tool && chmod 755 /usr/local/bin/tool\n',
    files: { tool: 'x'.repeat(200_000) },
  },
  {
    rule: 'delete-in-later-layer',
    name: 'a download that the next step unpacks and deletes',
    dockerfile: `${download}RUN cp /tmp/a.bin /usr/local/a && rm /tmp/a.bin\n`,
  },
  {
    rule: 'delete-in-later-layer',
    name: 'several steps in a row',
    dockerfile: `${download}RUN cp /tmp/a.bin /usr/local/a\nRUN rm /tmp/a.bin\nCMD ["a"]\n`,
  },
  {
    rule: 'delete-in-later-layer',
    name: 'a loop, and a mount that is only read',
    dockerfile:
      'FROM debian:12\nRUN --mount=type=bind,target=/src for f in a b; do cp /src/a.txt /usr/$f; done && curl -fsSLo /usr/a.bin https://example.com/a.bin\nRUN --mount=type=bind,target=/src cp -r /src /out && rm /usr/a.bin\n',
    files: { 'a.txt': 'a\n', '.dockerignore': 'Dockerfile\n' },
  },
  {
    rule: 'delete-in-later-layer',
    name: "apt's lists",
    dockerfile:
      'FROM debian:12\nRUN apt-get update && apt-get install -y a\nRUN cd /tmp && curl -O https://example.com/a\nRUN apt-get clean && rm -rf /var/lib/apt/lists/*\n',
  },
  {
    rule: 'split-apt-update',
    name: 'the update moves into the install',
    dockerfile: 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y \\\n    git\n',
  },
  {
    rule: 'split-apt-update',
    name: 'several installs',
    dockerfile:
      'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y a\nRUN apt-get install -y b\n# the last\nRUN apt-get install -y c\n',
  },
  {
    rule: 'split-apt-update',
    name: 'installs with something between',
    dockerfile:
      'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y a\nWORKDIR /app\nRUN apt-get install -y b\nENV A=b\n',
  },
  {
    rule: 'cache-mount-defeated',
    name: 'the clean-up of the manager',
    dockerfile: `FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN ${npm} npm ci && npm cache clean --force\n`,
    files: node,
  },
  {
    rule: 'cache-mount-defeated',
    name: 'a clean-up',
    dockerfile: `FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN ${npm} npm ci && rm -rf /root/.npm/* && echo done > /done\n`,
    files: node,
  },
  {
    rule: 'missing-cache-mount',
    name: 'npm ci in a stage of which only what it builds is taken',
    dockerfile:
      'FROM node:22 AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nFROM nginx:1.29\nCOPY --from=build /app/dist /srv\n',
    files: node,
  },
  {
    rule: 'missing-cache-mount',
    name: 'the first yarn with its lockfile',
    dockerfile:
      'FROM node:22 AS build\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile\nCOPY . .\nRUN yarn build\nFROM nginx:1.29\nCOPY --from=build /app/dist /srv\n',
    files: yarn,
  },
  {
    rule: 'missing-cache-mount',
    name: 'Go without a compiler of C',
    dockerfile:
      'FROM golang:1.25-alpine AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /out .\nFROM debian:12\nCOPY --from=build /out /app\n',
    files: go,
  },
  {
    rule: 'missing-cache-mount',
    name: 'modules of Go, and what it compiles',
    dockerfile:
      'FROM golang:1.25 AS build\nENV CGO_ENABLED=0\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /out .\nFROM debian:12\nCOPY --from=build /out /app\n',
    files: go,
  },
  {
    rule: 'missing-cache-mount',
    name: 'modules of Go, beside a compiler of C',
    dockerfile:
      'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /out .\nFROM debian:12\nCOPY --from=build /out /app\n',
    files: go,
  },
  {
    rule: 'cache-mount-unlocked',
    name: 'apt',
    dockerfile:
      'FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt \\\n    rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y git\n',
  },
  {
    rule: 'volatile-arg-early',
    name: 'an install of the distribution above its first use',
    dockerfile:
      'FROM debian:13\nARG BUILD_NUMBER=0\nLABEL build=$BUILD_NUMBER\nRUN apt-get update && apt-get install -y git\nCMD ["x"]\n',
  },
  {
    rule: 'metadata-early',
    name: 'labels move to the end',
    dockerfile:
      'FROM debian:12\nLABEL v=1 \\\n  w=2\nRUN apt-get update && apt-get install -y a\nEXPOSE 80\nRUN echo two > /two\n',
    config: { builder: 'classic' },
  },
  {
    rule: 'inline-comment',
    name: 'a comment in the ignore file',
    dockerfile: 'FROM debian:12\nCOPY . /src\n',
    files: { '.dockerignore': '// what is not needed\ndist\n.dockerignore\n', 'dist/a': 'a\n', 'src/a': 'a\n' },
  },
  {
    rule: 'shadowed-pattern',
    name: 'a pattern that another covers',
    dockerfile: 'FROM debian:12\nCOPY . /src\n',
    files: { '.dockerignore': 'dist\ndist/assets\n.dockerignore\n', 'dist/assets/a': 'a\n', 'src/a': 'a\n' },
  },
];
