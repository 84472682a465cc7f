import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bitsOf, noBits } from '../../../server/cache/order/bits.js';
import { costOfOrder, type OrderProblem, searchOrder } from '../../../server/cache/order/search.js';

const kinds = 4;

/** Steps as `cost: triggers < steps before it`; each trigger is the number of a kind of commit. */
function problem(rows: readonly (readonly [cost: number, triggers: readonly number[], after?: readonly number[]])[]) {
  return {
    weights: new Float64Array([10, 20, 30, 40]),
    start: noBits(kinds),
    steps: rows.map(([cost, triggers, after = []]) => ({
      cost,
      triggers: bitsOf(kinds, triggers),
      detached: false,
      after,
    })),
  } satisfies OrderProblem;
}

function orders(size: number): number[][] {
  if (size === 0) return [[]];
  return orders(size - 1).flatMap((order) =>
    Array.from({ length: size }, (_, at) => [...order.slice(0, at), size - 1, ...order.slice(at)]),
  );
}

function isAllowed({ steps }: OrderProblem, order: readonly number[]): boolean {
  return order.every((position, at) => (steps[position]?.after ?? []).every((other) => order.indexOf(other) < at));
}

const step = fc.record({
  cost: fc.integer({ min: 0, max: 20 }),
  triggers: fc.subarray([0, 1, 2, 3]),
  detached: fc.boolean(),
  before: fc.array(fc.nat(5), { maxLength: 2 }),
});

const anyProblem = fc.array(step, { minLength: 1, maxLength: 6 }).map(
  (rows): OrderProblem => ({
    weights: new Float64Array([3, 5, 7, 11]),
    start: noBits(kinds),
    steps: rows.map(({ cost, triggers, detached, before }, position) => ({
      cost,
      detached,
      triggers: bitsOf(kinds, triggers),
      after: [...new Set(before)].filter((other) => other < position),
    })),
  }),
);

describe('searchOrder', () => {
  it('puts what never changes before what does', () => {
    const found = searchOrder(
      problem([
        [1, [0, 1]],
        [30, []],
      ]),
    );
    assert.deepEqual(found.order, [1, 0]);
    assert.equal(found.cost, 30);
  });

  it('puts what changes in few commits before what changes in many', () => {
    const found = searchOrder(
      problem([
        [1, [2, 3]],
        [1, [0]],
        [20, [], [0]],
        [20, [], [1]],
      ]),
    );
    assert.deepEqual(found.order, [1, 3, 0, 2]);
  });

  it('keeps the order of the author where no other is cheaper', () => {
    const found = searchOrder(
      problem([
        [1, [0]],
        [1, [0]],
        [0, []],
        [5, [], [1]],
      ]),
    );
    assert.deepEqual(found.order, [0, 1, 2, 3]);
  });

  it('lets what has no reason to move stay behind what moves', () => {
    const found = searchOrder(
      problem([
        [0, []],
        [1, [3]],
        [0, []],
        [9, [], [2]],
        [0, []],
      ]),
    );
    assert.deepEqual(found.order, [0, 2, 3, 1, 4]);
  });

  it('does not move anything for less than the tolerance', () => {
    const steps = problem([
      [1, [0]],
      [1, []],
    ]);
    assert.deepEqual(searchOrder(steps).order, [1, 0]);
    assert.deepEqual(searchOrder(steps, { tolerance: 11 }).order, [0, 1]);
  });

  it('counts a detached step by its own triggers wherever it stands', () => {
    const own = problem([
      [1, [3]],
      [9, [0]],
    ]);
    const linked = { ...own, steps: own.steps.map((one) => ({ ...one, detached: true })) };
    assert.equal(costOfOrder(own, [0, 1]), 40 + 9 * 50);
    assert.equal(costOfOrder(linked, [0, 1]), 40 + 9 * 10);
  });

  it('finds the least cost of all allowed orders', () => {
    fc.assert(
      fc.property(anyProblem, (one) => {
        const allowed = orders(one.steps.length).filter((order) => isAllowed(one, order));
        const least = Math.min(...allowed.map((order) => costOfOrder(one, order)));
        const found = searchOrder(one);
        assert.ok(isAllowed(one, found.order));
        assert.ok(Math.abs(found.cost - least) < 1e-6, `${found.cost}, not ${least}`);
        assert.ok(Math.abs(found.bound - least) < 1e-6);
      }),
      { numRuns: 400 },
    );
  });

  it('says how far from the least it may be where it gives up, and is never dearer than the author', () => {
    fc.assert(
      fc.property(anyProblem, fc.nat(3), (one, most) => {
        const least = searchOrder(one).cost;
        const found = searchOrder(one, { most });
        const own = costOfOrder(
          one,
          one.steps.map((_, position) => position),
        );
        assert.ok(isAllowed(one, found.order));
        assert.ok(found.bound <= least + 1e-6 && least <= found.cost + 1e-6 && found.cost <= own + 1e-6);
      }),
      { numRuns: 400 },
    );
  });

  it('of orders within the tolerance none is dearer than that', () => {
    fc.assert(
      fc.property(anyProblem, fc.integer({ min: 0, max: 200 }), (one, tolerance) => {
        const found = searchOrder(one, { tolerance });
        assert.ok(isAllowed(one, found.order));
        assert.ok(found.cost <= searchOrder(one).cost + tolerance + 1e-6);
      }),
      { numRuns: 300 },
    );
  });
});
