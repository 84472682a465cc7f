import { addBit, type Bits, hasBit, isWithin, noBits, unionOf, weightOf } from './bits.js';

/** One instruction of a stage, as the search sees it. */
export interface OrderStep {
  /** What running it again costs; 0 for what is no step. */
  readonly cost: number;
  /** Kinds of commits that change what it takes itself. */
  readonly triggers: Bits;
  /** What runs again before it does not matter to it (`COPY --link`), though it does to what follows. */
  readonly detached: boolean;
  /** Positions of instructions that must come before it; each lower than its own. */
  readonly after: readonly number[];
}

export interface OrderProblem {
  /** In the author's order. */
  readonly steps: readonly OrderStep[];
  /** Of each kind of commit, how many there are. */
  readonly weights: Float64Array;
  /** Commits for which all of the stage runs again, whatever its order. */
  readonly start: Bits;
}

export interface OrderSolution {
  /** Positions in the author's order. */
  readonly order: readonly number[];
  /** Of all commits together. */
  readonly cost: number;
  /** No order costs less. Equal to `cost` where the search was complete. */
  readonly bound: number;
}

export interface SearchOptions {
  /** Partial orders to look at before it gives up; then `bound` says how far from the best it may be. */
  readonly most?: number;
  /** Costs that differ by less count as equal, and the order nearer to the author's is taken. */
  readonly tolerance?: number;
}

const mostNodes = 100_000;

/** What an order costs in all commits together. */
export function costOfOrder({ steps, weights, start }: OrderProblem, order: readonly number[]): number {
  let union = start;
  let [cost, weight] = [0, weightOf(start, weights)];
  for (const position of order) {
    const step = steps[position];
    if (!step) continue;
    if (!isWithin(step.triggers, union)) {
      union = unionOf(union, step.triggers);
      weight = weightOf(union, weights);
    }
    cost += step.cost * (step.detached ? weightOf(unionOf(start, step.triggers), weights) : weight);
  }
  return cost;
}

/**
 * The order with the least cost among those that keep every instruction behind those it must come after, by branch and bound over
 * the sets that may come first. Of orders that cost the same the one nearer to the author's is taken: each instruction goes back to
 * its place past neighbours where that costs nothing. Deterministic; never dearer than the author's order.
 */
export function searchOrder(
  problem: OrderProblem,
  { most = mostNodes, tolerance = 0 }: SearchOptions = {},
): OrderSolution {
  const own = problem.steps.map((_, position) => position);
  const search = new Search(problem, most);
  const found = search.run(own);
  const near = nearAuthor(problem, found.order, tolerance);
  const cost = costOfOrder(problem, near);
  const ownCost = costOfOrder(problem, own);
  const bound = Math.min(found.bound, ownCost);
  return ownCost <= cost + tolerance ? { order: own, cost: ownCost, bound } : { order: near, cost, bound };
}

interface Node {
  readonly placed: Bits;
  readonly union: Bits;
  readonly weight: number;
  readonly cost: number;
  readonly order: readonly number[];
}

class Search {
  readonly #problem: OrderProblem;
  readonly #most: number;
  /** For each step its triggers with those of all that must come before it. */
  readonly #least: readonly Bits[];
  readonly #masks: readonly Bits[];
  readonly #seen = new Map<string, number>();
  readonly #detachedCost: readonly number[];
  #best: { order: readonly number[]; cost: number };
  #nodes = 0;
  /** The lowest bound among what was not looked at. */
  #skipped = Number.POSITIVE_INFINITY;

  constructor(problem: OrderProblem, most: number) {
    const { steps, start, weights } = problem;
    this.#problem = problem;
    this.#most = most;
    const least: Bits[] = [];
    this.#masks = steps.map(({ after }) => {
      const mask = noBits(steps.length);
      for (const position of after) addBit(mask, position);
      return mask;
    });
    for (const { after, triggers } of steps)
      least.push(after.reduce((union, position) => unionOf(union, least[position] ?? start), unionOf(start, triggers)));
    this.#least = least;
    this.#detachedCost = steps.map(({ cost, triggers }) => cost * weightOf(unionOf(start, triggers), weights));
    this.#best = { order: [], cost: Number.POSITIVE_INFINITY };
  }

  run(own: readonly number[]): OrderSolution {
    const { start, weights, steps } = this.#problem;
    this.#best = { order: own, cost: costOfOrder(this.#problem, own) };
    const root = { placed: noBits(steps.length), union: start, weight: weightOf(start, weights), cost: 0, order: [] };
    this.#visit(this.#close(root));
    const { order, cost } = this.#best;
    return { order, cost, bound: Math.min(cost, this.#skipped) };
  }

  #visit(node: Node): void {
    if (node.order.length === this.#problem.steps.length) {
      if (node.cost < this.#best.cost - epsilon(this.#best.cost)) this.#best = { order: node.order, cost: node.cost };
      return;
    }
    const bound = node.cost + this.#rest(node);
    if (bound >= this.#best.cost - epsilon(this.#best.cost)) return;
    const key = node.placed.join(' ');
    const known = this.#seen.get(key);
    if (known !== undefined && known <= node.cost) return;
    if (this.#nodes++ >= this.#most) {
      this.#skipped = Math.min(this.#skipped, bound);
      return;
    }
    this.#seen.set(key, node.cost);
    const next = this.#choices(node)
      .map((position) => this.#close(this.#place(node, position)))
      .map((child) => ({ child, estimate: child.cost + this.#rest(child) }))
      .sort((a, b) => a.estimate - b.estimate);
    for (const { child } of next) this.#visit(child);
  }

  /** Steps that may come next. One whose triggers are among those of another, and may come first, comes first. */
  #choices({ placed, union }: Node): readonly number[] {
    const free: number[] = [];
    for (const [position] of this.#problem.steps.entries()) if (this.#mayFollow(placed, position)) free.push(position);
    const triggers = (position: number) => this.#problem.steps[position]?.triggers ?? union;
    return free.filter(
      (one) =>
        !free.some((other) => {
          if (other === one || !isWithin(triggers(other), triggers(one), union)) return false;
          return !isWithin(triggers(one), triggers(other), union) || other < one;
        }),
    );
  }

  #mayFollow(placed: Bits, position: number): boolean {
    const mask = this.#masks[position];
    return !hasBit(placed, position) && mask !== undefined && isWithin(mask, placed);
  }

  #place(node: Node, position: number): Node {
    const step = this.#problem.steps[position];
    if (!step) return node;
    const placed = node.placed.slice();
    addBit(placed, position);
    const grows = !isWithin(step.triggers, node.union);
    const union = grows ? unionOf(node.union, step.triggers) : node.union;
    const weight = grows ? weightOf(union, this.#problem.weights) : node.weight;
    const cost = node.cost + (step.detached ? (this.#detachedCost[position] ?? 0) : step.cost * weight);
    return { placed, union, weight, cost, order: [...node.order, position] };
  }

  /** Places what may come next and runs again no more often than what is there: to wait could only make it dearer. */
  #close(node: Node): Node {
    let at = node;
    for (;;) {
      const position = this.#problem.steps.findIndex(
        ({ triggers }, index) => isWithin(triggers, at.union) && this.#mayFollow(at.placed, index),
      );
      if (position === -1) return at;
      at = this.#place(at, position);
    }
  }

  /** The least that the steps which are not placed can cost. */
  #rest({ placed, union }: Node): number {
    let sum = 0;
    for (const [position, { cost, detached }] of this.#problem.steps.entries()) {
      if (cost === 0 || hasBit(placed, position)) continue;
      const least = this.#least[position];
      if (detached || !least) sum += this.#detachedCost[position] ?? 0;
      else sum += cost * weightOf(unionOf(union, least), this.#problem.weights);
    }
    return sum;
  }
}

/** Sums of the same numbers in another order differ by so little. */
function epsilon(cost: number): number {
  return Math.abs(cost) * 1e-12;
}

/**
 * Lets neighbours that stand in the other order than the author's change places, the cheapest change first, as long as all of them
 * together cost no more than the tolerance.
 */
function nearAuthor(problem: OrderProblem, found: readonly number[], tolerance: number): readonly number[] {
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
