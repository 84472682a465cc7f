import assert from 'node:assert/strict';
import { costsOf, type StepCost } from '../../server/cache/cost.js';
import { type Measures, measuresOf } from '../../server/cache/measures.js';
import { buildOf } from '../../server/model/build.js';
import { type ContextSource, createContext } from '../../server/model/context.js';
import { type MemoryFiles, memorySource } from '../../server/model/memory-source.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

/** Costs of all instructions but the FROM. */
const costs = (text: string, files: MemoryFiles = {}, measures?: Measures) =>
  costsFrom(text, memorySource(files), measures);

function costsFrom(text: string, source: ContextSource, measures?: Measures): StepCost[] {
  const build = buildOf(parseDockerfile(`FROM alpine\n${text}\n`));
  const context = createContext({ name: '.', origin: 'folder', source });
  const cost = costsOf(build, context, measures);
  return (build.stages[0]?.instructions ?? []).map((instruction) => cost(instruction, 0));
}

const secondsOf = (text: string, files?: MemoryFiles) => costs(text, files).at(-1)?.seconds ?? Number.NaN;
const lockfile = (packages: number) => `{"packages":{${'"resolved":"x",'.repeat(packages)}}}`;

describe('costsOf', () => {
  it('lets an install cost more the more packages its lockfile has', () => {
    const text = 'WORKDIR /app\nCOPY package*.json ./\nRUN npm ci';
    const small = secondsOf(text, { 'package.json': '{}', 'package-lock.json': lockfile(10) });
    const large = secondsOf(text, { 'package.json': '{}', 'package-lock.json': lockfile(1000) });
    assert.ok(large > small + 20, `${small} ${large}`);
  });

  it('asks the same for an install whatever stands before it', () => {
    const files = { 'package.json': '{}', 'package-lock.json': lockfile(700), 'src/a.js': '1' };
    const early = secondsOf('WORKDIR /app\nCOPY package*.json ./\nRUN npm ci', files);
    const late = secondsOf('WORKDIR /app\nCOPY . .\nRUN npm ci', files);
    const without = secondsOf('WORKDIR /app\nRUN npm ci', files);
    assert.deepEqual([late, without], [early, early]);
  });

  it('estimates the packages of a lockfile that is too large to read by its size', () => {
    const text = 'COPY yarn.lock package.json ./\nRUN yarn install';
    const memory = memorySource({ 'package.json': '{}', 'yarn.lock': { size: 3_300_000 } });
    const source = { ...memory, read: (path: string) => (path === 'yarn.lock' ? undefined : memory.read(path)) };
    assert.ok((costsFrom(text, source).at(-1)?.seconds ?? 0) > 250);
  });

  it('counts alternatives once', () => {
    const all = secondsOf(
      'RUN if [ -f yarn.lock ]; then yarn install; elif [ -f x ]; then npm ci; else npm install; fi',
    );
    assert.ok(all < 1.5 * secondsOf('RUN npm ci'), String(all));
  });

  it('takes a compiler for other platforms for a compiler', () => {
    for (const command of ['xx-cargo build --release', 'xx-go build ./...', 'docker-php-ext-install intl'])
      assert.ok(secondsOf(`RUN ${command}`) >= 20, command);
  });

  it('takes less where a cache mount has the downloads', () => {
    assert.ok(secondsOf('RUN --mount=type=cache,target=/root/.npm npm ci') < 0.8 * secondsOf('RUN npm ci'));
  });

  it('tells the two caches of Go apart', () => {
    const build = (mounts: string) => secondsOf(`RUN ${mounts} go build -o /app`);
    const plain = secondsOf('RUN go build -o /app');
    const modules = build('--mount=type=cache,target=/go/pkg/mod');
    const compiled = build('--mount=type=cache,target=/root/.cache/go-build');
    const both = build('--mount=type=cache,target=/root/.cache --mount=type=cache,target=/go/pkg/mod');
    assert.ok(modules < plain && compiled < modules && both < compiled, `${plain} ${modules} ${compiled} ${both}`);
    assert.ok(plain - compiled > 20, 'most of a build is compiling');
  });

  it('adds the fetching of dependencies to a build that does it itself', () => {
    const together = secondsOf('RUN cargo build --release');
    const apart = secondsOf('RUN cargo fetch\nRUN cargo build --release');
    assert.ok(together > apart);
  });

  it('fetches what a Go module needs once, whichever command does', () => {
    const files = { 'go.mod': 'module a\n', 'go.sum': 'b v1.0.0 h1:x\n'.repeat(200) };
    const of = (text: string) => costs(`COPY . .\n${text}`, files).slice(1);
    const [build] = of('RUN go build .');
    assert.ok(build && build.seconds > 40, String(build?.seconds));
    for (const command of ['go mod download', 'go mod tidy -diff', 'go get', 'go mod verify']) {
      const [first, rest] = of(`RUN ${command}\nRUN go build .`);
      assert.ok(first && rest && Math.abs(first.seconds + rest.seconds - build.seconds) < 4, command);
      assert.ok(rest.seconds > 25, command);
    }
    const [, twice] = of('RUN go vet ./...\nRUN go build .');
    assert.ok(twice && twice.seconds < build.seconds - 10);
  });

  it('counts the build of a Cargo project once, and its crates where they are compiled first', () => {
    const stub = "mkdir src && echo 'fn main() {}' > src/main.rs";
    const build = 'cargo build --release';
    const [plain] = costs(`RUN ${build}`);
    const [warm, rest] = costs(`RUN ${stub} && ${build} && rm -r src\nCOPY src src\nRUN ${build}`).filter(
      (_, at) => at !== 1,
    );
    const [, apart] = costs(`RUN ${stub}\nRUN ${build}\nCOPY src src`);
    assert.ok(plain && warm && rest && apart);
    assert.ok(warm.seconds > 0.6 * plain.seconds && warm.seconds < plain.seconds - 25);
    assert.ok(rest.seconds > 25 && rest.seconds < 0.4 * plain.seconds);
    assert.ok(Math.abs(apart.seconds - warm.seconds) < 2);
  });

  it('looks through launchers, and takes a script of the project for work', () => {
    assert.equal(secondsOf('RUN npx turbo run build'), secondsOf('RUN turbo run build'));
    assert.ok(secondsOf('RUN ./build.sh') > 5);
    assert.ok(secondsOf('RUN echo tsc make') < 1);
  });

  it('lets a COPY cost what it copies, the ignore file considered', () => {
    const files = { 'a.bin': { size: 300_000_000 }, 'b.bin': { size: 300_000_000 }, '.dockerignore': 'b.bin' };
    const [all, one] = costs('COPY . /a\nCOPY .dockerignore /b', files);
    assert.equal(all?.bytes, 300_000_005);
    assert.equal(all?.bytesBasis, 'context');
    assert.ok(all && one && all.seconds > one.seconds + 1);
  });

  it('prefers what was measured', () => {
    const measures = measuresOf([{ stage: undefined, text: 'RUN make', seconds: [7] }]);
    const [make, other] = costs('RUN make\nRUN make install', {}, measures);
    assert.deepEqual([make?.seconds, make?.basis, other?.basis], [7, 'measured', 'table']);
  });
});
