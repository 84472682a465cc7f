import type { IgnoreFile } from './dockerignore.js';
import { cleanPath, trimSpace } from './go-path.js';
import { type CompiledPattern, compileIgnorePattern, matchesPattern } from './ignore-pattern.js';
import { createMemo } from './memo.js';
import { compilePathPattern } from './path-match.js';

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
  /** By index of the pattern: true where it matched the path or one of its folders; not where it was not asked. */
  readonly matched: readonly (boolean | undefined)[];
  /** Index of the pattern that settled it; undefined where none applied. */
  readonly decidedBy: number | undefined;
}

/** The patterns of one ignore file, compiled. Paths are relative to the context root, separator `/`, not cleaned here. */
export interface IgnoreMatcher {
  /**
   * `MatchesUsingParentResults` of moby/patternmatcher, which the context transfer calls from the root downwards. `parent` is
   * the verdict on the folder; without one the path's folders are tried as well, as in the flat variant.
   */
  step(path: string, parent: Verdict | undefined): Verdict;
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
  const compiled = patterns.map((one) => ({ ...one, compiled: compileIfValid(one.pattern) }));
  const exceptions = patterns.filter((one) => one.exception).map((one) => withoutTrailingGlob(one.pattern));
  const onlyPrefixes = exceptions.every((prefix) => !/[*[\]?^\\]/.test(prefix));
  return {
    step: (path, parent) => step(compiled, path, parent),
    prunes: (folder) => onlyPrefixes && !exceptions.some((prefix) => `${prefix}/`.startsWith(`${folder}/`)),
    matchesFlat: (path) => step(compiled, path, undefined).ignored,
  };
}

interface Compiled extends MatcherPattern {
  readonly compiled: CompiledPattern | undefined;
}

/** `patternmatcher.New` rejects what Go's `filepath.Match` rejects. */
function compileIfValid(pattern: string): CompiledPattern | undefined {
  return compilePathPattern(pattern) && compileIgnorePattern(pattern);
}

/** Most paths match nothing that their folder does not: they share its list. */
function step(patterns: readonly Compiled[], path: string, parent: Verdict | undefined): Verdict {
  const inherited = parent?.matched ?? [];
  let own: (boolean | undefined)[] | undefined;
  let ignored = false;
  let decidedBy: number | undefined;
  const folders = parent ? [] : foldersOf(path);
  for (let index = 0; index < patterns.length; index++) {
    const pattern = patterns[index];
    if (!pattern) continue;
    const { compiled, exception } = pattern;
    let match = inherited[index] ?? false;
    if (!match && compiled && exception === ignored) {
      match = matchesPattern(compiled, path) || folders.some((folder) => matchesPattern(compiled, folder));
      if (match) {
        own ??= [...inherited];
        own[index] = true;
      }
    }
    if (!match) continue;
    if (ignored === exception) decidedBy = index;
    ignored = !exception;
  }
  return { ignored, matched: own ?? inherited, decidedBy };
}

function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}

function withoutTrailingGlob(pattern: string): string {
  return pattern.replace(/\/\*\*$/, '').replace(/\/\*$/, '');
}
