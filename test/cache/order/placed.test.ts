import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { nodeProject, propose } from '../../helpers/proposals.js';

const inApp: MemoryFiles = {
  ...Object.fromEntries(Object.entries(nodeProject).map(([path, text]) => [`app/${path}`, text])),
  '.dockerignore': '**/node_modules\nDockerfile\n',
  'README.md': 'read',
};

function proposed(text: string, files: MemoryFiles = inApp): string {
  return propose(`FROM node:22\n${text}RUN npm ci\nRUN npm run build\n`, files, ['app/src/a.js']).text;
}

const build = 'RUN npm run build\n';

describe('A COPY to the working folder, with another WORKDIR behind it', () => {
  for (const { name, text, found } of [
    {
      name: 'is written from the root where it comes behind that',
      text: 'WORKDIR /repo\nCOPY . .\nWORKDIR /repo/app\n',
      found:
        'WORKDIR /repo\nWORKDIR /repo/app\nCOPY app/package-lock.json app/package.json ./\nRUN npm ci\nCOPY . /repo/\n',
    },
    {
      name: 'still decides who owns the folder of that',
      text: 'WORKDIR /repo\nCOPY --chown=1:1 app app\nWORKDIR app\n',
      found:
        'WORKDIR /repo\nCOPY --chown=1:1 app/package-lock.json app/package.json app/\nWORKDIR app\nRUN npm ci\nCOPY --chown=1:1 app ./\n',
    },
    {
      name: 'has manifests elsewhere written from the root',
      text: 'WORKDIR /repo\nCOPY . .\nWORKDIR /srv\nRUN mkdir -p x\nWORKDIR /repo/app\n',
      found:
        'WORKDIR /repo\nWORKDIR /srv\nRUN mkdir -p x\nWORKDIR /repo/app\nCOPY app/package-lock.json app/package.json ./\nRUN npm ci\nCOPY . /repo/\n',
    },
  ])
    it(name, () => {
      assert.equal(proposed(text), `FROM node:22\n${found}${build}`);
    });

  it('is written as it was where the file comes back to its folder', () => {
    const start = 'FROM node:22\nWORKDIR /repo/app\n';
    const tools = 'COPY tools/package*.json /tools/\nWORKDIR /tools\nRUN npm ci\n';
    const text = `${start}COPY app ./\n${tools}WORKDIR /repo/app\nRUN npm run build\n`;
    const files = {
      ...inApp,
      'tools/package.json': nodeProject['package.json'] ?? '',
      'tools/package-lock.json': nodeProject['package-lock.json'] ?? '',
    };
    const found = propose(text, files, ['app/src/a.js']).text;
    assert.equal(found, `${start}${tools}WORKDIR /repo/app\nCOPY app ./\nRUN npm run build\n`);
  });

  it('is left as it is written where it stays in its folder', () => {
    const text = 'WORKDIR /repo/app\nCOPY app .\nRUN npm ci\nWORKDIR /repo\n';
    const found = propose(`FROM node:22\n${text}RUN make\n`, inApp, ['app/src/a.js']).text;
    const moved =
      'WORKDIR /repo/app\nCOPY app/package-lock.json app/package.json ./\nRUN npm ci\nCOPY app .\nWORKDIR /repo\n';
    assert.equal(found, `FROM node:22\n${moved}RUN make\n`);
  });

  it('still decides it where a user works there', () => {
    const text = 'USER 5\nWORKDIR /repo\nCOPY . .\nWORKDIR /repo/app\n';
    const found =
      'USER 5\nWORKDIR /repo\nCOPY app/package-lock.json app/package.json app/\nWORKDIR /repo/app\nRUN npm ci\nCOPY . /repo/\n';
    assert.equal(proposed(text), `FROM node:22\n${found}${build}`);
  });

  for (const [why, text] of [
    ['a variable names it', 'ENV D=x\nWORKDIR /repo\nCOPY . $D/\nWORKDIR /repo/x/app\n'],
    ['it has a list of words', 'WORKDIR /repo\nCOPY [".", "."]\nWORKDIR /repo/app\n'],
  ] as const)
    it(`does not pass it where ${why}`, () => {
      assert.equal(proposed(text), `FROM node:22\n${text}RUN npm ci\n${build}`);
    });

  it('does not pass it where the base image decides the folder', () => {
    const text = 'FROM acme/node\nCOPY . repo/\nWORKDIR repo/app\nRUN npm ci --ignore-scripts\nRUN npm run build\n';
    assert.equal(propose(text, inApp, ['app/src/a.js']).text, text);
  });
});
