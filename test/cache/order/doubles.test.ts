import assert from 'node:assert/strict';
import { nodeProject, propose } from '../../helpers/proposals.js';

const head = 'FROM node:22\nWORKDIR /app\n';

/** The new stage, behind the line that names the syntax. */
function orderOf(stage: string): string {
  const { text } = propose(head + stage);
  return text.slice(text.indexOf(head) + head.length);
}

describe('manifests that are copied before an install', () => {
  it('come once where a second RUN reads one of them', () =>
    assert.equal(
      orderOf('COPY . .\nRUN npm install\nRUN cp package-lock.json /srv/lock\n'),
      'COPY package-lock.json package.json ./\nRUN npm install\nCOPY --exclude=package-lock.json . .\nRUN cp package-lock.json /srv/lock\n',
    ));

  it('come with a lockfile of Yarn that npm writes anew even while it leaves its own alone', () => {
    const { text } = propose(`${head}COPY . .\nRUN npm ci\n`, { ...nodeProject, 'yarn.lock': '# yarn lockfile v1\n' });
    assert.equal(
      text.slice(text.indexOf(head) + head.length),
      'COPY package-lock.json package.json yarn.lock ./\nRUN npm ci\nCOPY --exclude=yarn.lock . .\n',
    );
  });

  it('do not come again where the author has copied them', () => {
    for (const copy of ['COPY package*.json ./', 'COPY package.json package-lock.json ./'])
      assert.equal(
        orderOf(`${copy}\nCOPY . .\nRUN npm install\n`),
        `${copy}\nRUN npm install\nCOPY --exclude=package-lock.json . .\n`,
      );
  });

  it('come again where some of them are missing', () =>
    assert.equal(
      orderOf('COPY package.json ./\nCOPY . .\nRUN npm ci\n'),
      'COPY package.json ./\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\n',
    ));

  it('come again where an install may have written one of them', () =>
    assert.equal(
      orderOf('COPY package*.json ./\nRUN npm install\nCOPY . .\nRUN npm ci\n'),
      'COPY package*.json ./\nRUN npm install\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\n',
    ));

  it('come again for another owner', () =>
    assert.equal(
      orderOf('COPY --chown=7 package*.json ./\nCOPY . .\nRUN npm install\n'),
      'COPY --chown=7 package*.json ./\nCOPY package-lock.json package.json ./\nRUN npm install\nCOPY --exclude=package-lock.json . .\n',
    ));

  it('come in two lines where a step between them needs one only', () =>
    assert.equal(
      orderOf('COPY . .\nRUN cp package-lock.json /srv/lock\nRUN npm ci\n'),
      'COPY package-lock.json ./\nRUN cp package-lock.json /srv/lock\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\n',
    ));
});
