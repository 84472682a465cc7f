import { withClearWay } from './clear-way.js';
import type { Expanded } from './expand.js';
import type { OrderProblem } from './search.js';
import type { StageEffects } from './stage-effects.js';
import { isInTheWay } from './warm.js';

/** Downloads that compile stand before what would be in their way, where that is allowed. */
export function clearedOrder(
  { parts }: Expanded,
  effects: StageEffects,
  problem: OrderProblem,
  found: readonly number[],
): readonly number[] {
  return effects.stage.instructions.reduce<readonly number[]>((order, { index }, position) => {
    const warm = parts[index]?.warm;
    if (!warm) return order;
    const isBlocker = (other: number) =>
      parts[effects.stage.instructions[other]?.index ?? -1]?.role !== 'manifests' &&
      isInTheWay(effects.effects[other], warm);
    return withClearWay(problem, order, position, isBlocker);
  }, found);
}

/**
 * Of a new part. It comes before something that it stood behind; where it changes what a COPY brings, before that COPY; where it
 * compiles, before all that it would find in its way.
 */
export function isUseful(
  { parts }: Expanded,
  effects: StageEffects,
  position: number,
  order: readonly number[],
): boolean {
  const partOf = (at: number) => parts[effects.stage.instructions[at]?.index ?? -1];
  const at = order.indexOf(position);
  const { warm, repeated } = partOf(position) ?? {};
  const before = warm ? order.slice(0, at).filter((other) => partOf(other)?.role !== 'manifests') : [];
  if (warm && before.some((other) => isInTheWay(effects.effects[other], warm))) return false;
  const after = order.slice(at + 1);
  const restoredBy = repeated?.restoredBy;
  if (restoredBy === undefined) return after.some((other) => other < position);
  return after.some((other) => {
    const part = partOf(other);
    return part?.origin === restoredBy && (part.role === 'own' || part.role === 'rest');
  });
}
