/** Ranges of lines from 0, `end` not included, in order; `all` for a new file. */
export type ChangedLines = 'all' | readonly { readonly start: number; readonly end: number }[];

/**
 * Reads `git diff --unified=0 --src-prefix=a/ --dst-prefix=b/`: path from the repository root → lines of the new text.
 * Where lines were only removed, the lines on both sides of the gap count as changed. Deleted files are left out.
 */
export function parseDiff(diff: string): ReadonlyMap<string, ChangedLines> {
  const files = new Map<string, ChangedLines>();
  let ranges: { start: number; end: number }[] = [];
  let isNew = false;
  let skip = 0;
  for (const line of diff.split('\n')) {
    if (skip > 0) {
      // A line of the file itself; "\ No newline at end of file" is not counted in the hunk's header.
      if (!line.startsWith('\\')) skip--;
      continue;
    }
    if (line.startsWith('diff --git ')) {
      isNew = false;
    } else if (line.startsWith('new file mode ')) {
      isNew = true;
    } else if (line.startsWith('+++ ')) {
      ranges = [];
      const file = newPath(line.slice(4));
      if (file !== undefined) files.set(file, isNew ? 'all' : ranges);
    } else {
      const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
      if (!hunk) continue;
      const [, removed = '1', start = '0', added = '1'] = hunk;
      skip = Number(removed) + Number(added);
      ranges.push(rangeOf(Number(start), Number(added)));
    }
  }
  return files;
}

/** Of a hunk's `+start,count`; with count 0, `start` is the line before the gap. */
function rangeOf(start: number, count: number): { start: number; end: number } {
  return count === 0 ? { start: Math.max(0, start - 1), end: start + 1 } : { start: start - 1, end: start - 1 + count };
}

/** The path of a `+++ b/…` line, unquoted; undefined for a deleted file. */
function newPath(word: string): string | undefined {
  const name = word.startsWith('"') ? unquote(word) : word.replace(/\t$/, '');
  return name.startsWith('b/') ? name.slice(2) : undefined;
}

/** Git's C-style quoting: octal escapes are bytes of UTF-8. */
function unquote(word: string): string {
  const letters: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };
  const bytes: number[] = [];
  for (const [part, octal, letter] of word.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (letter !== undefined) bytes.push(letters[letter] ?? letter.charCodeAt(0));
    else bytes.push(...new TextEncoder().encode(part));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
