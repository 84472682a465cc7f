import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chainedRebuildOf } from '../../server/cache/chained.js';
import type { ChainedBuilder } from '../../server/cache/chained-stages.js';
import { compareContexts } from '../../server/cache/change.js';
import type { StepResult } from '../../server/cache/rebuild.js';
import { salted, sideOf } from '../engine/case.js';
import { edit } from '../engine/cases/define.js';
import { chainedCases } from '../engine/chained-cases.js';
import { agreesWith, chainedModelOf } from '../engine/chained-model.js';
import { root } from '../helpers/root.js';

for (const builder of ['classic', 'buildah'] as const) {
  const text = readFileSync(join(root, `test/engine/recorded-${builder}.json`), 'utf8');
  const { version, cases } = JSON.parse(text) as { version: string; cases: Readonly<Record<string, string>> };
  describe(`the model of ${builder}, against what ${version} did`, () => {
    let [steps, unknown] = [0, 0];
    for (const one of chainedCases) {
      const seen = cases[one.name];
      if (seen === undefined) continue;
      it(one.name, () => {
        const expected = chainedModelOf(salted(one, 'salt'), builder);
        steps += expected.length;
        unknown += expected.split('?').length - 1;
        assert.ok(agreesWith(expected, seen), `expected ${expected}, but the builder did ${seen}`);
      });
    }
    it('leaves few steps open', () => assert.ok(unknown <= steps / 20, `${unknown} of ${steps}`));
    it('knows every recorded case', () => {
      const names = new Set(chainedCases.map(({ name }) => name));
      assert.deepEqual(
        Object.keys(cases).filter((name) => !names.has(name)),
        [],
      );
    });
  });
}

function stepsOf(builder: ChainedBuilder, dockerfile: string, edited: string): readonly StepResult[] {
  const one = edit('', dockerfile, edited);
  const [before, after] = [sideOf(one.before), sideOf(one.after)];
  return chainedRebuildOf({ before, after, files: compareContexts(before, after) }, builder).steps;
}

describe('why a chained builder does a step again', () => {
  const file = 'FROM base\nLABEL version=1\nRUN install\nCOPY a.txt /\n';

  it('names the instruction that was edited, and it as the cause of all below', () => {
    const [label, run] = stepsOf('classic', file, file.replace('=1', '=2'));
    assert.deepEqual(label?.reasons, [{ kind: 'instruction', before: 'version=1', after: 'version=2' }]);
    assert.deepEqual(run?.reasons, [{ kind: 'step', instruction: label?.instruction, stage: 0 }]);
  });

  it('names the argument in a RUN', () => {
    const [arg, run] = stepsOf('buildah', 'FROM base\nARG A=1\nRUN make\n', 'FROM base\nARG A=2\nRUN make\n');
    assert.equal(arg?.state, 'cached');
    assert.deepEqual(run?.reasons, [{ kind: 'variable', name: 'A', from: 'ARG', before: '1', after: '2' }]);
  });

  it('says of a step that was not there that it is new', () => {
    const [, user] = stepsOf('classic', 'FROM base\nRUN a\n', 'FROM base\nRUN a\nUSER 1\n');
    assert.deepEqual(user?.reasons, [{ kind: 'new-step' }]);
  });

  it('counts the instructions by what becomes of them', () => {
    const named = file.replace('FROM base', 'FROM base AS first');
    const before = sideOf(edit('', named, named).before);
    const after = sideOf(edit('', `${named}FROM base AS later\nRUN x\n`, '').before);
    const change = { before, after: { ...after, target: 'first' }, files: [] };
    assert.deepEqual(chainedRebuildOf(change, 'classic').summary, { cached: 3, rebuilt: 0, unknown: 0, notNeeded: 1 });
  });
});

describe('the model of kaniko, read from its source', () => {
  const states = (before: string, after: string) => stepsOf('kaniko', before, after).map(({ state }) => state);

  it('adds metadata to the key of all that follows', () => {
    assert.deepEqual(states('FROM base\nLABEL a=1\nRUN x\n', 'FROM base\nLABEL a=2\nRUN x\n'), ['rebuilt', 'rebuilt']);
  });

  it('adds every variable to the key of a RUN, sorted', () => {
    const before = 'FROM base\nENV A=1 B=2\nRUN x\n';
    assert.deepEqual(states(before, before), ['cached', 'cached']);
    assert.deepEqual(states('FROM base\nARG A=1\nRUN x\n', 'FROM base\nARG A=2\nRUN x\n'), ['rebuilt', 'rebuilt']);
  });

  it('builds the stages in front of the target, needed or not', () => {
    const file = 'FROM base\nRUN a\nFROM base\nRUN b\n';
    assert.deepEqual(states(file, file.replace('a\n', 'c\n')), ['rebuilt', 'cached']);
  });
});
