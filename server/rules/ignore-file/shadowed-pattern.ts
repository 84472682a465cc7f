import * as v from 'valibot';
import { defineIgnoreFileRule } from '../../core/rule.js';
import type { IgnoreFile, IgnorePattern } from '../../syntax/dockerignore.js';
import { compileIgnorePattern, matchesPattern } from '../../syntax/ignore-pattern.js';
import { wholeLines } from '../../syntax/text.js';
import { allowPatterns, allows, switchOption } from '../options.js';

export const shadowedPattern = defineIgnoreFileRule({
  name: 'shadowed-pattern',
  category: 'ignore-file',
  severity: 'info',
  recommended: true,
  fixable: 'always',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'A pattern that an earlier one covers wholly.',
    why: `An ignored folder takes everything below it, and \`**/x\` takes \`x\` at the root too; a pattern for the same paths further down does nothing. Whoever edits one of the two is misled by the other.

Only what holds for every possible file is reported: not where an exception (\`!\`) stands between the two. The fix removes the line and changes nothing that is sent.`,
    bad: '**/node_modules\nsrc\nnode_modules\n',
    good: '**/node_modules\nsrc\n',
    links: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  options: v.object({
    allow: allowPatterns,
    duplicatesOnly: switchOption('Report only a pattern that stands there a second time, not one that another covers.'),
  }),
  check({ file, options, report }) {
    const isAllowed = allows(options.allow);
    const bad = new Set(file.problems.map(({ span }) => span.start));
    const cover = new Cover(file);
    for (const pattern of file.patterns) {
      if (pattern.exception) cover.except(pattern);
      const by = bad.has(pattern.span.start) || isComment(pattern) ? undefined : cover.of(pattern);
      const isMeant = isAllowed(pattern.source) || (options.duplicatesOnly && by?.pattern !== pattern.pattern);
      if (by && !isMeant) {
        report({
          span: pattern.span,
          message:
            pattern.source === by.source
              ? `"${pattern.source}" stands here a second time: line ${by.line + 1} has it already`
              : `"${pattern.source}" does nothing: "${by.source}" in line ${by.line + 1} covers it`,
          evidence: [{ text: `"${by.source}" ignores the same paths`, span: by.span }],
          unnecessary: true,
          fixes: [
            {
              title: 'Remove the pattern',
              safety: 'safe',
              edits: [{ span: wholeLines(file.text, pattern.span), text: '' }],
            },
          ],
        });
      }
      if (!by) cover.add(pattern);
    }
  },
});

/** Meant as a comment: another rule tells that it is none. */
function isComment({ source }: IgnorePattern): boolean {
  return /^\/\/(?:\s|\S+\s+\S)|(?:^|\s)#/.test(source);
}

/** The patterns since the last exception, ready to be asked whether they cover a later one. */
class Cover {
  readonly #exact = new Map<string, IgnorePattern>();
  readonly #wild: IgnorePattern[] = [];
  #exceptions: string[] = [];

  constructor(private readonly file: IgnoreFile) {}

  add(pattern: IgnorePattern): void {
    if (!this.#exact.has(pattern.pattern)) this.#exact.set(pattern.pattern, pattern);
    if (isWild(pattern.pattern) && !pattern.exception && this.#wild.length < 200) this.#wild.push(pattern);
  }

  except({ pattern: text }: IgnorePattern): void {
    if (this.#exceptions.length < most) this.#exceptions.push(text);
    else this.#exceptions = [''];
    for (const [key, { exception }] of this.#exact) if (!exception) this.#exact.delete(key);
    this.#wild.length = 0;
  }

  /** The pattern that ignores all that `pattern` could. */
  of(pattern: IgnorePattern): IgnorePattern | undefined {
    if (pattern.exception || this.file.patterns.length === 0) return undefined;
    const { pattern: text } = pattern;
    const same = this.#plain(text) ?? this.#plain(`**/${text}`);
    if (same) return same;
    for (const folder of foldersOf(text)) {
      if (isWild(folder) || this.#isExcepted(text)) break;
      const above = this.#plain(folder) ?? this.#wildFor(folder);
      if (above) return above;
    }
    return isWild(text) ? undefined : this.#wildFor(text);
  }

  /**
   * Whether an exception may bring back what the pattern ignores. Then a folder's pattern need not take everything below it: it is not
   * asked for a folder that an earlier one has ignored already, and so does not apply where the exception does
   * (`MatchesUsingParentResults` of moby/patternmatcher).
   */
  #isExcepted(text: string): boolean {
    const own = literalOf(text);
    return this.#exceptions.some((one) => {
      const other = literalOf(one);
      return `${own}/`.startsWith(other && `${other}/`) || `${other}/`.startsWith(own && `${own}/`);
    });
  }

  #plain(text: string): IgnorePattern | undefined {
    const found = this.#exact.get(text);
    return found?.exception ? undefined : found;
  }

  #wildFor(path: string): IgnorePattern | undefined {
    return this.#wild.find(({ pattern }) => matchesPattern(compileIgnorePattern(pattern), path));
  }
}

/** More exceptions count as one for everything. */
const most = 50;

/** The folders before the first wildcard. */
function literalOf(text: string): string {
  const parts = text.split('/');
  const wild = parts.findIndex(isWild);
  return parts.slice(0, wild === -1 ? undefined : wild).join('/');
}

function isWild(text: string): boolean {
  return /[*?[\]\\^]/.test(text);
}

function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
