import type { Rule } from '../core/rule.js';
import { rulePage } from '../core/rule-page.js';
import { ruleUrl } from '../core/rule-url.js';
import { ruleByName, rules } from '../rules/index.js';
import type { ExplainRuleResult } from './protocol.js';

/** The rule of that name, or the first one with that id of another tool (`DL3006`). */
export function findRule(name: string): Rule | undefined {
  const wanted = name.toLowerCase();
  const isAlias = (alias: string) => alias.toLowerCase() === wanted || alias.toLowerCase().endsWith(`/${wanted}`);
  return ruleByName(wanted) ?? rules.find(({ aliases }) => aliases.some(isAlias));
}

export function explainRule(name: string): ExplainRuleResult | null {
  const rule = findRule(name);
  return rule ? { rule: rule.name, markdown: rulePage(rule), url: ruleUrl(rule.name) } : null;
}

/** What a hover says of a rule: the summary and why it matters. */
export function ruleHover(rule: Rule): string {
  const { name, docs } = rule;
  return `**${name}**: ${docs.summary}\n\n${docs.why.trim()}\n\n[${name}](${ruleUrl(name)})`;
}
