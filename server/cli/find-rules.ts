import type { Rule } from '../core/rule.js';
import { guess } from './guess.js';
import { CliError } from './io.js';

/** The rules a name means: the rule of that name, or those with that id of another tool; throws with a guess where there is none. */
export function findRules(name: string, rules: readonly Rule[]): readonly Rule[] {
  const wanted = name.toLowerCase();
  const exact = rules.filter((rule) => rule.name === wanted);
  if (exact.length > 0) return exact;
  const aliased = rules.filter(({ aliases }) =>
    aliases.some((alias) => alias.toLowerCase() === wanted || alias.toLowerCase().endsWith(`/${wanted}`)),
  );
  if (aliased.length > 0) return aliased;
  const meant = guess(
    wanted,
    rules.map((rule) => rule.name),
  );
  throw new CliError(`There is no rule ${name}; ${meant ? `did you mean ${meant}?` : 'layerwise rules lists them'}`);
}
