import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseIgnoreFile } from '../../server/syntax/dockerignore.js';
import { cleanPath } from '../../server/syntax/go-path.js';
import {
  createIgnoreMatcher,
  type IgnoreMatcher,
  ignoreMatcher,
  type Verdict,
} from '../../server/syntax/ignore-matcher.js';
import { compileIgnorePattern } from '../../server/syntax/ignore-pattern.js';
import { root } from '../helpers/root.js';

/**
 * Cases of moby/patternmatcher v0.6.1 (patternmatcher_test.go, ignorefile/ignorefile_test.go; Apache-2.0), and cases derived
 * from them whose answers come from an independent port of patternmatcher and of fsutil's filtered walk.
 */
interface Data {
  readonly cases: readonly Case[];
  readonly compile: readonly { pattern: string; matchType: string; regexp: string | null }[];
  readonly clean: readonly { patterns: string[]; count?: number; exclusions?: boolean }[];
  readonly ignorefile: readonly { content: string; expected: string[] }[];
  readonly derived: { readonly cases: readonly DerivedCase[] };
}

interface Case {
  readonly id: number;
  readonly source: string;
  readonly fn: 'Matches' | 'MatchesOrParentMatches' | 'New';
  readonly patterns: readonly string[];
  readonly path: string | null;
  readonly expected: boolean | 'error';
  readonly alsoHoldsFor?: readonly string[];
}

interface DerivedCase {
  readonly id: string;
  readonly dockerignore: string;
  readonly patterns: readonly string[];
  readonly path: string;
  readonly expected: boolean | 'error';
  readonly flatMatchesOrParentMatches: boolean | 'error';
}

const data = JSON.parse(readFileSync(join(root, 'test/syntax/patternmatcher-cases.json'), 'utf8')) as Data;

type Answer = boolean | 'error';

function answer(patterns: readonly string[], ask: (matcher: IgnoreMatcher) => boolean): Answer {
  const file = parseIgnoreFile(patterns.join('\n'));
  return file.problems.length > 0 ? 'error' : ask(ignoreMatcher(file));
}

/** The package functions of moby clean the path first and never match the root. */
function flatOfCleaned(patterns: readonly string[], path: string): Answer {
  const clean = cleanPath(path);
  return answer(patterns, (matcher) => clean !== '.' && matcher.matchesFlat(clean));
}

/** Asks from the root downwards, as moby's own test does; `file/` counts as an entry of `file`. */
function stepwise(matcher: IgnoreMatcher, path: string): boolean {
  let parent: Verdict | undefined;
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    parent = matcher.step(path.slice(0, at), parent);
  }
  return matcher.step(path, parent).ignored;
}

/** What the context transfer does: stepwise, and not below a folder it skips. */
function walked(matcher: IgnoreMatcher, path: string): boolean {
  let parent: Verdict | undefined;
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const folder = path.slice(0, at);
    parent = matcher.step(folder, parent);
    if (parent.ignored && matcher.prunes(folder)) return true;
  }
  return matcher.step(path, parent).ignored;
}

describe('ignore matcher', () => {
  it('has all of the upstream cases', () => {
    assert.equal(data.cases.length, 139);
    assert.equal(data.derived.cases.length, 104);
  });

  for (const { id, source, fn, patterns, path, expected, alsoHoldsFor } of data.cases) {
    it(`moby ${id} ${source}: ${JSON.stringify(patterns)} on ${path}`, () => {
      if (fn === 'New')
        assert.equal(
          answer(patterns, () => false),
          expected,
        );
      else if (fn === 'Matches') assert.equal(flatOfCleaned(patterns, path ?? ''), expected);
      else
        assert.equal(
          answer(patterns, (matcher) => matcher.matchesFlat(path ?? '')),
          expected,
        );
      if (alsoHoldsFor?.includes('MatchesUsingParentResults')) {
        assert.equal(
          answer(patterns, (matcher) => stepwise(matcher, path ?? '')),
          expected,
        );
      }
    });
  }

  for (const { id, dockerignore, patterns, path, expected, flatMatchesOrParentMatches } of data.derived.cases) {
    it(`derived ${id}: ${JSON.stringify(dockerignore)} on ${path}`, () => {
      const file = parseIgnoreFile(dockerignore);
      const read = file.patterns.map(({ pattern, exception }) => (exception ? `!${pattern}` : pattern));
      if (expected !== 'error') assert.deepEqual(read, patterns);
      const failed = file.problems.length > 0;
      assert.equal(failed ? 'error' : walked(ignoreMatcher(file), path), expected);
      assert.equal(failed ? 'error' : ignoreMatcher(file).matchesFlat(path), flatMatchesOrParentMatches);
    });
  }

  for (const { pattern, matchType, regexp } of data.compile) {
    it(`compiles ${pattern} to ${matchType}`, () => {
      const compiled = compileIgnorePattern(pattern);
      assert.equal(`${compiled.kind}Match`, matchType);
      assert.equal(compiled.kind === 'regexp' ? compiled.source : null, regexp);
    });
  }

  for (const { patterns, count, exclusions } of data.clean) {
    it(`cleans ${JSON.stringify(patterns)}`, () => {
      const read = parseIgnoreFile(patterns.join('\n')).patterns;
      if (count !== undefined) assert.equal(read.length, count);
      if (exclusions !== undefined)
        assert.equal(
          read.some((one) => one.exception),
          exclusions,
        );
    });
  }

  it('reads lines as moby does', () => {
    for (const { content, expected } of data.ignorefile) {
      const read = parseIgnoreFile(content).patterns;
      assert.deepEqual(
        read.map(({ pattern, exception }) => (exception ? `!${pattern}` : pattern)),
        expected,
      );
    }
  });

  it('lets a negated class match a slash and a doubled star start in the middle of a name', () => {
    const matcher = createIgnoreMatcher([{ pattern: 'a[^x]c**d', exception: false }]);
    assert.equal(matcher.matchesFlat('a/cd'), true);
    assert.equal(matcher.matchesFlat('a/cxx/d'), true);
    assert.equal(matcher.matchesFlat('a/cxxd'), false);
  });

  it('names the pattern that settled the verdict', () => {
    const matcher = ignoreMatcher(parseIgnoreFile('*\n!src\nsrc/*.log\n'));
    const src = matcher.step('src', undefined);
    assert.deepEqual([matcher.step('lib', undefined).decidedBy, src.decidedBy], [0, 1]);
    assert.equal(matcher.step('src/a.log', src).decidedBy, 2);
    assert.equal(ignoreMatcher(parseIgnoreFile('a')).step('b', undefined).decidedBy, undefined);
  });

  it('matches nothing with a pattern that fails the build', () => {
    const matcher = ignoreMatcher(parseIgnoreFile('a[\nb\\\n[z-a]\n!'));
    for (const path of ['a[', 'b\\', 'b', 'z', '']) assert.equal(matcher.matchesFlat(path), false);
  });

  it('answers at once for patterns made to backtrack', () => {
    const path = `${'a'.repeat(200)}/${'a'.repeat(200)}`;
    const matcher = ignoreMatcher(
      parseIgnoreFile(`${'*a'.repeat(60)}b\n**/${'*a*/**/'.repeat(40)}b\n${'**a'.repeat(80)}?b`),
    );
    assert.equal(matcher.matchesFlat(path), false);
    assert.equal(matcher.matchesFlat(`${'a'.repeat(200)}b`), true);
  });
});
