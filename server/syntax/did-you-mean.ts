/** BuildKit proposes a word only if fewer edits than this lead to it (`util/suggest`). */
const TOO_FAR = 3;

/** ` (did you mean X?)` for the nearest of `options`, or an empty text where none is near or `word` is one of them. */
export function didYouMean(word: string, options: readonly string[]): string {
  if (options.includes(word)) return '';
  let best: string | undefined;
  let nearest = TOO_FAR;
  for (const option of options) {
    const distance = editDistance(word, option);
    if (distance < nearest) {
      nearest = distance;
      best = option;
    }
  }
  return best === undefined ? '' : ` (did you mean ${best}?)`;
}

/** The Levenshtein distance, or `TOO_FAR` for words whose lengths alone are too different. */
function editDistance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) >= TOO_FAR) return TOO_FAR;
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? TOO_FAR;
}
