import assert from 'node:assert/strict';
import { createContext, type MemoryFiles, memorySource } from '../../server/model/context.js';
import { type FilesTaken, type FilesTakenOptions, filesTaken } from '../../server/model/files-taken.js';

function take(files: MemoryFiles, sources: string[], options?: FilesTakenOptions): FilesTaken {
  return filesTaken(createContext({ name: '.', origin: 'folder', source: memorySource(files) }), sources, options);
}

/** Files only, and every one of them is confirmed by `has`. */
function taken(files: MemoryFiles, sources: string[], options?: FilesTakenOptions): string[] {
  const result = take(files, sources, options);
  const entries = Array.from(result.entries);
  for (const { path } of entries) assert.equal(result.has(path), true, path);
  for (const path of Object.keys(files)) {
    assert.equal(
      result.has(path),
      entries.some((entry) => entry.path === path),
      path,
    );
  }
  return entries.filter(({ type }) => type !== 'directory').map(({ path }) => path);
}

const project = { 'package.json': '', 'package-lock.json': '', 'src/a.js': '', 'src/lib/b.js': '', 'README.md': '' };

describe('filesTaken', () => {
  it('takes a folder with all below it', () => {
    for (const source of ['src', './src/', '/src', 'src/.', '../src', 'src/lib/..']) {
      assert.deepEqual(taken(project, [source]), ['src/a.js', 'src/lib/b.js'], source);
    }
    assert.deepEqual(taken(project, ['.']).toSorted(), Object.keys(project).toSorted());
  });

  it('lists folders inside a source, not the source itself', () => {
    assert.deepEqual(
      Array.from(take(project, ['src']).entries, ({ path }) => path),
      ['src/a.js', 'src/lib', 'src/lib/b.js'],
    );
  });

  it('takes each file once', () => {
    assert.deepEqual(taken(project, ['src/a.js', 'src']), ['src/a.js', 'src/lib/b.js']);
  });

  it('expands wildcards segment by segment', () => {
    assert.deepEqual(taken(project, ['package*.json']), ['package-lock.json', 'package.json']);
    assert.deepEqual(taken(project, ['*/*.js']), ['src/a.js']);
    assert.deepEqual(taken(project, ['*/lib']), ['src/lib/b.js']);
    assert.deepEqual(taken(project, ['s?c/[a-b].js', 'READM[E].md']), ['src/a.js', 'README.md']);
    assert.deepEqual(taken(project, ['**/b.js']), []);
    assert.deepEqual(taken(project, ['src/**/b.js']), ['src/lib/b.js']);
  });

  it('tells plain sources that are missing from wildcards without a match', () => {
    const result = take(project, [
      'nope',
      'nope*',
      'src/a.js/b',
      'src/[',
      'https://example.com/x',
      'git@example.com:a/b.git',
    ]);
    assert.deepEqual(result.unmatched, ['nope', 'src/a.js/b']);
    assert.deepEqual(result.emptyWildcards, ['nope*', 'src/[']);
    assert.deepEqual([...result.entries], []);
  });

  it('leaves out what the ignore file keeps back', () => {
    const files = { ...project, '.dockerignore': 'src/lib\nREADME.md\n*.json\n!package.json' };
    assert.deepEqual(taken(files, ['.']), ['.dockerignore', 'package.json', 'src/a.js']);
    const result = take(files, ['README.md', 'package*.json', 'src/lib', 'src/lib/*']);
    assert.deepEqual(
      Array.from(result.entries, ({ path }) => path),
      ['package.json'],
    );
    assert.deepEqual([result.unmatched, result.emptyWildcards], [['README.md', 'src/lib'], ['src/lib/*']]);
  });

  it('takes a folder of which only an exception is sent', () => {
    assert.deepEqual(taken({ ...project, '.dockerignore': '*\n!src/lib' }, ['src']), ['src/lib/b.js']);
  });

  it('follows symlinks in sources but not below them', () => {
    const files = {
      'real/a': '',
      'real/link': { link: '/top' },
      top: '',
      alias: { link: './real' },
      up: { link: '../../real/../top' },
    };
    assert.deepEqual(
      Array.from(take(files, ['alias']).entries, ({ path }) => path),
      ['real/a', 'real/link'],
    );
    assert.deepEqual(
      Array.from(take(files, ['alias/link', 'up']).entries, ({ path }) => path),
      ['top'],
    );
    assert.deepEqual(
      Array.from(take(files, ['ali*']).entries, ({ path }) => path),
      ['real/a', 'real/link'],
    );
    assert.deepEqual(take(files, ['ali*/a']).emptyWildcards, ['ali*/a']);
  });

  it('gives up on symlinks that lead nowhere or in circles', () => {
    const files = { a: { link: 'b' }, b: { link: 'a' }, c: { link: 'gone' }, d: { link: '' } };
    assert.deepEqual(take(files, ['a', 'c', 'd']).unmatched, ['a', 'c', 'd']);
  });

  it('excludes relative to the source', () => {
    assert.deepEqual(taken(project, ['src'], { exclude: ['lib'] }), ['src/a.js']);
    assert.deepEqual(taken(project, ['.'], { exclude: ['*.json', '**/*.js', '!src/lib/b.js'] }), [
      'README.md',
      'src/lib/b.js',
    ]);
    assert.deepEqual(taken(project, ['.'], { exclude: ['src', '!src/lib'] }).includes('src/lib/b.js'), true);
  });

  it('excludes no file that is a source itself', () => {
    assert.deepEqual(taken(project, ['README.md'], { exclude: ['*.md'] }), ['README.md']);
    assert.deepEqual(taken(project, ['pack*.json'], { exclude: ['*.json'] }), ['package-lock.json', 'package.json']);
    assert.deepEqual(taken(project, ['s*'], { exclude: ['src', '*.js'] }), ['src/lib/b.js']);
  });

  it('knows doubled stars and the pivot with --parents', () => {
    const parents = { parents: true };
    assert.deepEqual(taken(project, ['**/*.js'], parents), ['src/a.js', 'src/lib/b.js']);
    assert.deepEqual(taken(project, ['./src/./**/b.js'], parents), ['src/lib/b.js']);
    assert.deepEqual(taken(project, ['src/lib'], parents), ['src/lib/b.js']);
    assert.deepEqual(taken(project, ['**/*.js'], { ...parents, exclude: ['src/a*'] }), ['src/lib/b.js']);
    assert.deepEqual(taken(project, ['.'], parents).length, 5);
    const result = take(project, ['nope', '**/nope'], parents);
    assert.deepEqual([result.unmatched, result.emptyWildcards], [['nope'], ['**/nope']]);
  });
});
