import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareContexts } from '../../server/cache/change.js';
import { type Commit, contextCommits } from '../../server/cache/history.js';
import type { FileChange, Side } from '../../server/cache/side.js';
import { createContext } from '../../server/model/context.js';
import { memorySource } from '../../server/model/memory-source.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { arbitraryTrees, filesOfTree, type Tree } from '../helpers/arbitrary-history.js';

const file = parseDockerfile('FROM scratch\n');

function sideOf(tree: Tree, ignore: string): Side {
  const context = createContext({ name: '.', origin: 'folder', source: memorySource(filesOfTree(tree, ignore)) });
  return { file, context, buildArgs: new Map(), identity: (path) => tree.get(path)?.version ?? path };
}

const commit = (...paths: string[]): Commit => ({
  id: 'x',
  time: 0,
  changes: paths.map((path) => ({ path, before: undefined, after: { blob: 'b', mode: 0o100644 } })),
});

const pathsIn = (commits: ReturnType<typeof contextCommits>) =>
  commits.map(({ files }) => files.map(({ path }) => path));

describe('contextCommits', () => {
  it('gives the changes between the two contexts of every commit, folders and ignored files considered', () => {
    const ignoreFile = fc.constantFrom('', '**/*.md\n', '*\n!src\n', 'packages/b\n!packages/b/new\n', 'docs\n');
    const property = fc.property(arbitraryTrees(), ignoreFile, ({ trees, commits }, ignore) => {
      const sides = trees.map((tree) => sideOf(tree, ignore));
      const newest = sides.at(-1);
      assert.ok(newest);
      const options = { folder: '', ignoreFile: newest.context?.ignoreFile?.file, newestPaths: trees.at(-1)?.keys() };
      for (const [index, { files }] of contextCommits(commits, options).toReversed().entries()) {
        const [before, after] = [sides[index], sides[index + 1]];
        assert.ok(before && after);
        assert.deepEqual(sorted(files), sorted(compareContexts(before, after)));
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('cuts the folder of the context off, and leaves out what lies beside it', () => {
    const commits = [commit('api/src/a.js', 'api2/b', 'web/c'), commit('README.md')];
    assert.deepEqual(pathsIn(contextCommits(commits, { folder: 'api' })), [['src/a.js'], []]);
  });
});

function sorted(changes: readonly FileChange[]): readonly FileChange[] {
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
