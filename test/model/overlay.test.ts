import assert from 'node:assert/strict';
import type { ContextSource } from '../../server/model/context.js';
import { overlaySource } from '../../server/model/overlay.js';

const base: ContextSource = {
  list: (folder) => (folder === '' ? [{ path: 'run.sh', type: 'file', size: 3, mode: 0o755, link: undefined }] : []),
  read: (path) => (path === 'run.sh' ? 'ls\n' : undefined),
  gitIgnored: () => undefined,
};

describe('overlaySource', () => {
  it('shows a new file and the folders on the way to it', () => {
    const source = overlaySource(base, new Map([['docker/web/.dockerignore', 'é\n']]));
    assert.deepEqual(
      source.list('').map(({ path, type }) => [path, type]),
      [
        ['run.sh', 'file'],
        ['docker', 'directory'],
      ],
    );
    assert.deepEqual(
      source.list('docker').map(({ path }) => path),
      ['docker/web'],
    );
    assert.deepEqual(source.list('docker/web'), [
      { path: 'docker/web/.dockerignore', type: 'file', size: 3, mode: 0o644, link: undefined },
    ]);
    assert.equal(source.read('docker/web/.dockerignore'), 'é\n');
  });

  it('keeps the mode of a file whose text changes', () => {
    const [entry] = overlaySource(base, new Map([['run.sh', 'pwd\n']])).list('');
    assert.deepEqual(entry, { path: 'run.sh', type: 'file', size: 4, mode: 0o755, link: undefined });
  });

  it('leaves a link what it is', () => {
    const link = { path: '.dockerignore', type: 'symlink', size: 0, mode: 0o777, link: '.gitignore' } as const;
    const source = overlaySource({ ...base, list: () => [link] }, new Map([['.dockerignore', 'dist\n']]));
    assert.deepEqual(source.list(''), [link]);
    assert.equal(source.read('.dockerignore'), 'dist\n');
  });
});
