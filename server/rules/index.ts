import { engineRules } from '../core/engine-rules.js';
import type { Rule } from '../core/rule.js';

/** Every rule, sorted by name. */
export const rules: readonly Rule[] = [
  ...engineRules,
  // one line a rule
].sort((a, b) => (a.name < b.name ? -1 : 1));

export function ruleByName(name: string): Rule | undefined {
  return rules.find((rule) => rule.name === name);
}
