import type { Lookup } from '../model/remote-facts.js';
import type { Span } from '../syntax/text.js';

export type Severity = 'error' | 'warning' | 'info';

/** How far a fix may be trusted. `safe`: the same inputs give an image with the same files and the same config. `unsafe`: the image may differ, or the build needs something more; the caveat says what. `manual`: shown, never applied. */
export type Safety = 'safe' | 'unsafe' | 'manual';

/** Replace `span` by `text`. Data, never a callback. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
  /** Another file than the finding's own, relative to the build context's root; it is created where it does not exist. */
  readonly file?: string;
}

export interface Fix {
  /** Imperative: "Copy only the manifests before npm ci". */
  readonly title: string;
  readonly safety: Safety;
  /** What may differ; always there unless the fix is safe. */
  readonly caveat?: string;
  /** Do not overlap; in any order. */
  readonly edits: readonly Edit[];
  /** Whose digest the edits need, or have: somebody may be asked for it, again too. */
  readonly lookup?: Lookup;
}

/** A fact that supports a finding, with its place where it has one. */
export interface Evidence {
  readonly text: string;
  readonly span?: Span;
  /** Relative to the build context's root; the finding's own file where it is left out. */
  readonly file?: string;
}

export type Basis = 'measured' | 'git-history' | 'context' | 'table';

/** What following the advice saves. A number never travels without its basis. */
export interface Savings {
  /** What sets it off: "an edit under src/". */
  readonly trigger: string;
  /** Lines (from 0) of the instructions that would no longer re-run. */
  readonly rebuilds: readonly number[];
  readonly seconds?: number;
  readonly bytes?: number;
  readonly basis: Basis;
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** One sentence, present tense; the first 80 characters suffice. */
  readonly message: string;
  readonly span: Span;
  readonly evidence: readonly Evidence[];
  /** The best one first. */
  readonly fixes: readonly Fix[];
  readonly savings?: Savings;
  /** The text at `span` is without effect. */
  readonly unnecessary?: boolean;
}
