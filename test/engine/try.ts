import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { root } from '../helpers/root.js';
import type { BuildResult } from './build.js';
import { type EngineCase, salted } from './case.js';
import { allCases } from './cases/all.js';
import { type Engine, openEngines } from './engine.js';
import { arbitraryCase, arbitraryRareCase } from './generate.js';
import { minimise } from './minimise.js';
import { type Outcome, outcomeOf, runCases } from './run-cases.js';
import { serverUrl } from './server.js';

/**
 * For work on the model, run as `node out/test/engine/try.js …`:
 * `cases [PATTERN]` builds cases made by hand, `record [PATTERN]` also writes down what the engines did;
 * `gather FOLDER PAIRS SEED…` builds generated ones and keeps what the engines did;
 * A negative seed makes cases with rarer options. `compare FOLDER` asks the model about these again, without an engine; `smaller SEED INDEX BUILDER` minimises one of them.
 */
const [mode, ...rest] = process.argv.slice(2);

interface Kept {
  readonly builder: Engine['builder'];
  readonly seed: number;
  readonly pairs: number;
  readonly index: number;
  readonly salt: string;
  readonly url: string;
  readonly result: BuildResult;
}

if (mode === 'compare') compareKept(rest[0] ?? '');
else {
  const engines = await openEngines();
  try {
    for (const engine of engines?.all ?? []) {
      if (!engines) break;
      const build = (cases: readonly EngineCase[]) => runCases(engine, engines, cases);
      if (mode === 'cases' || mode === 'record') {
        const outcomes = await build(allCases.filter(({ name }) => new RegExp(rest[0] ?? '').test(name)));
        report(engine.builder, outcomes);
        if (mode === 'record') await record(engine, outcomes);
      } else if (mode === 'gather') await gather(engine.builder, build, rest);
      else if (rest[2] === engine.builder) await showSmaller(build, rest);
    }
  } finally {
    engines?.close();
  }
}

type BuildAll = (cases: readonly EngineCase[]) => Promise<Outcome[]>;

/** Into `recorded-BUILDER.json`, from which the unit test compares the model. What other cases did stays. */
async function record(engine: Engine, outcomes: readonly Outcome[]): Promise<void> {
  const file = join(root, `test/engine/recorded-${engine.builder}.json`);
  const kept: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).cases : {};
  for (const { one, seen } of outcomes) if (seen !== undefined) kept[one.name] = seen;
  const { stdout } = await engine.docker(['version', '--format', '{{.Server.Version}}']);
  const cases = Object.fromEntries(allCases.map(({ name }) => [name, kept[name]]));
  const recorded = { builder: engine.builder, version: stdout.trim(), cases };
  writeFileSync(file, `${JSON.stringify(recorded, undefined, 2)}\n`);
}

async function gather(builder: Engine['builder'], build: BuildAll, [folder = '', count, ...seeds]: readonly string[]) {
  mkdirSync(folder, { recursive: true });
  for (const seed of seeds.map(Number)) {
    const file = join(folder, `${builder}-${seed}.jsonl`);
    if (existsSync(file)) continue;
    const pairs = Number(count);
    const outcomes = await build(casesOf(seed, pairs));
    for (const [index, { ready, result }] of outcomes.entries()) {
      const line: Kept = { builder, seed, pairs, index, salt: ready.salt, url: await serverUrl(), result };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    }
    report(`${builder} ${seed}`, outcomes);
  }
}

function compareKept(folder: string): void {
  const all = new Map<string, Outcome[]>();
  for (const name of readdirSync(folder)) {
    let cases: readonly EngineCase[] = [];
    const outcomes: Outcome[] = [];
    for (const line of readFileSync(join(folder, name), 'utf8').trim().split('\n')) {
      const { builder, seed, pairs, index, salt, url, result } = JSON.parse(line) as Kept;
      if (cases.length === 0) cases = casesOf(seed, pairs);
      const one = cases[index];
      if (one) outcomes.push(outcomeOf(builder, { ...one, name: `${seed} ${index}` }, salted(one, salt, url), result));
    }
    report(name, outcomes);
    const builder = name.slice(0, name.lastIndexOf('-'));
    all.set(builder, [...(all.get(builder) ?? []), ...outcomes]);
  }
  for (const [builder, outcomes] of all) report(builder, outcomes, false);
}

async function showSmaller(build: BuildAll, [seed, index]: readonly string[]): Promise<void> {
  const one = casesOf(Number(seed), Number(index) + 1).at(-1);
  if (!one) return;
  const fails = async (smaller: EngineCase) => (await build([smaller])).some(({ wrong }) => wrong.length > 0);
  if (!(await fails(one))) console.log('agrees this time');
  for (const outcome of await build([await minimise(one, fails)])) show(outcome);
}

function casesOf(seed: number, pairs: number): EngineCase[] {
  return fc.sample(seed < 0 ? arbitraryRareCase : arbitraryCase, { numRuns: pairs, seed: Math.abs(seed) });
}

function report(name: string, outcomes: readonly Outcome[], withWrong = true): void {
  const built = outcomes.filter(({ seen }) => seen !== undefined);
  const letters = built.map(({ expected }) => expected).join('');
  const [steps, unknown] = [letters.length, letters.split('?').length - 1];
  const wrong = built.filter((one) => one.wrong.length > 0);
  const percent = ((100 * unknown) / steps).toFixed(1);
  console.log(
    `${name}: ${outcomes.length} cases, ${built.length} built, ${steps} steps, ${unknown} unknown (${percent} %), ${wrong.length} cases wrong`,
  );
  const errors = new Map<string, number>();
  for (const { error } of outcomes) {
    if (error !== undefined) errors.set(error.slice(-110), (errors.get(error.slice(-110)) ?? 0) + 1);
  }
  for (const [error, count] of [...errors].sort((a, b) => b[1] - a[1]).slice(0, 4)) console.log(`  ${count}: ${error}`);
  if (withWrong) for (const one of wrong) show(one);
}

function show({ one, expected, seen }: Outcome): void {
  console.log(`\n=== ${one.name}: expected ${expected} seen ${seen}`);
  console.log(one.before.dockerfile);
  if (one.before.dockerfile !== one.after.dockerfile) console.log(`--- after\n${one.after.dockerfile}`);
  console.log(JSON.stringify(one.before.files));
  console.log(JSON.stringify(one.after.files));
  console.log(JSON.stringify([one.before.args, one.after.args, one.before.target, one.after.target, one.moved]));
}
