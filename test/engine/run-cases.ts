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
        results[index] = outcomeOf(engine, cases[at + index] ?? one, one, await buildCase(engine, one));
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
    outcomes.push(...results);
  }
  return outcomes;
}

function imagesOf({ salt, config = {} }: SaltedCase) {
  return ['1', '2'].map((tag) => ({ name: imageName(salt, tag), salt: salt + tag, config }));
}

function outcomeOf(engine: Engine, one: EngineCase, ready: SaltedCase, result: BuildResult): Outcome {
  const model = modelOf(ready, engine.builder);
  const expected = expectation(model);
  if ('error' in result) return { one, expected, seen: undefined, error: result.error, wrong: [] };
  const seen = observe(ready, model, result.vertices);
  return { one, expected, seen, error: undefined, wrong: wrongSteps(expected, seen) };
}
