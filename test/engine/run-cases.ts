import { randomBytes } from 'node:crypto';
import { type BuildResult, buildCase } from './build.js';
import { type EngineCase, imageName, modelOf, type SaltedCase, salted } from './case.js';
import type { Engine, Engines } from './engine.js';
import { loadImages } from './images.js';
import { observe } from './observe.js';
import { serverUrl } from './server.js';
import { expectation, wrongSteps } from './verdict.js';

/** What the model expects of a case and what the engine did, one letter per step. */
export interface Outcome {
  readonly one: EngineCase;
  /** What was built. */
  readonly ready: SaltedCase;
  readonly result: BuildResult;
  readonly expected: string;
  /** Undefined where a build failed. */
  readonly seen: string | undefined;
  readonly error: string | undefined;
  readonly wrong: readonly number[];
}

/** How many builds run at once, and for how many cases images are loaded at once. */
const workers = 4;
const batch = 100;

/** Builds all cases in an engine; outcomes come in the order of the cases. */
export async function runCases(engine: Engine, engines: Engines, cases: readonly EngineCase[]): Promise<Outcome[]> {
  const url = await serverUrl();
  const outcomes: Outcome[] = [];
  for (let at = 0; at < cases.length; at += batch) {
    const list = cases.slice(at, at + batch).map((one) => salted(one, randomBytes(6).toString('hex'), url));
    await loadImages(engine, engines, list.flatMap(imagesOf));
    const results: Outcome[] = new Array(list.length);
    const todo = [...list.entries()];
    const work = async () => {
      for (let next = todo.shift(); next; next = todo.shift()) {
        const [index, one] = next;
        results[index] = outcomeOf(engine.builder, cases[at + index] ?? one, one, await buildCase(engine, one));
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
    outcomes.push(...results);
  }
  return outcomes;
}

/** Loading is slow: only those that a build names. */
function imagesOf({ salt, config = {}, before, after, moved }: SaltedCase) {
  const needsSecond = moved || [before, after].some(({ dockerfile }) => /:(?:2|\$)/.test(dockerfile));
  return (needsSecond ? ['1', '2'] : ['1']).map((tag) => ({ name: imageName(salt, tag), salt: salt + tag, config }));
}

/** Compares what the model says with what an engine has done. */
export function outcomeOf(
  builder: Engine['builder'],
  one: EngineCase,
  ready: SaltedCase,
  result: BuildResult,
): Outcome {
  const model = modelOf(ready, builder);
  const expected = expectation(model);
  const common = { one, ready, result, expected };
  if ('error' in result) return { ...common, seen: undefined, error: result.error, wrong: [] };
  const seen = observe(ready, model, result.vertices);
  return { ...common, seen, error: undefined, wrong: wrongSteps(expected, seen) };
}
