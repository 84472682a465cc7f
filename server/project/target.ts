import type { ResolvedConfig } from '../core/config.js';
import type { Parsed, Source } from '../core/engine.js';
import type { LoadedConfig } from './load-config.js';

/** One file to lint, with all that the engine needs. */
export interface Target {
  /** Absolute; undefined for standard input. */
  readonly file: string | undefined;
  readonly source: Source;
  readonly parsed: Parsed;
  readonly config: ResolvedConfig;
  readonly loaded: LoadedConfig;
  /** Folder of the build context, absolute; undefined where there is none. */
  readonly root: string | undefined;
  /** For the user, where the context is a guess. */
  readonly note: string | undefined;
}
