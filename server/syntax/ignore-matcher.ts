import type { IgnoreFile } from './dockerignore.js';
import { cleanPath, trimSpace } from './go-path.js';
import { compileIgnorePattern } from './ignore-pattern.js';
import { createMemo } from './memo.js';
import { compilePathPattern } from './path-match.js';
import { patternLookup } from './pattern-lookup.js';

/** A pattern as `patternmatcher.New` leaves it: cleaned, without `!`. */
export interface MatcherPattern {
  readonly pattern: string;
  readonly exception: boolean;
}

/** Reads one pattern as `patternmatcher.New` does; a leading `/` stays, it is `.dockerignore`'s own business. */
export function matcherPattern(text: string): MatcherPattern {
  const clean = cleanPath(trimSpace(text));
  const exception = clean.startsWith('!');
  return { pattern: exception ? clean.slice(1) : clean, exception };
}

/** What the patterns say of one path, given what they said of its folder. */
export interface Verdict {
  readonly ignored: boolean;
  /** Indices of the patterns that matched the path or one of its folders, ascending; not of those that were not asked. */
  readonly matched: ReadonlySet<number>;
  /** Index of the pattern that settled it; undefined where none applied. */
  readonly decidedBy: number | undefined;
}

/** The patterns of one ignore file, compiled. Paths are relative to the context root, separator `/`, not cleaned here. */
export interface IgnoreMatcher {
  /** Indices of the patterns that match exactly this path, ascending, also of those for which the build fails. */
  matching(path: string): readonly number[];
  /**
   * `MatchesUsingParentResults` of moby/patternmatcher, which the context transfer calls from the root downwards. `parent` is
   * the verdict on the folder; without one the path's folders are tried as well, as in the flat variant. `own` is what `matching`
   * says, where the caller has asked already.
   */
  step(path: string, parent: Verdict | undefined, own?: readonly number[]): Verdict;
  /**
   * Whether the transfer leaves out an ignored folder with all below it, exceptions or not (`filterFS.Walk` of tonistiigi/fsutil).
   * The wildcards at the end of an exception are cut off first, so `!packages/*\/**` never brings anything back.
   */
  prunes(folder: string): boolean;
  /**
   * `MatchesOrParentMatches`: every path by itself. BuildKit's lint uses it; what is sent is decided by `step` and `prunes`,
   * and the two differ after an exception for a folder that no earlier pattern had matched.
   */
  matchesFlat(path: string): boolean;
}

const matchers = createMemo<IgnoreFile, IgnoreMatcher>();

/** The matcher of an ignore file, compiled once. Patterns for which the build fails match nothing. */
export function ignoreMatcher(file: IgnoreFile): IgnoreMatcher {
  let matcher = matchers.get(file);
  if (!matcher) {
    matcher = createIgnoreMatcher(file.patterns);
    matchers.set(file, matcher);
  }
  return matcher;
}

export function createIgnoreMatcher(patterns: readonly MatcherPattern[]): IgnoreMatcher {
  // `patternmatcher.New` rejects what Go's `filepath.Match` rejects.
  const judges = patterns.map(({ pattern, exception }) => ({
    exception,
    valid: compilePathPattern(pattern) !== undefined,
  }));
  const { matching } = patternLookup(patterns.map(({ pattern }) => compileIgnorePattern(pattern)));
  const exceptions = patterns.filter((one) => one.exception).map((one) => withoutTrailingGlob(one.pattern));
  const onlyPrefixes = exceptions.every((prefix) => !/[*[\]?^\\]/.test(prefix));
  const step = (path: string, parent: Verdict | undefined, own = matching(path)) =>
    judge(judges, parent ? own : [...own, ...foldersOf(path).flatMap(matching)], parent ?? unmatched);
  return {
    matching,
    step,
    prunes: (folder) => onlyPrefixes && !exceptions.some((prefix) => `${prefix}/`.startsWith(`${folder}/`)),
    matchesFlat: (path) => step(path, undefined).ignored,
  };
}

interface Judge {
  readonly exception: boolean;
  readonly valid: boolean;
}

const unmatched: Verdict = { ignored: false, matched: new Set(), decidedBy: undefined };

/** Most paths match nothing that their folder does not: they share its verdict. A pattern that could change nothing is not asked. */
function judge(judges: readonly Judge[], own: readonly number[], parent: Verdict): Verdict {
  if (own.length === 0) return parent;
  const matched = new Set<number>();
  let ignored = false;
  let decidedBy: number | undefined;
  for (const index of [...parent.matched, ...own].sort((a, b) => a - b)) {
    const { exception = false, valid = false } = judges[index] ?? {};
    if (!parent.matched.has(index) && (!valid || exception !== ignored)) continue;
    matched.add(index);
    if (ignored === exception) decidedBy = index;
    ignored = !exception;
  }
  return { ignored, matched, decidedBy };
}

function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}

function withoutTrailingGlob(pattern: string): string {
  return pattern.replace(/\/\*\*$/, '').replace(/\/\*$/, '');
}
