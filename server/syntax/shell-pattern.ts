/** One token of a pattern of `${v#p}`, `${v%p}`, `${v/p/r}`: a character, `?` or `*`. */
type Token = string | { readonly any: 'one' | 'many' };

const ONE = { any: 'one' } as const;
const MANY = { any: 'many' } as const;

/** More work than this (characters × tokens) is not worth an answer. */
const LIMIT = 4_000_000;

/** The tokens of a shell pattern, or undefined where BuildKit says `invalid pattern` (`shell/lex.go:convertShellPatternToRegex`). */
export function parsePattern(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '*') tokens.push(MANY);
    else if (character === '?') tokens.push(ONE);
    else if (character === '\\') {
      const next = characters[++at];
      if (next === undefined || !'*?\\/}'.includes(next)) return undefined;
      tokens.push(next);
    } else tokens.push(character);
  }
  return tokens;
}

/** `value` without the shortest or longest start that matches; undefined where it would take too long. */
export function trimStart(value: string, pattern: readonly Token[], longest: boolean): string | undefined {
  const characters = [...value];
  if (tooMuch(characters, pattern)) return undefined;
  const end = matchEnd(characters, 0, pattern, longest);
  return end === undefined ? value : characters.slice(end).join('');
}

/** `value` without the shortest or longest end that matches; undefined where it would take too long. */
export function trimEnd(value: string, pattern: readonly Token[], longest: boolean): string | undefined {
  const reversed = trimStart([...value].reverse().join(''), [...pattern].reverse(), longest);
  return reversed === undefined ? undefined : [...reversed].reverse().join('');
}

/** `value` with the first or every match replaced, each as long as it can be; undefined where it would take too long. */
export function replaceMatches(
  value: string,
  pattern: readonly Token[],
  replacement: string,
  all: boolean,
): string | undefined {
  const characters = [...value];
  if (tooMuch(characters, pattern, characters.length)) return undefined;
  const substitute = all ? expandTemplate(replacement) : replacement;
  let result = '';
  let copied = 0;
  for (let from = 0; from <= characters.length; ) {
    const match = findMatch(characters, from, pattern);
    if (match === undefined) break;
    result += characters.slice(copied, match.start).join('');
    if (match.end > copied || match.start === 0) result += substitute;
    copied = match.end;
    if (!all) break;
    from = match.end > from ? match.end : from + 1;
  }
  return result + characters.slice(copied).join('');
}

/** Go's `Regexp.ReplaceAllString` reads `$name` in the replacement as a group, and there are none. */
function expandTemplate(replacement: string): string {
  return replacement.replace(/\$(?:\$|\{[\p{L}\p{Nd}_]+\}|[\p{L}\p{Nd}_]+)/gu, (group) => (group === '$$' ? '$' : ''));
}

function tooMuch(value: readonly string[], pattern: readonly Token[], starts = 1): boolean {
  return value.length * (pattern.length + 1) * Math.max(starts, 1) > LIMIT;
}

function findMatch(
  value: readonly string[],
  from: number,
  pattern: readonly Token[],
): { start: number; end: number } | undefined {
  for (let start = from; start <= value.length; start++) {
    const end = matchEnd(value, start, pattern, true);
    if (end !== undefined) return { start, end };
  }
  return undefined;
}

/** Where the shortest or longest match that starts at `start` ends. Follows all ways at once; neither `?` nor `*` takes a newline. */
function matchEnd(
  value: readonly string[],
  start: number,
  pattern: readonly Token[],
  longest: boolean,
): number | undefined {
  let states = new Set<number>();
  reach(states, 0, pattern);
  let end: number | undefined;
  for (let at = start; ; at++) {
    if (states.has(pattern.length)) {
      end = at;
      if (!longest) return end;
    }
    const character = value[at];
    if (character === undefined || states.size === 0) return end;
    const next = new Set<number>();
    for (const state of states) {
      const token = pattern[state];
      if (token === undefined) continue;
      if (typeof token === 'string') {
        if (token === character) reach(next, state + 1, pattern);
      } else if (character !== '\n') reach(next, token === MANY ? state : state + 1, pattern);
    }
    states = next;
  }
}

/** Adds a state and those behind it that `*` lets pass for nothing. */
function reach(states: Set<number>, state: number, pattern: readonly Token[]): void {
  let at = state;
  states.add(at);
  while (pattern[at] === MANY) states.add(++at);
}
