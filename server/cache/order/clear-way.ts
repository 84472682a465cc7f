import type { OrderProblem } from './search.js';

/**
 * The order with a step in front of the first of those that must not come before it, with the ones without a place of their own that
 * it needs; as it was where others that it needs stand in between. Positions as in the problem.
 */
export function withClearWay(
  { steps }: OrderProblem,
  order: readonly number[],
  position: number,
  isInTheWay: (other: number) => boolean,
): readonly number[] {
  const own = order.indexOf(position);
  const first = order.findIndex((other, at) => at < own && isInTheWay(other));
  if (first === -1) return order;
  const needed = new Set(steps[position]?.after);
  const taken = order.slice(first, own + 1).filter((one) => one === position || (steps[one]?.roams && needed.has(one)));
  const rest = order.slice(first).filter((one) => !taken.includes(one));
  const found = [...order.slice(0, first), ...taken, ...rest];
  const rank = new Map(found.map((one, at) => [one, at]));
  const isAllowed = found.every((one, at) =>
    (steps[one]?.after ?? []).every((before) => (rank.get(before) ?? -1) < at),
  );
  return isAllowed ? found : order;
}
