import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelOf, salted } from '../engine/case.js';
import { allCases } from '../engine/cases/all.js';
import { expectation, wrongSteps } from '../engine/verdict.js';
import { root } from '../helpers/root.js';

interface Recorded {
  readonly version: string;
  /** What each step did, in the letters of `observe`. */
  readonly cases: Readonly<Record<string, string>>;
}

for (const builder of ['buildkit', 'buildkit-graphdriver'] as const) {
  const text = readFileSync(join(root, `test/engine/recorded-${builder}.json`), 'utf8');
  const { version, cases } = JSON.parse(text) as Recorded;

  describe(`the model of ${builder}, against what Docker ${version} did`, () => {
    let [steps, unknown] = [0, 0];
    for (const one of allCases) {
      it(one.name, () => {
        const expected = expectation(modelOf(salted(one, 'salt'), builder));
        const seen = cases[one.name] ?? 'not recorded';
        steps += expected.length;
        unknown += expected.split('?').length - 1;
        assert.equal(seen.length, expected.length, `expected ${expected}, but the engine did ${seen}`);
        assert.deepEqual(wrongSteps(expected, seen), [], `expected ${expected}, but the engine did ${seen}`);
      });
    }
    it('leaves few steps open', () => assert.ok(unknown <= steps / 20, `${unknown} of ${steps}`));
    it('has every case once, and no other', () => {
      assert.deepEqual(Object.keys(cases), [...new Set(allCases.map(({ name }) => name))]);
    });
  });
}
