import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileErrorText } from './file-error.js';
import { readTextFile, writeAtomically } from './files.js';
import { repositoryRoot } from './git-ignore.js';

/** Folder of what Layerwise has found out and keeps, beside the config. */
const FOLDER = '.layerwise';

/** Path of a kept file relative to a folder that `findKept` looks in. */
export function keptPath(name: string): string {
  return path.join(FOLDER, name);
}

/** The nearest kept file of that name, in the folder or above up to the top of the repository; undefined where there is none. */
export function findKept(folder: string, name: string): string | undefined {
  return findUp(folder, keptPath(name));
}

/** Where to keep a file: where the nearest one is, else beside other kept files, else in the top folder of the repository. */
export function placeKept(folder: string, name: string): string {
  const beside = findUp(folder, FOLDER);
  if (beside !== undefined) return findKept(folder, name) ?? path.join(beside, name);
  return path.join(repositoryRoot(folder) ?? folder, keptPath(name));
}

function findUp(folder: string, relative: string): string | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const file = path.join(at, relative);
    if (existsSync(file)) return file;
    if (existsSync(path.join(at, '.git')) || path.dirname(at) === at) return undefined;
  }
}

/** The JSON of a kept file; the value is undefined where there is none, or it is no JSON. An error is to be read after the path. */
export function readKept(
  file: string,
): { readonly value: unknown; readonly text: string | undefined } | { readonly error: string } {
  if (!existsSync(file)) return { value: undefined, text: undefined };
  const read = readTextFile(file);
  if ('error' in read) return read;
  try {
    return { value: JSON.parse(read.text) as unknown, text: read.text };
  } catch {
    return { value: undefined, text: read.text };
  }
}

/**
 * Replaces a kept file as a whole; its folder is made. `old` is the text that was read: a file that has another one now is an
 * error, to be read after the path.
 */
export function writeKept(
  file: string,
  value: object,
  old: string | undefined,
): { readonly error: string } | undefined {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
  } catch (error) {
    return { error: fileErrorText(error) };
  }
  return writeAtomically(file, `${JSON.stringify(value, undefined, 2)}\n`, old);
}
