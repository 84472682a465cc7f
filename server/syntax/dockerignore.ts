import type { Span } from './text.js';

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
