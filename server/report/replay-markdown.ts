import { codeSpan, inlineText } from './markdown-text.js';
import { notesOf } from './replay-pretty.js';
import {
  causesText,
  costText,
  expectedText,
  historyText,
  type ReplayedFile,
  type ReplayedHistory,
  type ReplayReport,
  savingText,
} from './replay-report.js';

/** A pull-request comment: what a commit costs, and a table of the steps. */
export function replayMarkdown(report: ReplayReport): string {
  const { history, now, proposed } = report;
  const saving = proposed && savingText(now.expected, proposed.expected);
  const change = proposed ? ` → ${expectedText(proposed.expected)}${saving ? ` (${saving})` : ''}` : '';
  const notes = notesOf(report).map((note) => `\n${inlineText(note)}\n`);
  return [
    `**${inlineText(expectedText(now.expected))}${inlineText(change)}**, over ${inlineText(historyText(history))}\n`,
    fileTable(now, history),
    ...(proposed ? [fileTable(proposed, history)] : []),
    ...notes,
  ].join('\n');
}

function fileTable(file: ReplayedFile, { commits }: ReplayedHistory): string {
  const rows = file.steps.map(({ stage, line, instruction, rebuilds, uncertain, cost, causes }) =>
    [
      inlineText(stage.name, true),
      line,
      codeSpan(instruction, true),
      `${rebuilds} of ${commits}${uncertain > 0 ? '?' : ''}`,
      inlineText(costText(cost), true),
      inlineText(causesText(causes), true),
    ].join(' | '),
  );
  const head = 'stage | line | step | re-ran | takes | because of';
  return `${codeSpan(file.dockerfile)}\n\n| ${head} |\n|---|---:|---|---:|---:|---|\n${rows.map((row) => `| ${row} |\n`).join('')}`;
}
