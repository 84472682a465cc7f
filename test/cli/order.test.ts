import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { root } from '../helpers/root.js';
import { layerwise } from '../helpers/run-cli.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const bad = `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
RUN make
`;
const good = `FROM node:22
WORKDIR /app
COPY package-lock.json package.json ./
RUN npm ci
COPY . .
RUN make
`;

interface Json {
  readonly changed: boolean;
  readonly written: boolean;
  readonly commits: number;
  readonly history: { readonly gaps: readonly string[] };
  readonly expected: { readonly secondsPerCommit: number };
  readonly proposed: { readonly expected: { readonly secondsPerCommit: number }; readonly text: string };
  readonly moves: readonly { readonly line: number; readonly instruction: string; readonly safe: readonly string[] }[];
  readonly kept: readonly { readonly line: number; readonly reason: string }[];
  readonly otherwise: readonly { readonly option: string }[];
  readonly cacheMounts: { readonly safe: boolean; readonly proposed: Pick<Json, 'expected'> } | null;
  readonly housekeeping: {
    readonly patterns: readonly string[];
    readonly file: string;
    readonly commits: number;
    readonly proposed: { readonly expected: { readonly secondsPerCommit: number } };
  } | null;
}

describe('layerwise order', () => {
  let folder: TemporaryFolder;

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
      cwd: folder.path,
      stdio: 'pipe',
      env: { ...process.env, GIT_COMMITTER_DATE: '2024-01-31T12:00:00Z' },
    });
  const commit = (file: string, text: string) => {
    folder.write(file, text);
    git('add', '-A');
    git('commit', '-q', '-m', file);
  };
  const run = (args: string) => layerwise(`order ${args}`, { cwd: folder.path });
  const json = async (args: string) => {
    const { stdout, stderr, code } = await run(`${args} --format json`);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Json;
  };

  beforeEach(() => {
    folder = temporaryFolder({
      'api/Dockerfile': bad,
      'api/good.Dockerfile': good,
      'api/.dockerignore': 'node_modules\n*Dockerfile\n',
      'api/package.json': '{"name": "api"}',
      'api/package-lock.json': '{"lockfileVersion": 3, "packages": {"": {"name": "api"}}}',
    });
    git('init', '-q');
    for (const text of ['1', '2', '3', '4']) commit('api/src/a.js', text);
  });
  afterEach(() => folder.remove());

  it('says what would let a refused install move', async () => {
    folder.write('api/Dockerfile', `# syntax=docker/dockerfile:1.4\n${bad.replace('npm ci', 'npm install')}`);
    const [, way = ''] =
      /^An install that insists on its lockfile could move; layerwise (lint .* --diff) shows how\.$/m.exec(
        (await run('api/Dockerfile')).stdout,
      ) ?? [];
    assert.match((await layerwise(way, { cwd: folder.path })).stdout, /^-RUN npm install\n\+RUN npm ci$/m);
    folder.write('api/Dockerfile', bad);
    folder.write('api/package.json', '{"name": "api", "dependencies": {"left": "1"}}');
    folder.write('api/package-lock.json', '{"lockfileVersion": 1}');
    assert.match((await run('api/Dockerfile')).stdout, /^Packages that are installed .* with --ask-registry\.$/m);
  });

  it('says what options would save that were not given, each only where that is more', async () => {
    folder.write('api/.dockerignore', '*Dockerfile\n');
    const likely = /^With caveats, --unsafe finds an order of ~\d+ s per commit: \d+ % less\.$/m;
    const clean =
      /^If every build starts from a clean checkout, --clean-checkout finds an order of ~(\d+) s per commit: \d+ % less\.$/m;
    const before = (await run('api/Dockerfile')).stdout;
    assert.match(before, likely);
    assert.doesNotMatch(before, clean);
    folder.write('.gitignore', 'node_modules\n');
    const ignored = (await run('api/Dockerfile')).stdout;
    assert.match(ignored, clean);
    assert.doesNotMatch(ignored, likely);
    assert.doesNotMatch((await run('api/Dockerfile --clean-checkout')).stdout, /clean checkout|--unsafe/);
    const [, way = ''] =
      /^Without that promise it needs an ignore file that lists it; layerwise (lint .*) --diff shows how\.$/m.exec(
        ignored,
      ) ?? [];
    const { otherwise, changed } = await json('api/Dockerfile');
    const { expected, proposed } = await json('api/Dockerfile --clean-checkout');
    const other = { option: '--clean-checkout', expected, proposed: { expected: proposed.expected } };
    assert.deepEqual([changed, otherwise], [false, [other]]);
    await layerwise(way, { cwd: folder.path });
    assert.match(readFileSync(path.join(folder.path, 'api/.dockerignore'), 'utf8'), /^node_modules$/m);
    assert.equal((await json('api/Dockerfile')).changed, true);
  });

  it('says what commits cost that no build has to do with', async () => {
    for (const text of ['1', '2', '3', '4', '5', '6']) commit('api/CHANGELOG.md', text);
    const { stdout } = await run('api/Dockerfile');
    assert.match(
      stdout,
      /^6 of 9 commits re-ran steps for CHANGELOG\.md alone, which no build seems to read: with it in \.dockerignore, and so in no image, it costs ~\d+ s per commit, 6\d % less than ~\d+ s\.$/m,
    );
    const { housekeeping, expected } = await json('api/Dockerfile');
    assert.deepEqual(
      [housekeeping?.patterns, housekeeping?.file, housekeeping?.commits],
      [['CHANGELOG.md'], '.dockerignore', 6],
    );
    assert.ok((housekeeping?.proposed.expected.secondsPerCommit ?? 99) < expected.secondsPerCommit / 2);
    folder.write('api/.dockerignore', 'node_modules\n*Dockerfile\nCHANGELOG.md\n');
    assert.equal((await json('api/Dockerfile')).housekeeping, null);
    assert.doesNotMatch((await run('api/Dockerfile')).stdout, /CHANGELOG/);
  });

  it('says what cache mounts would save besides, and that the image stays the same where it does', async () => {
    const builds = (cgo: string) =>
      `FROM golang:1.25 AS build\n${cgo}WORKDIR /src\nCOPY . .\nRUN go build -o /out .\nFROM scratch\nCOPY --from=build /out /out\n`;
    folder.write('api/go.mod', 'module a\nrequire b v1.0.0\n');
    folder.write('api/go.sum', 'b v1.0.0 h1:x\n'.repeat(200));
    folder.write('api/Dockerfile', builds('ENV CGO_ENABLED=0\n'));
    commit('api/src/a.go', '1');
    const said = (options: string) =>
      new RegExp(
        `^With the cache mounts that layerwise lint api/Dockerfile --fix-only missing-cache-mount ${options} adds it costs ~[\\d.]+ s per commit, \\d+ % less than ~\\d+ s, where the builder keeps its storage\\.$`,
        'm',
      );
    assert.match((await run('api/Dockerfile')).stdout, said('--fix'));
    const { cacheMounts, proposed } = await json('api/Dockerfile');
    assert.equal(cacheMounts?.safe, true);
    const { secondsPerCommit } = cacheMounts.proposed.expected;
    assert.ok(secondsPerCommit < proposed.expected.secondsPerCommit / 2);
    await run('api/Dockerfile --write');
    await layerwise('lint api/Dockerfile --fix-only missing-cache-mount --fix', { cwd: folder.path });
    const after = await json('api/Dockerfile');
    assert.deepEqual([after.changed, after.cacheMounts], [false, null]);
    assert.equal(after.expected.secondsPerCommit, secondsPerCommit);
    folder.write('api/Dockerfile', builds(''));
    assert.match((await run('api/Dockerfile')).stdout, said('--unsafe-fixes'));
  });

  it('says so where an argument seems to be another one in every build', async () => {
    folder.write('api/Dockerfile', 'FROM node:22\nARG GIT_SHA=unknown\nRUN apt-get update && apt-get install -y git\n');
    const found = (await run('api/Dockerfile')).stdout;
    assert.match(
      found,
      /^If every build has another GIT_SHA, --changing-arg GIT_SHA finds an order of ~0 s per commit, now ~[\d.]+ s: 100 % less\.$/m,
    );
    assert.match((await run('api/Dockerfile --changing-arg GIT_SHA')).stdout, /-y git\n\+ARG GIT_SHA=unknown$/m);
    const unknown = await run('api/Dockerfile --changing-arg NOPE');
    assert.match(unknown.stderr, /^layerwise: --changing-arg NOPE: api\/Dockerfile has no such ARG$/m);
    folder.write('api/Dockerfile', 'FROM node:22\nARG GIT_SHA=3f1c9ab\nRUN apt-get update\n');
    assert.doesNotMatch((await run('api/Dockerfile')).stdout, /changing-arg/);
  });

  it('says what the history does not tell, in every format', async () => {
    folder.write('api/Dockerfile', 'FROM nginx\nCOPY dist /srv\nCOPY nginx.conf /etc/nginx/\nRUN nginx -t\n');
    folder.write('api/nginx.conf', 'events {}\n');
    folder.write('api/dist/index.html', '');
    folder.write('.gitignore', 'dist\n');
    commit('api/nginx.conf', 'events {} # 2\n');
    const note = 'Git does not know what `COPY dist /srv` brings: what re-runs when that changes is not counted';
    assert.ok((await run('api/Dockerfile')).stdout.includes(`\n${note}.\n`));
    assert.match(
      (await run('api/Dockerfile --format markdown')).stdout,
      /^Git does not know what `COPY dist \/srv` brings: /m,
    );
    assert.deepEqual((await json('api/Dockerfile')).history.gaps, [note]);
    folder.write('docker/Dockerfile', 'FROM nginx\nCOPY nowhere.conf /etc/nginx/\n');
    assert.match(
      (await run('docker/Dockerfile')).stdout,
      /^None of the .*\nNot all that the Dockerfile copies is in docker: if another folder is the build context, name it with --context, or with contexts in the configuration\.$/m,
    );
  });

  it('adds no download to a stage that a compose file builds for itself', async () => {
    const builds =
      'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out .\nFROM scratch\nCOPY --from=build /out /out\n';
    folder.write('api/Dockerfile', builds);
    folder.write('api/go.mod', 'module a\nrequire b v1.0.0\n');
    folder.write('api/go.sum', 'b v1.0.0 h1:x\n'.repeat(200));
    commit('api/src/a.go', '1');
    assert.match((await json('api/Dockerfile')).proposed.text, /RUN go mod download\nCOPY \. \.\n/);
    folder.write('compose.yaml', 'services:\n  api:\n    build:\n      context: api\n      target: build\n');
    assert.equal((await json('api/Dockerfile')).changed, false);
  });

  it('shows the proposal as a diff, what each move saves, why it is safe, and what stays', async () => {
    const { stdout, code } = await run('api/Dockerfile');
    assert.equal(code, 0);
    const lines = stdout.split('\n');
    assert.deepEqual(lines.slice(0, 12), [
      '--- a/api/Dockerfile',
      '+++ b/api/Dockerfile',
      '@@ -1,5 +1,6 @@',
      ' FROM node:22',
      ' WORKDIR /app',
      '-COPY . .',
      '+COPY package-lock.json package.json ./',
      ' RUN npm ci',
      '+COPY . .',
      ' RUN make',
      '',
      'COPY package-lock.json package.json ./  new, from line 3',
    ]);
    assert.match(
      stdout,
      /^RUN npm ci {2}line 4, before `COPY \. \.`\n {2}re-ran in 3 of 3 commits, now in 0: saves ~/m,
    );
    assert.match(
      stdout,
      /^ {2}safe: of what `COPY \. \.` brings `npm ci` reads only package-lock\.json and package\.json/m,
    );
    assert.match(stdout, /^RUN make {2}line 5, re-runs in 3 of 3 commits, behind `COPY \. \.` \(line 3\)$/m);
    assert.match(stdout, /^ {2}not moved: `make` may read what `COPY \. \.` brings$/m);
    assert.match(
      stdout,
      /^~\d+ s and 3\.0 steps per commit → ~.* and 2\.0 steps per commit: \d+ % less\. \(3 commits, /m,
    );
    assert.equal(readFileSync(path.join(folder.path, 'api/Dockerfile'), 'utf8'), bad);
  });

  it('writes JSON that its schema accepts', async () => {
    const schema = JSON.parse(readFileSync(path.join(root, 'docs/schema/order.schema.json'), 'utf8'));
    const validate = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);
    for (const file of ['api/Dockerfile', 'api/good.Dockerfile']) {
      const report = await json(file);
      assert.ok(validate(report), JSON.stringify(validate.errors));
    }
    const { proposed, expected, changed, commits, moves, kept } = await json('api/Dockerfile');
    assert.deepEqual([proposed.text, changed, commits], [good, true, 3]);
    assert.ok(proposed.expected.secondsPerCommit < expected.secondsPerCommit);
    assert.deepEqual(
      moves.map(({ line, instruction }) => [line, instruction]),
      [
        [3, 'COPY package-lock.json package.json ./'],
        [4, 'RUN npm ci'],
      ],
    );
    assert.deepEqual(kept, [
      {
        line: 5,
        instruction: 'RUN make',
        behind: { line: 3, instruction: 'COPY . .' },
        reason: '`make` may read what `COPY . .` brings',
        rebuilds: 3,
      },
    ]);
  });

  it('writes Markdown with the diff', async () => {
    const { stdout } = await run('api/Dockerfile --format markdown');
    assert.match(stdout, /^\*\*api\/Dockerfile\*\*: \\~\d.* % less\. \(3 commits/m);
    assert.match(stdout, /^```diff\n--- a\/api\/Dockerfile\n/m);
    assert.match(stdout, /^- `RUN npm ci` \(line 4, before `COPY \. \.`\): re-ran in 3 of 3 commits/m);
    assert.match(stdout, /^- `RUN make` \(line 5\) re-runs in 3 of 3 .*; not moved: `make` may read/m);
  });

  it('says so where no order is better', async () => {
    const { stdout } = await run('api/good.Dockerfile');
    assert.doesNotMatch(stdout, /^---/m);
    assert.match(stdout, /^~.* per commit: no order that surely builds the same image costs less\. \(3 commits/m);
  });

  it('--write puts the proposal into the file, keeps its mode, and has nothing to do a second time', async () => {
    const file = path.join(folder.path, 'api/Dockerfile');
    chmodSync(file, 0o640);
    assert.equal((await json('api/Dockerfile --write')).written, true);
    assert.equal(readFileSync(file, 'utf8'), good);
    assert.equal(statSync(file).mode & 0o777, 0o640);
    const { stdout, code } = await run('api/Dockerfile --write');
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /Written/);
    assert.equal(readFileSync(file, 'utf8'), good);
  });

  it('--write does not go over a file that is no longer what was read', async () => {
    const file = path.join(folder.path, 'api/Dockerfile');
    // The value of a build argument is asked for when the file has been read.
    const env = {
      get LATE() {
        folder.write('api/Dockerfile', `${bad}RUN more\n`);
        return '';
      },
    };
    const args = 'order api/Dockerfile --write --build-arg LATE';
    const { stderr, code } = await layerwise(args, { cwd: folder.path, env });
    assert.equal(code, 2);
    assert.match(stderr, /api\/Dockerfile: not written: has changed in the meantime/);
    assert.equal(readFileSync(file, 'utf8'), `${bad}RUN more\n`);
  });

  it('counts only the commits that are asked for', async () => {
    commit('api/package-lock.json', '{"lockfileVersion": 3, "packages": {}}');
    const { stdout } = await run('api/Dockerfile --commits 1');
    assert.match(stdout, /no order that surely builds the same image costs less\. \(1 commit,/);
  });

  it('orders what the target needs', async () => {
    folder.write(
      'api/two.Dockerfile',
      `${bad.replace('node:22', 'node:22 AS one')}FROM alpine AS two\nRUN apk add git\n`,
    );
    assert.equal((await json('api/two.Dockerfile --target two')).changed, false);
    assert.equal((await json('api/two.Dockerfile --target one')).changed, true);
  });

  it('moves a build argument that is another one every time', async () => {
    const text = 'FROM alpine\nARG SHA\nRUN apk add git\nRUN echo $SHA > /version\n';
    folder.write('api/arg.Dockerfile', text);
    const { proposed } = await json('api/arg.Dockerfile --changing-arg SHA');
    assert.equal(proposed.text, 'FROM alpine\nRUN apk add git\nARG SHA\nRUN echo $SHA > /version\n');
    assert.equal((await json('api/arg.Dockerfile')).changed, false);
  });

  for (const [args, message] of [
    ['api/Dockerfile --commits 0', /--commits 0: is not a number of commits/],
    ['api/Dockerfile --target nope', /api\/Dockerfile: has no stage nope/],
    ['api/Dockerfile --builder buildah', /--builder buildah: its cache is not modelled over a history/],
    ['api/src/a.js', /api\/src\/a\.js: the builder rejects it/],
  ] as const) {
    it(`says what is wrong with ${args}`, async () => {
      const { code, stderr } = await run(args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }
});
