import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { folderSource } from '../../server/project/build-context.js';
import { readGitIndex } from '../../server/project/git-index.js';
import { layerwise } from '../helpers/run-cli.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

describe('what Git tracks', () => {
  let folder: TemporaryFolder;

  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder.path, stdio: 'pipe' });

  beforeEach(() => {
    folder = temporaryFolder({
      '.gitignore': 'dist\n*.log\n',
      'a/dist/kept.js': '',
      'a/dist/ü.js': '',
      'a/dist.js': '',
      'b/dist/made.js': '',
      'kept.log': '',
    });
    git('init', '-q');
    git('add', '.');
    git('add', '--force', 'a/dist', 'kept.log');
  });
  afterEach(() => folder.remove());

  for (const version of ['2', '3', '4'])
    it(`is in an index of version ${version}`, () => {
      git('update-index', '--index-version', version);
      if (version === '3') {
        folder.write('new', '');
        git('add', '--intent-to-add', 'new');
      }
      const index = readGitIndex(folder.path);
      const tracked = (name: string) => index?.tracks(name.replace(/\/$/, ''), name.endsWith('/'));
      assert.deepEqual(['a/dist/kept.js', 'a/dist/ü.js', 'a/dist/', 'a/', 'kept.log', '.gitignore'].map(tracked), [
        true,
        true,
        true,
        true,
        true,
        true,
      ]);
      assert.deepEqual(['a/dist', 'a/dis/', 'b/dist/', 'b/dist/made.js', 'kept.lo', 'z'].map(tracked), [
        false,
        false,
        false,
        false,
        false,
        false,
      ]);
    });

  it('is in an index that shares its entries with others', () => {
    git('update-index', '--split-index');
    folder.write('a/dist/kept.js', 'changed');
    folder.write('new.log', '');
    git('add', '--force', 'a/dist/kept.js', 'new.log');
    const index = readGitIndex(folder.path);
    const tracked = (name: string) => index?.tracks(name.replace(/\/$/, ''), name.endsWith('/'));
    assert.deepEqual(['a/dist/kept.js', 'a/dist/', 'kept.log', 'new.log'].map(tracked), [true, true, true, true]);
    assert.deepEqual(['b/dist/', 'b/dist/made.js', 'z'].map(tracked), [false, false, false]);
  });

  it('is not known of an index whose names would not fit into memory', () => {
    const entry = `${'\0'.repeat(63)}${'a'.repeat(8)}\0`;
    const count = 100_000;
    const bytes = Buffer.from(`DIRC\0\0\0\u0004\0\0\0\0${entry.repeat(count)}`, 'latin1');
    bytes.writeUInt32BE(count, 8);
    writeFileSync(path.join(folder.path, '.git', 'index'), bytes);
    assert.equal(readGitIndex(folder.path), undefined);
  });

  it('is read again when it has changed', () => {
    assert.equal(readGitIndex(folder.path)?.tracks('b/dist/made.js', false), false);
    git('add', '--force', 'b');
    assert.equal(readGitIndex(folder.path)?.tracks('b/dist/made.js', false), true);
  });

  it('is not known without an index that is understood', () => {
    for (const bytes of ['', 'DIRC', 'DIRC\0\0\0\u0002\0\0\0\u0009x', 'x'.repeat(200)]) {
      writeFileSync(path.join(folder.path, '.git', 'index'), bytes, 'latin1');
      assert.equal(readGitIndex(folder.path), undefined);
    }
    assert.equal(readGitIndex(path.join(folder.path, 'a')), undefined);
  });

  it('is not ignored, whatever a .gitignore says', () => {
    const source = folderSource(folder.path);
    assert.deepEqual(
      ['a/dist/', 'a/dist/kept.js', 'kept.log', 'b/dist/', 'b/dist/made.js', 'other.log', 'a/dist.js'].map((name) =>
        source.gitIgnored(name),
      ),
      [false, false, false, true, true, true, false],
    );
    assert.equal(folderSource(path.join(folder.path, 'a')).gitIgnored('dist/'), false);
  });

  it('is no reason to ignore it everywhere', async () => {
    folder.write('Dockerfile', 'FROM scratch\nCOPY . .\n');
    const found = async (pattern: string) => {
      folder.write('.dockerignore', `${pattern}\n`);
      const { stdout } = await layerwise('lint --no-config --only gitignore-style-pattern --format json', {
        cwd: folder.path,
      });
      const { files } = JSON.parse(stdout) as { files: { findings: { message: string }[] }[] };
      return files.flatMap(({ findings }) => findings.map(({ message }) => message));
    };
    assert.deepEqual(await found('dist'), ['"dist" ignores the root of the context only; b/dist is sent']);
    git('add', '--force', 'b');
    assert.deepEqual(await found('dist'), []);
  });
});
