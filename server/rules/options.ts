import * as v from 'valibot';
import { packageManagers } from '../knowledge/package-managers.js';
import type { Stage } from '../model/build.js';
import { nameGlob } from '../syntax/name-glob.js';

// Options that several rules have: the same thing has the same name, type and words everywhere.

const text = v.pipe(v.string(), v.nonEmpty());

/** A list of names or patterns in which `*` stands for any text. See `allows`. */
export function patternsOption(description: string, initial: readonly string[] = []) {
  return v.pipe(v.optional(v.array(text), [...initial]), v.description(`${description}; \`*\` stands for any text.`));
}

/** A list of words; empty by default. */
export function wordsOption(description: string) {
  return v.pipe(v.optional(v.array(text), []), v.description(description));
}

/** A whole number from `initial` up. */
export function minimumOption(initial: number, description: string) {
  return v.pipe(v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), initial), v.description(description));
}

export function switchOption(description: string) {
  return v.pipe(v.optional(v.boolean(), false), v.description(description));
}

/** Both yarns have one name for the user. */
function nameOf(manager: { readonly name: string }): string {
  return manager.name.replace(/-berry$/, '');
}

const managerNames = [...new Set(packageManagers.map(nameOf))].sort();

export const ignoreManagers = v.pipe(
  v.optional(v.array(v.picklist(managerNames)), []),
  v.description('Package managers to leave alone, by their names: `npm`, `cargo` and so on.'),
);

export const ignoreStages = patternsOption('Stages to leave alone, by their names (or numbers from 0)');

export const minimumSteps = minimumOption(
  1,
  'Passed over where fewer `RUN`s than this would re-run; those that only move files about do not count.',
);

export const presentOnly = switchOption(
  'Report only what is in the context now, not what a package manager or tool would make there.',
);

export const allowPatterns = patternsOption('Patterns of the ignore file that are meant as they stand');

/** Of rules that replay the history. */
export const leastShare = v.pipe(
  v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.1),
  v.description('Least saving that is reported, as a share of the expected cost of a commit.'),
);

export const leastHistory = v.pipe(
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 20),
  v.description('Fewer commits of history tell nothing.'),
);

/** Whether one of the patterns of an option stands for the text. */
export function allows(patterns: readonly string[]): (text: string) => boolean {
  const globs = patterns.map(nameGlob);
  return (one) => globs.some((glob) => glob.test(one));
}

/** Whether `ignoreManagers` names the package manager. */
export function ignoresManager(names: readonly string[]): (manager: { readonly name: string }) => boolean {
  return (manager) => names.length > 0 && names.includes(nameOf(manager));
}

/** Whether `ignoreStages` names the stage. */
export function ignoresStage(patterns: readonly string[]): (stage: Pick<Stage, 'name' | 'index'>) => boolean {
  if (patterns.length === 0) return () => false;
  const named = allows(patterns.map((one) => one.toLowerCase()));
  return ({ name, index }) => named(String(index)) || (name !== undefined && named(name));
}
