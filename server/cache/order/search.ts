import {
  addBit,
  type Bits,
  bitsOf,
  hasBit,
  isWithin,
  membersOf,
  newMembers,
  noBits,
  unionOf,
  weightOf,
  without,
} from './bits.js';
import { epsilon, improved, nearAuthor, settled } from './settle.js';

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
  /** It has no place in the author's order: its number only says what it must come before. */
  readonly roams?: boolean;
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

const mostNodes = 10_000;

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
  const ownCost = costOfOrder(problem, own);
  const found = new Search(problem, most, tolerance).run(own);
  const bound = Math.min(Math.max(found.bound, pairBound(problem)), found.cost);
  if (ownCost <= found.cost + tolerance) return { order: own, cost: ownCost, bound };
  const near = nearAuthor(problem, found.order, Math.min(tolerance, tolerance + found.bound - found.cost));
  const order = settled(problem, near, tolerance / 10);
  return { order, cost: costOfOrder(problem, order), bound };
}

/** What comes first, and what is known of the rest. */
interface Node {
  readonly placed: Bits;
  readonly union: Bits;
  readonly weight: number;
  readonly cost: number;
  /** The least that the steps which are not placed can cost. */
  readonly rest: number;
  /** Cost of those of them that have no detachment, together; and by kind of commit that of those it makes run again anyway. */
  readonly restCost: number;
  readonly byKind: Float64Array;
  readonly last: { readonly position: number; readonly before: Node['last'] } | undefined;
  readonly count: number;
}

class Search {
  readonly #problem: OrderProblem;
  readonly #most: number;
  readonly #tolerance: number;
  /** For each step the kinds of commits for which it runs again wherever it stands: its own and those of all that must come before it. */
  readonly #least: readonly Bits[];
  readonly #members: readonly (readonly number[])[];
  readonly #masks: readonly Bits[];
  readonly #seen = new Map<string, number>();
  readonly #fixed: readonly number[];
  #best: { order: readonly number[]; cost: number } = { order: [], cost: Number.POSITIVE_INFINITY };
  #nodes = 0;
  /** The lowest bound among what was not looked at. */
  #skipped = Number.POSITIVE_INFINITY;

  constructor(problem: OrderProblem, most: number, tolerance: number) {
    const { steps, start, weights } = problem;
    this.#problem = problem;
    this.#most = most;
    this.#tolerance = tolerance;
    this.#least = leastBits(problem);
    this.#members = this.#least.map(membersOf);
    this.#masks = steps.map(({ after }) => bitsOf(steps.length, after));
    this.#fixed = steps.map(({ cost, triggers }) => cost * weightOf(unionOf(start, triggers), weights));
  }

  run(own: readonly number[]): OrderSolution {
    this.#best = { order: own, cost: costOfOrder(this.#problem, own) };
    this.#visit(this.#close(this.#root()));
    const { order, cost } = improved(this.#problem, this.#best);
    return { order, cost, bound: Math.min(cost, this.#skipped) };
  }

  #root(): Node {
    const { steps, start, weights } = this.#problem;
    const byKind = new Float64Array(weights.length);
    let [rest, restCost] = [0, 0];
    for (const [position, { cost, detached }] of steps.entries()) {
      if (detached) rest += this.#fixed[position] ?? 0;
      else {
        restCost += cost;
        for (const kind of this.#members[position] ?? []) byKind[kind] = (byKind[kind] ?? 0) + cost;
        rest += cost * weightOf(this.#least[position] ?? start, weights);
      }
    }
    const weight = weightOf(start, weights);
    return {
      placed: noBits(steps.length),
      union: start,
      weight,
      cost: 0,
      rest,
      restCost,
      byKind,
      last: undefined,
      count: 0,
    };
  }

  #visit(node: Node): void {
    if (node.count === this.#problem.steps.length) {
      if (node.cost < this.#best.cost - epsilon(this.#best.cost))
        this.#best = { order: orderOf(node), cost: node.cost };
      return;
    }
    const bound = node.cost + node.rest;
    if (bound >= this.#best.cost - epsilon(this.#best.cost)) return;
    // So little is not worth a search: the tolerance allows it.
    if (bound >= this.#best.cost - this.#tolerance || this.#nodes >= this.#most) {
      this.#skipped = Math.min(this.#skipped, bound);
      return;
    }
    const key = node.placed.join(' ');
    const known = this.#seen.get(key);
    if (known !== undefined && known <= node.cost) return;
    this.#nodes++;
    this.#seen.set(key, node.cost);
    const next = this.#choices(node)
      .map((position) => this.#close(this.#place(node, position)))
      .sort((a, b) => a.cost + a.rest - b.cost - b.rest);
    for (const child of next) this.#visit(child);
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
    const { weights } = this.#problem;
    if (!step) return node;
    const placed = node.placed.slice();
    addBit(placed, position);
    const byKind = node.byKind.slice();
    let { rest, restCost, weight, union } = node;
    // It runs again for what was there before, and for what must come before it.
    if (step.detached) rest -= this.#fixed[position] ?? 0;
    else {
      restCost -= step.cost;
      let own = node.weight;
      for (const kind of this.#members[position] ?? []) {
        byKind[kind] = (byKind[kind] ?? 0) - step.cost;
        if (!hasBit(union, kind)) own += weights[kind] ?? 0;
      }
      rest -= step.cost * own;
    }
    if (!isWithin(step.triggers, union)) {
      for (const kind of newMembers(step.triggers, union)) {
        const gained = weights[kind] ?? 0;
        weight += gained;
        rest += gained * (restCost - (byKind[kind] ?? 0));
      }
      union = unionOf(union, step.triggers);
    }
    const cost = node.cost + (step.detached ? (this.#fixed[position] ?? 0) : step.cost * weight);
    const last = { position, before: node.last };
    return { placed, union, weight, cost, rest, restCost, byKind, last, count: node.count + 1 };
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
}

function leastBits({ steps, start }: OrderProblem): readonly Bits[] {
  const least: Bits[] = [];
  for (const { after, triggers } of steps)
    least.push(after.reduce((union, position) => unionOf(union, least[position] ?? start), unionOf(start, triggers)));
  return least;
}

function orderOf({ last }: Node): readonly number[] {
  const order: number[] = [];
  for (let at = last; at; at = at.before) order.push(at.position);
  return order.reverse();
}

/**
 * No order costs less: of two steps that may change places one comes first, and then the other runs again for the commits of the
 * first. A kind of commit that several steps take counts for each of them only in part, so that it never counts twice.
 */
function pairBound(problem: OrderProblem): number {
  const { steps, weights, start } = problem;
  const least = leastBits(problem);
  const shares = Float64Array.from(weights, (weight) => weight);
  for (let kind = 0; kind < shares.length; kind++) {
    const takers = least.filter((bits) => hasBit(bits, kind)).length;
    shares[kind] = hasBit(start, kind) ? 0 : (shares[kind] ?? 0) / Math.max(1, takers);
  }
  const above = steps.map(() => noBits(steps.length));
  let sum = 0;
  for (const [position, { after, cost, detached, triggers }] of steps.entries()) {
    const mine = above[position];
    if (!mine) continue;
    for (const other of after) {
      addBit(mine, other);
      for (const [word, bits] of (above[other] ?? noBits(0)).entries()) mine[word] = (mine[word] ?? 0) | bits;
    }
    const own = least[position] ?? start;
    sum += cost * weightOf(detached ? unionOf(start, triggers) : own, weights);
    for (let other = 0; other < position; other++) {
      const [one, bits] = [steps[other], least[other]];
      if (!one || !bits || hasBit(mine, other)) continue;
      const forMe = detached ? 0 : cost * weightOf(without(bits, own), shares);
      const forOther = one.detached ? 0 : one.cost * weightOf(without(own, bits), shares);
      sum += Math.min(forMe, forOther);
    }
  }
  return sum;
}
