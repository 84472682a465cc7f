import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose, whyBehind } from '../../helpers/proposals.js';

const files: MemoryFiles = {
  'src/main.c': 'x',
  'packages.txt': 'curl\n',
  'setup.sh': '#!/bin/sh\napt-get -y install curl\n',
  'fresh.sh': '#!/bin/sh\napt-get update\napt-get install -y curl\n',
  'build.sh': 'make\n',
  '.dockerignore': 'Dockerfile\n',
};

const head = 'FROM debian:12\nWORKDIR /app\n';

function ordered(rest: string): string {
  return propose(`${head}COPY . .\n${rest}\n`, files, ['src/main.c']).text.slice(head.length).trimEnd();
}

describe('Package lists of apt', () => {
  for (const run of [
    'apt-get update && ./setup.sh',
    'apt-get update && xargs -a packages.txt apt-get install -y',
    'apt-get update && apt-get install -y git && ./setup.sh',
    'apt-get update && \\\n    apt-get install -y git && \\\n    ./build.sh && apt-get install -y curl',
    'apt-get update && make deps',
  ])
    it(`are not cut off what installs from them: ${run}`, () =>
      assert.equal(ordered(`RUN ${run}`), `COPY . .\nRUN ${run}`));

  for (const [first, rest] of [
    ['apt-get update && apt-get install -y git', './build.sh'],
    ['apt-get update && apt-get install -y git', './fresh.sh'],
    ['apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*', './setup.sh'],
  ])
    it(`need not stay with what does not: ${rest}`, () =>
      assert.equal(ordered(`RUN ${first} && ${rest}`), `RUN ${first}\nCOPY . .\nRUN ${rest}`));

  for (const run of ['./setup.sh', 'xargs apt-get install -y < packages.txt'])
    it(`are not fetched before sources for which a later step installs anew: ${run}`, () => {
      const text = `RUN apt-get update\nRUN ${run}`;
      assert.equal(ordered(text), `COPY . .\n${text}`);
      assert.match(
        whyBehind(`${head}COPY . .\n${text}\n`, files, 'COPY', 'RUN apt-get update') ?? '',
        /would take the package lists that `apt-get update` fetched on another day$/,
      );
    });

  it('go first with all that installs from them', () => {
    assert.equal(
      ordered('RUN apt-get update\nRUN apt-get install -y git\nRUN ./build.sh'),
      'RUN apt-get update\nRUN apt-get install -y git\nCOPY . .\nRUN ./build.sh',
    );
    assert.equal(
      ordered('RUN apt-get update\nRUN apt-get install -y $(cat packages.txt)'),
      'COPY packages.txt ./\nRUN apt-get update\nRUN apt-get install -y $(cat packages.txt)\nCOPY . .',
    );
    assert.equal(ordered('RUN apt-get update\nRUN ./fresh.sh'), 'RUN apt-get update\nCOPY . .\nRUN ./fresh.sh');
  });
});
