import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import nodePath, { join } from 'node:path';
import fc from 'fast-check';
import path from '../../../server/lsp/web/path.js';
import { root } from '../../helpers/root.js';

const segment = fc.constantFrom('a', 'b.c', '.', '..', '', 'x y', '.d');
const anyPath = fc
  .tuple(fc.boolean(), fc.array(segment, { minLength: 1, maxLength: 6 }))
  .map(([absolute, segments]) => `${absolute ? '/' : ''}${segments.join('/')}`)
  .filter((text) => text !== '');
const absolutePath = anyPath.map((text) => `/${text}`);

describe('path, as the worker has it', () => {
  it('answers as Node does', () => {
    fc.assert(
      fc.property(absolutePath, absolutePath, anyPath, (from, to, other) => {
        assert.equal(path.relative(from, to), nodePath.posix.relative(from, to));
        assert.equal(path.resolve(from, other), nodePath.posix.resolve(from, other));
        assert.equal(path.isAbsolute(other), nodePath.posix.isAbsolute(other));
        const joined = path.join(from, other);
        assert.equal(joined, nodePath.posix.join(from, other).replace(/(.)\/$/, '$1'));
        assert.equal(path.dirname(joined), nodePath.posix.dirname(joined));
        assert.equal(path.basename(joined), nodePath.posix.basename(joined));
      }),
    );
  });

  it('has everything that the modules in the worker use of it', () => {
    const used = ['server/project', 'server/lsp'].flatMap((folder) =>
      readdirSync(join(root, folder)).flatMap((name) => {
        if (!name.endsWith('.ts')) return [];
        const text = readFileSync(join(root, folder, name), 'utf8');
        return text.includes("from 'node:path'") ? [...text.matchAll(/\bpath\.(?:posix\.)?([a-z]+)\(/gi)] : [];
      }),
    );
    const names = new Set(used.map(([, name = '']) => name));
    assert.ok(names.size > 4);
    assert.deepEqual(
      [...names].filter((name) => !(name in path)),
      [],
    );
  });
});
