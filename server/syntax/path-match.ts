type Token =
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] };

/** A pattern of Go's `filepath.Match` on Unix, compiled. */
export interface PathPattern {
  /** The whole path has to match; `*` and `?` never match a `/`. */
  matches(path: string): boolean;
}

const SLASH = 47;

/** Compiles a pattern of Go's `filepath.Match` on Unix; undefined where Go answers `ErrBadPattern`. */
export function compilePathPattern(pattern: string): PathPattern | undefined {
  const tokens = tokenize(Array.from(pattern));
  return tokens && { matches: (path) => matchTokens(tokens, Array.from(path, codePoint)) };
}

/** True where a source of COPY is a wildcard for BuildKit (fsutil's `containsWildcards`). */
export function hasWildcard(path: string): boolean {
  for (let at = 0; at < path.length; at++) {
    const char = path.charAt(at);
    if (char === '\\') at++;
    else if (char === '*' || char === '?' || char === '[') return true;
  }
  return false;
}

function codePoint(char: string): number {
  return char.codePointAt(0) ?? 0;
}

function tokenize(chars: readonly string[]): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (char === '?') tokens.push({ kind: 'any' });
    else if (char === '[') {
      const read = readClass(chars, at + 1);
      if (!read) return undefined;
      tokens.push(read.token);
      at = read.end;
    } else if (char === '\\') {
      at++;
      const escaped = chars[at];
      if (escaped === undefined) return undefined;
      tokens.push({ kind: 'char', code: codePoint(escaped) });
    } else tokens.push({ kind: 'char', code: codePoint(char) });
  }
  return tokens;
}

/** `end` is the index of the closing bracket. */
function readClass(chars: readonly string[], start: number): { token: Token; end: number } | undefined {
  const negated = chars[start] === '^';
  const ranges: [number, number][] = [];
  let at = negated ? start + 1 : start;
  while (chars[at] !== ']' || ranges.length === 0) {
    const low = readClassChar(chars, at);
    if (!low) return undefined;
    at = low.end;
    if (chars[at] === '-') {
      const high = readClassChar(chars, at + 1);
      if (!high) return undefined;
      at = high.end;
      ranges.push([low.code, high.code]);
    } else ranges.push([low.code, low.code]);
  }
  return { token: { kind: 'class', negated, ranges }, end: at };
}

function readClassChar(chars: readonly string[], at: number): { code: number; end: number } | undefined {
  const first = chars[at];
  if (first === undefined || first === '-' || first === ']') return undefined;
  const char = first === '\\' ? chars[at + 1] : first;
  const end = first === '\\' ? at + 2 : at + 1;
  if (char === undefined || end >= chars.length) return undefined;
  return { code: codePoint(char), end };
}

/** Only the last star is ever tried again, so the time is at most the product of both lengths. */
function matchTokens(tokens: readonly Token[], codes: readonly number[]): boolean {
  let token = 0;
  let at = 0;
  let starToken = -1;
  let starAt = 0;
  while (at < codes.length || token < tokens.length) {
    const current = tokens[token];
    if (current?.kind === 'star') {
      starToken = token++;
      starAt = at;
      continue;
    }
    const code = codes[at];
    if (current && code !== undefined && matchesToken(current, code)) {
      token++;
      at++;
      continue;
    }
    const skipped = codes[starAt];
    if (starToken < 0 || skipped === undefined || skipped === SLASH) return false;
    starAt++;
    at = starAt;
    token = starToken + 1;
  }
  return true;
}

function matchesToken(token: Token, code: number): boolean {
  if (token.kind === 'char') return token.code === code;
  if (token.kind === 'any') return code !== SLASH;
  if (token.kind === 'star') return false;
  return token.ranges.some(([low, high]) => low <= code && code <= high) !== token.negated;
}
