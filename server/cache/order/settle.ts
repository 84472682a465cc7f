import { unionOf, weightOf } from './bits.js';
import { costOfOrder, type OrderProblem } from './search.js';

/** Takes single steps elsewhere as long as that is cheaper. */
export function improved(
  problem: OrderProblem,
  found: { readonly order: readonly number[]; readonly cost: number },
): { readonly order: readonly number[]; readonly cost: number } {
  let { order, cost } = found;
  for (let round = 0; round < 10; round++) {
    const before = cost;
    for (const position of order) {
      for (const other of placesFor(problem, order, position)) {
        const now = costOfOrder(problem, other);
        if (now < cost - epsilon(cost)) [order, cost] = [other, now];
      }
    }
    if (cost === before) break;
  }
  return { order, cost };
}

/** The order with one step at each other place that is allowed. */
function* placesFor({ steps }: OrderProblem, order: readonly number[], position: number): Generator<readonly number[]> {
  const rest = order.filter((one) => one !== position);
  const first = Math.max(-1, ...(steps[position]?.after ?? []).map((one) => rest.indexOf(one))) + 1;
  const until = rest.findIndex((one) => steps[one]?.after.includes(position));
  const last = until === -1 ? rest.length : until;
  const now = order.indexOf(position);
  for (let at = first; at <= last; at++) if (at !== now) yield [...rest.slice(0, at), position, ...rest.slice(at)];
}

/** Sums of the same numbers in another order differ by so little. */
export function epsilon(cost: number): number {
  return Math.abs(cost) * 1e-12;
}

/**
 * Lets neighbours that stand in the other order than the author's change places, the cheapest change first, as long as all of them
 * together cost no more than the tolerance.
 */
export function nearAuthor(problem: OrderProblem, found: readonly number[], tolerance: number): readonly number[] {
  const order = [...found];
  let left = tolerance + epsilon(costOfOrder(problem, found));
  for (;;) {
    const best = cheapestSwap(problem, order);
    if (!best || best.loss > left) return order;
    [order[best.at], order[best.at + 1]] = [order[best.at + 1] ?? 0, order[best.at] ?? 0];
    left -= Math.max(0, best.loss);
  }
}

/** The first of the inverted neighbours whose exchange costs least; it may be less than nothing. */
function cheapestSwap(
  { steps, weights, start }: OrderProblem,
  order: readonly number[],
): { readonly at: number; readonly loss: number } | undefined {
  let best: { at: number; loss: number } | undefined;
  let union = start;
  for (let at = 0; at + 1 < order.length; at++) {
    const [first, second] = [steps[order[at] ?? -1], steps[order[at + 1] ?? -1]];
    if (!first || !second) continue;
    const after = unionOf(union, first.triggers);
    if ((order[at] ?? 0) > (order[at + 1] ?? 0)) {
      const [one, other] = [unionOf(union, second.triggers), unionOf(after, second.triggers)].map((bits) =>
        weightOf(bits, weights),
      );
      const gained = second.detached ? 0 : second.cost * ((other ?? 0) - (one ?? 0));
      const loss = (first.detached ? 0 : first.cost * ((other ?? 0) - weightOf(after, weights))) - gained;
      if (!best || loss < best.loss) best = { at, loss };
    }
    union = after;
  }
  return best;
}

/**
 * Steps without a place of their own stand directly before the first one that needs them, where that
 * costs no more than the tolerance.
 */
export function settled(problem: OrderProblem, found: readonly number[], tolerance: number): readonly number[] {
  const { steps } = problem;
  const most = costOfOrder(problem, found) + tolerance;
  let order = found;
  for (const position of found.toReversed()) {
    if (!steps[position]?.roams) continue;
    const rest = order.filter((one) => one !== position);
    let at = rest.findIndex((one) => steps[one]?.after.includes(position));
    while (at > 0 && steps[rest[at - 1] ?? -1]?.roams && (rest[at - 1] ?? 0) > position) at--;
    if (at === -1 || at < order.indexOf(position)) continue;
    const lower = [...rest.slice(0, at), position, ...rest.slice(at)];
    if (costOfOrder(problem, lower) <= most + epsilon(most)) order = lower;
  }
  return order;
}
