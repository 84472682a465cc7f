import type { Instruction } from '../syntax/tree.js';
import type { FileChange } from './side.js';

/** Why a step is what it is, as data. Stages count from 0. */
export type Reason =
  /** Files of the context that it takes; the first 20 and how many there are. */
  | { readonly kind: 'files'; readonly changes: readonly FileChange[]; readonly count: number }
  /** A step below it in the chain runs again, or may. */
  | { readonly kind: 'step'; readonly instruction: Instruction; readonly stage: number }
  /** What it takes from another stage differs. */
  | { readonly kind: 'stage-content'; readonly stage: number; readonly paths: readonly string[] }
  /** Whether what it takes from another stage differs depends on the output of a RUN that runs again. */
  | { readonly kind: 'stage-output'; readonly stage: number; readonly paths: readonly string[] }
  /** The other stage runs again, but what is taken from it is the same. */
  | { readonly kind: 'same-content'; readonly stage: number; readonly paths: readonly string[] }
  | { readonly kind: 'base-image'; readonly image: string }
  /** `before` or `after` is undefined where the thing is new or gone. */
  | {
      readonly kind:
        | 'command'
        | 'folder'
        | 'user'
        | 'destination'
        | 'mount'
        | 'option'
        | 'source-names'
        | 'text'
        | 'instruction';
      readonly name?: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly from: 'ARG' | 'ENV';
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  | { readonly kind: 'environment-order' }
  | { readonly kind: 'new-step' }
  /** `COPY --link`: the copy is kept, only put on top of what is new below. */
  | { readonly kind: 'linked-again' }
  | { readonly kind: 'not-known'; readonly what: string };
