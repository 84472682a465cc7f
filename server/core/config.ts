import * as v from 'valibot';
import { createMemo } from '../syntax/memo.js';
import type { Severity } from './finding.js';
import { nearest } from './nearest.js';
import type { Rule } from './rule.js';
import type { Builder, CacheStrategy, Settings } from './settings.js';

export const severities = ['error', 'warning', 'info'] as const satisfies readonly Severity[];
export const builders = [
  'buildkit',
  'buildkit-graphdriver',
  'classic',
  'buildah',
  'kaniko',
] as const satisfies readonly Builder[];
export const cacheStrategies = ['auto', 'mounts', 'clean'] as const satisfies readonly CacheStrategy[];

const level = v.picklist([...severities, 'off', 'on']);
const ruleSetting = v.union([level, v.looseObject({ severity: v.optional(level) })]);

const common = {
  rules: v.optional(v.record(v.string(), ruleSetting)),
  builder: v.optional(v.picklist(builders)),
  cacheStrategy: v.optional(v.picklist(cacheStrategies)),
};

const override = v.strictObject({ files: v.array(v.string()), ...common });

/** The shape of `.layerwise.jsonc`; the names and options of rules are checked on top of it, see `validateConfig`. */
export const configSchema = v.strictObject({
  $schema: v.optional(v.string()),
  extends: v.optional(v.union([v.string(), v.array(v.string())])),
  ...common,
  exclude: v.optional(v.array(v.string())),
  contexts: v.optional(v.record(v.string(), v.string())),
  overrides: v.optional(v.array(override)),
});

export type Config = v.InferOutput<typeof configSchema>;

/** A mistake in a config: where (keys and indexes from the root) and what. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** One source of settings that applies to a file, flattened: no `extends`, no `overrides`. Later layers win. */
export interface ConfigLayer {
  /** As shown to the user: `.layerwise.jsonc`, `.layerwise.jsonc overrides[0]`, `--builder`. */
  readonly origin: string;
  readonly config: Pick<Config, 'rules' | 'builder' | 'cacheStrategy'>;
}

export interface ResolvedRule {
  readonly rule: Rule;
  /** Set by the user; undefined where the rule decides. */
  readonly severity: Severity | undefined;
  readonly options: object;
}

/** What applies to one file. */
export interface ResolvedConfig {
  readonly settings: Settings;
  /** The rules that are on. */
  readonly rules: ReadonlyMap<string, ResolvedRule>;
  /** Where each value comes from: `builder`, `cacheStrategy`, `rules.NAME` → origin (`default` where nobody set it). */
  readonly origins: ReadonlyMap<string, string>;
  /** Every known rule by name, on or off. */
  readonly known: ReadonlyMap<string, Rule>;
}

/** A rule that is on, and what it cannot do without. */
export interface PlannedRule {
  readonly rule: Rule;
  readonly options: object;
  readonly needsContext: boolean;
  readonly needsHistory: boolean;
}

type Plan = ReadonlyMap<Rule['target'], readonly PlannedRule[]>;

const plans = createMemo<ResolvedConfig, Plan>();

/** The rules for one kind of file that are on, in their order; most files share a config, so this is worked out once. */
export function planOf(config: ResolvedConfig, target: Rule['target']): readonly PlannedRule[] {
  const plan = plans.get(config) ?? makePlan(config);
  plans.set(config, plan);
  return plan.get(target) ?? [];
}

function makePlan({ rules }: ResolvedConfig): Plan {
  const plan = new Map<Rule['target'], PlannedRule[]>();
  for (const { rule, options } of rules.values()) {
    const { target, needs } = rule;
    const planned = plan.get(target) ?? [];
    planned.push({ rule, options, needsContext: needs.includes('context'), needsHistory: needs.includes('history') });
    plan.set(target, planned);
  }
  return plan;
}

/** Whether a rule that is on asks for the history of the repository, which takes long to read. */
export function needsHistory(config: ResolvedConfig): boolean {
  const targets = ['dockerfile', 'dockerignore'] as const;
  return targets.some((target) => planOf(config, target).some((planned) => planned.needsHistory));
}

/**
 * Checks a parsed config. Whatever is wrong is a problem and is left out of `config`, so that one typo does not turn the
 * rest off.
 */
export function validateConfig(
  value: unknown,
  rules: readonly Rule[],
): { config: Config; problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const root = isObject(value) ? structuredClone(value) : {};
  if (!isObject(value)) problems.push({ path: [], message: 'a config is a JSON object' });
  const result = v.safeParse(configSchema, root);
  if (!result.success) for (const issue of result.issues) problems.push(shapeProblem(issue));
  for (const problem of problems) removeAt(root, problem.path);
  const second = v.safeParse(configSchema, root);
  const config = second.success ? second.output : {};
  problems.push(...ruleProblems(config.rules, rules, ['rules']));
  config.overrides?.forEach((entry, index) => {
    problems.push(...ruleProblems(entry.rules, rules, ['overrides', index, 'rules']));
  });
  return { config, problems };
}

interface RuleEntry {
  on: boolean;
  /** The last config that says so has put it off. */
  isOff: boolean;
  severity: Severity | undefined;
  options: Record<string, unknown>;
}

/** Merges layers into what applies; unknown rules and bad options are passed over (`validateConfig` has told of them). */
export function resolveConfig(rules: readonly Rule[], layers: readonly ConfigLayer[]): ResolvedConfig {
  const origins = new Map<string, string>([
    ['builder', 'default'],
    ['cacheStrategy', 'default'],
  ]);
  let builder: Builder = 'buildkit';
  let cacheStrategy: CacheStrategy = 'auto';
  const settings = new Map<string, RuleEntry>();
  for (const rule of rules) {
    settings.set(rule.name, { on: rule.recommended, isOff: false, severity: undefined, options: {} });
    origins.set(`rules.${rule.name}`, 'default');
  }
  for (const { origin, config } of layers) {
    if (config.builder) {
      builder = config.builder;
      origins.set('builder', origin);
    }
    if (config.cacheStrategy) {
      cacheStrategy = config.cacheStrategy;
      origins.set('cacheStrategy', origin);
    }
    for (const [name, setting] of Object.entries(config.rules ?? {})) {
      const entry = settings.get(name);
      if (!entry) continue;
      origins.set(`rules.${name}`, origin);
      const { severity: chosen, ...options } = typeof setting === 'string' ? { severity: setting } : setting;
      // Options alone put on a rule that is off by default, and not one that a config has put off.
      if (chosen !== undefined) entry.isOff = chosen === 'off';
      entry.on = !entry.isOff;
      if (chosen !== undefined) entry.severity = chosen === 'on' || chosen === 'off' ? undefined : chosen;
      Object.assign(entry.options, options);
    }
  }
  const resolved = new Map<string, ResolvedRule>();
  for (const rule of rules) {
    const entry = settings.get(rule.name);
    if (entry?.on) resolved.set(rule.name, { rule, severity: entry.severity, options: optionsOf(rule, entry.options) });
  }
  return {
    settings: { builder, cacheStrategy },
    rules: resolved,
    origins,
    known: new Map(rules.map((rule) => [rule.name, rule])),
  };
}

function optionsOf(rule: Rule, given: object): object {
  const parsed = v.safeParse(rule.options, given);
  if (parsed.success) return parsed.output;
  const wrong = new Set(parsed.issues.map(({ path }) => path?.[0]?.key));
  const rest = Object.fromEntries(Object.entries(given).filter(([key]) => !wrong.has(key)));
  const again = v.safeParse(rule.options, rest);
  return again.success ? again.output : v.parse(rule.options, {});
}

function ruleProblems(
  settings: Config['rules'],
  rules: readonly Rule[],
  path: readonly (string | number)[],
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, setting] of Object.entries(settings ?? {})) {
    const rule = rules.find((candidate) => candidate.name === name);
    if (!rule) {
      const guess = nearest(
        name,
        rules.map((candidate) => candidate.name),
      );
      problems.push({ path: [...path, name], message: withGuess(`unknown rule "${name}"`, guess) });
      continue;
    }
    if (typeof setting === 'string') continue;
    // Reading makes an object with numbers for names of a list.
    if (Array.isArray(setting) || '0' in setting) {
      problems.push({
        path: [...path, name],
        message: `a severity is expected, or an object with options such as {"severity": "info"}, not a list`,
      });
      continue;
    }
    const { severity: _severity, ...options } = setting;
    problems.push(...unknownOptions(rule, Object.keys(options), [...path, name]));
    const parsed = v.safeParse(rule.options, options);
    if (parsed.success) continue;
    for (const issue of parsed.issues) {
      const problem = shapeProblem(issue);
      problems.push({ path: [...path, name, ...problem.path], message: problem.message });
    }
  }
  return problems;
}

function unknownOptions(
  { name, options }: Rule,
  given: readonly string[],
  path: readonly (string | number)[],
): ConfigProblem[] {
  const known = 'entries' in options && isObject(options.entries) ? Object.keys(options.entries) : [];
  const candidates = [...known, 'severity'].filter((option) => !given.includes(option));
  return given
    .filter((option) => !known.includes(option))
    .map((option) => {
      const message = known.length > 0 ? `${name} has no option "${option}"` : `${name} has no options`;
      return { path: [...path, option], message: withGuess(message, nearest(option, candidates)) };
    });
}

function withGuess(message: string, guess: string | undefined): string {
  return guess === undefined ? message : `${message}; did you mean "${guess}"?`;
}

/** So many choices are named in a message. */
const mostChoices = 12;

function shapeProblem(issue: v.BaseIssue<unknown>): ConfigProblem {
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const key = String(path.at(-1));
    const parent = issue.path?.at(-1)?.input;
    const keys = path.length === 1 ? Object.keys(configSchema.entries) : Object.keys(override.entries);
    const guess = nearest(
      key,
      keys.filter((candidate) => !isObject(parent) || !(candidate in parent)),
    );
    return { path, message: withGuess(`unknown key "${key}"`, guess) };
  }
  if (issue.input === undefined) return { path, message: `"${String(path.at(-1))}" is missing` };
  const choices = [...(issue.expected ?? '').matchAll(/"([^"]*)"/g)].flatMap(([, choice]) => choice ?? []);
  const { input } = issue;
  const begun = typeof input === 'string' && input !== '' ? choices.find((one) => one.startsWith(input)) : undefined;
  const guess = begun ?? (typeof input === 'string' ? nearest(input, choices) : undefined);
  const expected = issue.expected ? ` (expected ${expectedText(issue.expected, choices.length)})` : '';
  return { path, message: withGuess(`invalid value ${JSON.stringify(issue.input)}${expected}`, guess) };
}

const kinds: Readonly<Record<string, string>> = {
  Array: 'a list',
  Object: 'an object',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  '!0': 'a text that is not empty',
};

/** `(("error" | "off") | Object)` → `"error", "off" or an object`. */
function expectedText(expected: string, choices: number): string {
  if (choices > mostChoices) return `one of ${choices} names`;
  const least = /^>=(\d+)$/.exec(expected)?.[1];
  if (least !== undefined) return `${least} or more`;
  const parts = expected
    .replaceAll(/[()]/g, '')
    .split(' | ')
    .map((part) => kinds[part] ?? part);
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} or ${last}`;
}

/** Takes out what is wrong: the key, or the key of the list or object that is wrong or lacks something. */
function removeAt(root: unknown, path: readonly (string | number)[]): void {
  const nodes: unknown[] = [root];
  for (const key of path) nodes.push((nodes.at(-1) as Record<string | number, unknown> | undefined)?.[key]);
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const [node, key] = [nodes[depth], path[depth]];
    if (key === undefined || !isObject(node) || !(key in node)) continue;
    delete node[key];
    return;
  }
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
