import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from '../helpers/root.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const cli = path.join(root, 'dist/cli.cjs');

/** The bundle as a user runs it: another process, real files, real pipes. */
describe('dist/cli.cjs', () => {
  let folder: TemporaryFolder;

  const run = (args: string, input = '', cwd = folder.path) => {
    const env = { PATH: process.env.PATH, HOME: folder.path };
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args.split(' ')], {
      cwd,
      input,
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return { status, stdout, stderr };
  };

  beforeEach(() => {
    folder = temporaryFolder({
      '.git/HEAD': '',
      'api/Dockerfile': 'FROM alpine:3.22\nRUNN echo\n',
      '.dockerignore': 'src\nsrc/a\n',
    });
  });
  afterEach(() => folder.remove());

  it('is started from compiled code that this Node takes, and so is the server', () => {
    const script = `
      const name = process.argv[1], path = require('node:path');
      const { readFileSync } = require('node:fs'), { wrap } = require('node:module'), { Script } = require('node:vm');
      const file = path.join(name + '-' + process.versions.v8 + '-' + process.arch + '.cache');
      const source = wrap(readFileSync(name + '.cjs', 'latin1'));
      console.log(new Script(source, { filename: name + '.cjs', cachedData: readFileSync(file) }).cachedDataRejected);
    `;
    for (const name of ['cli-program', 'server-program']) {
      const { stdout } = spawnSync(process.execPath, ['-e', script, path.join(root, 'dist', name)], {
        encoding: 'utf8',
      });
      assert.equal(stdout, 'false\n', name);
    }
  });

  it('lints, and every format can be chosen', () => {
    for (const format of ['pretty', 'json', 'sarif', 'github', 'gitlab', 'checkstyle', 'junit', 'markdown']) {
      const { status, stdout, stderr } = run(`lint --format ${format}`);
      assert.deepEqual([status, stderr], [1, ''], format);
      assert.ok(stdout.includes('syntax-error'), format);
    }
  });

  it('runs every other command', () => {
    for (const args of [
      'explain --all',
      'rules',
      'init',
      'print-config api/Dockerfile',
      'completion zsh',
      'help lint',
    ]) {
      assert.equal(run(args).status, 0, args);
    }
  });

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    assert.equal(run('--version').stdout, `${version}\n`);
  });

  it('reads standard input', () => {
    const { status, stdout } = run('lint - --stdin-filename api/Dockerfile', 'FROM alpine:3.22\nCOPYY a b\n');
    assert.equal(status, 1);
    assert.match(stdout, /^api\/Dockerfile:2:1 /);
  });

  it('takes the build context from a compose file', () => {
    folder.write('compose.yaml', 'services:\n  api:\n    build:\n      context: .\n      dockerfile: api/Dockerfile\n');
    assert.match(run('lint --verbose api').stderr, /^api\/Dockerfile: context \. \(compose\), no config\n/);
  });

  it('fixes in place and keeps the mode of the file, without leaving anything behind', () => {
    const file = path.join(folder.path, '.dockerignore');
    chmodSync(file, 0o640);
    const before = readdirSync(folder.path);
    const { status, stderr } = run('lint --fix .dockerignore');
    assert.deepEqual([status, stderr], [0, 'Fixed 1 finding in 1 file\n']);
    assert.equal(readFileSync(file, 'utf8'), 'src\n');
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(folder.path), before);
  });

  it('keeps stdout for the report and says what is wrong on stderr', () => {
    assert.deepEqual(run('lint --nonsense'), {
      status: 2,
      stdout: '',
      stderr: 'layerwise: Unknown option --nonsense\nlayerwise lint --help tells more.\n',
    });
  });

  it('prints all of a large report into a pipe', () => {
    folder.write('.dockerignore', Array.from({ length: 5000 }, (_, index) => `dist${index} # built\n`).join(''));
    const { stdout } = run('lint .dockerignore --format json');
    assert.equal(JSON.parse(stdout).files[0].findings.length, 5000);
  });

  it('ends quietly when the reader of the pipe goes away', () => {
    folder.write('.dockerignore', Array.from({ length: 5000 }, (_, index) => `dist${index} # built\n`).join(''));
    const command = `"${process.execPath}" "${cli}" lint .dockerignore --format json | head -c 1 >/dev/null`;
    const { stderr } = spawnSync('sh', ['-c', command], { cwd: folder.path, encoding: 'utf8' });
    assert.equal(stderr, '');
  });
});
