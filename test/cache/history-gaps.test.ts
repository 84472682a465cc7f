import assert from 'node:assert/strict';
import { historyGaps } from '../../server/cache/history-gaps.js';
import { buildOf } from '../../server/model/build.js';
import { createContext } from '../../server/model/context.js';
import { type MemoryFiles, memorySource } from '../../server/model/memory-source.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

function gaps(text: string, files: MemoryFiles, tracked: readonly string[] | undefined): readonly string[] {
  const context = createContext({ name: '.', origin: 'folder', source: memorySource(files) });
  return historyGaps(buildOf(parseDockerfile(text)), context, tracked);
}

describe('historyGaps', () => {
  it('names copies of what Git does not know', () => {
    assert.deepEqual(gaps('FROM a\nCOPY src /src\nCOPY dist/x /x\n', { 'src/a': '', 'dist/x': '' }, ['src/a']), [
      'Git does not know what `COPY dist/x /x` brings: what re-runs when that changes is not counted',
    ]);
    assert.deepEqual(gaps('FROM a\nCOPY dist /x\n', { 'dist/x': '' }, undefined), []);
  });

  it('takes a submodule for known: its commit tells when its files change', () => {
    assert.deepEqual(gaps('FROM a\nCOPY cal/package.json cal/apps /x/\n', { 'cal/package.json': '' }, ['cal']), []);
  });

  it('says that .git is copied, which every commit changes', () => {
    const files = { '.git/HEAD': 'ref: refs/heads/main\n', a: '' };
    assert.deepEqual(gaps('FROM a\nCOPY . .\n', files, ['a']), [
      '`COPY . .` takes .git, which every commit changes: what re-runs for that is not counted',
    ]);
    assert.deepEqual(gaps('FROM a\nCOPY . .\n', { ...files, '.dockerignore': '.git\n' }, ['a']), []);
    assert.deepEqual(gaps('FROM a\nCOPY a .\n', files, ['a']), []);
  });
});
