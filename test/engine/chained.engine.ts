import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/root.js';
import { type EngineCase, salted } from './case.js';
import { buildahBuilder, type ChainedBuilder, classicBuilder } from './chained-builders.js';
import { chainedCases } from './chained-cases.js';
import { agreesWith, chainedModelOf } from './chained-model.js';
import { openEngines } from './engine.js';

/** Without LAYERWISE_ENGINE_FULL=1, this many of each builder, spread over the table. */
const some = 42;

/** The recorded answers, with which the unit test compares the model, are still what the builders do. */
describe('the chained builders', () => {
  it('classic does what is recorded', async () => {
    const engines = await openEngines();
    const engine = engines?.all.find(({ builder }) => builder === 'buildkit-graphdriver');
    if (engines && engine) await compare(await classicBuilder(engine, engines));
  });

  it('buildah does what is recorded', async () => {
    const engines = await openEngines();
    const builder = engines?.debian && (await buildahBuilder(engines.debian));
    if (builder) await compare(builder);
  });
});

async function compare(builder: ChainedBuilder): Promise<void> {
  const text = readFileSync(join(root, `test/engine/recorded-${builder.name}.json`), 'utf8');
  const { cases } = JSON.parse(text) as { readonly cases: Readonly<Record<string, string>> };
  const todo = chosen(chainedCases.filter(({ name }) => cases[name] !== undefined));
  const count = todo.length;
  const wrong: string[] = [];
  const work = async () => {
    for (let one = todo.shift(); one; one = todo.shift()) {
      const ready = salted(one, randomBytes(6).toString('hex'));
      const result = await builder.run(ready);
      const expected = chainedModelOf(ready, builder.name);
      if ('error' in result) wrong.push(`${one.name}: ${result.error}`);
      else if (result.seen !== cases[one.name] || !agreesWith(expected, result.seen))
        wrong.push(`${one.name}: the model says ${expected}, recorded is ${cases[one.name]}, seen ${result.seen}`);
    }
  };
  await Promise.all([work(), work(), work()]);
  console.log(`      ${builder.name} ${builder.version}: ${count} cases`);
  assert.deepEqual(wrong, [], `${builder.name} ${builder.version}`);
}

function chosen(cases: readonly EngineCase[]): EngineCase[] {
  if (process.env.LAYERWISE_ENGINE_FULL === '1') return [...cases];
  const step = cases.length / some;
  return cases.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}
