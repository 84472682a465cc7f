import type { Cause } from '../cache/causes.js';
import type { Costs, StepCost } from '../cache/cost.js';
import type { PlanStage } from '../cache/plan.js';
import type { Replay, StepReplay } from '../cache/replay.js';
import { stepText } from '../cache/step-text.js';
import { lineAt } from '../syntax/text.js';
import type { Dockerfile } from '../syntax/tree.js';

/** What a report on a replay is made from. */
export interface ReplayReport {
  readonly builder: string;
  readonly target: string | undefined;
  readonly history: ReplayedHistory;
  readonly now: ReplayedFile;
  /** Another Dockerfile over the same commits. */
  readonly proposed: ReplayedFile | undefined;
}

export interface ReplayedHistory {
  readonly commits: number;
  /** Id and day (`2024-01-31`) of both ends; undefined where there are no commits. */
  readonly newest: { readonly id: string; readonly day: string } | undefined;
  readonly oldest: { readonly id: string; readonly day: string } | undefined;
  /** Why there are fewer commits than were asked for; it and `gaps` are sentences without a full stop. */
  readonly short: string | undefined;
  /** What of this build the commits do not tell. */
  readonly gaps: readonly string[];
}

/** One Dockerfile, replayed. */
export interface ReplayedFile {
  /** As the user should see it. */
  readonly dockerfile: string;
  readonly stages: readonly ReplayedStage[];
  /** In file order. */
  readonly steps: readonly ReplayedStep[];
  /** Commits that re-run nothing. */
  readonly idle: number;
  /** Build arguments that may have another value in every build; the replay takes them for the same in all. */
  readonly changingArgs: readonly string[];
  readonly expected: Expected;
}

export interface ReplayedStage {
  /** In the file, from 0. */
  readonly index: number;
  /** Named stages by name, others by number, as `--from` takes them. */
  readonly name: string;
  /** What its FROM names. */
  readonly from: string;
  /** Index of the stage it is built from. */
  readonly base: number | undefined;
  readonly line: number;
}

export interface ReplayedStep {
  readonly stage: ReplayedStage;
  /** From 1. */
  readonly line: number;
  /** On one line, cut where it is long. */
  readonly instruction: string;
  readonly rebuilds: number;
  /** Those of `rebuilds` that depend on the output of a step that ran again. */
  readonly uncertain: number;
  readonly causes: readonly Cause[];
  /** Of running it once. */
  readonly cost: StepCost;
  /** Indexes of the stages it takes files from. */
  readonly sources: readonly number[];
}

/** Over all commits of the history, those that re-run nothing included. */
export interface Expected {
  readonly secondsPerCommit: number;
  readonly rebuiltStepsPerCommit: number;
  /** Without the re-runs that depend on the output of a step: the cost where all of those come out the same. */
  readonly atLeast: { readonly secondsPerCommit: number; readonly rebuiltStepsPerCommit: number };
  /** `mixed` where some of the steps that re-ran are measured and others are not. */
  readonly basis: StepCost['basis'] | 'mixed';
}

/** Brings a replay and the costs together. `dockerfile` is how the user should see the file's path. */
export function replayedFile(
  dockerfile: string,
  file: Dockerfile,
  replay: Replay,
  costs: Costs,
  changingArgs: readonly string[],
): ReplayedFile {
  const stages = new Map(replay.stages.map((stage) => [stage.index, replayedStage(file, stage)]));
  const steps = replay.steps.flatMap((step) => {
    const stage = stages.get(step.stage);
    return stage ? [replayedStep(file, stage, step, costs(step.instruction, step.stage))] : [];
  });
  return {
    dockerfile,
    stages: [...stages.values()],
    steps,
    idle: replay.idle,
    changingArgs,
    expected: expectedOf(steps, replay.commits),
  };
}

function replayedStage(file: Dockerfile, { index, from, base }: PlanStage): ReplayedStage {
  return {
    index,
    name: from.alias?.text.toLowerCase() ?? String(index),
    from: from.image?.text ?? '',
    base: base?.index,
    line: lineAt(file.lineStarts, from.span.start) + 1,
  };
}

const mostLetters = 200;

function shortened(text: string): string {
  return text.length > mostLetters ? `${text.slice(0, mostLetters - 1).trimEnd()}…` : text;
}

function replayedStep(file: Dockerfile, stage: ReplayedStage, replay: StepReplay, cost: StepCost): ReplayedStep {
  const { span } = replay.instruction;
  const sources = replay.step.inputs.flatMap((input) =>
    input.kind === 'files' && input.origin.kind === 'stage' ? [input.origin.stage.index] : [],
  );
  return {
    stage,
    line: lineAt(file.lineStarts, span.start) + 1,
    instruction: shortened(stepText(file, replay.instruction)),
    rebuilds: replay.rebuilds,
    uncertain: replay.uncertain,
    causes: replay.causes(),
    cost,
    sources: [...new Set(sources)],
  };
}

function expectedOf(steps: readonly ReplayedStep[], commits: number): Expected {
  const sums = (count: (step: ReplayedStep) => number) => {
    const perCommit = (sum: number) => (commits === 0 ? 0 : sum / commits);
    return {
      secondsPerCommit: perCommit(steps.reduce((sum, step) => sum + count(step) * step.cost.seconds, 0)),
      rebuiltStepsPerCommit: perCommit(steps.reduce((sum, step) => sum + count(step), 0)),
    };
  };
  const bases = new Set(steps.filter(({ rebuilds }) => rebuilds > 0).map(({ cost }) => cost.basis));
  const [basis = 'table'] = bases;
  return {
    ...sums(({ rebuilds }) => rebuilds),
    atLeast: sums(({ rebuilds, uncertain }) => rebuilds - uncertain),
    basis: bases.size > 1 ? 'mixed' : basis,
  };
}

/** JSON, version 1; schema in docs/schema/replay.schema.json. */
export function replayJson({ builder, target, history, now, proposed }: ReplayReport): string {
  const { commits, newest, oldest, short, gaps } = history;
  const report = {
    version: 1,
    builder,
    target: target ?? null,
    commits,
    history: { newest: newest ?? null, oldest: oldest ?? null, short: short ?? null, gaps },
    ...fileJson(now),
    ...(proposed && { proposed: fileJson(proposed) }),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function fileJson({ dockerfile, steps, expected }: ReplayedFile): object {
  return {
    dockerfile,
    steps: steps.map(({ stage, line, instruction, rebuilds, uncertain, causes, cost }) => ({
      stage: stage.name,
      line,
      instruction,
      rebuilds,
      uncertain,
      causes,
      seconds: rounded(cost.seconds),
      basis: cost.basis,
      ...(cost.bytes !== undefined && { bytes: Math.round(cost.bytes), bytesBasis: cost.bytesBasis }),
    })),
    expected: {
      secondsPerCommit: rounded(expected.secondsPerCommit),
      rebuiltStepsPerCommit: rounded(expected.rebuiltStepsPerCommit),
      atLeast: {
        secondsPerCommit: rounded(expected.atLeast.secondsPerCommit),
        rebuiltStepsPerCommit: rounded(expected.atLeast.rebuiltStepsPerCommit),
      },
      basis: expected.basis,
    },
  };
}

function rounded(number: number): number {
  return Math.round(number * 1000) / 1000;
}

/** `0.3 s`, `41 s`, `2.5 min`, `12 min`. */
export function secondsText(seconds: number): string {
  if (seconds < 0.05) return '0 s';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 119.5) return `${Math.round(seconds)} s`;
  return `${(seconds / 60).toFixed(seconds < 597 ? 1 : 0)} min`;
}

/** With `~` in front of what nobody measured. */
export function costText({ seconds, basis }: Pick<StepCost, 'seconds' | 'basis'>): string {
  return basis === 'measured' ? secondsText(seconds) : `~${secondsText(seconds)}`;
}

export function expectedText(expected: Expected): string {
  const { secondsPerCommit, rebuiltStepsPerCommit, basis, atLeast } = expected;
  const least =
    atLeast.secondsPerCommit < 0.9 * secondsPerCommit ? ` (at least ${secondsText(atLeast.secondsPerCommit)})` : '';
  const seconds = `${basis === 'measured' ? '' : '~'}${secondsText(secondsPerCommit)}${least}`;
  return `${seconds} and ${rebuiltStepsPerCommit.toFixed(1)} steps per commit`;
}

/** "76 % less", of the seconds; undefined where there was nothing to lose. */
export function savingText(now: Expected, proposed: Expected): string | undefined {
  if (now.secondsPerCommit <= 0) return undefined;
  const share = 1 - proposed.secondsPerCommit / now.secondsPerCommit;
  const percent = Math.round(Math.abs(share) * 100);
  return percent === 0 ? 'no difference' : `${percent} % ${share > 0 ? 'less' : 'more'}`;
}

/** "200 commits, 2023-11-02 to 2024-06-30". */
export function historyText({ commits, newest, oldest }: ReplayedHistory): string {
  const count = commits === 1 ? '1 commit' : `${commits} commits`;
  if (!newest || !oldest) return count;
  return `${count}, ${oldest.day === newest.day ? oldest.day : `${oldest.day} to ${newest.day}`}`;
}

/** What the commits do not tell, and why there are no more. */
export function historyNotes({ short, gaps }: ReplayedHistory): readonly string[] {
  return [...gaps, ...(short === undefined ? [] : [short])].map(
    (one) => `${one.charAt(0).toUpperCase()}${one.slice(1)}.`,
  );
}

/** "src/ 120, package.json 31" */
export function causesText(causes: readonly Cause[], most = 3): string {
  const shown = causes.slice(0, most).map(({ path, commits }) => `${path} ${commits}`);
  return [...shown, ...(causes.length > most ? [`${causes.length - most} more`] : [])].join(', ');
}

/** Share of the commits that re-ran the step, 0 to 1. */
export function rateOf({ rebuilds }: Pick<ReplayedStep, 'rebuilds'>, { commits }: ReplayedHistory): number {
  return commits === 0 ? 0 : rebuilds / commits;
}

/** Without the re-runs that depend on the output of a step. */
export function certainRateOf({ rebuilds, uncertain }: ReplayedStep, { commits }: ReplayedHistory): number {
  return commits === 0 ? 0 : (rebuilds - uncertain) / commits;
}

/** From 0 (never) to 5 (with four of five commits or more). */
export function heatOf(rate: number): 0 | 1 | 2 | 3 | 4 | 5 {
  if (rate <= 0) return 0;
  return rate < 0.05 ? 1 : rate < 0.2 ? 2 : rate < 0.5 ? 3 : rate < 0.8 ? 4 : 5;
}
