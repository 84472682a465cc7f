import assert from 'node:assert/strict';
import { contextFiles, reRuns } from '../../server/lsp/re-runs.js';
import { openText } from './open-text.js';

const text = `FROM node:22 AS build
WORKDIR /app
COPY package.json ./
RUN npm install
COPY src src
RUN npm run build

FROM node:22 AS tools
COPY tool /

FROM nginx:1.27
COPY --from=build /app/dist /srv
`;
const files = {
  'package.json': '{}',
  'src/a.js': '',
  'src/b.js': '',
  tool: '',
  'notes.md': '',
  '.dockerignore': 'notes.md\n',
};
const opened = () => openText(text, files);

describe('what re-runs', () => {
  const texts = (changed: string) =>
    reRuns(opened(), `file:///project/${changed}`).steps.map((step) => `${step.first + 1} ${step.text}`);

  it('says of each step what it does, and why', () => {
    assert.deepEqual(texts('src/a.js'), [
      '2 ✓ cached',
      '3 ✓ cached',
      '4 ✓ cached',
      '5 ↻ rebuilt because src/a.js changed',
      '6 ↻ rebuilt because line 5 runs again',
      '9 · not needed',
      '12 ? depends on output: cached if /app/dist of stage build comes out the same',
    ]);
  });

  it('sums it up', () => {
    const { summary } = reRuns(opened(), 'file:///project/package.json');
    assert.match(summary, /^4 of 6 steps re-run because package\.json changed/);
  });

  it('takes a folder for all files in it', () => {
    assert.ok(texts('src').includes('5 ↻ rebuilt because src/a.js changed and 1 more'));
  });

  it('says that a file is not sent', () => {
    const { summary, steps } = reRuns(opened(), 'file:///project/notes.md');
    assert.match(summary, /^notes\.md is not sent to the builder\. Nothing re-runs/);
    assert.ok(steps.every(({ state }) => state === 'cached' || state === 'not-needed'));
  });

  it('knows a name with special characters in its URI', () => {
    const odd = openText('FROM alpine\nCOPY . /x\n', { 'a b#.txt': '' });
    assert.equal(reRuns(odd, 'file:///project/a%20b%23.txt').steps[0]?.state, 'rebuilt');
  });

  it('refuses what it cannot answer, with a reason', () => {
    assert.match(reRuns(opened(), 'file:///elsewhere/x').problem ?? '', /outside the build context/);
    assert.match(reRuns(openText('FROM\n'), 'file:///project/a').problem ?? '', /the builder rejects/);
    assert.match(reRuns(openText('a\n', {}, '.dockerignore'), 'file:///project/a').problem ?? '', /no Dockerfile/);
  });

  it('offers the files that are sent, those that a COPY names first', () => {
    const paths = contextFiles(opened()).files.map(({ path }) => path);
    assert.deepEqual(paths.slice(0, 2), ['package.json', 'tool']);
    assert.ok(paths.includes('src/a.js') && !paths.includes('notes.md'));
  });
});
