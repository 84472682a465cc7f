import type { CodeLens, InlayHint, Range } from 'vscode-languageserver';
import { causesText, costText, type ReplayedStep, secondsText } from '../report/replay-report.js';
import type { ClientFacts } from './client-facts.js';
import type { Replayed } from './layer-history.js';
import { clientCommands } from './protocol.js';

interface Note {
  /** From 0. */
  readonly line: number;
  readonly text: string;
  readonly causes: string;
}

/** Above each step and each stage what it cost in the past. */
export function historyLenses(
  replayed: Replayed,
  uri: string,
  { commands }: Pick<ClientFacts, 'commands'>,
): CodeLens[] {
  const command = commands.has(clientCommands.showLayerHistory) ? clientCommands.showLayerHistory : '';
  return notesOf(replayed).map(({ line, text, causes }) => ({
    range: lineRange(line),
    command: { title: causes === '' ? text : `${text} · ${causes}`, command, arguments: [uri] },
  }));
}

/** The same behind the lines. `lengths` are those of all lines, in UTF-16 units. */
export function historyHints(replayed: Replayed, lengthOf: (line: number) => number): InlayHint[] {
  return notesOf(replayed).map(({ line, text, causes }) => ({
    position: { line, character: lengthOf(line) },
    label: text,
    paddingLeft: true,
    ...(causes === '' ? {} : { tooltip: causes }),
  }));
}

function lineRange(line: number): Range {
  return { start: { line, character: 0 }, end: { line, character: 0 } };
}

function notesOf({ file: { steps, stages }, history: { commits }, untracked }: Replayed): Note[] {
  const ofStages = stages.map((stage): Note => {
    const own = steps.filter((step) => step.stage === stage);
    const rebuilds = own.reduce((sum, step) => sum + step.rebuilds, 0);
    const seconds = own.reduce((sum, step) => sum + step.rebuilds * step.cost.seconds, 0) / commits;
    const guess = own.every(({ cost }) => cost.basis === 'measured') ? '' : '~';
    const text =
      rebuilds === 0
        ? `never re-ran in ${commits} commits`
        : `${(rebuilds / commits).toFixed(1)} of ${own.length} ${own.length === 1 ? 'step' : 'steps'} re-run per commit · ${guess}${secondsText(seconds)}`;
    return { line: stage.line - 1, text, causes: '' };
  });
  const ofSteps = steps.map(
    (step): Note => ({
      line: step.line - 1,
      text: stepText(step, commits, untracked.has(step.line)),
      causes: why(step),
    }),
  );
  return [...ofStages, ...ofSteps].sort((a, b) => a.line - b.line);
}

function stepText({ rebuilds, uncertain, cost }: ReplayedStep, commits: number, isUntracked: boolean): string {
  if (rebuilds === 0 && isUntracked) return 'Git does not know what it copies';
  if (rebuilds === 0) return `never re-ran in ${commits} commits`;
  const atMost = uncertain > 0 ? 'at most ' : '';
  const price = cost.seconds < 0.05 ? '' : ` · ${costText(cost)}`;
  return `re-ran in ${atMost}${rebuilds} of ${commits} commits${price}`;
}

function why({ causes }: ReplayedStep): string {
  return causes.length === 0 ? '' : causesText(causes, 2);
}
