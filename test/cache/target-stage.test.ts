import assert from 'node:assert/strict';
import type { CacheBuilder } from '../../server/cache/side.js';
import { targetStage } from '../../server/cache/target-stage.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

const { instructions } = parseDockerfile('FROM a AS One\nFROM b\nFROM c AS two\nFROM d AS TWO\nFROM e AS 7\n');
const stages = instructions.flatMap((from) => (from.keyword === 'FROM' ? [{ from }] : []));

/** The image of the stage. */
function meant(target: string | undefined, builder: CacheBuilder): string | undefined {
  return targetStage(stages, target, builder)?.from.image?.text;
}

describe('the stage that --target means', () => {
  it('is the last one where nothing is named', () => {
    assert.deepEqual([meant(undefined, 'buildkit'), meant('', 'buildah')], ['e', 'e']);
  });

  for (const builder of ['buildkit', 'buildkit-graphdriver', 'classic', 'kaniko'] as const) {
    it(`goes by name alone and in any case (${builder})`, () => {
      assert.deepEqual(
        ['ONE', '7', '0', '1', 'none'].map((target) => meant(target, builder)),
        ['a', 'e', undefined, undefined, undefined],
      );
    });
  }

  it('goes by name as it is written and then by number with Buildah', () => {
    assert.deepEqual(
      ['One', 'ONE', '7', '0', '1', '9'].map((target) => meant(target, 'buildah')),
      ['a', undefined, 'e', 'a', 'b', undefined],
    );
  });

  it('is the last of two with one name, for those who do not reject that or take the first', () => {
    const builders = ['buildkit', 'classic', 'kaniko', 'buildah'] as const;
    assert.deepEqual(
      builders.map((builder) => meant('two', builder)),
      ['d', 'c', 'c', 'c'],
    );
  });
});
