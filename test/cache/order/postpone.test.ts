import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { nodeProject, propose } from '../../helpers/proposals.js';

const files: MemoryFiles = {
  ...nodeProject,
  'config/app.yml': 'host: localhost\n',
  'own.npmrc': 'fund=false\n',
  'start.sh': 'npm start\n',
  'requirements.txt': 'flask==3.0.0\n',
};

const head = 'FROM node:22\nWORKDIR /app\n';
const manifests = 'COPY package-lock.json package.json ./\n';

function ordered(run: string): string {
  return propose(`${head}COPY . .\nRUN ${run}\n`, files, ['src/a.js', 'start.sh']).text;
}

const cases: readonly (readonly [name: string, run: string, expected: string])[] = [
  [
    'an edit of a file that the install does not read',
    "sed -i 's/localhost/db/' config/app.yml && npm ci && npm run build",
    `${head}${manifests}RUN npm ci\nCOPY . .\nRUN sed -i 's/localhost/db/' config/app.yml && npm run build\n`,
  ],
  [
    'an edit with variables',
    `sed -i "s/host: \\"$OLD\\"/"'host: '"$NEW/" config/app.yml && npm ci && make`,
    `${head}${manifests}RUN npm ci\nCOPY . .\nRUN sed -i "s/host: \\"$OLD\\"/"'host: '"$NEW/" config/app.yml && make\n`,
  ],
  [
    'a command with nothing behind the install',
    'chmod +x start.sh && pip install -r requirements.txt',
    `${head}COPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\nRUN chmod +x start.sh\n`,
  ],
  [
    'what the shell was told before, in both halves',
    'set -ex && \\\n    chmod +x start.sh && \\\n    npm ci && \\\n    export MODE=x && make',
    `${head}${manifests}RUN set -ex && \\\n    npm ci\nCOPY . .\nRUN set -ex && \\\n    chmod +x start.sh && \\\n    export MODE=x && make\n`,
  ],
  [
    'a command that is the same everywhere, with packages of the distribution',
    'chmod +x start.sh && apt-get update && apt-get install -y git && make',
    `${head}RUN apt-get update && apt-get install -y git\nCOPY . .\nRUN chmod +x start.sh && make\n`,
  ],
];

const refusals: readonly (readonly [why: string, run: string])[] = [
  ['changes a manifest', 'sed -i s/a/b/ package.json && npm ci && make'],
  ['brings one', 'mv own.json package.json && npm ci && make'],
  ['brings settings', 'cp own.npmrc .npmrc && npm ci && make'],
  ['makes a file that something might look for', 'cp start.sh vite.config.js && npm ci && make'],
  ['removes what the install might run', 'rm -rf src && npm ci && make'],
  ['changes all of the folder', 'chmod -R 755 . && npm ci && make'],
  [
    'is a program that the install may bring in another version',
    'sed -i s/a/b/ start.sh && apt-get install -y sed && make',
  ],
  ['may do anything', './start.sh && npm ci && make'],
  ['decides whether the install runs', 'chmod +x start.sh || npm ci && make'],
  ['is told of by a comment between the two', 'chmod +x start.sh && \\\n# for start.sh\n    npm ci && make'],
  ['names a file in its script', "sed -i 's/a/b/wpackage.json' start.sh && npm ci && make"],
  ['brings settings of the system', 'cp config/app.yml /etc/pip.conf && pip install -r requirements.txt && make'],
  [
    'says where packages come from',
    'cp config/app.yml /etc/apt/sources.list && apt-get update && apt-get install git && make',
  ],
  ['brings settings to a home', 'cp config/app.yml ~/.netrc && pip install -r requirements.txt && make'],
  ['brings what a variable may name', 'cp config/app.yml /opt/app/pip.conf && pip install -r requirements.txt && make'],
  [
    'reads what the install may replace',
    'cp /etc/ssl/openssl.cnf config/app.yml && apt-get install -y openssl && make',
  ],
  [
    'would go back into a folder that is gone',
    'chmod +x start.sh && mkdir -p /tmp/x && cd /tmp/x && pip install a && cd / && rm -rf /tmp/x && pip install b && make',
  ],
  ['is a part of a pipe', 'cat start.sh | sed s/a/b/ > own.sh && npm ci && make'],
  [
    'would be behind what the RUN removes again',
    'chmod +x start.sh && apt-get install -y gcc && make && apt-get purge -y gcc',
  ],
];

describe('A command on the sources in front of an install of the same RUN', () => {
  for (const [name, run, expected] of cases)
    it(`goes behind it: ${name}`, () => {
      assert.equal(ordered(run), expected);
    });

  for (const [why, run] of refusals)
    it(`stays where it ${why}`, () => {
      assert.equal(ordered(run), `${head}COPY . .\nRUN ${run}\n`);
    });
});
