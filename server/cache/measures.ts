import type { Dockerfile, Instruction } from '../syntax/tree.js';
import { isStepName, stepText } from './step-text.js';

/** How long a step took in builds that ran it. */
export interface MeasuredStep {
  /** Name of the stage, `stage-1` for the second one without a name; undefined where the log has none. */
  readonly stage: string | undefined;
  /** As BuildKit names it, see `stepText`. */
  readonly text: string;
  /** The newest first. */
  readonly seconds: readonly number[];
}

export interface Measures {
  /** Median of a step's times, those of its own stage before those of others; undefined where nobody measured it. */
  secondsOf(file: Dockerfile, instruction: Instruction, stage: string): number | undefined;
}

/** Steps are found in time of those that share keyword and first word with them. */
export function measuresOf(steps: readonly MeasuredStep[]): Measures {
  const byHead = new Map<string, MeasuredStep[]>();
  for (const step of steps) {
    const head = headOf(step.text);
    byHead.set(head, [...(byHead.get(head) ?? []), step]);
  }
  return {
    secondsOf(file, instruction, stage) {
      const text = stepText(file, instruction);
      const found = (byHead.get(headOf(text)) ?? []).filter((step) => isStepName(step.text, text, instruction));
      const exact = found.filter((step) => step.text === text);
      const own = [exact, found].flatMap((list) => list.filter((step) => step.stage === stage));
      const best = own[0] ?? exact[0] ?? found[0];
      return best && median(best.seconds);
    },
  };
}

/** The keyword: the words behind it may hold variables. */
function headOf(text: string): string {
  return text.split(' ', 1)[0] ?? '';
}

function median(numbers: readonly number[]): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 1 ? middle : middle - 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

const mostSamples = 7;

/** Adds the times of a new build; a step keeps those of the last seven. */
export function addMeasures(old: readonly MeasuredStep[], build: readonly MeasuredStep[]): readonly MeasuredStep[] {
  const keyOf = ({ stage, text }: MeasuredStep) => `${stage ?? ''}\0${text}`;
  const all = new Map(old.map((step) => [keyOf(step), step]));
  for (const step of build) {
    const seconds = [...step.seconds, ...(all.get(keyOf(step))?.seconds ?? [])].slice(0, mostSamples);
    all.set(keyOf(step), { ...step, seconds });
  }
  return [...all.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
