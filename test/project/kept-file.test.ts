import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { findKept, placeKept, readKept, writeKept } from '../../server/project/kept-file.js';
import { type TemporaryFolder, temporaryFolder } from '../helpers/temporary-folder.js';

describe('kept files', () => {
  let folder: TemporaryFolder;
  const at = (...parts: string[]) => path.join(folder.path, ...parts);

  beforeEach(() => {
    folder = temporaryFolder({ 'a/b/Dockerfile': 'FROM a\n' });
    mkdirSync(at('.git'));
  });
  afterEach(() => folder.remove());

  it('are found in the folder or above, the nearest first, not above the repository', () => {
    folder.write('.layerwise/x.json', '1');
    assert.equal(findKept(at('a/b'), 'x.json'), at('.layerwise/x.json'));
    folder.write('a/.layerwise/x.json', '2');
    assert.equal(findKept(at('a/b'), 'x.json'), at('a/.layerwise/x.json'));
    mkdirSync(at('a/b/.git'));
    assert.equal(findKept(at('a/b'), 'x.json'), undefined);
  });

  it('get their place where one is, beside others, or at the top of the repository', () => {
    assert.equal(placeKept(at('a/b'), 'x.json'), at('.layerwise/x.json'));
    folder.write('a/.layerwise/y.json', '{}');
    assert.equal(placeKept(at('a/b'), 'x.json'), at('a/.layerwise/x.json'));
    folder.write('a/b/.layerwise/y.json', '{}');
    folder.write('a/.layerwise/x.json', '{}');
    assert.equal(placeKept(at('a/b'), 'x.json'), at('a/.layerwise/x.json'));
  });

  it('are written with their folder, and not over what somebody else has written since', () => {
    const file = at('a/.layerwise/x.json');
    assert.equal(writeKept(file, { tea: 1 }, undefined), undefined);
    const read = readKept(file);
    assert.ok('value' in read);
    assert.deepEqual(read.value, { tea: 1 });
    folder.write('a/.layerwise/x.json', '{"rum": 1}');
    assert.ok(writeKept(file, { tea: 2 }, read.text)?.error);
    assert.deepEqual(readKept(file), { value: { rum: 1 }, text: '{"rum": 1}' });
  });

  it('that are no JSON have no value', () => {
    folder.write('x.json', '{');
    assert.deepEqual(readKept(at('x.json')), { value: undefined, text: '{' });
    assert.deepEqual(readKept(at('none.json')), { value: undefined, text: undefined });
  });
});
