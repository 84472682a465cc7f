import type { Span } from './text.js';

/** One `--mount=…` of a RUN, as BuildKit reads it (`instructions/commands_runmount.go`). Option values are not expanded. */
export interface Mount {
  readonly type: 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';
  /** `target`, `dst`, `destination`. */
  readonly target: string | undefined;
  readonly source: string | undefined;
  readonly from: string | undefined;
  readonly id: string | undefined;
  readonly sharing: 'shared' | 'private' | 'locked' | undefined;
  readonly readonly: boolean | undefined;
  readonly required: boolean;
  readonly env: string | undefined;
  readonly size: string | undefined;
  readonly mode: string | undefined;
  readonly uid: string | undefined;
  readonly gid: string | undefined;
  /** Of the whole flag. */
  readonly span: Span;
  /** Of each option's `key=value`, by normalised key. */
  readonly optionSpans: ReadonlyMap<string, Span>;
}
