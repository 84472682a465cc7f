import type { Rule } from '../../core/rule.js';
import { rules } from '../../rules/index.js';
import { useColor } from '../color.js';
import type { CliResult, Io } from '../io.js';
import type { Args } from '../parse-args.js';
import { ruleJson } from '../rule-json.js';

/** `layerwise rules` */
export async function runRules(args: Args, io: Io): Promise<CliResult> {
  if (args.value('format') === 'json') {
    return { stdout: `${JSON.stringify(rules.map(ruleJson), undefined, 2)}\n`, stderr: '', code: 0 };
  }
  const { createColors } = await import('picocolors');
  const colors = createColors(useColor(args, io.env, io.stdoutIsTerminal));
  const rows = [...rules].sort((a, b) => compare(a.category, b.category) || compare(a.name, b.name)).map(cells);
  const header = ['rule', 'category', 'severity', 'fix', 'finds'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column < 4 ? cell.padEnd(widths[column] ?? 0) : cell)).join('  ');
  return { stdout: `${[colors.bold(line(header)), ...rows.map(line)].join('\n')}\n`, stderr: '', code: 0 };
}

function cells({ name, category, severity, recommended, fixable, docs }: Rule): readonly string[] {
  return [name, category, recommended ? severity : 'off', fixable, docs.summary];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
