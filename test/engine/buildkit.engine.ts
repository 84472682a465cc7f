import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EngineCase } from './case.js';
import { allCases } from './cases/all.js';
import { type Engines, openEngines } from './engine.js';
import { arbitraryCase, arbitraryRareCase } from './generate.js';
import type { Outcome } from './run-cases.js';
import { runCases } from './run-cases.js';

/** Set LAYERWISE_SEED to explore further; LAYERWISE_ENGINE_PAIRS says how many generated builds with a change each store gets. */
const seed = Number(process.env.LAYERWISE_SEED ?? 20_261_121);
const pairs = Number(process.env.LAYERWISE_ENGINE_PAIRS ?? 150);

/** Without LAYERWISE_ENGINE_FULL=1, every other case made by hand is built, with one of the two image stores. */
const isFull = process.env.LAYERWISE_ENGINE_FULL === '1';

/** The model says `cached` only of steps that are, and `rebuilt` only of steps that run. */
describe('BuildKit and the cache model', () => {
  let engines: Engines | undefined;

  before(async () => {
    engines = await openEngines();
  });

  it('agree on the cases made by hand', async () => {
    await compare((store, stores) => allCases.filter((_, index) => isFull || index % (2 * stores) === 2 * store));
  });

  it(`agree on ${pairs} generated builds with a change for each image store (seed ${seed})`, async () => {
    await compare((store, stores) => {
      const half = Math.ceil(pairs / 2);
      const all = [arbitraryCase, arbitraryRareCase].map((one) => fc.sample(one, { numRuns: half * stores, seed }));
      return all.flatMap((some) => some.slice(store * half, (store + 1) * half));
    });
  });

  async function compare(casesFor: (store: number, stores: number) => readonly EngineCase[]): Promise<void> {
    const built: Outcome[] = [];
    for (const [store, engine] of (engines?.all ?? []).entries()) {
      if (!engines) break;
      const cases = casesFor(store, engines.all.length);
      const outcomes = await runCases(engine, engines, cases);
      const own = outcomes.filter(({ seen }) => seen !== undefined);
      assert.ok(own.length > cases.length / 2, 'most builds failed');
      console.log(
        `      ${engine.builder}: ${own.length} pairs of builds, ${letters(own)} steps, ${letters(own, '?')} unknown`,
      );
      assert.deepEqual(own.filter(({ wrong }) => wrong.length > 0).map(describeWrong), [], engine.builder);
      built.push(...own);
    }
    assert.ok(letters(built, '?') <= letters(built) / 20, 'more than one step in twenty is unknown');
  }
});

/** How many steps there are, or how many of which the model says this. */
function letters(outcomes: readonly Outcome[], letter = ''): number {
  return outcomes.reduce((sum, { expected }) => sum + [...expected].filter((one) => one.includes(letter)).length, 0);
}

function describeWrong({ one, expected, seen }: Outcome): string {
  return `${one.name}: expected ${expected}, seen ${seen}\n${one.before.dockerfile}\n--- after\n${one.after.dockerfile}\n${JSON.stringify([one.before.files, one.after.files, one.before.args, one.after.args])}`;
}
