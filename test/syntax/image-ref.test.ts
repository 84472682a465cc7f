import assert from 'node:assert/strict';
import { familiarName, parseImageReference } from '../../server/syntax/image-ref.js';

describe('parseImageReference', () => {
  const sha = `sha256:${'0123456789abcdef'.repeat(4)}`;
  const parts = (text: string): unknown[] | undefined => {
    const found = parseImageReference(text);
    return found && [found.registry, found.repository, found.tag, found.digest];
  };

  it('puts the default registry and the official namespace in', () => {
    assert.deepEqual(parts('node'), ['docker.io', 'library/node', undefined, undefined]);
    assert.deepEqual(parts('node:22-alpine'), ['docker.io', 'library/node', '22-alpine', undefined]);
    assert.deepEqual(parts('bitnami/redis'), ['docker.io', 'bitnami/redis', undefined, undefined]);
    assert.deepEqual(parts('docker.io/node'), ['docker.io', 'library/node', undefined, undefined]);
    assert.deepEqual(parts('index.docker.io/a/b'), ['docker.io', 'a/b', undefined, undefined]);
  });

  it('tells registries from namespaces', () => {
    assert.deepEqual(parts('ghcr.io/a/b/c:1'), ['ghcr.io', 'a/b/c', '1', undefined]);
    assert.deepEqual(parts('localhost/a'), ['localhost', 'a', undefined, undefined]);
    assert.deepEqual(parts('host:5000/a:1'), ['host:5000', 'a', '1', undefined]);
    assert.deepEqual(parts('[::1]:5000/a'), ['[::1]:5000', 'a', undefined, undefined]);
    assert.deepEqual(parts('Host/a'), ['Host', 'a', undefined, undefined]);
  });

  it('takes tag and digest together', () => {
    assert.deepEqual(parts(`node:22@${sha}`), ['docker.io', 'library/node', '22', sha]);
    assert.deepEqual(parts(`host:5000/a@${sha}`), ['host:5000', 'a', undefined, sha]);
  });

  it('has the place of each part', () => {
    const text = `host:5000/a/b:1.2@${sha}`;
    const found = parseImageReference(text);
    const cut = [found?.nameSpan, found?.tagSpan, found?.digestSpan].map((span) => text.slice(span?.start, span?.end));
    assert.deepEqual(cut, ['host:5000/a/b', '1.2', sha]);
    assert.equal(found?.name, 'host:5000/a/b');
  });

  it('takes separators in a repository', () => {
    for (const name of ['a.b', 'a_b', 'a__b', 'a-b', 'a---b', 'x/a.b/c']) assert(parseImageReference(name), name);
  });

  it('refuses what is no reference', () => {
    const bad = [
      '',
      'Node',
      'a:',
      'a:-x',
      'a b',
      'a//b',
      '/a',
      'a/',
      '-a',
      'a..b',
      'a___b',
      'a@sha256:12',
      `a@md5:${'0'.repeat(32)}`,
      `a@${sha.toUpperCase()}`,
      '$BASE',
      'a:$TAG',
      '0123456789abcdef'.repeat(4),
      `a:${'x'.repeat(129)}`,
      `a/${'x'.repeat(256)}`,
      'x'.repeat(100_000),
    ];
    for (const text of bad) assert.equal(parseImageReference(text), undefined, text.slice(0, 80));
  });

  it('shortens names of the default registry only', () => {
    const familiar = (text: string): string | undefined => {
      const found = parseImageReference(text);
      return found && familiarName(found);
    };
    assert.equal(familiar('docker.io/library/node:22'), 'node');
    assert.equal(familiar('docker.io/a/b'), 'a/b');
    assert.equal(familiar('library/a/b'), 'library/a/b');
    assert.equal(familiar('ghcr.io/library/node'), 'ghcr.io/library/node');
  });
});
