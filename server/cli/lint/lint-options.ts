import type { Config, ConfigLayer } from '../../core/config.js';
import type { Severity } from '../../core/finding.js';
import type { Rule } from '../../core/rule.js';
import type { Builder } from '../../core/settings.js';
import { findRules } from '../find-rules.js';
import { guess } from '../guess.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

/** What makes the exit status 1. */
export interface Threshold {
  /** Undefined: never. */
  readonly failOn: Severity | undefined;
  readonly maxWarnings: number | undefined;
}

/** How findings are mended; undefined where they are not. */
export interface FixOptions {
  /** `diff` writes nothing. */
  readonly mode: 'write' | 'diff';
  readonly unsafe: boolean;
  /** Names of rules; undefined for all. */
  readonly only: ReadonlySet<string> | undefined;
}

export interface BaselineOptions {
  /** As given. */
  readonly file: string;
  readonly update: boolean;
}

export interface LintOptions {
  readonly paths: readonly string[];
  readonly stdinFilename: string | undefined;
  readonly threshold: Threshold;
  readonly fix: FixOptions | undefined;
  readonly baseline: BaselineOptions | undefined;
  readonly since: string | undefined;
  /** Names of the rules that `--only` keeps. */
  readonly only: ReadonlySet<string> | undefined;
  /** Settings of the command line, stronger than any config. */
  readonly layers: readonly ConfigLayer[];
}

const levels = ['error', 'warning', 'info', 'off', 'on'] as const;

/** Rules without which a run could look clean although nothing was checked; `--only` leaves them on. */
const alwaysOn = ['syntax-error', 'internal-error', 'invalid-config'];

/** Checks the options against each other and against the rules; throws a `CliError` on the first mistake. */
export function readLintOptions(args: Args, rules: readonly Rule[]): LintOptions {
  const paths = args.positionals.length > 0 ? args.positionals : ['.'];
  if (args.has('stdin-filename') && !paths.includes('-')) {
    throw new CliError('--stdin-filename needs - among the paths');
  }
  const only = ruleNames(args, 'only', rules);
  return {
    paths,
    stdinFilename: args.value('stdin-filename'),
    threshold: readThreshold(args),
    fix: readFix(args, rules, paths),
    baseline: readBaseline(args),
    since: args.value('since'),
    only,
    layers: [...onlyLayer(only, rules), ...ruleLayer(args, rules), ...builderLayer(args)],
  };
}

/** With `--max-warnings` warnings are counted, so that one alone is no longer a failure. */
function readThreshold(args: Args): Threshold {
  const limit = args.value('max-warnings');
  if (limit !== undefined && !/^\d+$/.test(limit)) {
    throw new CliError(`--max-warnings ${limit}: give a whole number`);
  }
  const failOn = args.value('fail-on') ?? (limit === undefined ? 'warning' : 'error');
  return {
    failOn: failOn === 'never' ? undefined : (failOn as Severity),
    maxWarnings: limit === undefined ? undefined : Number(limit),
  };
}

function readFix(args: Args, rules: readonly Rule[], paths: readonly string[]): FixOptions | undefined {
  const only = ruleNames(args, 'fix-only', rules);
  const mode = args.has('diff') ? 'diff' : args.has('fix') || only ? 'write' : undefined;
  if (!mode) {
    if (args.has('unsafe-fixes')) throw new CliError('--unsafe-fixes needs --fix or --diff');
    return undefined;
  }
  if (args.has('since'))
    throw new CliError(`--since cannot limit --${mode === 'diff' ? 'diff' : 'fix'}; leave one out`);
  if (mode === 'write' && paths.includes('-') && paths.length > 1) {
    throw new CliError('--fix prints the text of -, so - must be the only path');
  }
  return { mode, unsafe: args.has('unsafe-fixes'), only };
}

function readBaseline(args: Args): BaselineOptions | undefined {
  const file = args.value('baseline');
  const update = args.has('update-baseline');
  if (file === undefined) {
    if (update) throw new CliError('--update-baseline needs --baseline FILE');
    return undefined;
  }
  if (update && args.has('since')) throw new CliError('--update-baseline needs all findings; leave --since out');
  return { file, update };
}

function ruleNames(args: Args, option: string, rules: readonly Rule[]): ReadonlySet<string> | undefined {
  const given = args.values(option).flatMap((names) => names.split(','));
  if (given.length === 0) return undefined;
  return new Set(given.flatMap((name) => findRules(name.trim(), rules).map((rule) => rule.name)));
}

function onlyLayer(only: ReadonlySet<string> | undefined, rules: readonly Rule[]): ConfigLayer[] {
  if (!only) return [];
  const settings: NonNullable<Config['rules']> = {};
  for (const { name } of rules) {
    // An empty object turns a rule on and leaves the severity that the config gives it.
    if (only.has(name)) settings[name] = {};
    else if (!alwaysOn.includes(name)) settings[name] = 'off';
  }
  return [{ origin: '--only', config: { rules: settings } }];
}

function ruleLayer(args: Args, rules: readonly Rule[]): ConfigLayer[] {
  const given = args.values('rule');
  if (given.length === 0) return [];
  const settings: NonNullable<Config['rules']> = {};
  for (const setting of given) {
    const [name = '', level = ''] = setting.split('=', 2);
    const chosen = levels.find((candidate) => candidate === level);
    if (!chosen) {
      const meant = guess(level, levels);
      const hint = meant ? `did you mean ${name}=${meant}?` : `write ${name}=error, warning, info or off`;
      throw new CliError(`--rule ${setting}: ${hint}`);
    }
    for (const rule of findRules(name, rules)) settings[rule.name] = chosen;
  }
  return [{ origin: '--rule', config: { rules: settings } }];
}

function builderLayer(args: Args): ConfigLayer[] {
  const builder = args.value('builder');
  return builder === undefined ? [] : [{ origin: '--builder', config: { builder: builder as Builder } }];
}
