import { chainedRebuildOf } from './cache/chained.js';
import { compareContexts } from './cache/change.js';
import { type OrderProposal, proposeOrder } from './cache/order.js';
import { type Rebuild, rebuildOf } from './cache/rebuild.js';
import type { CacheBuilder, Side } from './cache/side.js';
import type { Config } from './core/config.js';
import { resolveConfig, validateConfig } from './core/config.js';
import type { FileResult, Source } from './core/engine.js';
import { lintSource } from './core/engine.js';
import type { FixOutcome } from './core/fix.js';
import { fixSource } from './core/fix.js';
import { buildOf } from './model/build.js';
import type { BuildContext, ContextSource } from './model/context.js';
import { createContext } from './model/context.js';
import { memorySource } from './model/memory-source.js';
import { overlaySource } from './model/overlay.js';
import { rules } from './rules/index.js';
import { parseDockerfile } from './syntax/dockerfile.js';

export type { Move } from './cache/order/explain.js';
export type { OrderProposal } from './cache/order.js';
export type { Rebuild, StepResult, StepState } from './cache/rebuild.js';
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

/** One build. Nothing is read from disk. */
export interface BuildInput {
  /** The Dockerfile. */
  readonly text: string;
  /** The build context, as for `lint`; with the ignore file. */
  readonly files?: Input['files'];
  /** `--build-arg`. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Name or number of the stage to build; the last one where it is left out. */
  readonly target?: string;
}

/**
 * What the build cache does with each step of a build that comes after another one, and why: `layerwise rebuild`. A file that the
 * builder rejects has the steps that could be read.
 */
export function rebuild(before: BuildInput, after: BuildInput, builder: CacheBuilder = 'buildkit'): Rebuild {
  const change = { before: sideOf(before), after: sideOf(after) };
  const files = compareContexts(change.before, change.after);
  return builder === 'buildkit' || builder === 'buildkit-graphdriver'
    ? rebuildOf({ ...change, files }, builder)
    : chainedRebuildOf({ ...change, files }, builder);
}

/**
 * The order of steps that would have re-run least over some commits and builds the same image: `layerwise order`. `commits` names, the
 * newest first, the files of the context that each changed. Undefined where the builder rejects the file.
 */
export function order(
  input: BuildInput & { readonly commits: readonly (readonly string[])[] },
  acceptance: 'proved' | 'likely' = 'proved',
): OrderProposal | undefined {
  const { file, context, buildArgs, target } = sideOf({ files: {}, ...input });
  if (!context) return undefined;
  const commits = input.commits.map((paths, index) => ({
    id: String(index),
    files: paths.map((path) => ({ path, kind: 'content', folder: false }) as const),
  }));
  return proposeOrder({ build: buildOf(file), context, commits, builder: 'buildkit', buildArgs, target, acceptance });
}

function sideOf({
  text,
  files,
  buildArgs = {},
  target,
}: BuildInput): Side & { readonly context: BuildContext | undefined } {
  const { context } = sourceOf({ path: 'Dockerfile', text, ...(files ? { files } : {}) });
  const identity = (path: string) => context?.read(path);
  return { file: parseDockerfile(text), context, buildArgs: new Map(Object.entries(buildArgs)), target, identity };
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
