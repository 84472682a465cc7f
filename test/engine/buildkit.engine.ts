import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EngineCase } from './case.js';
import { allCases } from './cases/all.js';
import type { Engines } from './engine.js';
import { openEngines } from './engine.js';
import { arbitraryCase } from './generate.js';
import type { Outcome } from './run-cases.js';
import { runCases } from './run-cases.js';

/** Set LAYERWISE_SEED to explore further; LAYERWISE_ENGINE_PAIRS says how many generated builds with a change there are. */
const seed = Number(process.env.LAYERWISE_SEED ?? 20_261_121);
const pairs = Number(process.env.LAYERWISE_ENGINE_PAIRS ?? 150);

/** The model says `cached` only of steps that are, and `rebuilt` only of steps that run. */
describe('BuildKit and the cache model', () => {
  let engines: Engines | undefined;

  before(async () => {
    engines = await openEngines();
  });
  after(() => engines?.close());

  it('agree on the cases made by hand, with both image stores', async () => {
    await compare(allCases);
  });

  it(`agree on ${pairs} generated builds with a change (seed ${seed})`, async () => {
    await compare(fc.sample(arbitraryCase, { numRuns: pairs, seed }));
  });

  async function compare(cases: readonly EngineCase[]): Promise<void> {
    for (const engine of engines?.all ?? []) {
      const outcomes = await runCases(engine, engines as Engines, cases);
      const built = outcomes.filter(({ seen }) => seen !== undefined);
      const steps = built.reduce((sum, { expected }) => sum + expected.length, 0);
      const unknown = built.reduce((sum, { expected }) => sum + [...expected].filter((one) => one === '?').length, 0);
      console.log(`      ${engine.builder}: ${built.length} pairs of builds, ${steps} steps, ${unknown} unknown`);
      assert.ok(built.length > cases.length / 2, 'most builds failed');
      assert.ok(unknown <= steps / 20, 'more than one step in twenty is unknown');
      assert.deepEqual(built.filter(({ wrong }) => wrong.length > 0).map(describeWrong), [], engine.builder);
    }
  }
});

function describeWrong({ one, expected, seen }: Outcome): string {
  return `${one.name}: expected ${expected}, seen ${seen}\n${one.before.dockerfile}\n--- after\n${one.after.dockerfile}\n${JSON.stringify([one.before.files, one.after.files, one.before.args, one.after.args])}`;
}
