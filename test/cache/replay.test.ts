import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareContexts } from '../../server/cache/change.js';
import { type ContextCommit, contextCommits } from '../../server/cache/history.js';
import { type Rebuild, rebuildOf } from '../../server/cache/rebuild.js';
import { type Replay, replayOf } from '../../server/cache/replay.js';
import type { Side } from '../../server/cache/side.js';
import { createContext } from '../../server/model/context.js';
import { memorySource } from '../../server/model/memory-source.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { arbitraryDockerfile } from '../helpers/arbitrary-dockerfile.js';
import { arbitraryTrees, everyPath, filesOfTree, type Tree } from '../helpers/arbitrary-history.js';

/** Lines that copy between stages in ways that depend on where single files land, and stages that are alike. */
const crossing = fc.constantFrom(
  ...['COPY --from=s0 /app/package.json /p.json', 'COPY --from=s0 /app/src /src', 'COPY --from=s0 /etc/app.conf /c'],
  ...['COPY --from=s0 /app/*.json /all/', 'COPY package.json /app/', 'COPY packages/a/package.json /app/'],
  ...['COPY packages/b/package.json /app/', 'COPY . /app', 'COPY src /app/src', 'RUN make', 'WORKDIR /app'],
  ...['COPY --link src /app/src', 'RUN --mount=type=bind,source=src,target=/s make', 'COPY --exclude=**/*.md . /app'],
  ...['RUN --mount=type=bind,from=s0,source=/app,target=/s make', 'COPY conf/app.conf /etc/', 'COPY *.json /app/'],
  ...['COPY --parents packages/*/package.json /app/', 'COPY conf/app.conf go.mod /etc/'],
);

const crossingFile = fc
  .tuple(
    fc.array(crossing, { maxLength: 5 }),
    fc.array(crossing, { maxLength: 5 }),
    fc.array(crossing, { minLength: 1, maxLength: 6 }),
  )
  .map(
    ([a, b, c]) =>
      `FROM alpine AS s0\n${a.filter((line) => !line.includes('s0')).join('\n')}\nFROM alpine AS s1\n${b.join('\n')}\nCOPY --from=s0 /app /x\nFROM alpine\n${c.join('\n')}\nCOPY --from=s1 /x /y\n`,
  );

const ignoreFile = fc.constantFrom(
  undefined,
  '',
  '**/*.md\n',
  '*\n!src\n!package*.json\n',
  'docs\nREADME.md\n.dockerignore\n',
);

function sideOf(text: string, tree: Tree, ignore: string | undefined): Side {
  const context = createContext({ name: '.', origin: 'folder', source: memorySource(filesOfTree(tree, ignore)) });
  return {
    file: parseDockerfile(text),
    context,
    buildArgs: new Map(),
    identity: (path) => tree.get(path)?.version ?? (path === '.dockerignore' ? ignore : undefined),
  };
}

/** State of every step that the target needs, by its place in the file. */
const statesOf = ({ steps }: Rebuild) =>
  steps.flatMap(({ instruction, state }) => (state === 'not-needed' ? [] : [[instruction.index, state]]));

const statesIn = ({ steps }: Replay) =>
  steps.map(({ instruction, rebuilds, uncertain }) => [
    instruction.index,
    uncertain > 0 ? 'unknown' : rebuilds > 0 ? 'rebuilt' : 'cached',
  ]);

/**
 * The same, but for steps that may be found again as what another step of the earlier build has made: only `rebuildOf` looks for that,
 * and where it cannot tell it says so.
 */
function assertAgree(replay: Replay, whole: Rebuild, message: string): void {
  const expected = statesOf(whole);
  const actual = statesIn(replay).map(([index, state], at) => {
    const [other, doubt] = expected[at] ?? [];
    return index === other && doubt === 'unknown' ? [index, doubt] : [index, state];
  });
  assert.deepEqual(actual, expected, message);
}

describe('replayOf', () => {
  const anyFile = () => fc.oneof(crossingFile, arbitraryDockerfile());

  it('says of every commit what rebuildOf says of its changes', () => {
    const property = fc.property(anyFile(), arbitraryTrees(), ignoreFile, (text, { trees, commits }, ignore) => {
      const newest = trees.at(-1) ?? new Map();
      const side = { ...sideOf(text, everyPath, ignore), identity: (path: string) => path };
      const history = contextCommits(commits, {
        folder: '',
        ignoreFile: side.context?.ignoreFile?.file,
        newestPaths: newest.keys(),
      });
      const before = { ...side, identity: (path: string) => `${path} before` };
      for (const { id, files } of history) {
        // What a mode was before, one tree alone cannot tell.
        const commit = {
          id,
          files: files.map((file) => (file.kind === 'mode' ? { ...file, kind: 'content' as const } : file)),
        };
        const whole = rebuildOf({ before, after: side, files: commit.files });
        assertAgree(replayOf(side, 'buildkit', [commit]), whole, JSON.stringify(commit));
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('takes no step for its own whose source is missing as that of another one is', () => {
    const text =
      'FROM alpine AS s1\nCOPY package.json /app/\nFROM alpine\nCOPY packages/a/package.json /app/\nCOPY --from=s1 /x /y\n';
    const after = { ...sideOf(text, everyPath, '*\n!package*.json\n'), identity: (path: string) => path };
    const before = { ...after, identity: (path: string) => `${path} before` };
    const files = [{ path: 'package.json', kind: 'added', folder: false } as const];
    const states = statesOf(rebuildOf({ before, after, files }));
    assert.deepEqual(states, [
      [1, 'rebuilt'],
      [3, 'cached'],
      [4, 'cached'],
    ]);
    assert.deepEqual(statesIn(replayOf(after, 'buildkit', [{ id: '0', files }])), states);
  });

  it('knows that a folder is new whose only file is left out of the copy', () => {
    const text = 'FROM alpine AS s0\nCOPY --exclude=**/*.md . /app\nFROM alpine\nCOPY --from=s0 /app /x\n';
    const change = { kind: 'added', folder: false } as const;
    const files = [
      { ...change, path: 'docs', folder: true },
      { ...change, path: 'docs/only.md' },
    ];
    const side = sideOf(text, new Map([['docs/only.md', { version: '1', executable: false }]]), undefined);
    const [, copied] = replayOf(side, 'buildkit', [{ id: '0', files }]).steps;
    assert.equal(copied?.rebuilds, 1);
  });

  it('says of every commit what rebuildOf says of the two trees', () => {
    const property = fc.property(anyFile(), arbitraryTrees(true), ignoreFile, (text, { trees, commits }, ignore) => {
      const sides = trees.map((tree) => sideOf(text, tree, ignore));
      const [side] = sides;
      assert.ok(side);
      for (const [index, commit] of contextCommits(commits, { folder: '', ignoreFile: side.context?.ignoreFile?.file })
        .toReversed()
        .entries()) {
        const [before, after] = [sides[index], sides[index + 1]];
        assert.ok(before && after);
        const whole = rebuildOf({ before, after, files: compareContexts(before, after) });
        assertAgree(replayOf(side, 'buildkit', [commit]), whole, JSON.stringify(commit));
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('sums over a history what it says of each commit', () => {
    const property = fc.property(anyFile(), arbitraryTrees(), ignoreFile, (text, { trees, commits }, ignore) => {
      const side = sideOf(text, trees.at(-1) ?? new Map(), ignore);
      const history = contextCommits(commits, { folder: '', ignoreFile: side.context?.ignoreFile?.file });
      const single = history.map((commit) => replayOf(side, 'buildkit', [commit]));
      const whole = replayOf(side, 'buildkit', history);
      for (const [index, { rebuilds, uncertain }] of whole.steps.entries()) {
        const steps = single.map(({ steps }) => steps[index]);
        assert.equal(rebuilds, steps.filter((step) => step?.rebuilds === 1).length);
        assert.equal(uncertain, steps.filter((step) => step?.uncertain === 1).length);
      }
      assert.equal(whole.idle, single.filter(({ rebuiltSteps }) => rebuiltSteps === 0).length);
      assert.equal(
        whole.rebuiltSteps,
        single.reduce((sum, one) => sum + one.rebuiltSteps, 0),
      );
    });
    fc.assert(property, { numRuns: 60 });
  });

  const commitsOf = (...changed: string[][]): ContextCommit[] =>
    changed.map((paths, index) => ({
      id: String(index),
      files: paths.map((path) => ({ path, kind: 'content', folder: false })),
    }));
  const replay = (text: string, ...changed: string[][]) =>
    replayOf(sideOf(text, everyPath, undefined), 'buildkit', commitsOf(...changed));

  it('counts how often each step runs again', () => {
    const { commits, idle, steps, rebuiltSteps } = replay(
      'FROM node\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\nCOPY src src\nRUN make\n',
      ['src/a.js'],
      ['package.json'],
      ['README.md'],
      ['src/a.js', 'package.json'],
      [],
    );
    assert.deepEqual(
      steps.map(({ rebuilds }) => rebuilds),
      [0, 2, 2, 3, 3],
    );
    assert.deepEqual([commits, idle, rebuiltSteps], [5, 2, 10]);
  });

  it('names the files that made a step run again, those of steps before it too', () => {
    const { steps } = replay(
      'FROM node\nCOPY package.json .\nRUN npm ci\nCOPY src src\nRUN make\n',
      ['src/a.js', 'README.md'],
      ['package.json', 'src/a.js'],
      ['src/b.js'],
    );
    const causes = steps.map((step) => step.causes());
    const manifest = { path: 'package.json', commits: 1 };
    const sources = [
      { path: 'src/a.js', commits: 2 },
      { path: 'src/b.js', commits: 1 },
    ];
    assert.deepEqual(causes.slice(0, 2), [[manifest], [manifest]]);
    assert.deepEqual(causes[3], [sources[0], manifest, sources[1]]);
  });

  it('counts a copy from a stage that ran again, and says that it may come out the same', () => {
    const { steps } = replay(
      'FROM go AS build\nCOPY . .\nRUN make\nFROM scratch\nCOPY conf /conf\nCOPY --from=build /bin/app /app\n',
      ['main.go'],
      ['conf/x'],
    );
    assert.deepEqual(
      steps.map(({ rebuilds, uncertain }) => [rebuilds, uncertain]),
      [
        [2, 0],
        [2, 0],
        [1, 0],
        [2, 1],
      ],
    );
    assert.deepEqual(steps[3]?.causes(), [
      { path: 'conf/x', commits: 1 },
      { path: 'main.go', commits: 1 },
    ]);
  });

  it('takes a copy of single files from a stage for unchanged where other files of it changed', () => {
    const { steps } = replay(
      'FROM scratch AS files\nCOPY . /src\nFROM alpine\nCOPY --from=files /src/package.json /\nRUN x\n',
      ['README.md'],
      ['package.json'],
    );
    assert.deepEqual(
      steps.map(({ rebuilds }) => rebuilds),
      [2, 1, 1],
    );
  });

  it('follows symbolic links of the context as rebuildOf does', () => {
    const files = {
      'conf/a': '1',
      'conf/b': '1',
      'real/deep/x': '1',
      current: { link: 'conf/a' },
      dir: { link: 'real' },
      loop: { link: 'loop' },
    };
    const context = createContext({ name: '.', origin: 'folder', source: memorySource(files) });
    const text =
      'FROM a\nCOPY current /a\nFROM a\nCOPY dir/deep /x\nCOPY --from=0 /a /a\nFROM a\nCOPY loop /l\nCOPY --from=1 /x /x\n';
    const side: Side = { file: parseDockerfile(text), context, buildArgs: new Map(), identity: (path) => path };
    for (const path of ['conf/a', 'conf/b', 'real/deep/x', 'real/y', 'current', 'dir']) {
      const [commit] = commitsOf([path]);
      assert.ok(commit);
      const before = { ...side, identity: (file: string) => `${file} before` };
      const whole = rebuildOf({ before, after: side, files: commit.files });
      assert.deepEqual(statesIn(replayOf(side, 'buildkit', [commit])), statesOf(whole), path);
    }
  });
});
