import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { salted } from './case.js';
import { buildahBuilder, type ChainedBuilder, classicBuilder } from './chained-builders.js';
import { chainedCases } from './chained-cases.js';
import { openDebian } from './debian.js';
import { openEngines } from './engine.js';

/**
 * Writes down what the chained builders do: `node out/test/engine/chained-record.js FOLDER BUILDER [NAMES]`. Answers that are
 * there already stay.
 */
const [folder = 'test/engine', which = 'classic', names = ''] = process.argv.slice(2);
if (which === 'buildah') {
  const debian = openDebian();
  const builder = await buildahBuilder(debian);
  if (builder) await record(builder);
  debian.close();
} else {
  const engines = await openEngines();
  const engine = engines?.all.find(({ builder }) => builder === 'buildkit-graphdriver');
  if (engines && engine) await record(await classicBuilder(engine, engines));
  engines?.close();
}

/** Cases that the builder rejects are left out, with its reason on stdout. */
async function record(builder: ChainedBuilder) {
  const file = join(folder, `recorded-${builder.name}.json`);
  const kept: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).cases : {};
  const todo = chainedCases.filter(({ name }) => kept[name] === undefined && new RegExp(names).test(name));
  const work = async () => {
    for (let one = todo.shift(); one; one = todo.shift()) {
      const result = await builder.run(salted(one, randomBytes(6).toString('hex')));
      if ('error' in result) console.log(`${builder.name}: ${one.name}: ${result.error.slice(-160)}`);
      else kept[one.name] = result.seen;
      write();
    }
  };
  const write = () => {
    const cases = Object.fromEntries(
      chainedCases.flatMap(({ name }) => (kept[name] === undefined ? [] : [[name, kept[name]]])),
    );
    writeFileSync(
      file,
      `${JSON.stringify({ builder: builder.name, version: builder.version, cases }, undefined, 2)}\n`,
    );
  };
  await Promise.all([work(), work()]);
  console.log(`${builder.name} ${builder.version}: ${Object.keys(kept).length} cases`);
}
