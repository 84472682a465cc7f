import assert from 'node:assert/strict';
import { causesOf, PathTree } from '../../server/cache/causes.js';

/** `path commits` of each cause. */
function causes(...commits: string[][]): string[] {
  const tree = new PathTree();
  const chains = commits.map((paths) => paths.map((path) => tree.chain(path)));
  return causesOf(tree, chains).map(({ path, commits: count }) => `${path} ${count}`);
}

describe('causesOf', () => {
  it('counts the commits of each path, the most frequent first', () => {
    assert.deepEqual(causes(['b'], ['a', 'b'], ['a'], ['a']), ['a 3', 'b 2']);
    assert.deepEqual(causes(), []);
  });

  it('counts a folder once for each commit, however many of its files changed', () => {
    const many = Array.from({ length: 20 }, (_, index) => `src/${index}`);
    assert.deepEqual(causes(many, ['src/1', 'package.json'], ['src/2']), ['src/ 3', 'package.json 1']);
  });

  it('goes as deep as eight entries allow', () => {
    assert.deepEqual(causes(['src/app/a.js'], ['src/app/b.js'], ['src/app/a.js']), [
      'src/app/a.js 2',
      'src/app/b.js 1',
    ]);
    const wide = Array.from({ length: 9 }, (_, index) => [`apps/web/${index}`]);
    assert.deepEqual(causes(...wide, ['apps/api/x', 'lock']), ['apps/web/ 9', 'apps/api/x 1', 'lock 1']);
  });

  it('leaves the least frequent of many out', () => {
    const paths = Array.from({ length: 12 }, (_, index) => `file${index}`);
    assert.deepEqual(causes(paths, ['file11']).slice(0, 2), ['file11 2', 'file0 1']);
    assert.equal(causes(paths).length, 8);
  });
});
