import type { Rule } from '../core/rule.js';
import { describeOptions } from '../core/rule-options.js';

/** A rule as `--format json` of `rules` and `explain` gives it. */
export function ruleJson(rule: Rule): object {
  const { name, category, severity, recommended, fixable, since, aliases, needs, docs, target, options } = rule;
  const described = describeOptions(options).map(({ initial, ...rest }) => ({ ...rest, default: initial }));
  return { name, category, target, severity, recommended, fixable, since, aliases, needs, docs, options: described };
}
