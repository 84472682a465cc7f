import path from 'node:path';
import type { ResolvedConfig } from '../../core/config.js';
import { rules } from '../../rules/index.js';
import { createFileConfigs } from '../file-config.js';
import type { CliResult, Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

interface Value {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

/** `layerwise print-config FILE` */
export async function runPrintConfig(args: Args, io: Io): Promise<CliResult> {
  const file = path.resolve(io.cwd, args.positionals[0] ?? '.');
  const configs = createFileConfigs(args, io.cwd, rules);
  const { errors, files } = configs.loaded(file);
  if (errors.length > 0) throw new CliError(errors.join('\n'));
  const values = valuesOf(configs.resolved(file));
  const mistakes = files.reduce((sum, { problems }) => sum + problems.length, 0);
  const stderr =
    mistakes > 0 ? `The config has ${mistakes} mistake${mistakes > 1 ? 's' : ''}; layerwise lint shows them.\n` : '';
  return { stdout: args.value('format') === 'json' ? json(values) : table(values), stderr, code: 0 };
}

function valuesOf(config: ResolvedConfig): Value[] {
  const origin = (key: string) => config.origins.get(key) ?? 'default';
  const settings = Object.entries(config.settings).map(([key, value]) => ({ key, value, origin: origin(key) }));
  const names = [...config.known.values()].map((rule) => {
    const key = `rules.${rule.name}`;
    const entry = config.rules.get(rule.name);
    if (!entry) return { key, value: 'off', origin: origin(key) };
    const severity = entry.severity ?? rule.severity;
    const value = Object.keys(entry.options).length > 0 ? { severity, ...entry.options } : severity;
    return { key, value, origin: origin(key) };
  });
  return [...settings, ...names];
}

function table(values: readonly Value[]): string {
  const text = ({ value }: Value) => (typeof value === 'string' ? value : JSON.stringify(value));
  const keyWidth = Math.max(...values.map(({ key }) => key.length));
  const valueWidth = Math.min(80, Math.max(...values.map((value) => text(value).length)));
  return values
    .map((value) => `${value.key.padEnd(keyWidth)}  ${text(value).padEnd(valueWidth)}  ${value.origin}\n`)
    .join('');
}

function json(values: readonly Value[]): string {
  return `${JSON.stringify(Object.fromEntries(values.map(({ key, value, origin }) => [key, { value, origin }])), undefined, 2)}\n`;
}
