import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { layerwise } from '../helpers/run-cli.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

describe('layerwise measure', () => {
  let folder: TemporaryFolder;

  const run = (args: string, stdin = '') => layerwise(`measure ${args}`, { cwd: folder.path, stdin });
  const kept = (file = '.layerwise/measures.json') =>
    JSON.parse(readFileSync(path.join(folder.path, file), 'utf8')) as { version: number; steps: unknown[] };
  const log = (seconds: number) => `#5 [2/3] RUN make\n#5 DONE ${seconds}s\n#6 [3/3] COPY a b\n#6 CACHED\n`;

  beforeEach(() => {
    folder = temporaryFolder({ 'one.log': log(3), 'two.log': log(5) });
  });
  afterEach(() => folder.remove());

  it('keeps the times of the steps that ran, and says which took longest', async () => {
    const { stdout, code } = await run('one.log');
    assert.equal(code, 0);
    assert.match(stdout, /^ +3\.0 s {2}RUN make\n1 step kept in \.layerwise\/measures\.json; 1 came from the cache\n$/);
    assert.deepEqual(kept(), { version: 1, steps: [{ text: 'RUN make', seconds: [3] }] });
  });

  it('adds to what it knows, the newest first', async () => {
    await run('one.log');
    await run('two.log');
    assert.deepEqual(kept().steps, [{ text: 'RUN make', seconds: [5, 3] }]);
    await run('-', log(4));
    assert.deepEqual(kept().steps, [{ text: 'RUN make', seconds: [4, 5, 3] }]);
  });

  it('uses the nearest file above the working folder', async () => {
    await run('one.log');
    folder.write('api/three.log', log(9));
    const { code } = await layerwise('measure three.log', { cwd: path.join(folder.path, 'api') });
    assert.equal(code, 0);
    assert.equal(existsSync(path.join(folder.path, 'api/.layerwise')), false);
    assert.deepEqual(kept().steps, [{ text: 'RUN make', seconds: [9, 3] }]);
  });

  it('says so where a COPY of the context would take what it keeps', async () => {
    folder.write('Dockerfile', 'FROM alpine\nCOPY . .\n');
    assert.equal(
      (await run('one.log')).stderr,
      'layerwise: .layerwise/measures.json: lies in the build context; list .layerwise in the ignore file\n',
    );
    folder.write('.dockerignore', '.layerwise\n');
    assert.equal((await run('one.log')).stderr, '');
  });

  it('does not touch a file that it does not know', async () => {
    folder.write('.layerwise/measures.json', '{"version":2}');
    const { code, stderr } = await run('one.log');
    assert.equal(code, 2);
    assert.match(stderr, /measures\.json: is not a file of measured times that this version of Layerwise knows/);
    assert.deepEqual(kept(), { version: 2 });
  });

  it('says what is wrong with a log', async () => {
    folder.write('cached.log', '#5 [2/3] RUN make\n#5 CACHED\n');
    folder.write('other.log', 'hello\n');
    assert.match((await run('cached.log')).stderr, /the only step came from the cache; build with --no-cache/);
    assert.match((await run('other.log')).stderr, /other\.log: is no build log/);
    assert.match((await run('none.log')).stderr, /none\.log: no such file/);
    assert.match((await run('.')).stderr, /is not a regular file/);
    assert.equal(existsSync(path.join(folder.path, '.layerwise')), false);
  });
});
