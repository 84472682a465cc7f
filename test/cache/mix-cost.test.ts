import assert from 'node:assert/strict';
import { costOfMix } from '../../server/cache/mix-cost.js';

const task = (name: string) => ({ name, words: [] });
const secondsOf = (names: string, before = '', packages = 60, share = 1) => {
  const tasks = (text: string) => text.split(' ').filter(Boolean).map(task);
  return Math.round(costOfMix(tasks(names), { before: tasks(before), packages, share }).seconds);
};

describe('costOfMix', () => {
  it('compiles dependencies once, in the first task that needs them', () => {
    const inSteps =
      secondsOf('deps.get') + secondsOf('deps.compile', 'deps.get') + secondsOf('release', 'deps.get deps.compile');
    assert.equal(secondsOf('deps.get deps.compile release'), inSteps);
    assert.equal(secondsOf('deps.get') + secondsOf('release', 'deps.get'), inSteps - secondsOf('local.hex'));
    assert.ok(secondsOf('compile', 'deps.get') > secondsOf('compile', 'deps.get compile') + 30);
  });

  it('grows with the packages, more so for compiling than for fetching them', () => {
    const growth = (names: string) => secondsOf(names, 'deps.get', 200) - secondsOf(names, 'deps.get', 10);
    assert.ok(growth('deps.compile') > 2 * (secondsOf('deps.get', '', 200) - secondsOf('deps.get', '', 10)));
  });

  it('fetches little where a cache mount has it, and what is there already', () => {
    assert.ok(secondsOf('deps.get', '', 100, 0.4) < secondsOf('deps.get', '', 100));
    assert.ok(secondsOf('deps.get', 'deps.get', 100) < secondsOf('deps.get', '', 100));
  });

  it('takes the installation of Hex for no build', () => {
    assert.ok(secondsOf('local.hex local.rebar') < 10);
  });
});
