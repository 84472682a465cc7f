import { printable } from './display.js';
import {
  gainText,
  groupsOf,
  keptText,
  moveText,
  type OrderReport,
  orderDiff,
  orderNotes,
  outcomeText,
} from './order-report.js';
import { historyText } from './replay-report.js';

interface Colors {
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  cyan(text: string): string;
  bold(text: string): string;
}

/** The diff, what each move saves and why it is safe, what stays and why, and the sum. */
export function orderPretty(report: OrderReport, colors: Colors): string {
  const { proposal, history } = report;
  const diff = orderDiff(report);
  const parts = [
    ...(diff === '' ? [] : [paintedDiff(diff, colors)]),
    ...groupsOf(proposal.moves).map((group) => {
      const [move] = group;
      const gain = gainText(proposal, move);
      return [
        ...group.map((one) => `${colors.bold(printable(one.instruction))}  ${colors.dim(printable(moveText(one)))}`),
        ...(gain === undefined ? [] : [`  ${colors.green(gain)}`]),
        ...move.caveats.map((caveat) => `  ${colors.red('caveat:')} ${printable(caveat)}`),
        ...move.safe.map((reason) => `  ${colors.dim('safe:')} ${printable(reason)}`),
      ]
        .map((line) => `${line}\n`)
        .join('');
    }),
    ...proposal.kept.map((kept) => {
      const head = `not moved: ${printable(kept.reason)}`;
      const { line, instruction } = kept;
      return `${colors.bold(printable(instruction))}  ${colors.dim(`line ${line + 1}, ${printable(keptText(proposal, kept))}`)}\n  ${head}\n`;
    }),
  ];
  const notes = orderNotes(report).map((note) => `${colors.dim(note)}\n`);
  const sum = `${colors.bold(outcomeText(report))} ${colors.dim(`(${historyText(history)})`)}\n`;
  return `${[...parts, sum].join('\n')}${notes.join('')}`;
}

function paintedDiff(diff: string, colors: Colors): string {
  const paint = (line: string) => {
    if (line.startsWith('---') || line.startsWith('+++')) return colors.bold(line);
    if (line.startsWith('@@')) return colors.cyan(line);
    return line.startsWith('+') ? colors.green(line) : line.startsWith('-') ? colors.red(line) : line;
  };
  const lines = diff.replace(/\n$/, '').split('\n');
  return `${lines.map((line) => paint(printable(line.replace(/\r$/, '')))).join('\n')}\n`;
}
