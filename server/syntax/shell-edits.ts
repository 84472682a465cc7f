import { sourceSpan } from './mapped-text.js';
import type { ShellCommand, ShellScript, ShellWord } from './shell.js';
import { type CommandPlace, type ListElement, placeOf } from './shell-places.js';
import { lineEnding, type Span, span } from './text.js';
import type { Dockerfile } from './tree.js';

/** Replace `span` of the Dockerfile by `text`. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** What joins two elements: offsets of the list's text. */
interface Joint extends Span {
  readonly operator: '&&' | ';' | '\n';
}

/**
 * Takes one simple command out of its list, with the operator and the lines that join it and the comment above it. Undefined where
 * that is not clean: it is the only command, in a pipe, in a condition, in a `||` chain, negated, in the background, in a `$(…)`
 * or in an exec form; it has a heredoc or writes a file; or the parser met an error.
 */
export function removeCommand(file: Dockerfile, script: ShellScript, command: ShellCommand): TextEdit[] | undefined {
  const place = placeOf(command);
  if (place === undefined || !script.complete || script.language !== 'shell') return undefined;
  const { list, index } = place;
  const element = list.elements[index];
  if (element === undefined || element.alternative || element.background || list.elements.length === 1)
    return undefined;
  const own = command.redirects.filter((redirect) => inside(redirect.span, command.span));
  if (own.some(({ operator, target }) => operator.includes('<<') || !/^(?:\d|\/dev\/.*)$/.test(target?.value ?? '')))
    return undefined;
  if (file.text[command.span.start - 1] === '\\') return undefined;
  const previous = list.elements[index - 1];
  const next = list.elements[index + 1];
  const before = previous === undefined ? undefined : jointBetween(place, previous, element);
  const after = next === undefined ? undefined : jointBetween(place, element, next);
  if ((previous && !before) || (next && !after)) return undefined;
  const keepBefore = before !== undefined && before.operator !== '&&' && after?.operator === '&&';
  if (previous !== undefined && !keepBefore) {
    const start = before?.operator === '\n' ? trailingCommentEnd(place, previous) : previous.end;
    const end = trailingCommentEnd(place, element);
    if (start === undefined || end === undefined) return undefined;
    // From the end of what stays, not from the start of what follows: the `\` of `g++\` lies between the two.
    return [erase(span(sourceSpan(list.map, start - 1, start).end, sourceSpan(list.map, start, end).end))];
  }
  return next === undefined || after === undefined ? undefined : removeFirst(file, place, element, next, after);
}

function inside(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function erase(at: Span): TextEdit {
  return { span: at, text: '' };
}

/** Where the operator between two neighbours stands; undefined where there is something else too, a heredoc body say. */
function jointBetween(place: CommandPlace, left: ListElement, right: ListElement): Joint | undefined {
  const { text } = place.list.map;
  if (left.background || right.start < left.end) return undefined;
  const gap = blankComments(text.slice(left.end, right.start));
  const match = /^[ \t]*(?:(&&|;)\s*|\n\s*)$/.exec(gap);
  if (match === null) return undefined;
  const operator = match[1] === '&&' || match[1] === ';' ? match[1] : '\n';
  const start = left.end + gap.indexOf(operator);
  return { operator, start, end: start + operator.length };
}

/** Comments of a heredoc script made blanks, to the same length. */
function blankComments(gap: string): string {
  return gap.replace(/(^|[\s;])#[^\n]*/g, (comment, lead: string) => lead.padEnd(comment.length));
}

/** The end of the element with the comment behind it on its line; undefined where the comment swallows other lines. */
function trailingCommentEnd(place: CommandPlace, element: ListElement): number | undefined {
  const { map } = place.list;
  const comment = /[ \t]+#[^\n]*/y;
  comment.lastIndex = element.end;
  const length = comment.exec(map.text)?.[0].length ?? 0;
  const segments = map.starts.filter((start) => start > element.end && start < element.end + length);
  return segments.length > 0 ? undefined : element.end + length;
}

/** Removes a command that has none before it: it goes with the operator behind it; comments up to the next one stay. */
function removeFirst(
  file: Dockerfile,
  place: CommandPlace,
  element: ListElement,
  next: ListElement,
  joint: Joint,
): TextEdit[] {
  const { map } = place.list;
  const whole = sourceSpan(map, element.start, element.end);
  const operator = sourceSpan(map, joint.start, joint.end);
  const nextStart = sourceSpan(map, next.start, next.start).start;
  const between = file.text.slice(whole.end, nextStart);
  if (!/\n[ \t]*#/.test(between)) return [erase(span(whole.start, nextStart))];
  const firstLine = file.text.indexOf('\n', whole.end);
  if (operator.start <= firstLine) return [erase(span(whole.start, skipBlanks(file.text, operator.end)))];
  return [
    erase(span(whole.start, skipBlanks(file.text, whole.end))),
    erase(span(operator.start, skipBlanks(file.text, operator.end))),
  ];
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

/**
 * Takes arguments out, each with the blanks before it; a continuation line on which nothing else remains goes as a whole. Comments
 * between two arguments that both go are removed with them.
 */
export function removeWords(
  file: Dockerfile,
  script: ShellScript,
  words: readonly ShellWord[],
): TextEdit[] | undefined {
  const sorted = [...words].sort((a, b) => a.span.start - b.span.start);
  if (sorted.some((word) => file.text[word.span.start - 1] === '\\')) return undefined;
  if (script.language === 'exec') return removeStrings(file, sorted);
  const runs: { start: number; end: number }[] = [];
  for (const { span: at } of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && onlyContinuations(file, last.end, at.start)) last.end = Math.max(last.end, at.end);
    else runs.push({ ...at });
  }
  return runs.map((run) => erase(widen(file, run)));
}

/** Blanks, continued lines and the comments between them. */
function onlyContinuations(file: Dockerfile, from: number, to: number): boolean {
  const mark = file.escape === '`' ? '`' : '\\\\';
  return new RegExp(`^(?:[ \\t]|${mark}[ \\t]*\\r?\\n(?:[ \\t]*(?:#[^\\n]*)?\\r?\\n)*)*$`).test(
    file.text.slice(from, to),
  );
}

function widen(file: Dockerfile, run: Span): Span {
  const { text } = file;
  let start = run.start;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
  if (text[start - 1] !== '\n') return span(start, run.end);
  const end = skipBlanks(text, run.end);
  const rest = continuationEnd(file, end);
  if (rest !== undefined) return span(start, rest);
  if (end < text.length && text[end] !== '\n' && text[end] !== '\r') return span(run.start, end);
  return span(continuedLineEnd(file, start) ?? run.start, run.end);
}

/** The start of the next line, where the line goes on at `at`. */
function continuationEnd(file: Dockerfile, at: number): number | undefined {
  if (file.text[at] !== file.escape) return undefined;
  const newline = file.text.indexOf('\n', at);
  return newline !== -1 && file.text.slice(at + 1, newline).trim() === '' ? newline + 1 : undefined;
}

/** The end of what stands on the line that is continued into the one at `lineStart`, comment and blank lines between passed over. */
function continuedLineEnd(file: Dockerfile, lineStart: number): number | undefined {
  let next = lineStart;
  while (next > 0) {
    const start = file.text.lastIndexOf('\n', next - 2) + 1;
    const line = file.text.slice(start, next);
    const trimmed = line.trim();
    if (trimmed !== '' && !trimmed.startsWith('#')) {
      if (!trimmed.endsWith(file.escape)) return undefined;
      const content = line.trimEnd().slice(0, -1).trimEnd();
      return start + content.length;
    }
    next = start;
  }
  return undefined;
}

/** Takes strings out of a JSON array, each with the comma before it. */
function removeStrings(file: Dockerfile, words: readonly ShellWord[]): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  for (const { span: at } of words) {
    const comma = file.text.lastIndexOf(',', at.start);
    const between = file.text.slice(comma + 1, at.start - 1);
    if (comma === -1 || file.text[at.start - 1] !== '"' || file.text[at.end] !== '"') return undefined;
    if (between.replaceAll(file.escape, '').trim() !== '') return undefined;
    edits.push(erase(span(comma, at.end + 1)));
  }
  return edits;
}

/** Puts one more argument behind a word: `text` as the shell would read it, in an exec form as the plain string. */
export function insertAfterWord(script: ShellScript, word: ShellWord, text: string): TextEdit {
  if (script.language !== 'exec') return { span: span(word.span.end, word.span.end), text: ` ${text}` };
  const at = word.span.end + 1;
  return { span: span(at, at), text: `, ${JSON.stringify(text)}` };
}

const endings = new WeakMap<Dockerfile, '\n' | '\r\n'>();

/** That of the file, found once. */
function endingOf(file: Dockerfile): '\n' | '\r\n' {
  const ending = endings.get(file) ?? lineEnding(file.text);
  endings.set(file, ending);
  return ending;
}

/** The line ending and indentation for a continuation line added to a RUN; four blanks where it has none yet. */
export function continuationStyle(file: Dockerfile, at: Span): { readonly eol: string; readonly indent: string } {
  const text = file.text.slice(at.start, at.end);
  for (const match of text.matchAll(/\n([ \t]*)(\S)/g)) {
    if (match[2] !== '#') return { eol: endingOf(file), indent: match[1] ?? '' };
  }
  return { eol: endingOf(file), indent: '    ' };
}
