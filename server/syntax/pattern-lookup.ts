import { type CompiledPattern, matchesPattern } from './ignore-pattern.js';

/** Finds among many patterns those that match exactly a path; its folders are not looked at. */
export interface PatternLookup {
  /** By index, ascending. */
  matching(path: string): readonly number[];
}

const none: readonly number[] = [];

/** Paths, names at any depth and whole folders are looked up; only the other patterns are tried one by one. */
export function patternLookup(patterns: readonly CompiledPattern[]): PatternLookup {
  const paths = new Map<string, number[]>();
  /** `**\/a/b` by `/a/b`. */
  const ends = new Map<string, number[]>();
  /** `a/b/**` by `a/b/`. */
  const folders = new Map<string, number[]>();
  const others: { readonly index: number; readonly pattern: CompiledPattern }[] = [];
  for (const [index, pattern] of patterns.entries()) {
    if (pattern.kind === 'exact') add(paths, pattern.text, index);
    else if (pattern.kind === 'suffix' && pattern.text.startsWith('/')) add(ends, pattern.text, index);
    else if (pattern.kind === 'prefix' && pattern.text.endsWith('/')) add(folders, pattern.text, index);
    else others.push({ index, pattern });
  }
  const matching = (path: string): readonly number[] => {
    const found = [...(paths.get(path) ?? none)];
    if (ends.size > 0) found.push(...(ends.get(`/${path}`) ?? none));
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      if (ends.size > 0) found.push(...(ends.get(path.slice(at)) ?? none));
      if (folders.size > 0) found.push(...(folders.get(path.slice(0, at + 1)) ?? none));
    }
    for (const { index, pattern } of others) if (matchesPattern(pattern, path)) found.push(index);
    return found.length < 2 ? found : found.sort((a, b) => a - b);
  };
  return { matching };
}

function add(into: Map<string, number[]>, key: string, index: number): void {
  const list = into.get(key);
  if (list) list.push(index);
  else into.set(key, [index]);
}
