import assert from 'node:assert/strict';
import type { Baseline } from '../../server/project/baseline.js';
import { formatBaseline, matchBaseline, parseBaseline } from '../../server/project/baseline.js';

const apt = { path: 'Dockerfile', rule: 'split-apt-update', fingerprint: 'aaaa' };
const base = { path: 'api/Dockerfile', rule: 'unpinned-base', fingerprint: 'bbbb' };

function read(text: string): Baseline {
  const baseline = parseBaseline(text);
  if ('error' in baseline) assert.fail(baseline.error);
  return baseline;
}

describe('baseline', () => {
  it('reads what it writes', () => {
    assert.deepEqual(read(formatBaseline([base, apt, apt])), [
      { ...apt, count: 2 },
      { ...base, count: 1 },
    ]);
  });

  it('writes the same text whatever the order', () => {
    assert.equal(formatBaseline([base, apt]), formatBaseline([apt, base]));
  });

  it('covers a finding as often as it was counted', () => {
    const matcher = matchBaseline(read(formatBaseline([apt, apt])));
    assert.deepEqual([matcher.take(apt), matcher.take(apt), matcher.take(apt)], [true, true, false]);
  });

  it('does not cover the same words in another file or of another rule', () => {
    const matcher = matchBaseline(read(formatBaseline([apt])));
    assert.equal(matcher.take({ ...apt, path: 'other/Dockerfile' }), false);
    assert.equal(matcher.take({ ...apt, rule: 'unpinned-base' }), false);
  });

  it('counts what no longer occurs', () => {
    const matcher = matchBaseline(read(formatBaseline([apt, apt, base])));
    matcher.take(apt);
    assert.equal(matcher.left(apt.path), 1);
    assert.equal(matcher.left(base.path), 1);
    assert.equal(matcher.left('elsewhere'), 0);
  });

  it('takes a path called __proto__ for a path', () => {
    const odd = { ...apt, path: '__proto__', rule: 'constructor' };
    assert.deepEqual(read(formatBaseline([odd])), [{ ...odd, count: 1 }]);
    assert.equal(({} as Record<string, unknown>).constructor, Object);
  });

  for (const [text, reason] of [
    ['{', /is not JSON/],
    ['[]', /is not a baseline/],
    ['{"version": 2, "files": {}}', /version 2/],
  ] as const) {
    it(`refuses ${text}`, () => {
      const baseline = parseBaseline(text);
      assert.ok('error' in baseline);
      assert.match(baseline.error, reason);
    });
  }
});
