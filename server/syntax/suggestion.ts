/** ` (did you mean X?)` for the option at most two edits away, as BuildKit words it (`util/suggest`); '' where none is that close. */
export function suggestion(value: string, options: readonly string[]): string {
  let match = '';
  let least = 3;
  for (const option of options) {
    if (option === value) return '';
    if (Math.abs(option.length - value.length) >= least) continue;
    const distance = editDistance(value, option);
    if (distance < least) {
      least = distance;
      match = option;
    }
  }
  return match === '' ? '' : ` (did you mean ${match}?)`;
}

function editDistance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change));
    }
    last = row;
  }
  return last[b.length] ?? 0;
}
