import type { Command, Option } from './options.js';
import { commands, globalOptions } from './options.js';

const width = 100;

/** What `layerwise help` prints. */
export function overviewHelp(): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  return [
    'Lint Dockerfiles and ignore files: what the build cache does, what re-runs, and a fix for it.',
    '',
    'Usage: layerwise COMMAND [OPTION…]',
    '',
    'Commands:',
    ...table(rows),
    '',
    'Options of every command:',
    ...optionRows(globalOptions),
    '',
    'layerwise COMMAND --help tells more.',
    '',
  ].join('\n');
}

/** What `layerwise help COMMAND` prints. */
export function commandHelp(command: Command): string {
  const { argument, summary, description, groups, examples } = command;
  const lines = [`${summary}.`, '', `Usage: ${usageLine(command)}`];
  for (const paragraph of description) lines.push('', ...wrap(paragraph, width));
  for (const { title, options } of groups) lines.push('', `${title}:`, ...optionRows(options));
  lines.push('', groups.length > 0 ? 'Of every command:' : 'Options:', ...optionRows(globalOptions));
  if (argument?.choices) lines.push('', `${argument.name}: ${argument.choices.join(', ')}`);
  if (examples.length > 0) {
    lines.push('', 'Examples:');
    for (const { args, does } of examples) lines.push(`  layerwise ${args}`, `      ${does}`);
  }
  return `${lines.join('\n')}\n`;
}

/** `layerwise lint [OPTION…] [PATH…]` */
export function usageLine({ name, argument, groups }: Command): string {
  return ['layerwise', name, ...(groups.length > 0 ? ['[OPTION…]'] : []), ...(argument ? [argument.name] : [])].join(
    ' ',
  );
}

/** `-f, --format FORMAT[:FILE]` */
export function optionSyntax({ name, short, value }: Option): string {
  return `${short ? `-${short}, ` : ''}--${name}${value ? (value.optional ? `[=${value.name}]` : ` ${value.name}`) : ''}`;
}

/** The summary with the choices and whether the option may be repeated. */
export function optionText({ summary, value, repeat }: Option): string {
  const choices = value?.choices ? `: ${value.choices.join(', ')}` : '';
  return `${summary}${choices}${repeat ? '; may be repeated' : ''}`;
}

function optionRows(options: readonly Option[]): string[] {
  return table(
    options.map((option) => [`${option.short ? '' : '    '}${optionSyntax(option)}`, optionText(option)] as const),
  );
}

/** Two columns; the right one wraps. */
function table(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.min(30, Math.max(...rows.map(([first]) => first.length))) + 4;
  return rows.flatMap(([first, second]) => {
    const [head = '', ...rest] = wrap(second, width - left);
    const lead = `  ${first}`;
    const start = lead.length + 2 <= left ? [`${lead.padEnd(left)}${head}`] : [lead, `${' '.repeat(left)}${head}`];
    return [...start, ...rest.map((line) => `${' '.repeat(left)}${line}`)];
  });
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line];
}
