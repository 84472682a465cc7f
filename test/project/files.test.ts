import assert from 'node:assert/strict';
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readTextFile, writeAtomically } from '../../server/project/files.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('readTextFile', () => {
  const folder = scratchFolder();

  it('keeps a byte order mark and line endings', () => {
    const file = path.join(folder.write({ a: '\ufeffFROM a\r\n' }), 'a');
    assert.deepEqual(readTextFile(file), { text: '\ufeffFROM a\r\n', exact: true });
  });

  it('says where something was not UTF-8', () => {
    const file = path.join(folder.path, 'latin');
    writeFileSync(file, Buffer.from([0x46, 0xe9, 0x0a]));
    assert.deepEqual(readTextFile(file), { text: 'F\ufffd\n', exact: false });
    writeFileSync(file, 'a real \ufffd');
    assert.deepEqual(readTextFile(file), { text: 'a real \ufffd', exact: true });
  });

  it('refuses what is no text file', () => {
    const root = folder.write({ 'folder/': '', nul: 'a\0b', loop: '→loop' });
    writeFileSync(path.join(root, 'large'), Buffer.alloc(16 * 1024 * 1024 + 1, 'a'));
    const errors = ['folder', 'nul', 'loop', 'large', 'none', 'nul/x'].map((name) =>
      readTextFile(path.join(root, name)),
    );
    assert.deepEqual(errors, [
      { error: 'is a folder, not a file' },
      { error: 'is not a text file' },
      { error: 'too many symbolic links' },
      { error: 'is larger than 16 MiB' },
      { error: 'no such file or folder' },
      { error: 'no such file or folder' },
    ]);
  });
});

describe('writeAtomically', () => {
  const folder = scratchFolder();

  it('replaces the text and keeps the mode', () => {
    const file = path.join(folder.write({ a: 'old' }), 'a');
    chmodSync(file, 0o751);
    assert.equal(writeAtomically(file, 'new', 'old'), undefined);
    assert.equal(readFileSync(file, 'utf8'), 'new');
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o751);
    assert.deepEqual(readdirSync(folder.path), ['a']);
  });

  it('writes nothing where the file has changed', () => {
    const file = path.join(folder.write({ a: 'other' }), 'a');
    assert.deepEqual(writeAtomically(file, 'new', 'old'), { error: 'has changed in the meantime' });
    assert.equal(readFileSync(file, 'utf8'), 'other');
  });

  it('writes what a symlink points at', () => {
    const root = folder.write({ 'real/a': 'old', link: '→real/a' });
    assert.equal(writeAtomically(path.join(root, 'link'), 'new', 'old'), undefined);
    assert.equal(readFileSync(path.join(root, 'real/a'), 'utf8'), 'new');
    assert.equal(lstatSync(path.join(root, 'link')).isSymbolicLink(), true);
  });

  it('creates a file, but never over one that is there', () => {
    const file = path.join(folder.path, 'a');
    assert.equal(writeAtomically(file, 'new', undefined), undefined);
    assert.deepEqual(writeAtomically(file, 'newer', undefined), { error: 'exists already' });
    assert.equal(readFileSync(file, 'utf8'), 'new');
  });

  it('says why it cannot', () => {
    assert.deepEqual(writeAtomically(path.join(folder.path, 'a'), 'new', 'old'), { error: 'no such file or folder' });
    assert.deepEqual(writeAtomically(path.join(folder.path, 'no/a'), 'new', undefined), {
      error: 'no such file or folder',
    });
  });

  it('does not touch bytes that are not UTF-8', () => {
    const file = path.join(folder.path, 'latin');
    writeFileSync(file, Buffer.from([0xe9]));
    assert.deepEqual(writeAtomically(file, 'x', '\ufffd'), { error: 'is not UTF-8 text' });
  });
});
