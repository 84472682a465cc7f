import { diffArrays } from 'diff';

/** Lines `[start, end)` of the text before, replaced by lines `[start, end)` of the text after. */
export interface Change {
  readonly before: readonly [start: number, end: number];
  readonly after: readonly [start: number, end: number];
}

/** Texts with more lines that differ are one change from the first to the last of them; keeps the time short. */
const mostDiffering = 1_000;

/** Where two lists of lines differ, in order; never throws. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Change[] {
  const parts = diffArrays([...before], [...after], { maxEditLength: mostDiffering });
  if (!parts) return [between(before, after)];
  const changes: Change[] = [];
  let [a, b] = [0, 0];
  let open: Change | undefined;
  for (const { added, removed, count } of parts) {
    if (!added && !removed) {
      if (open) changes.push(open);
      [open, a, b] = [undefined, a + count, b + count];
      continue;
    }
    const start: Change = open ?? { before: [a, a], after: [b, b] };
    if (removed) a += count;
    else b += count;
    open = { before: [start.before[0], a], after: [start.after[0], b] };
  }
  return open ? [...changes, open] : changes;
}

function between(before: readonly string[], after: readonly string[]): Change {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { before: [start, before.length - end], after: [start, after.length - end] };
}
