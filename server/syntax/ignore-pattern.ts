import { compileRegexp, type LinearRegexp } from './linear-regexp.js';

/** How `patternmatcher` compares one pattern with a whole path. */
export type CompiledPattern =
  | { readonly kind: 'exact' | 'prefix' | 'suffix'; readonly text: string }
  /** `regexp` is undefined where Go cannot compile it: the build fails at the first match. */
  | {
      readonly kind: 'regexp';
      readonly source: string;
      readonly regexp: LinearRegexp | undefined;
      /** How every path ends that it matches, and what else is in it; looked at first, as it is cheap. */
      readonly tail: string;
      readonly part: string;
    };

/**
 * Compiles a cleaned pattern the way `Pattern.compile` of moby/patternmatcher does on Unix, its quirks included: a leading
 * `**` without further wildcards compares by suffix, a trailing one by prefix, `\` before a letter reaches the regular expression.
 */
export function compileIgnorePattern(pattern: string): CompiledPattern {
  const { kind, source } = convert(pattern);
  if (kind === 'exact') return { kind, text: pattern };
  if (kind === 'prefix') return { kind, text: pattern.slice(0, -2) };
  if (kind === 'suffix') return { kind, text: pattern.slice(2) };
  return { kind, source, regexp: compileRegexp(source), tail: tailOf(pattern), part: partOf(pattern) };
}

/** What stands behind the last wildcard; the `/` after `**` belongs to that. Nothing where brackets or escapes may change its meaning. */
function tailOf(pattern: string): string {
  if (/[[\\]/.test(pattern)) return '';
  let start = pattern.length;
  while (start > 0 && /[\w./-]/.test(pattern.charAt(start - 1))) start--;
  const withoutSlash = pattern.charAt(start - 1) === '*' && pattern.charAt(start) === '/';
  return pattern.slice(withoutSlash ? start + 1 : start);
}

/** The longest piece without wildcards; without the `/` at its start, which may belong to `**`. */
function partOf(pattern: string): string {
  if (/[[\\]/.test(pattern)) return '';
  const parts = pattern.match(/[\w.-][\w./-]*/g) ?? [];
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

/** Whether the pattern matches exactly this path; its folders are not looked at. */
export function matchesPattern(pattern: CompiledPattern, path: string): boolean {
  if (pattern.kind === 'regexp')
    return path.endsWith(pattern.tail) && path.includes(pattern.part) && (pattern.regexp?.test(path) ?? false);
  if (pattern.kind === 'exact') return path === pattern.text;
  if (pattern.kind === 'prefix') return path.startsWith(pattern.text);
  return path.endsWith(pattern.text) || (pattern.text.startsWith('/') && path === pattern.text.slice(1));
}

interface Conversion {
  kind: CompiledPattern['kind'];
  source: string;
}

function convert(pattern: string): Conversion {
  const result: Conversion = { kind: 'exact', source: '^' };
  // Go's scanner drops a byte order mark at its start.
  let at = pattern.startsWith('\ufeff') ? 1 : 0;
  const start = at;
  while (at < pattern.length) at = convertOne(pattern, at, at === start, result);
  result.source += '$';
  return result;
}

/** Appends what stands at `at` and returns the offset after it. */
function convertOne(pattern: string, at: number, first: boolean, result: Conversion): number {
  const char = pattern.charAt(at);
  if (char === '*' && pattern.charAt(at + 1) === '*') return convertDoubleStar(pattern, at, first, result);
  let end = at + 1;
  if (char === '*') result.source += '[^/]*';
  else if (char === '?') result.source += '[^/]';
  else if (char === '\\' && end < pattern.length) result.source += char + pattern.charAt(end++);
  else if ('.+()|{}$\\'.includes(char)) {
    result.source += `\\${char}`;
    return end;
  } else {
    result.source += char;
    if (char !== '[' && char !== ']') return end;
  }
  result.kind = 'regexp';
  return end;
}

function convertDoubleStar(pattern: string, at: number, first: boolean, result: Conversion): number {
  const end = pattern.charAt(at + 2) === '/' ? at + 3 : at + 2;
  if (end < pattern.length) {
    result.source += '(.*/)?';
    result.kind = 'regexp';
  } else if (result.kind === 'exact') result.kind = 'prefix';
  else {
    result.source += '.*';
    result.kind = 'regexp';
  }
  if (first) result.kind = 'suffix';
  return end;
}
