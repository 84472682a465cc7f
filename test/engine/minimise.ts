import type { Build, EngineCase } from './case.js';

/** The smallest case with the same fault that leaving out lines, files and arguments leads to. */
export async function minimise(one: EngineCase, fails: (smaller: EngineCase) => Promise<boolean>): Promise<EngineCase> {
  let best = one;
  for (let progress = true; progress; ) {
    progress = false;
    for (const smaller of smallerCases(best)) {
      if (!(await fails(smaller))) continue;
      best = smaller;
      progress = true;
      break;
    }
  }
  return best;
}

function* smallerCases(one: EngineCase): Iterable<EngineCase> {
  const { moved, ...rest } = one;
  if (moved) yield rest;
  const [before, after] = [instructionsOf(one.before), instructionsOf(one.after)];
  for (const text of new Set([...before, ...after])) {
    const without = (build: Build, list: readonly string[]): Build => ({
      ...build,
      dockerfile: list.filter((line) => line !== text).join('\n'),
    });
    yield { ...one, before: without(one.before, before), after: without(one.after, after) };
  }
  for (const path of new Set([...Object.keys(one.before.files), ...Object.keys(one.after.files)])) {
    const [old, now] = [one.before.files[path], one.after.files[path]];
    if (old === undefined && now === undefined) continue;
    yield withFile(one, path, undefined, undefined);
    if (JSON.stringify(old) !== JSON.stringify(now)) yield withFile(one, path, old, old);
  }
  for (const name of new Set([...Object.keys(one.before.args ?? {}), ...Object.keys(one.after.args ?? {})])) {
    const without = (build: Build): Build => {
      const { [name]: _, ...args } = build.args ?? {};
      return { ...build, args };
    };
    yield { ...one, before: without(one.before), after: without(one.after) };
  }
  if (one.before.target !== undefined || one.after.target !== undefined) {
    const { target: _a, ...before1 } = one.before;
    const { target: _b, ...after1 } = one.after;
    yield { ...one, before: before1, after: after1 };
  }
}

function withFile(one: EngineCase, path: string, old: Build['files'][string], now: Build['files'][string]): EngineCase {
  const put = (build: Build, file: Build['files'][string]): Build => ({
    ...build,
    files: { ...build.files, [path]: file },
  });
  return { ...one, before: put(one.before, old), after: put(one.after, now) };
}

/** Instructions with their continuation lines and heredocs. */
function instructionsOf({ dockerfile }: Build): string[] {
  const found: string[] = [];
  let end: string | undefined;
  for (const line of dockerfile.split('\n')) {
    const last = found.at(-1);
    if (end !== undefined || last?.endsWith('\\')) {
      found[found.length - 1] = `${last}\n${line}`;
      if (line === end) end = undefined;
      continue;
    }
    if (line === '') continue;
    found.push(line);
    end = /<<-?(\w+)/.exec(line)?.[1];
  }
  return found;
}
