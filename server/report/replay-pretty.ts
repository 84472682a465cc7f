import { printable } from './display.js';
import {
  causesText,
  costText,
  expectedText,
  historyNotes,
  historyText,
  type ReplayedFile,
  type ReplayedHistory,
  type ReplayedStep,
  type ReplayReport,
  rateOf,
  savingText,
} from './replay-report.js';

interface Colors {
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
  bold(text: string): string;
}

/** A table of the steps with a bar for how often each ran again; with a proposal two, and what it saves. */
export function replayPretty(report: ReplayReport, colors: Colors, width = 120): string {
  const { history, now, proposed } = report;
  const parts = [`${historyText(history)}\n`, fileTable(now, history, colors, width)];
  if (proposed) parts.push(fileTable(proposed, history, colors, width), comparison(now, proposed, colors));
  const notes = notesOf(report).map((note) => `${colors.dim(note)}\n`);
  return `${parts.join('\n')}${notes.length > 0 ? `\n${notes.join('')}` : ''}`;
}

/** What the numbers do not say by themselves. */
export function notesOf({ history, now, proposed }: ReplayReport): readonly string[] {
  const files = proposed ? [now, proposed] : [now];
  const ran = files.flatMap(({ steps }) => steps.filter(({ rebuilds }) => rebuilds > 0));
  return [
    ...historyNotes(history),
    ...(ran.some(({ uncertain }) => uncertain > 0)
      ? ['? is cached where the output of the step it copies from comes out the same; it is counted as re-run.']
      : []),
    ...(ran.some(({ cost }) => cost.basis === 'table')
      ? ['~ is an order of magnitude; layerwise measure LOG takes times from the log of a build.']
      : []),
    ...now.changingArgs.map(
      (name) =>
        `If every build has another ${name}, the RUNs behind it re-run each time: layerwise order --changing-arg ${name} counts them.`,
    ),
  ];
}

const BAR = 20;

function fileTable(file: ReplayedFile, history: ReplayedHistory, colors: Colors, width: number): string {
  const digits = Math.max(1, ...file.steps.map(({ line }) => String(line).length));
  const count = Math.max(1, ...file.steps.map(({ rebuilds }) => String(rebuilds).length));
  const fixed = digits + 1 + BAR + 1 + count + 1 + 1 + 8 + 4;
  const text = Math.min(48, Math.max(24, ...file.steps.map(({ instruction }) => instruction.length)));
  const room = Math.max(20, width - fixed - text);
  const lines: string[] = [];
  for (const stage of file.stages) {
    lines.push(colors.dim(`${' '.repeat(digits)} FROM ${printable(stage.from)}${nameText(stage.name, stage.index)}`));
    for (const step of file.steps) {
      if (step.stage !== stage) continue;
      const rate = rateOf(step, history);
      const paint = rate >= 0.5 ? colors.red : rate >= 0.1 ? colors.yellow : colors.green;
      const cells = [
        colors.dim(String(step.line).padStart(digits)),
        cut(printable(step.instruction), text).padEnd(text),
        paint(barText(rate)),
        `${String(step.rebuilds).padStart(count)}${step.uncertain > 0 ? '?' : ' '}`,
        (step.rebuilds > 0 ? costText(step.cost) : '').padStart(8),
        colors.dim(cutList(ownCauses(file, step), room)),
      ];
      lines.push(cells.join(' ').trimEnd());
    }
  }
  return `${colors.bold(printable(file.dockerfile))}: ${expectedText(file.expected)}\n${lines.join('\n')}\n`;
}

function nameText(name: string, index: number): string {
  return name === String(index) ? '' : ` AS ${printable(name)}`;
}

/** Only where they differ from those of the step above: the rest of a stage follows. */
function ownCauses({ steps }: ReplayedFile, step: ReplayedStep): string {
  const above = steps[steps.indexOf(step) - 1];
  const text = causesText(step.causes);
  return above && above.stage === step.stage && causesText(above.causes, 8) === causesText(step.causes, 8)
    ? ''
    : printable(text);
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function barText(rate: number): string {
  const eighths = rate > 0 ? Math.max(1, Math.round(rate * BAR * 8)) : 0;
  return `${'█'.repeat(eighths >> 3)}${EIGHTHS[eighths & 7]}`.padEnd(BAR, '·').slice(0, BAR);
}

function cut(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

/** Between two causes where there is room for one. */
function cutList(text: string, room: number): string {
  if (text.length <= room) return text;
  const at = text.lastIndexOf(', ', room - 3);
  return at > 0 ? `${text.slice(0, at)}, …` : cut(text, room);
}

function comparison(now: ReplayedFile, proposed: ReplayedFile, colors: Colors): string {
  const saving = savingText(now.expected, proposed.expected);
  return `${colors.bold(`${expectedText(now.expected)} → ${expectedText(proposed.expected)}`)}${saving ? `: ${saving}` : ''}\n`;
}
