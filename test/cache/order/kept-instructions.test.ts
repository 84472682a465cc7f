import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildOf } from '../../../server/model/build.js';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { joinPath } from '../../../server/model/path.js';
import { parseDockerfile } from '../../../server/syntax/dockerfile.js';
import { nodeProject, propose } from '../../helpers/proposals.js';

const files: MemoryFiles = {
  ...Object.fromEntries(Object.entries(nodeProject).map(([path, text]) => [`app/${path}`, text])),
  '.dockerignore': '**/node_modules\nDockerfile\n',
  'README.md': 'read',
  'docs/x.md': 'x',
};

const line = fc.constantFrom(
  ...['WORKDIR /a', 'WORKDIR b', 'WORKDIR /a/app', 'WORKDIR app', 'WORKDIR /', 'USER 5', 'USER 0', 'ENV A=b'],
  ...['COPY . .', 'COPY app app', 'COPY app ./', 'COPY app /a/app/', 'COPY README.md ./', 'COPY README.md docs/'],
  ...['COPY docs docs', 'COPY --chown=1:1 docs ./', 'COPY app/package*.json ./'],
  ...['RUN npm ci', 'RUN npm install', 'RUN mkdir -p x', 'RUN make', 'RUN apt-get install -y git', 'RUN npm run build'],
  ...['RUN apt-get update && apt-get install -y git && npm ci', 'RUN chmod 600 README.md && npm ci && make'],
  ...[
    'RUN set -e && apt-get install -y git && pip install a && npm ci && make',
    'RUN npm i -g pnpm && apt-get install -y git',
  ],
);

/** What each COPY puts where, and what commands run, in which folder and as whom; in no order. */
function doneBy(text: string): string[] {
  const build = buildOf(parseDockerfile(text));
  return build.file.instructions.flatMap((one) => {
    const { cwd = '/', user } = build.stateBefore(one);
    if (one.keyword === 'RUN')
      return one.text
        .split(' && ')
        .flatMap((command) => (command === 'set -e' ? [] : `${command} in ${cwd} by ${user}`));
    if (one.keyword !== 'COPY') return [];
    const flags = one.flags.filter(({ name }) => name !== 'exclude').map(({ name, value }) => `${name}=${value}`);
    const sources = one.sources.map((source) => source.text);
    return [`COPY ${[...flags, ...sources].join(' ')} to ${joinPath(cwd, one.destination?.text ?? '')}`];
  });
}

describe('What is proposed', () => {
  it('still copies and runs all that the author copies and runs, to and in the same folders', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 9 }), (lines) => {
        const text = ['FROM node:22', ...lines, 'RUN npm ci', 'RUN npm run build', ''].join('\n');
        const left = doneBy(propose(text, files, ['app/src/a.js', 'docs/x.md']).text);
        for (const one of doneBy(text)) {
          const at = left.indexOf(one);
          assert.notEqual(at, -1, one);
          left.splice(at, 1);
        }
        for (const more of left) assert.match(more, /^COPY (?:\S+=\S+ )?app\/package/);
      }),
      { numRuns: 150 },
    );
  });
});
