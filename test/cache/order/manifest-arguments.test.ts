import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { nodeProject, propose } from '../../helpers/proposals.js';

const files: MemoryFiles = {
  'web/package.json': nodeProject['package.json'] ?? '',
  'web/package-lock.json': nodeProject['package-lock.json'] ?? '',
  'web/src/a.js': 'a',
  '.dockerignore': '**/node_modules\nDockerfile\n',
};
const head = 'FROM node:22\nWORKDIR /app\n';

describe('Manifests in a folder that a build argument names', () => {
  for (const text of [
    `${head}ARG DIR=web\nCOPY . .\nRUN cd $DIR && npm ci\n`,
    `${head}ARG DIR=web\nCOPY $DIR /app/$DIR\nWORKDIR /app/$DIR\nRUN npm ci\n`,
    `${head}ARG DIR=web\nENV D=\${DIR}\nCOPY . .\nWORKDIR /app/$D\nRUN npm ci\n`,
    `ARG DIR=web\n${head}ARG DIR\nCOPY . .\nWORKDIR $DIR\nRUN npm ci\n`,
  ])
    it(`are not copied by the name of its default: ${text.slice(head.length).replaceAll('\n', ' ')}`, () =>
      assert.equal(propose(text, files, ['web/src/a.js']).text, text));

  it('are copied where it names only a folder of the image, or nothing', () => {
    const named = `${head}ARG TO=/srv/site\nCOPY web $TO/\nWORKDIR $TO\nRUN npm ci\n`;
    assert.match(
      propose(named, files, ['web/src/a.js']).text,
      /^COPY web\/package-lock\.json web\/package\.json \$TO\/$/m,
    );
    const unused = `${head}ARG DIR=web\nCOPY . .\nRUN cd web && npm ci\n`;
    assert.match(
      propose(unused, files, ['web/src/a.js']).text,
      /^COPY web\/package-lock\.json web\/package\.json web\/$/m,
    );
  });
});
