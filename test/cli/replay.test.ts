import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { root } from '../helpers/root.js';
import { layerwise } from '../helpers/run-cli.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const bad = `FROM node:22 AS build
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
FROM nginx:1.29
COPY --from=build /app/dist /srv
`;
const good = bad.replace('COPY . .\nRUN npm ci', 'COPY package*.json ./\nRUN npm ci\nCOPY . .');

interface Step {
  readonly line: number;
  readonly rebuilds: number;
  readonly uncertain: number;
  readonly causes: readonly { readonly path: string; readonly commits: number }[];
  readonly seconds: number;
  readonly basis: string;
}

interface Json {
  readonly commits: number;
  readonly steps: readonly Step[];
  readonly expected: { readonly secondsPerCommit: number; readonly rebuiltStepsPerCommit: number };
  readonly proposed?: Omit<Json, 'commits'>;
}

describe('layerwise replay', () => {
  let folder: TemporaryFolder;
  let commits = 0;

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
      cwd: folder.path,
      stdio: 'pipe',
      env: { ...process.env, GIT_COMMITTER_DATE: `2024-01-0${(commits % 9) + 1}T12:00:00Z` },
    });
  const commit = (file: string) => {
    commits++;
    folder.write(file, `${commits}\n`);
    git('add', '-A');
    git('commit', '-q', '-m', file);
  };
  const run = (args: string) => layerwise(`replay ${args}`, { cwd: folder.path });
  const json = async (args = '') => {
    const { stdout, stderr, code } = await run(`${args} --format json`);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Json;
  };

  before(() => {
    folder = temporaryFolder({
      'api/Dockerfile': bad,
      'api/good.Dockerfile': good,
      'api/.dockerignore': '*.md\n',
      'api/package.json': '{}',
    });
    git('init', '-q');
    for (const file of ['api/src/a.js', 'api/src/a.js', 'api/src/b.js', 'api/README.md', 'web/x', 'api/package.json'])
      commit(file);
  });
  after(() => folder.remove());

  it('counts, over the history of the context, how often each step runs again and why', async () => {
    const { commits: count, steps, expected } = await json('api/Dockerfile');
    assert.equal(count, 5);
    assert.deepEqual(
      steps.map(({ line, rebuilds, uncertain }) => [line, rebuilds, uncertain]),
      [
        [2, 0, 0],
        [3, 3, 0],
        [4, 3, 0],
        [5, 3, 0],
        [7, 3, 3],
      ],
    );
    const causes = [
      { path: 'package.json', commits: 1 },
      { path: 'src/a.js', commits: 1 },
      { path: 'src/b.js', commits: 1 },
    ];
    assert.deepEqual(
      steps.map((step) => step.causes),
      [[], causes, causes, causes, causes],
    );
    assert.equal(expected.rebuiltStepsPerCommit, 12 / 5);
    const seconds = steps.reduce((sum, step) => sum + (step.rebuilds * step.seconds) / 5, 0);
    assert.ok(Math.abs(expected.secondsPerCommit - seconds) < 0.01);
  });

  it('compares with another Dockerfile', async () => {
    const { proposed, expected } = await json('api/Dockerfile --compare api/good.Dockerfile');
    const npmCi = proposed?.steps.find(({ line }) => line === 4);
    assert.equal(npmCi?.rebuilds, 1);
    assert.ok(proposed && proposed.expected.secondsPerCommit < expected.secondsPerCommit);
    const { stdout } = await run('api/Dockerfile --compare api/good.Dockerfile');
    assert.match(stdout, /^5 commits, 2024-01-03 to 2024-01-07$/m);
    assert.match(stdout, /^~\d.* steps per commit → ~\d.* steps per commit: \d+ % less$/m);
  });

  it('takes only so many commits', async () => {
    assert.equal((await json('api/Dockerfile --commits 2')).commits, 2);
    assert.equal((await json('api/Dockerfile --since HEAD~3')).commits, 3);
  });

  it('prints a table with bars', async () => {
    const { stdout } = await run('api/Dockerfile');
    assert.match(stdout, /^ {2}FROM node:22 AS build$/m);
    assert.match(stdout, /^3 COPY \. \. +█{12}·{8} 3 +~0\.1 s package\.json 1, src\/a\.js 1, src\/b\.js 1$/m);
    assert.match(stdout, /^7 COPY --from=build \/app\/dist \/srv +█{12}·{8} 3\? /m);
    assert.match(stdout, /^Only 5 commits of history, not 200\.$/m);
    assert.match(stdout, /^\? is cached where/m);
  });

  it('says that it guessed the build context, and from what', async () => {
    folder.write('docker/Dockerfile', 'FROM node:22\nCOPY api/package.json api/src ./\n');
    const { stderr } = await run('docker/Dockerfile');
    assert.match(
      stderr,
      /^layerwise: docker\/Dockerfile: the files that it copies are in \.\., so that is taken as the build/,
    );
    assert.equal((await run('api/Dockerfile')).stderr, '');
  });

  it('shows an instruction of several lines on one, and causes whole', async () => {
    folder.write('long.Dockerfile', 'FROM node:22\nCOPY . .\nRUN   set -eux; \\\n    # not this\n    make all\n');
    const { stdout } = await run('long.Dockerfile --context api');
    assert.match(stdout, /^3 RUN set -eux; make all /m);
    assert.doesNotMatch(stdout, /[^,] …|\w…$/m);
  });

  it('says which build arguments it takes for the same in every build', async () => {
    const note =
      /^If every build has another GIT_SHA, the RUNs behind it re-run each time: layerwise order --changing-arg GIT_SHA counts them\.$/m;
    folder.write('arg.Dockerfile', 'FROM node:22\nARG GIT_SHA\nRUN true\n');
    assert.match((await run('arg.Dockerfile --context api')).stdout, note);
    assert.doesNotMatch((await run('arg.Dockerfile --context api --build-arg GIT_SHA=1')).stdout, note);
    folder.write('arg.Dockerfile', 'FROM node:22\nRUN true\nARG GIT_SHA\n');
    assert.doesNotMatch((await run('arg.Dockerfile --context api')).stdout, note);
  });

  it('says what the history does not tell', async () => {
    folder.write('.gitignore', 'out\n');
    folder.write('out/app', '');
    folder.write('out.Dockerfile', 'FROM alpine\nCOPY out/app \\\n  /app\n');
    const { stdout } = await run('out.Dockerfile');
    assert.match(stdout, /^Git does not know what `COPY out\/app \/app` brings: what re-runs .* is not counted\.$/m);
    assert.doesNotMatch((await run('api/Dockerfile')).stdout, /Git does not know/);
  });

  it('writes JSON that its schema accepts', async () => {
    const schema = JSON.parse(readFileSync(path.join(root, 'docs/schema/replay.schema.json'), 'utf8'));
    const validate = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);
    const report = await json('api/Dockerfile --compare api/good.Dockerfile');
    assert.ok(validate(report), JSON.stringify(validate.errors));
  });

  it('writes a page that needs nothing else and shows text as text', async () => {
    folder.write('api/odd.Dockerfile', 'FROM a AS b\nCOPY . /<script>alert(1)</script>\nRUN echo "&\'"\n');
    const { stdout, code } = await run('api/odd.Dockerfile --format html');
    assert.equal(code, 0);
    assert.match(stdout, /^<!doctype html>/);
    assert.doesNotMatch(stdout, /<script|https?:|url\(|@import| src=| on\w+=/);
    assert.match(stdout, /&lt;script&gt;alert\(1\)/);
    assert.match(stdout, /<title>COPY \. \/&lt;script/);
    assert.match(stdout, /prefers-color-scheme:dark/);
  });

  it('writes Markdown', async () => {
    const { stdout } = await run('api/Dockerfile --compare api/good.Dockerfile --format markdown');
    assert.match(stdout, /^\*\*\\~\d.*% less\)\*\*, over 5 commits, 2024-01-03 to 2024-01-07$/m);
    assert.match(stdout, /^\| build \| 4 \| `RUN npm ci` \| 3 of 5 \| /m);
  });

  it('uses times that layerwise measure has kept', async () => {
    const log = '#5 [build 4/5] RUN npm ci\n#5 DONE 12.5s\n';
    const measured = await layerwise('measure - --into api/.layerwise/measures.json', { cwd: folder.path, stdin: log });
    assert.equal(measured.code, 0, measured.stderr);
    const { steps } = await json('api/Dockerfile');
    assert.deepEqual(
      steps.filter(({ basis }) => basis === 'measured').map(({ line, seconds }) => [line, seconds]),
      [[4, 12.5]],
    );
  });

  for (const [args, message] of [
    ['api/Dockerfile --commits 0', /--commits 0: is not a number of commits/],
    ['api/Dockerfile --since whenever', /"whenever" is neither a revision that Git knows here nor a date/],
    ['api/Dockerfile --compare api/none', /api\/none: no such file/],
    ['api/Dockerfile --target nope', /api\/Dockerfile: has no stage nope/],
    ['api/Dockerfile --builder kaniko', /--builder kaniko: its cache is not modelled/],
  ] as const) {
    it(`says what is wrong with ${args}`, async () => {
      const { code, stderr } = await run(args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }

  it('says that there is no repository', async () => {
    const plain = temporaryFolder({ Dockerfile: 'FROM scratch\nCOPY . .\n' });
    const { code, stderr } = await layerwise('replay', { cwd: plain.path });
    plain.remove();
    assert.equal(code, 2);
    assert.match(
      stderr,
      /is not in a Git repository, so no commits tell .*; layerwise rebuild --changed PATH needs none$/m,
    );
  });
});
