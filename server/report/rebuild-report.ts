import type { Reason } from '../cache/reason.js';
import type { Rebuild, StepResult, StepState } from '../cache/rebuild.js';
import { shownText } from '../cache/unknown-text.js';
import { lineAt } from '../syntax/text.js';
import type { Dockerfile } from '../syntax/tree.js';

/** What a report on one rebuild is made from. */
export interface RebuildReport {
  readonly rebuild: Rebuild;
  readonly file: Dockerfile;
  /** As the user should see it. */
  readonly dockerfile: string;
  readonly builder: string;
  readonly target: string | undefined;
}

const marks: Readonly<Record<StepState, string>> = { cached: '✓', rebuilt: '↻', unknown: '?', 'not-needed': '·' };
const labels: Readonly<Record<StepState, string>> = {
  cached: 'cached',
  rebuilt: 'rebuilt',
  unknown: 'depends on output',
  'not-needed': 'not needed',
};

/** Line of an instruction, from 1. */
function lineOf(file: Dockerfile, step: Pick<StepResult, 'instruction'>): number {
  return lineAt(file.lineStarts, step.instruction.span.start) + 1;
}

/** JSON, version 1; schema in docs/schema/rebuild.schema.json. */
export function rebuildJson({ rebuild, file, dockerfile, builder, target }: RebuildReport): string {
  const steps = rebuild.steps.map((step) => ({
    stage: stageName(file, step.stage),
    line: lineOf(file, step),
    instruction: headOf(file, step),
    state: step.state,
    reasons: step.reasons.map((reason) => reasonJson(file, reason)),
  }));
  return `${JSON.stringify({ version: 1, dockerfile, builder, target: target ?? null, steps, summary: rebuild.summary }, undefined, 2)}\n`;
}

/** Named stages by name, others by number, as `--from` takes them. */
function stageName(file: Dockerfile, index: number): string {
  const from = file.instructions.filter(({ keyword }) => keyword === 'FROM')[index];
  return from?.keyword === 'FROM' && from.alias ? from.alias.text.toLowerCase() : String(index);
}

/** The first line of an instruction. */
function headOf(file: Dockerfile, { instruction }: Pick<StepResult, 'instruction'>): string {
  const text = file.text.slice(instruction.span.start, instruction.span.end);
  return (text.split('\n', 1)[0] ?? '').replace(/[\\`]?\s*$/, '').trimEnd();
}

function reasonJson(file: Dockerfile, reason: Reason): object {
  const text = describeReason(file, reason);
  switch (reason.kind) {
    case 'step':
      return { kind: reason.kind, text, stage: stageName(file, reason.stage), line: lineOf(file, reason) };
    case 'stage-content':
    case 'stage-output':
    case 'same-content':
      return { kind: reason.kind, text, stage: stageName(file, reason.stage), paths: reason.paths };
    case 'files':
      return {
        kind: reason.kind,
        text,
        files: reason.changes.map(({ path, kind }) => ({ path, change: kind })),
        count: reason.count,
      };
    case 'base-image':
    case 'environment-order':
    case 'new-step':
    case 'linked-again':
    case 'not-known':
      return { text, ...reason };
    default:
      return { text, ...reason, before: shown(reason.before), after: shown(reason.after) };
  }
}

function shown(value: string | undefined): string | undefined {
  return value === undefined ? undefined : shownText(value);
}

/** One reason in words. */
export function describeReason(file: Dockerfile, reason: Reason): string {
  switch (reason.kind) {
    case 'files':
      return describeFiles(reason);
    case 'step':
      return `line ${lineOf(file, reason)} runs again`;
    case 'stage-content':
      return `${listed(reason.paths)} of stage ${stageName(file, reason.stage)} changed`;
    case 'stage-output':
      return `cached if ${listed(reason.paths)} of stage ${stageName(file, reason.stage)} comes out the same`;
    case 'same-content':
      return `stage ${stageName(file, reason.stage)} runs again, but ${listed(reason.paths)} stays the same`;
    case 'base-image':
      return `the base image ${shortImage(reason.image)} is another one`;
    case 'variable':
      return describeVariable(reason);
    case 'environment-order':
      return 'the variables stand in another order';
    case 'new-step':
      return 'this step is new';
    case 'linked-again':
      return 'kept; only linked on top of the new layers';
    case 'not-known':
      return reason.what;
    default:
      return describeChange(reason);
  }
}

function describeFiles({ changes, count }: Extract<Reason, { kind: 'files' }>): string {
  const words = {
    added: 'was added',
    deleted: 'was deleted',
    content: 'changed',
    mode: 'has another mode',
    type: 'is another kind of file',
  };
  const [first] = changes;
  if (!first) return 'a file changed';
  return `${first.path} ${words[first.kind]}${count > 1 ? ` and ${count - 1} more` : ''}`;
}

function describeVariable({ name, from, before, after }: Extract<Reason, { kind: 'variable' }>): string {
  if (before === undefined) return `${from} ${name} is in scope now`;
  if (after === undefined) return `${from} ${name} is no longer in scope`;
  return `${from} ${name} changed from ${quote(shownText(before))} to ${quote(shownText(after))}`;
}

function describeChange(reason: Extract<Reason, { before: string | undefined }>): string {
  const what: Readonly<Record<string, string>> = {
    command: 'the command',
    folder: 'the working folder',
    user: 'the user',
    destination: 'the destination',
    mount: 'a mount',
    option: 'an option',
    'source-names': 'the name of a source',
    text: 'the text of a heredoc',
    instruction: 'this instruction',
  };
  return `${what[reason.kind] ?? reason.kind} changed`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
}

function shortImage(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '');
}

function listed(paths: readonly string[]): string {
  return paths.length > 2 ? `${paths.slice(0, 2).join(', ')} and ${paths.length - 2} more` : paths.join(' and ');
}

/** "7 of 12 steps re-run because package.json changed" */
export function closingLine({ rebuild, file }: RebuildReport): string {
  const { cached, rebuilt, unknown } = rebuild.summary;
  const all = cached + rebuilt + unknown;
  if (all === 0) return 'The build has no steps.';
  const cause = firstCause(rebuild, file);
  const maybe = unknown > 0 ? `; ${unknown} more ${unknown === 1 ? 'depends' : 'depend'} on the output of a step` : '';
  if (rebuilt === 0)
    return `Nothing re-runs: ${all === 1 ? 'the one step is' : `all ${all} steps are`} cached${maybe}.`;
  return `${rebuilt} of ${all} steps re-run${cause ? ` because ${cause}` : ''}${maybe}.`;
}

function firstCause(rebuild: Rebuild, file: Dockerfile): string | undefined {
  for (const { state, reasons } of rebuild.steps) {
    const own = state === 'rebuilt' ? reasons.find(({ kind }) => kind !== 'step') : undefined;
    if (own) return describeReason(file, own);
  }
  return undefined;
}

/** The reason to show for a step: its own before that of another step. */
function mainReason(file: Dockerfile, { reasons }: StepResult): string {
  const reason = reasons.find(({ kind }) => kind !== 'step') ?? reasons[0];
  return reason ? describeReason(file, reason) : '';
}

interface Colors {
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  bold(text: string): string;
}

/** The Dockerfile with a gutter, the first cause at the right of each step. */
export function rebuildPretty(report: RebuildReport, colors: Colors, width = 120): string {
  const { rebuild, file } = report;
  const byLine = new Map<number, StepResult>();
  for (const step of rebuild.steps) if (!byLine.has(lineOf(file, step))) byLine.set(lineOf(file, step), step);
  const paint: Readonly<Record<StepState, (text: string) => string>> = {
    cached: colors.green,
    rebuilt: colors.yellow,
    unknown: colors.cyan,
    'not-needed': colors.dim,
  };
  const lines = file.text.replace(/\r?\n$/, '').split(/\r?\n/);
  const digits = String(lines.length).length;
  const column = Math.min(72, Math.max(...lines.map((line) => line.length)) + 2);
  const out: string[] = [];
  let state: StepState | undefined;
  let until = 0;
  for (const [index, line] of lines.entries()) {
    const step = byLine.get(index + 1);
    if (step) {
      state = step.state;
      until = lineAt(file.lineStarts, Math.max(step.instruction.span.start, step.instruction.span.end - 1)) + 1;
    } else if (index + 1 > until) state = undefined;
    const mark = step ? paint[step.state](marks[step.state]) : state ? paint[state]('│') : ' ';
    const reason = step ? mainReason(file, step) : '';
    const text = state === 'not-needed' ? colors.dim(line) : line;
    const pad = reason ? ' '.repeat(Math.max(2, column - line.length)) : '';
    const room = Math.max(20, width - column - digits - 5);
    out.push(
      `${mark} ${colors.dim(String(index + 1).padStart(digits))} ${text}${pad}${reason ? colors.dim(cut(reason, room)) : ''}`.trimEnd(),
    );
  }
  return `${out.join('\n')}\n\n${legend(rebuild, paint)}\n${colors.bold(closingLine(report))}\n`;
}

function cut(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

function legend({ steps }: Rebuild, paint: Readonly<Record<StepState, (text: string) => string>>): string {
  const there = (Object.keys(marks) as StepState[]).filter((state) => steps.some((step) => step.state === state));
  return there.map((state) => `${paint[state](marks[state])} ${labels[state]}`).join('   ');
}

/** A pull-request comment: the closing line, and a table of the steps that are not cached. */
export function rebuildMarkdown(report: RebuildReport): string {
  const { rebuild, file, dockerfile } = report;
  const rows = rebuild.steps
    .filter(({ state }) => state === 'rebuilt' || state === 'unknown')
    .map(
      (step) =>
        `| ${marks[step.state]} ${labels[step.state]} | ${lineOf(file, step)} | ${code(headOf(file, step))} | ${cell(mainReason(file, step))} |`,
    );
  const table = rows.length > 0 ? `\n| | line | step | because |\n|---|---|---|---|\n${rows.join('\n')}\n` : '';
  const kept = rebuild.steps.filter(({ state }) => state === 'cached').length;
  return `**${cell(dockerfile)}**: ${cell(closingLine(report))}\n${table}${rows.length > 0 && kept > 0 ? `\n${kept} ${kept === 1 ? 'step stays' : 'steps stay'} cached.\n` : ''}`;
}

function code(text: string): string {
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${fence} ${text.replaceAll('|', '\\|')} ${fence}`;
}

function cell(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll('`', '\\`');
}
