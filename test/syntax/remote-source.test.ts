import assert from 'node:assert/strict';
import { isGitSource, isRemoteSource } from '../../server/syntax/remote-source.js';

describe('a source of ADD', () => {
  it('is fetched by Git', () => {
    for (const text of [
      'https://example.org/a.git',
      'https://example.org/a.git#v1:sub',
      'https://example.org/a.git?ref=v1',
      'git@example.org:a/b',
      'user@host.org:repo.git',
      'ssh://git@example.org/a',
      'git://example.org/a',
    ])
      assert.deepEqual([isRemoteSource(text), isGitSource(text)], [true, true], text);
  });

  it('is fetched over HTTP', () => {
    for (const text of ['https://example.org/a.gz', 'http://example.org/a.git/info', 'https://example.org/a?b=.git'])
      assert.deepEqual([isRemoteSource(text), isGitSource(text)], [true, false], text);
  });

  it('is a path', () => {
    for (const text of ['vendor/repo.git', 'repo.git#v1', 'github.com/a/b', './a@b:c', 'a', 'C:/x', ''])
      assert.deepEqual([isRemoteSource(text), isGitSource(text)], [false, false], text);
  });
});
