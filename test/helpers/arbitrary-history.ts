import fc from 'fast-check';
import type { Commit, PathChange } from '../../server/cache/history.js';
import type { MemoryFiles } from '../../server/model/memory-source.js';

/** A tree of files as Git would have it: path → version of its content, and whether it is executable. */
export type Tree = ReadonlyMap<string, { readonly version: string; readonly executable: boolean }>;

/** Trees from the oldest to the newest, each a commit on top of the one before it. */
export interface TreeHistory {
  readonly trees: readonly Tree[];
  /** Newest first, one for each tree but the oldest. */
  readonly commits: readonly Commit[];
}

const paths = [
  ...[
    'package.json',
    'package-lock.json',
    'README.md',
    'src/index.js',
    'src/app.py',
    'src/deep/x.js',
    'src/package.json',
  ],
  ...[
    'packages/a/package.json',
    'packages/b/package.json',
    'packages/b/new/note.md',
    'conf/app.conf',
    'go.mod',
    'go.sum',
  ],
  ...['requirements.txt', 'a', 'docs/only.md', 'Dockerfile', 'up/b c.txt'],
];

/** A tree in which every path that histories know exists. */
export const everyPath: Tree = new Map(paths.map((path) => [path, { version: path, executable: false }]));

/** Histories in which no two files, and no two versions of one, have the same content; `steady` ones have the same files throughout. */
export const arbitraryTrees = (steady = false): fc.Arbitrary<TreeHistory> => {
  const action = fc.record({
    path: fc.constantFrom(...paths),
    what: fc.constantFrom('write', 'write', 'write', steady ? 'mode' : 'delete', 'mode'),
  });
  return fc
    .tuple(
      steady ? fc.constant(paths) : fc.subarray(paths),
      fc.array(fc.array(action, { maxLength: 4 }), { minLength: 1, maxLength: 5 }),
    )
    .map(([start, commits]) => {
      const trees: Tree[] = [new Map(start.map((path) => [path, { version: `${path} 0`, executable: false }]))];
      for (const [index, actions] of commits.entries()) {
        const tree = new Map(trees.at(-1));
        for (const { path, what } of actions) {
          const now = tree.get(path);
          if (what === 'delete') tree.delete(path);
          else if (what === 'write')
            tree.set(path, { version: `${path} ${index + 1}`, executable: now?.executable ?? false });
          else if (now) tree.set(path, { ...now, executable: !now.executable });
        }
        trees.push(tree);
      }
      return { trees, commits: commitsOf(trees) };
    });
};

function commitsOf(trees: readonly Tree[]): Commit[] {
  return trees
    .slice(1)
    .map((tree, index): Commit => ({ id: String(index), time: index, changes: changesBetween(trees[index], tree) }))
    .reverse();
}

function changesBetween(before: Tree = new Map(), after: Tree = new Map()): PathChange[] {
  const state = (tree: Tree, path: string) => {
    const file = tree.get(path);
    return file && { blob: file.version, mode: file.executable ? 0o100755 : 0o100644 };
  };
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const change = { path, before: state(before, path), after: state(after, path) };
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : [change];
  });
}

/** The tree as a context, with an ignore file of its own. */
export function filesOfTree(tree: Tree, ignoreFile: string | undefined): MemoryFiles {
  const files = [...tree].map(
    ([path, { version, executable }]) => [path, { text: version, mode: executable ? 0o755 : 0o644 }] as const,
  );
  const all = Object.fromEntries(files);
  return ignoreFile === undefined ? all : { ...all, '.dockerignore': ignoreFile };
}
