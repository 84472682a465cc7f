import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type PackageFacts, packageKey } from '../model/package-facts.js';
import { fileErrorText } from './file-error.js';
import { readTextFile, writeAtomically } from './files.js';

/** Relative to a folder that `findPackages` looks in. */
export const packagesFile = path.join('.layerwise', 'packages.json');

/** The nearest file of what registries said, in the folder or above; undefined where there is none. */
export function findPackages(folder: string): string | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const file = path.join(at, packagesFile);
    if (existsSync(file)) return file;
    if (existsSync(path.join(at, '.git')) || path.dirname(at) === at) return undefined;
  }
}

/** Undefined where the file cannot be used. */
export function readPackages(file: string): PackageFacts | undefined {
  const known = readAnswers(file);
  return 'error' in known ? undefined : { hasInstallScript: (one) => known.answers.get(packageKey(one)) };
}

type Answers = ReadonlyMap<string, boolean>;

function readAnswers(file: string): { readonly answers: Answers; readonly text?: string } | { readonly error: string } {
  if (!existsSync(file)) return { answers: new Map() };
  const read = readTextFile(file);
  if ('error' in read) return read;
  const answers = parseAnswers(read.text);
  return answers
    ? { answers, text: read.text }
    : { error: 'is not a file of packages that this version of Layerwise knows' };
}

function parseAnswers(text: string): Answers | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
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
  const text = `${JSON.stringify({ version: 1, installScripts: Object.fromEntries(entries) }, undefined, 2)}\n`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
  } catch (error) {
    return { error: fileErrorText(error) };
  }
  return writeAtomically(file, text, old.text);
}
