import { type Expanded, goesOnFrom, type Part } from './expand.js';
import { costOfOrder, type OrderProblem } from './search.js';
import { epsilon } from './settle.js';
import type { StageEffects } from './stage-effects.js';

/** Parts of a RUN between which only copies of manifests stand come together again, behind these, where that costs nothing. */
export function gathered(
  { parts }: Expanded,
  effects: StageEffects,
  problem: OrderProblem,
  found: readonly number[],
): readonly number[] {
  const partOf = (position: number | undefined): Part | undefined =>
    parts[effects.stage.instructions[position ?? -1]?.index ?? -1];
  let order = found;
  for (let at = 0; at + 2 < order.length; at++) {
    let next = at + 1;
    while (partOf(order[next])?.role === 'manifests') next++;
    if (next === at + 1 || !goesOnFrom(partOf(order[at]), partOf(order[next]))) continue;
    let start = at;
    while (goesOnFrom(partOf(order[start - 1]), partOf(order[start]))) start--;
    const [pieces, copies] = [order.slice(start, at + 1), order.slice(at + 1, next)];
    const together = [...order.slice(0, start), ...copies, ...pieces, ...order.slice(next)];
    const cost = costOfOrder(problem, order);
    const isAllowed = copies.every((one) => !problem.steps[one]?.after.some((other) => pieces.includes(other)));
    if (isAllowed && costOfOrder(problem, together) <= cost + epsilon(cost)) order = together;
  }
  return order;
}
