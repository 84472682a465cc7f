import { parseArgs as tokenize } from 'node:util';
import { guess } from './guess.js';
import type { Command, Option } from './options.js';
import { commands, globalOptions, optionsOf } from './options.js';

/** What the user asked for, checked against the option table. */
export interface Args {
  /** Undefined where only global options were given. */
  readonly command: Command | undefined;
  readonly positionals: readonly string[];
  has(name: string): boolean;
  /** The last value given. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
}

/** A command line that cannot be understood; the message says what to write instead. */
export interface UsageError {
  readonly usage: string;
  /** Whose help would explain. */
  readonly command: Command | undefined;
}

type Token = NonNullable<ReturnType<typeof tokenize>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

/** What other linters call our options. */
const otherNames: Readonly<Record<string, string>> = {
  'no-color': '--color never',
  'no-colour': '--color never',
  ignore: '--rule RULE=off or --exclude GLOB',
  'failure-threshold': '--fail-on',
  'fail-level': '--fail-on',
  'no-fail': '--fail-on never',
  'exit-zero': '--fail-on never',
  'dry-run': '--diff',
  'fix-dry-run': '--diff',
  'fix-unsafe': '--unsafe-fixes',
  'fix-rule': '--fix-only',
  'print-config': 'layerwise print-config FILE',
  completions: 'layerwise completion SHELL',
};

/** Reads a command line. `--` ends the options; a `-` alone is a positional. */
export function parseArgs(args: readonly string[]): Args | UsageError {
  const { tokens = [] } = tokenize({
    args: [...args],
    options: tokenizerOptions(),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const [name, ...positionals] = words;
  const command = commands.find((candidate) => candidate.name === name);
  if (name !== undefined && !command) return { usage: unknownCommand(name), command: undefined };
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const error = readOption(token, command, given);
    if (error) return { usage: error, command };
  }
  const wrong = command && !given.has('help') ? checkPositionals(command, positionals) : undefined;
  if (wrong) return { usage: wrong, command };
  return {
    command,
    positionals,
    has: (option) => given.has(option),
    value: (option) => given.get(option)?.at(-1),
    values: (option) => given.get(option) ?? [],
  };
}

function tokenizerOptions(): Record<string, { type: 'string' | 'boolean'; short?: string; multiple: boolean }> {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string; multiple: boolean }> = {};
  for (const { name, short, value } of [...commands.flatMap(optionsOf), ...globalOptions]) {
    options[name] = {
      type: value && !value.optional ? 'string' : 'boolean',
      multiple: true,
      ...(short ? { short } : {}),
    };
  }
  return options;
}

function readOption(
  token: OptionToken,
  command: Command | undefined,
  given: Map<string, string[]>,
): string | undefined {
  const option = (command ? optionsOf(command) : globalOptions).find(({ name }) => name === token.name);
  if (!option) return unknownOption(token, command);
  const values = given.get(option.name) ?? [];
  given.set(option.name, values);
  if (!option.value) {
    return token.value === undefined ? undefined : `--${option.name} takes no value`;
  }
  if (option.value.optional) {
    values.push(token.value ?? '');
    return undefined;
  }
  if (token.value === undefined || token.value === '' || (!token.inlineValue && /^-./.test(token.value))) {
    const given = token.value ? `, and ${token.value} looks like an option` : '';
    return `--${option.name} needs a value${given}: --${option.name}${given ? '=' : ' '}${option.value.name}`;
  }
  if (values.length > 0 && !option.repeat && values[0] !== token.value) return `--${option.name} is given twice`;
  values.push(token.value);
  return checkChoice(option, token.value);
}

function checkChoice({ name, value }: Option, given: string): string | undefined {
  if (!value?.choices) return undefined;
  const word = value.suffix ? given.replace(/:.*$/s, '') : given;
  if (value.choices.includes(word)) {
    return value.suffix && given.endsWith(':') ? `--${name} ${given} lacks the file after the colon` : undefined;
  }
  const meant = guess(word, value.choices);
  return `--${name} ${given}: ${meant ? `did you mean ${meant}? ` : ''}Choose from ${value.choices.join(', ')}`;
}

function unknownOption(token: OptionToken, command: Command | undefined): string {
  const known = command ? optionsOf(command) : globalOptions;
  const owner = commands.find((other) => optionsOf(other).some(({ name }) => name === token.name));
  if (owner) {
    return command
      ? `${token.rawName} is an option of layerwise ${owner.name}, not of layerwise ${command.name}`
      : `${token.rawName} needs a command: layerwise ${owner.name} ${token.rawName}`;
  }
  const other = otherNames[token.name];
  const near = guess(
    token.name,
    known.map(({ name }) => name),
  );
  const meant = other ?? (near && `--${near}`);
  return `Unknown option ${token.rawName}${meant ? `; did you mean ${meant}?` : ''}`;
}

function unknownCommand(name: string): string {
  const meant = guess(
    name,
    commands.map((command) => command.name),
  );
  if (meant) return `Unknown command ${name}; did you mean ${meant}?`;
  return /[./\\*-]|file/i.test(name)
    ? `Unknown command ${name}; to lint it: layerwise lint ${name}`
    : `Unknown command ${name}`;
}

function checkPositionals({ name, argument }: Command, given: readonly string[]): string | undefined {
  const extra = given[argument?.max ?? 0];
  if (extra !== undefined) return `layerwise ${name} does not take ${JSON.stringify(extra)}`;
  if (argument && given.length < argument.min) return `layerwise ${name} needs ${argument.name}`;
  const choices = argument?.choices;
  const wrong = choices && given.find((word) => !choices.includes(word));
  if (wrong === undefined) return undefined;
  const meant = guess(wrong, choices ?? []);
  return `layerwise ${name} ${wrong}: ${meant ? `did you mean ${meant}? ` : ''}Choose from ${choices?.join(', ')}`;
}
