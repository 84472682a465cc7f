import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { nodeProject, propose, whyBehind } from '../../helpers/proposals.js';

/** The repository is sent, and the install sets up hooks in it where it can. */
function hooked(version: string, script = 'husky install'): MemoryFiles {
  return {
    ...nodeProject,
    'package.json': JSON.stringify({
      name: 'app',
      scripts: { prepare: script },
      dependencies: { left: '1.0.0' },
      devDependencies: { husky: version },
    }),
    '.git/HEAD': 'ref: refs/heads/main\n',
  };
}

const rest = 'WORKDIR /app\nCOPY . .\nRUN npm ci\n';

function isMoved(before: string, files: MemoryFiles): boolean {
  return /COPY package.*\nRUN npm ci\nCOPY \. /.test(propose(before + rest, files, ['src/a.js']).text);
}

describe('Hooks of Git that an install sets up', () => {
  for (const [where, before] of [
    ['an image of Alpine', 'FROM node:22-alpine\n'],
    ['a slim image', 'FROM node:22.4-bookworm-slim\n'],
    [
      'a folder of pnpm on the path',
      'FROM node:22-slim\nENV PNPM_HOME="/pnpm"\nENV PATH="$PNPM_HOME:/app/node_modules/.bin:$PATH"\nRUN node --version && corepack enable\n',
    ],
    ['a stage below', 'FROM node:22-alpine AS base\nRUN corepack enable\nFROM base\n'],
    [
      'an image with packages that bring no Git',
      'FROM node:24-alpine\nRUN apk update && apk add --no-cache libc6-compat python3 make g++ && npm install -g pnpm@10.26.0\n',
    ],
  ] as const)
    it(`are none without Git: ${where}`, () => {
      assert.ok(isMoved(before, hooked('^8.0.1')));
      assert.ok(isMoved(before, hooked('^9.0.0', 'husky')));
    });

  for (const [why, before, files] of [
    ['the image has Git', 'FROM node:22\n', hooked('^8.0.1')],
    ['it is installed', 'FROM node:22-alpine\nRUN apk add git\n', hooked('^8.0.1')],
    ['a package may bring it', 'FROM node:22-alpine\nRUN apk add alpine-sdk\n', hooked('^8.0.1')],
    [
      'a package of this repository may need it',
      'FROM node:22-slim\nRUN apt-get install -y ./a.deb\n',
      hooked('^8.0.1'),
    ],
    ['a script may bring it', 'FROM node:22-slim\nRUN curl -L https://example.org/x | sh\n', hooked('^8.0.1')],
    ['a program is copied', 'FROM node:22-alpine\nCOPY --from=alpine/git /usr/bin/git /usr/bin/\n', hooked('^8.0.1')],
    [
      'a script of an install tool may bring it',
      'FROM node:22-alpine\nCOPY setup.js /tmp/\nRUN node /tmp/setup.js\n',
      hooked('^8.0.1'),
    ],
    ['a link may lead to it', 'FROM node:22-alpine\nRUN ln -s /opt/git /usr/bin/git\n', hooked('^8.0.1')],
    ['the project may bring it', 'FROM node:22-alpine\nENV PATH=/app/tools:$PATH\n', hooked('^8.0.1')],
    ['the image is another one', 'FROM example.org/node:22-alpine\n', hooked('^8.0.1')],
    ['this Husky fails without a repository', 'FROM node:22-alpine\n', hooked('^5.0.0')],
    ['nobody knows which Husky', 'FROM node:22-alpine\n', hooked('*')],
    ['this tool needs no Git', 'FROM node:22-alpine\n', hooked('^8.0.1', 'simple-git-hooks')],
  ] as const)
    it(`may be some where ${why}`, () =>
      assert.match(whyBehind(before + rest, files, 'COPY . .', 'RUN npm ci') ?? '', /sets up Git hooks/));

  it('are none where no COPY before it brings the repository', () => {
    const named = 'WORKDIR /app\nCOPY src/a.js src/\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n';
    for (const script of ['husky', 'lefthook install', 'simple-git-hooks'])
      assert.equal(
        whyBehind(`FROM node:22\n${named}`, hooked('^9.0.0', script), 'COPY src', 'RUN npm ci'),
        undefined,
        script,
      );
    assert.match(
      whyBehind(
        `FROM node:22\n${named.replace('COPY src', 'COPY .git .git\nCOPY src')}`,
        hooked('^9.0.0', 'husky'),
        'COPY src',
        'RUN npm ci',
      ) ?? '',
      /sets up Git hooks/,
    );
  });
});
