import type { Rule } from '../../core/rule.js';
import { rulePage } from '../../core/rule-page.js';
import { rules } from '../../rules/index.js';
import { findRules } from '../find-rules.js';
import type { CliResult } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';
import { ruleJson } from '../rule-json.js';

/** `layerwise explain RULE…` */
export async function runExplain(args: Args): Promise<CliResult> {
  const all = args.has('all');
  if (!all && args.positionals.length === 0) {
    throw new CliError('layerwise explain needs a rule, or --all; layerwise rules lists them');
  }
  const chosen = all ? rules : [...new Set(args.positionals.flatMap((name) => findRules(name, rules)))];
  const stdout = args.value('format') === 'json' ? json(chosen, all) : chosen.map(rulePage).join('\n');
  return { stdout, stderr: '', code: 0 };
}

/** One rule is an object, several are a list. */
function json(chosen: readonly Rule[], all: boolean): string {
  const objects = chosen.map(ruleJson);
  return `${JSON.stringify(objects.length === 1 && !all ? objects[0] : objects, undefined, 2)}\n`;
}
