import type { Edit } from '../core/finding.js';
import { applyEdits } from '../core/fix.js';
import type { Change } from './line-diff.js';
import { diffLines } from './line-diff.js';

const CONTEXT = 3;

/**
 * A patch for one file that `git apply` and `patch -p1` take; empty where nothing changes. `path` is relative, separator `/`;
 * `before` is undefined for a file that is created. Line endings are kept as they are.
 */
export function unifiedDiff(
  path: string,
  before: string | undefined,
  change: string | readonly Pick<Edit, 'span' | 'text'>[],
): string {
  const after = typeof change === 'string' ? change : applyEdits(before ?? '', change);
  const old = linesOf(before ?? '');
  const now = linesOf(after);
  const hunks = groupChanges(diffLines(old, now));
  if (hunks.length === 0) return '';
  const from = before === undefined ? '/dev/null' : fileName('a', path);
  return `--- ${from}\n+++ ${fileName('b', path)}\n${hunks.map((changes) => hunkOf(old, now, changes)).join('')}`;
}

/** Lines with their `\n`; the last one may have none. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** As Git writes it: quoted where it must be, closed by a tab where blanks would leave its end unclear. */
function fileName(side: 'a' | 'b', path: string): string {
  const name = `${side}/${path}`;
  if (/[\x00-\x1f\x7f"\\]/.test(name)) return `"${name.replace(/[\x00-\x1f\x7f"\\]/g, escapeCharacter)}"`;
  return /\s/.test(name) ? `${name}\t` : name;
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

/** Changes whose context would touch share a hunk. */
function groupChanges(changes: readonly Change[]): readonly (readonly Change[])[] {
  const hunks: Change[][] = [];
  for (const change of changes) {
    const hunk = hunks.at(-1);
    const last = hunk?.at(-1);
    if (hunk && last && change.before[0] - last.before[1] <= 2 * CONTEXT) hunk.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function hunkOf(old: readonly string[], now: readonly string[], changes: readonly Change[]): string {
  const first = changes[0];
  const last = changes.at(-1);
  if (!first || !last) return '';
  const start = Math.max(0, first.before[0] - CONTEXT);
  const end = Math.min(old.length, last.before[1] + CONTEXT);
  const nowStart = first.after[0] - (first.before[0] - start);
  const nowEnd = last.after[1] + (end - last.before[1]);
  const lines: string[] = [`@@ -${rangeOf(start, end)} +${rangeOf(nowStart, nowEnd)} @@\n`];
  let at = start;
  for (const { before, after } of changes) {
    for (const line of old.slice(at, before[0])) lines.push(diffLine(' ', line));
    for (const line of old.slice(...before)) lines.push(diffLine('-', line));
    for (const line of now.slice(...after)) lines.push(diffLine('+', line));
    at = before[1];
  }
  for (const line of old.slice(at, end)) lines.push(diffLine(' ', line));
  return lines.join('');
}

/** First line (from 1) and number of lines; an empty range names the line before it. */
function rangeOf(start: number, end: number): string {
  const count = end - start;
  return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}

function diffLine(sign: ' ' | '-' | '+', line: string): string {
  return line.endsWith('\n') ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`;
}
