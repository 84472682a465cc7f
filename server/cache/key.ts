import type { Instruction } from '../syntax/tree.js';
import type { PlanStage } from './plan.js';

/** Where files come from that enter a key by their content. */
export type Origin =
  | { readonly kind: 'context' }
  | { readonly kind: 'stage'; readonly stage: PlanStage }
  | { readonly kind: 'image'; readonly image: string }
  | { readonly kind: 'remote'; readonly url: string; readonly checksum?: string | undefined }
  | { readonly kind: 'inline' };

/** One thing that a step's cache key depends on. */
export type KeyInput =
  /** The step before it in the stage, or the end of the stage it is built from: by its key, never by its content. */
  | { readonly kind: 'previous' }
  | { readonly kind: 'base-image'; readonly image: string }
  /** The argument vector: SHELL and the byte-exact command, or the strings of the exec form. */
  | { readonly kind: 'command'; readonly argv: readonly string[] }
  /** One variable of the ordered environment; an ARG counts from its line on, used or not. */
  | { readonly kind: 'variable'; readonly name: string; readonly value: string; readonly from: 'ARG' | 'ENV' }
  | { readonly kind: 'environment-order'; readonly names: readonly string[] }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'option'; readonly name: string; readonly value: string }
  /** Type, target and those options of a mount that count; for a bind mount its files are a `files` input beside it. */
  | { readonly kind: 'mount'; readonly text: string }
  /** Content and mode of files; names too where a folder or a wildcard is taken. Never owner (from the context) or time. */
  | {
      readonly kind: 'files';
      readonly origin: Origin;
      readonly paths: readonly string[];
      readonly exclude: readonly string[];
      readonly parents: boolean;
    }
  | { readonly kind: 'source-names'; readonly names: readonly string[] }
  | { readonly kind: 'destination'; readonly path: string }
  | { readonly kind: 'text'; readonly name: string; readonly content: string };

/** What BuildKit shows as one step: RUN, COPY, ADD, WORKDIR (other than `/`). */
export interface Step {
  readonly instruction: Instruction;
  readonly stage: PlanStage;
  readonly inputs: readonly KeyInput[];
  /** True for `COPY --link` where the builder makes it independent of the steps before it. */
  readonly detached: boolean;
}
