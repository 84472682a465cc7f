import { isFixed, volatileVariable } from '../knowledge/volatile-variables.js';
import type { Dockerfile } from '../syntax/tree.js';

/**
 * Build arguments with some RUN behind them to which, by their names, CI gives another value at every build. Those in `given`, and those
 * with a default that means something, are left out.
 */
export function changingArgs(file: Dockerfile, given: ReadonlyMap<string, unknown>): readonly string[] {
  const lastRun = file.instructions.findLast(({ keyword }) => keyword === 'RUN')?.index ?? -1;
  const names = file.instructions.flatMap((one) =>
    one.keyword === 'ARG' && one.index < lastRun
      ? one.pairs.flatMap(({ key, rawValue }) => (volatileVariable.test(key) && !isFixed(rawValue) ? [key] : []))
      : [],
  );
  return [...new Set(names)].filter((name) => !given.has(name));
}
