import type { Config } from './core/config.js';
import { resolveConfig, validateConfig } from './core/config.js';
import type { FileResult, Source } from './core/engine.js';
import { lintSource } from './core/engine.js';
import type { FixOutcome } from './core/fix.js';
import { fixSource } from './core/fix.js';
import type { ContextSource } from './model/context.js';
import { createContext } from './model/context.js';
import { memorySource } from './model/memory-source.js';
import { overlaySource } from './model/overlay.js';
import { rules } from './rules/index.js';

export type { Config } from './core/config.js';
export type { FileResult } from './core/engine.js';
export type { Basis, Edit, Evidence, Finding, Fix, Safety, Savings, Severity } from './core/finding.js';
export type { FixOutcome } from './core/fix.js';
export { applyEdits } from './core/fix.js';
export type { Rule } from './core/rule.js';
export type { BuildContext, ContextEntry, ContextSource } from './model/context.js';
export type { Position, Span } from './syntax/text.js';
export { lineStarts, positionAt } from './syntax/text.js';
export { rules };

/** What to lint. Nothing is read from disk: all comes from here. */
export interface Input {
  /** Path of the file relative to the build context's root, separator `/`. A name that ends in `.dockerignore` is an ignore file, everything else a Dockerfile. */
  readonly path: string;
  readonly text: string;
  /** The build context: path → text, or a source that lists and reads on demand. Without it, rules that need the context are skipped. */
  readonly files?: Readonly<Record<string, string>> | ContextSource;
  /** As in `.layerwise.jsonc`; `extends`, `exclude`, `contexts` and `overrides` are for the command line and have no effect here. */
  readonly config?: Config;
}

/** Lints one file. Never throws; a mistake in `config` is passed over. */
export function lint(input: Input): FileResult {
  return lintSource(sourceOf(input), configOf(input));
}

/** Applies the safe fixes (with `unsafe` the unsafe ones too) and lints again until none is left. Writes nothing. */
export function fix(
  input: Input,
  options: { readonly unsafe?: boolean; readonly only?: readonly string[] } = {},
): FixOutcome {
  const only = options.only ? { only: new Set(options.only) } : {};
  return fixSource(sourceOf(input), configOf(input), { unsafe: options.unsafe ?? false, ...only });
}

function configOf({ config }: Input) {
  return resolveConfig(rules, config ? [{ origin: 'config', config: validateConfig(config, rules).config }] : []);
}

function sourceOf({ path, text, files }: Input): Source {
  const kind = path.endsWith('.dockerignore') ? 'dockerignore' : 'dockerfile';
  if (!files) return { path, text, kind, context: undefined };
  const base = isSource(files) ? files : memorySource(files);
  const dockerfile = kind === 'dockerfile' ? path : path.replace(/\.dockerignore$/, '') || undefined;
  const contextWith = (changes: ReadonlyMap<string, string>) =>
    createContext({
      name: '.',
      origin: 'option',
      dockerfile,
      source: overlaySource(base, new Map([[path, text], ...changes])),
    });
  return { path, text, kind, context: contextWith(new Map()), contextWith };
}

function isSource(files: NonNullable<Input['files']>): files is ContextSource {
  return typeof (files as ContextSource).list === 'function';
}
