import assert from 'node:assert/strict';
import { nearest } from '../../server/core/nearest.js';

describe('nearest', () => {
  const rules = ['unpinned-base', 'undigested-base', 'split-apt-update'];

  for (const [word, guess] of [
    ['unpined-base', 'unpinned-base'],
    ['unpinend-base', 'unpinned-base'],
    ['Unpinned-Base', 'unpinned-base'],
    ['split-apt-updates', 'split-apt-update'],
    ['chown', undefined],
    ['', undefined],
  ] as const) {
    it(`takes ${JSON.stringify(word)} for ${guess ?? 'nothing known'}`, () =>
      assert.equal(nearest(word, rules), guess));
  }

  it('allows one mistake in a short word', () => {
    assert.equal(nearest('of', ['off', 'on']), 'off');
    assert.equal(nearest('xy', ['off', 'on']), undefined);
  });
});
