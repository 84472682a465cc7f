/** Lines `[start, end)` of the text before, replaced by lines `[start, end)` of the text after. */
export interface Change {
  readonly before: readonly [start: number, end: number];
  readonly after: readonly [start: number, end: number];
}

/** Deeper than this, what is left between two anchors is one change; keeps the time linear. */
const MAX_DEPTH = 8;

/**
 * Where two lists of lines differ, in order. Lines that occur once on either side are the anchors (as in a "patience" diff), so
 * the result reads well and is right, but is not always the shortest.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Change[] {
  const changes: Change[] = [];
  collect(before, after, { before: [0, before.length], after: [0, after.length] }, 0, changes);
  return changes;
}

function collect(
  before: readonly string[],
  after: readonly string[],
  region: Change,
  depth: number,
  changes: Change[],
): void {
  const rest = trim(before, after, region);
  const [a, aEnd] = rest.before;
  const [b, bEnd] = rest.after;
  if (a === aEnd && b === bEnd) return;
  const anchors = a === aEnd || b === bEnd || depth === MAX_DEPTH ? [] : anchorsOf(before, after, rest);
  if (anchors.length === 0) {
    changes.push(rest);
    return;
  }
  let from: readonly [number, number] = [a, b];
  for (const [x, y] of anchors) {
    collect(before, after, { before: [from[0], x], after: [from[1], y] }, depth + 1, changes);
    from = [x + 1, y + 1];
  }
  collect(before, after, { before: [from[0], aEnd], after: [from[1], bEnd] }, depth + 1, changes);
}

function trim(before: readonly string[], after: readonly string[], region: Change): Change {
  let [a, aEnd] = region.before;
  let [b, bEnd] = region.after;
  while (a < aEnd && b < bEnd && before[a] === after[b]) {
    a++;
    b++;
  }
  while (a < aEnd && b < bEnd && before[aEnd - 1] === after[bEnd - 1]) {
    aEnd--;
    bEnd--;
  }
  return { before: [a, aEnd], after: [b, bEnd] };
}

/** Pairs of equal lines that occur once on either side, the longest list that rises on both. */
function anchorsOf(before: readonly string[], after: readonly string[], region: Change): [number, number][] {
  const inBefore = onceIn(before, region.before);
  const inAfter = onceIn(after, region.after);
  const pairs: [number, number][] = [];
  for (const [line, x] of inBefore) {
    const y = inAfter.get(line);
    if (x >= 0 && y !== undefined && y >= 0) pairs.push([x, y]);
  }
  return longestRise(pairs.sort((a, b) => a[0] - b[0]));
}

/** Line → its number, -1 where it occurs more than once. */
function onceIn(lines: readonly string[], [start, end]: readonly [number, number]): Map<string, number> {
  const found = new Map<string, number>();
  for (let at = start; at < end; at++) {
    const line = lines[at] ?? '';
    found.set(line, found.has(line) ? -1 : at);
  }
  return found;
}

/** Patience sorting: the longest subsequence whose second numbers rise. */
function longestRise(pairs: readonly [number, number][]): [number, number][] {
  const tops: number[] = [];
  const previous: (number | undefined)[] = [];
  pairs.forEach(([, y], index) => {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tops[middle] ?? 0]?.[1] ?? 0) < y) low = middle + 1;
      else high = middle;
    }
    previous[index] = tops[low - 1];
    tops[low] = index;
  });
  const rise: [number, number][] = [];
  for (let at = tops.at(-1); at !== undefined; at = previous[at]) {
    const pair = pairs[at];
    if (pair) rise.push(pair);
  }
  return rise.reverse();
}
