import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { createContext } from '../../server/model/context.js';
import { folderSource } from '../../server/project/build-context.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('folderSource', () => {
  const folder = scratchFolder();

  it('lists a folder with sizes, modes and links', () => {
    const root = folder.write({ 'a/file': 'text', 'a/sub/x': '', 'a/link': '→file' });
    chmodSync(path.join(root, 'a/file'), 0o750);
    const entries = new Map(
      folderSource(root)
        .list('a')
        .map((entry) => [entry.path, entry]),
    );
    assert.deepEqual([...entries.keys()].toSorted(), ['a/file', 'a/link', 'a/sub']);
    assert.deepEqual([entries.get('a/file')?.type, entries.get('a/file')?.size], ['file', 4]);
    if (process.platform !== 'win32') assert.equal(entries.get('a/file')?.mode, 0o750);
    assert.deepEqual([entries.get('a/link')?.type, entries.get('a/link')?.link], ['symlink', 'file']);
    assert.deepEqual([entries.get('a/sub')?.type, entries.get('a/sub')?.size], ['directory', 0]);
  });

  it('has nothing where nothing can be read', () => {
    const source = folderSource(folder.write({ a: 'x' }));
    assert.deepEqual(source.list('none'), []);
    assert.deepEqual(source.list('a'), []);
    assert.equal(source.read('none'), undefined);
    assert.equal(source.read(''), undefined);
    assert.deepEqual(folderSource(path.join(folder.path, 'gone')).list(''), []);
  });

  it('never leaves the root', () => {
    const root = folder.write({
      'secret/a': 'x',
      'root/link': '→../secret',
      'root/file': '→../secret/a',
      'root/in': '→b',
      'root/b': 'y',
    });
    const source = folderSource(path.join(root, 'root'));
    assert.deepEqual(source.list('link'), []);
    assert.deepEqual(source.list('..'), []);
    assert.deepEqual(
      ['link/a', 'file', '../secret/a', 'in'].map((name) => source.read(name)),
      [undefined, undefined, undefined, 'y'],
    );
  });

  it('does not read large files', () => {
    const source = folderSource(folder.write({ large: 'a'.repeat(1024 * 1024 + 1), fits: 'a'.repeat(1024 * 1024) }));
    assert.equal(source.read('large'), undefined);
    assert.equal(source.read('fits')?.length, 1024 * 1024);
  });

  it('is the source of a context', () => {
    const root = folder.write({ '.dockerignore': '*\n!src', 'src/a/b': '', other: '' });
    const context = createContext({ name: '.', origin: 'folder', source: folderSource(root) });
    assert.deepEqual(
      Array.from(context.walk(), (entry) => entry.path),
      ['src', 'src/a', 'src/a/b'],
    );
  });
});

describe('folderSource: what Git ignores', () => {
  const folder = scratchFolder();

  it('is not known outside a repository', () => {
    assert.equal(folderSource(folder.write({ '.gitignore': 'a', a: '' })).gitIgnored('a'), undefined);
  });

  it('follows nested files from the root of the repository, the nearest first', () => {
    const root = folder.write({
      '.git/info/exclude': 'local\n',
      '.gitignore': '*.log\nbuild/\n/top\n',
      'app/.gitignore': '!keep.log\n!build/\nown\n',
    });
    const source = folderSource(path.join(root, 'app'));
    const ignored = ['a.log', 'keep.log', 'sub/keep.log', 'sub/own/x', 'local', 'top', 'build/', 'build/x', 'build'];
    assert.deepEqual(
      ignored.filter((name) => source.gitIgnored(name)),
      ['a.log', 'sub/own/x', 'local'],
    );
    assert.equal(folderSource(root).gitIgnored('build/x'), true);
    assert.equal(folderSource(root).gitIgnored('build'), false);
    assert.equal(folderSource(root).gitIgnored('top'), true);
  });

  it('cannot bring back what lies in an ignored folder', () => {
    const source = folderSource(folder.write({ '.git/': '', '.gitignore': 'a/\n!a/b\n' }));
    assert.equal(source.gitIgnored('a/b'), true);
  });

  it('reads the exclude file of a worktree', () => {
    const root = folder.write({
      'main/.git/info/exclude': 'secret\n',
      'main/.git/worktrees/w/commondir': '../..\n',
      'w/.git': 'gitdir: ../main/.git/worktrees/w\n',
    });
    assert.equal(folderSource(path.join(root, 'w')).gitIgnored('secret'), true);
  });
});
