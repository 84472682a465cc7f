import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { MeasuredStep } from '../cache/measures.js';
import { fileErrorText } from './file-error.js';
import { readTextFile, writeAtomically } from './files.js';

/** Relative to a folder that `findMeasures` looks in. */
export const measuresFile = path.join('.layerwise', 'measures.json');

/** The nearest file of measured times, in the folder or above; undefined where there is none. */
export function findMeasures(folder: string): string | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const file = path.join(at, measuresFile);
    if (existsSync(file)) return file;
    if (existsSync(path.join(at, '.git')) || path.dirname(at) === at) return undefined;
  }
}

/** None where the file is not there; an error to be read after its path where it cannot be used. */
export function readMeasures(file: string): { readonly steps: readonly MeasuredStep[] } | { readonly error: string } {
  if (!existsSync(file)) return { steps: [] };
  const read = readTextFile(file);
  if ('error' in read) return read;
  const steps = parseMeasures(read.text);
  return steps ? { steps } : { error: 'is not a file of measured times that this version of Layerwise knows' };
}

function parseMeasures(text: string): readonly MeasuredStep[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
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
  const text = `${JSON.stringify({ version: 1, steps }, undefined, 2)}\n`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
  } catch (error) {
    return { error: fileErrorText(error) };
  }
  if (!existsSync(file)) return writeAtomically(file, text, undefined);
  const old = readTextFile(file);
  return 'error' in old ? old : writeAtomically(file, text, old.text);
}
