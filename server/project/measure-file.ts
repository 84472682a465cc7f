import type { MeasuredStep } from '../cache/measures.js';
import { findKept, keptPath, readKept, writeKept } from './kept-file.js';

const NAME = 'measures.json';

/** Relative to a folder that `findMeasures` looks in. */
export const measuresFile = keptPath(NAME);

/** The nearest file of measured times, in the folder or above; undefined where there is none. */
export function findMeasures(folder: string): string | undefined {
  return findKept(folder, NAME);
}

/** None where the file is not there; an error to be read after its path where it cannot be used. */
export function readMeasures(file: string): { readonly steps: readonly MeasuredStep[] } | { readonly error: string } {
  const read = readKept(file);
  if ('error' in read) return read;
  if (read.text === undefined) return { steps: [] };
  const steps = stepsIn(read.value);
  return steps ? { steps } : { error: 'is not a file of measured times that this version of Layerwise knows' };
}

function stepsIn(value: unknown): readonly MeasuredStep[] | undefined {
  if (!isRecord(value) || value.version !== 1 || !Array.isArray(value.steps)) return undefined;
  return value.steps.flatMap((step: unknown) => {
    if (!isRecord(step) || typeof step.text !== 'string' || !Array.isArray(step.seconds)) return [];
    const seconds = step.seconds.filter((one: unknown) => typeof one === 'number' && one >= 0);
    return [{ stage: typeof step.stage === 'string' ? step.stage : undefined, text: step.text, seconds }];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Replaces the file as a whole; its folder is made. A concurrent change is an error, to be read after the path. */
export function writeMeasures(file: string, steps: readonly MeasuredStep[]): { readonly error: string } | undefined {
  const old = readKept(file);
  return 'error' in old ? old : writeKept(file, { version: 1, steps }, old.text);
}
