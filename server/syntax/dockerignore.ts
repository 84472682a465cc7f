import { cleanPath, trimmedRange, trimSpace } from './go-path.js';
import { type MatcherPattern, matcherPattern } from './ignore-matcher.js';
import { compileIgnorePattern } from './ignore-pattern.js';
import { compilePathPattern } from './path-match.js';
import { type Span, span } from './text.js';

/** One line of an ignore file that is a pattern. */
export interface IgnorePattern {
  /** As written, trimmed. */
  readonly source: string;
  /** What BuildKit matches with: `!` gone, cleaned, no leading `/`. */
  readonly pattern: string;
  readonly exception: boolean;
  /** Of `source` in the text. */
  readonly span: Span;
  /** Counts from 0. */
  readonly line: number;
}

/** A `.dockerignore` as BuildKit reads it (`ignorefile.ReadAll`, then `patternmatcher.New`). */
export interface IgnoreFile {
  readonly text: string;
  readonly patterns: readonly IgnorePattern[];
  /** Comment lines (`#` in the first column). */
  readonly comments: readonly { readonly span: Span; readonly line: number; readonly text: string }[];
  /** Patterns for which the build fails, with the reason. */
  readonly problems: readonly { readonly message: string; readonly span: Span }[];
}

/** Longest line that Go's scanner reads, in UTF-8 bytes. */
const LONGEST_LINE = 65535;

/** Reads an ignore file. Never fails; what BuildKit rejects is in `problems`, and such a pattern matches nothing. */
export function parseIgnoreFile(text: string): IgnoreFile {
  const patterns: IgnorePattern[] = [];
  const comments: IgnoreFile['comments'][number][] = [];
  const problems: IgnoreFile['problems'][number][] = [];
  let line = 0;
  for (let start = text.startsWith('\ufeff') ? 1 : 0; start < text.length; line++) {
    const newline = text.indexOf('\n', start);
    const lineEnd = newline === -1 ? text.length : newline;
    const end = text.charAt(lineEnd - 1) === '\r' && lineEnd > start ? lineEnd - 1 : lineEnd;
    const whole = span(start, end);
    start = lineEnd + 1;
    if (isTooLong(text.slice(whole.start, lineEnd))) {
      problems.push({ message: 'the line is longer than 64 KiB', span: whole });
    } else if (text.charAt(whole.start) === '#') {
      comments.push({ span: whole, line, text: text.slice(whole.start + 1, end).trim() });
    } else {
      const read = readPattern(text, whole, line);
      if (read) patterns.push(read);
      const message = read && problemOf(read);
      if (message) problems.push({ message, span: read.span });
    }
  }
  return { text, patterns, comments, problems };
}

function isTooLong(line: string): boolean {
  return line.length * 3 > LONGEST_LINE && new TextEncoder().encode(line).length > LONGEST_LINE;
}

function readPattern(text: string, line: Span, lineNumber: number): IgnorePattern | undefined {
  const range = trimmedRange(text, line.start, line.end);
  if (range.start === range.end) return undefined;
  const source = text.slice(range.start, range.end);
  const read = normalizePattern(source);
  return { source, ...read, span: range, line: lineNumber };
}

/** What `ignorefile.ReadAll` and then `patternmatcher.New` make of a trimmed line. */
function normalizePattern(source: string): MatcherPattern {
  const inverted = source.startsWith('!');
  let pattern = inverted ? trimSpace(source.slice(1)) : source;
  if (pattern !== '') pattern = cleanPath(pattern);
  if (pattern.length > 1 && pattern.startsWith('/')) pattern = pattern.slice(1);
  // The second stage cleans again and looks for the `!` only now: `./!a` is an exception, `!/` becomes a lone `!`.
  return matcherPattern(inverted ? `!${pattern}` : pattern);
}

function problemOf({ pattern, exception }: IgnorePattern): string | undefined {
  if (exception && pattern === '') return 'illegal exclusion pattern: "!"';
  const compiled = compileIgnorePattern(pattern);
  const bad = !compilePathPattern(pattern) || (compiled.kind === 'regexp' && !compiled.regexp);
  return bad ? 'syntax error in pattern' : undefined;
}
