import assert from 'node:assert/strict';
import { buildOf } from '../../server/model/build.js';
import { byteText } from '../../server/model/byte-text.js';
import { layerChain } from '../../server/model/layer-chain.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { nameGlob } from '../../server/syntax/name-glob.js';

describe('layerChain', () => {
  it('is the target with the stages it is built from, the lowest first', () => {
    const build = buildOf(parseDockerfile('FROM x AS a\nFROM x AS b\nFROM a AS c\nCOPY --from=b / /\nFROM c\n'));
    assert.deepEqual(
      layerChain(build).map(({ index }) => index),
      [0, 2, 3],
    );
    assert.deepEqual(layerChain(buildOf(parseDockerfile(''))), []);
  });
});

describe('byteText', () => {
  it('rounds to what people read', () => {
    assert.deepEqual([0, 999, 1500, 42_400, 3_140_000, 5e12].map(byteText), [
      '0 B',
      '999 B',
      '1.5 kB',
      '42 kB',
      '3.1 MB',
      '5000 GB',
    ]);
  });
});

describe('nameGlob', () => {
  it('takes * for any text and the rest for itself', () => {
    assert.ok(nameGlob('ghcr.io/acme/*').test('ghcr.io/acme/a/b'));
    assert.ok(!nameGlob('a.b').test('axb'));
    assert.ok(!nameGlob('a').test('ab'));
  });
});
