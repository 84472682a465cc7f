import { type PackageFacts, packageKey } from '../model/package-facts.js';
import { findKept, readKept, writeKept } from './kept-file.js';

/** Name of the file of what registries said of packages. */
export const packagesName = 'packages.json';

/** The nearest file of what registries said, in the folder or above; undefined where there is none. */
export function findPackages(folder: string): string | undefined {
  return findKept(folder, packagesName);
}

/** Undefined where the file cannot be used. */
export function readPackages(file: string): PackageFacts | undefined {
  const known = readAnswers(file);
  return 'error' in known ? undefined : { hasInstallScript: (one) => known.answers.get(packageKey(one)) };
}

type Answers = ReadonlyMap<string, boolean>;

function readAnswers(
  file: string,
): { readonly answers: Answers; readonly text: string | undefined } | { readonly error: string } {
  const read = readKept(file);
  if ('error' in read) return read;
  if (read.text === undefined) return { answers: new Map(), text: undefined };
  const answers = answersIn(read.value);
  return answers
    ? { answers, text: read.text }
    : { error: 'is not a file of packages that this version of Layerwise knows' };
}

function answersIn(value: unknown): Answers | undefined {
  if (!isRecord(value) || value.version !== 1 || !isRecord(value.installScripts)) return undefined;
  const entries = Object.entries(value.installScripts);
  return new Map(entries.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Adds answers by the keys of `packageKey`; the folder is made. A concurrent change is an error, to be read after the path. */
export function addPackages(file: string, more: Answers): { readonly error: string } | undefined {
  const old = readAnswers(file);
  if ('error' in old) return old;
  const entries = [...new Map([...old.answers, ...more])].sort(([a], [b]) => (a < b ? -1 : 1));
  return writeKept(file, { version: 1, installScripts: Object.fromEntries(entries) }, old.text);
}
