import type { ShellCommand } from '../syntax/shell.js';

/** A `sed -i` that puts one text in place of another in files. */
export interface SedEdit {
  /** As written. */
  readonly files: readonly string[];
  /** What it makes of the text of a file. */
  apply(text: string): string;
}

/** Reads `sed -i 's/…/…/' FILE…` with a plain pattern; undefined for all else. POSIX basic regular expressions. */
export function sedEdit({ name, args }: ShellCommand): SedEdit | undefined {
  if (name !== 'sed') return undefined;
  const words = args.map(({ value }) => value);
  const [option, ...rest] = words;
  if (option !== '-i' && option !== '--in-place') return undefined;
  const [script, ...files] = rest[0] === '-e' ? rest.slice(1) : rest;
  const named = files.filter((file) => file !== undefined && /^[\w./-]+$/.test(file) && !file.startsWith('-'));
  const parts = /^s([/|#,@])((?:\\.|(?!\1)[^\\])*)\1((?:\\.|(?!\1)[^\\])*)\1(g?)$/.exec(script ?? '');
  const pattern = parts && patternOf(parts[2] ?? '');
  const text = parts && plainOf(parts[3] ?? '');
  if (!pattern || text === undefined || text === null || named.length === 0 || named.length < files.length)
    return undefined;
  const find = new RegExp(pattern, parts[4] ?? '');
  return {
    files: named.flatMap((file) => file ?? []),
    apply: (source) =>
      source
        .split('\n')
        .map((line) => line.replace(find, () => text))
        .join('\n'),
  };
}

/** The pattern for JavaScript; undefined with groups, sets or repetition other than `.*`. */
function patternOf(text: string): string | undefined {
  let pattern = '';
  const plain = (char: string) => char.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
  for (const [piece] of text.matchAll(/\\?[\s\S]/g)) {
    if (piece.length === 2) {
      if (!/^\\[[\].*^$/\\"'|#,@-]$/.test(piece)) return undefined;
      pattern += plain(piece[1] ?? '');
    } else if (piece === '[' || (piece === '*' && !/(?:^|[^\\])\.$/.test(pattern))) return undefined;
    else if (piece === '.' || piece === '*') pattern += piece;
    else if ((piece === '^' && pattern === '') || piece === '$') pattern += piece;
    else pattern += plain(piece);
  }
  // Several of these would take long to find out that a line does not match.
  return pattern === '' || pattern.split('.*').length > 2 ? undefined : pattern;
}

function plainOf(text: string): string | undefined {
  return /&|\\[^/"'.|#,@[\]-]/.test(text) ? undefined : text.replaceAll(/\\(.)/g, '$1');
}
