import assert from 'node:assert/strict';
import { type BuildContext, createContext, type MemoryFiles, memorySource } from '../../server/model/context.js';

function contextOf(files: MemoryFiles, dockerfile = 'Dockerfile'): BuildContext {
  return createContext({ name: '.', origin: 'folder', dockerfile, source: memorySource(files) });
}

function sent(context: BuildContext, from = ''): string[] {
  return Array.from(context.walk({ from }), (entry) => entry.path);
}

describe('createContext', () => {
  it('walks parents before children in byte order', () => {
    const context = contextOf({ 'b/z': '', 'b/a': '', 'b.txt': '', a: '', '\u{ffff}': '', '😀': '' });
    assert.deepEqual(sent(context), ['a', 'b', 'b/a', 'b/z', 'b.txt', '\u{ffff}', '😀']);
  });

  it('walks below one folder only', () => {
    const context = contextOf({ 'src/a/b': '', 'src/c': '', d: '' });
    assert.deepEqual(sent(context, './src/'), ['src/a', 'src/a/b', 'src/c']);
    assert.deepEqual(sent(context, 'src/c'), []);
    assert.deepEqual(sent(context, 'nowhere'), []);
  });

  it('looks up entries by cleaned paths', () => {
    const context = contextOf({ 'src/a': 'text' });
    for (const path of ['src/a', './src/a', '/src/a/', '../src/./a', 'src/b/../a']) {
      assert.equal(context.entry(path)?.path, 'src/a', path);
    }
    assert.equal(context.entry('.')?.type, 'directory');
    assert.equal(context.entry('src/a/b'), undefined);
    assert.equal(context.entry('constructor'), undefined);
    assert.equal(context.entry('a/'.repeat(500_000)), undefined);
    assert.equal(context.read('/src/a'), 'text');
    assert.equal(context.read('src'), undefined);
  });

  it('does not follow symlinks', () => {
    const context = contextOf({ 'real/a': '', alias: { link: 'real' } });
    assert.deepEqual([context.entry('alias')?.type, context.entry('alias')?.link], ['symlink', 'real']);
    assert.deepEqual([context.entry('alias/a'), ...context.children('alias')], [undefined]);
  });

  it('prefers the ignore file of the Dockerfile to that of the root', () => {
    const files = { '.dockerignore': 'a', 'ci/Dockerfile.dockerignore': '', 'ci/.dockerignore': '*', a: '' };
    assert.equal(contextOf(files).ignoreFile?.path, '.dockerignore');
    const own = contextOf(files, 'ci/Dockerfile');
    assert.equal(own.ignoreFile?.path, 'ci/Dockerfile.dockerignore');
    assert.equal(own.ignored('a'), false);
    assert.equal(contextOf({ a: '' }).ignoreFile, undefined);
  });

  it('sends the header of an ignored folder before what is re-included in it', () => {
    const context = contextOf({ '.dockerignore': '*\n!a/b/c.txt', 'a/b/c.txt': '', 'a/b/d': '', 'a/e/f': '', g: '' });
    assert.deepEqual(sent(context), ['a', 'a/b', 'a/b/c.txt']);
    assert.deepEqual(['a', 'a/b', 'a/e', 'a/b/d', 'g', 'new'].map(context.ignored, context), [
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  it('enters no ignored folder unless an exception may lie below', () => {
    const files = { 'node_modules/a/b': '', 'packages/x/y': '', 'src/z': '' };
    const listed: string[] = [];
    const source = memorySource({ ...files, '.dockerignore': 'node_modules\npackages\n!packages/x' });
    const list = (folder: string) => {
      listed.push(folder);
      return source.list(folder);
    };
    const counting = { ...source, list };
    const context = createContext({ name: '.', origin: 'folder', source: counting });
    assert.deepEqual(sent(context), ['.dockerignore', 'packages', 'packages/x', 'packages/x/y', 'src', 'src/z']);
    assert.deepEqual(listed.toSorted(), ['', 'packages', 'packages/x', 'src']);
  });

  it('reproduces the pruning of wildcard exceptions', () => {
    const files = { 'packages/foo/x': '' };
    assert.deepEqual(sent(contextOf({ ...files, '.dockerignore': '*\n!packages/*/**' })), []);
    assert.deepEqual(sent(contextOf({ ...files, '.dockerignore': '*\n!packages/**' })), [
      'packages',
      'packages/foo',
      'packages/foo/x',
    ]);
    assert.equal(contextOf({ ...files, '.dockerignore': '*\n!packages/*/**' }).ignored('packages/foo/x'), true);
  });

  it('starts a walk with the verdicts on the folders above', () => {
    const context = contextOf({ '.dockerignore': '*\n!a/b/keep', 'a/b/keep/x': '', 'a/b/drop': '' });
    assert.deepEqual(sent(context, 'a/b'), ['a/b/keep', 'a/b/keep/x']);
    assert.deepEqual(sent(contextOf({ '.dockerignore': 'a', 'a/b/c': '' }), 'a/b'), []);
  });

  it('walks what is ignored too where asked', () => {
    const context = contextOf({ '.dockerignore': '*', 'a/b': '' });
    assert.deepEqual(
      Array.from(context.walk({ all: true }), ({ path }) => path),
      ['.dockerignore', 'a', 'a/b'],
    );
  });

  it('passes on what Git ignores, folders with their slash', () => {
    const context = contextOf({ 'dist/': { gitIgnored: true }, 'dist/a': '', src: '' });
    assert.deepEqual(['dist', 'dist/a', 'src'].map(context.gitIgnored, context), [true, true, false]);
    assert.equal(contextOf({ a: '' }).gitIgnored('a'), undefined);
  });

  it('holds more entries in a folder than a call may have arguments', () => {
    const names = Array.from({ length: 150_000 }, (_, index) => [`many/${index}`, ''] as const);
    assert.equal(sent(contextOf(Object.fromEntries(names))).length, 150_001);
  });
});
