import fc from 'fast-check';
import type { EngineCase } from './case.js';
import { allCases } from './cases/all.js';
import { openEngines } from './engine.js';
import { arbitraryCase } from './generate.js';
import { minimise } from './minimise.js';
import { type Outcome, runCases } from './run-cases.js';

const [mode, a, b, which] = process.argv.slice(2);
const engines = await openEngines();
if (engines) {
  const cases: readonly EngineCase[] =
    mode === 'generate'
      ? fc.sample(arbitraryCase, { numRuns: Number(a), seed: Number(b) })
      : allCases.filter(({ name }) => !a || new RegExp(a).test(name));
  for (const engine of engines.all) {
    if (which && engine.builder !== which) continue;
    const start = Date.now();
    const outcomes = await runCases(engine, engines, cases);
    const built = outcomes.filter(({ seen }) => seen !== undefined);
    const steps = built.reduce((sum, { expected }) => sum + expected.length, 0);
    const unknown = built.reduce((sum, { expected }) => sum + [...expected].filter((one) => one === '?').length, 0);
    const wrong = built.filter((one) => one.wrong.length > 0);
    console.log(
      `${engine.builder}: ${cases.length} cases, ${built.length} built, ${steps} steps, ${unknown} unknown (${((100 * unknown) / steps).toFixed(1)} %), ${wrong.length} cases wrong, ${Date.now() - start} ms`,
    );
    const errors = new Map<string, number>();
    for (const { error } of outcomes)
      if (error) errors.set(error.slice(-110), (errors.get(error.slice(-110)) ?? 0) + 1);
    console.log([...errors].sort((x, y) => y[1] - x[1]).slice(0, 8));
    if (mode !== 'generate') {
      for (const one of wrong) console.log(one.one.name, 'expected', one.expected, 'seen', one.seen);
      for (const one of outcomes) if (one.error) console.log(one.one.name, one.error);
      continue;
    }
    for (const one of wrong.slice(0, 6)) {
      const fails = async (smaller: EngineCase) => {
        const [outcome] = await runCases(engine, engines, [smaller]);
        return (outcome?.wrong.length ?? 0) > 0;
      };
      const small = (await fails(one.one)) ? await minimise(one.one, fails) : one.one;
      const [outcome] = await runCases(engine, engines, [small]);
      show(outcome ?? one);
    }
  }
  engines.close();
}

function show({ one, expected, seen }: Outcome) {
  console.log(`\n=== ${one.name}: expected ${expected} seen ${seen}`);
  console.log(one.before.dockerfile);
  if (one.before.dockerfile !== one.after.dockerfile) console.log(`--- after\n${one.after.dockerfile}`);
  console.log(JSON.stringify(one.before.files));
  console.log(JSON.stringify(one.after.files));
  console.log(JSON.stringify([one.before.args, one.after.args, one.before.target, one.after.target, one.moved]));
}
