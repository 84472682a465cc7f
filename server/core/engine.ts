import type { BuildContext } from '../model/context.js';
import type { Finding } from './finding.js';

/** A file as the engine is given it. */
export interface Source {
  /** As the user should see it: relative to the working folder, separator `/`. */
  readonly path: string;
  readonly text: string;
  readonly kind: 'dockerfile' | 'dockerignore';
  readonly context: BuildContext | undefined;
}

/** The findings of one file, in the order of the text. */
export interface FileResult {
  readonly path: string;
  readonly text: string;
  readonly kind: 'dockerfile' | 'dockerignore' | 'config';
  readonly findings: readonly Finding[];
  /** Findings that a comment or the baseline suppresses; SARIF lists them. */
  readonly suppressed: readonly {
    readonly finding: Finding;
    readonly by: 'comment' | 'baseline';
    readonly reason: string | undefined;
  }[];
  /** Rules that could not run, and why. */
  readonly skipped: readonly { readonly rule: string; readonly reason: string }[];
}
