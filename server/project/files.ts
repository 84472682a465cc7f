import {
  chownSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileErrorText } from './file-error.js';

const LARGEST_FILE = 16 * 1024 * 1024;

export interface ReadText {
  /** A byte order mark at the start is kept; what is not UTF-8 has become U+FFFD. */
  readonly text: string;
  /** False where something was not UTF-8: writing the text back would change more than what was edited. */
  readonly exact: boolean;
}

export interface FileFailure {
  /** To be read after the path: "permission denied". */
  readonly error: string;
}

/** Reads a text file of at most 16 MiB. Devices and pipes are refused, so this never waits. */
export function readTextFile(file: string): ReadText | FileFailure {
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) return { error: 'is a folder, not a file' };
    if (!stats.isFile()) return { error: 'is not a regular file' };
    if (stats.size > LARGEST_FILE) return { error: 'is larger than 16 MiB' };
    const bytes = readFileSync(file);
    const text = bytes.toString('utf8');
    if (text.includes('\0')) return { error: 'is not a text file' };
    return { text, exact: !text.includes('\ufffd') || Buffer.from(text).equals(bytes) };
  } catch (error) {
    return { error: fileErrorText(error) };
  }
}

/**
 * Puts `text` in place of a file at once: readers see the old text or the new one, never a part. Only where the file still has
 * `expected`, or for undefined where it does not exist yet. Keeps mode and owner, writes to what a symlink points at, and
 * makes folders that are missing on no account. Undefined when it is done.
 */
export function writeAtomically(file: string, text: string, expected: string | undefined): FileFailure | undefined {
  try {
    const real = expected === undefined ? path.resolve(file) : realpathSync.native(file);
    const stats = expected === undefined ? undefined : statSync(real);
    const early = changed(real, expected);
    if (early) return early;
    return replace(real, text, stats, () => changed(real, expected));
  } catch (error) {
    return { error: fileErrorText(error) };
  }
}

function changed(real: string, expected: string | undefined): FileFailure | undefined {
  if (expected === undefined) {
    return lstatSync(real, { throwIfNoEntry: false }) ? { error: 'exists already' } : undefined;
  }
  const now = readTextFile(real);
  if ('error' in now) return now;
  if (!now.exact) return { error: 'is not UTF-8 text' };
  return now.text === expected ? undefined : { error: 'has changed in the meantime' };
}

/** Writes a neighbour and renames it, unless `veto` objects at the last moment. */
function replace(
  real: string,
  text: string,
  stats: Stats | undefined,
  veto: () => FileFailure | undefined,
): FileFailure | undefined {
  const temporary = path.join(
    path.dirname(real),
    `.${path.basename(real)}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`,
  );
  try {
    const handle = openSync(temporary, 'wx', 0o666);
    try {
      writeFileSync(handle, text);
      if (stats) fchmodSync(handle, stats.mode & 0o7777);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (stats) keepOwner(temporary, stats);
    const failure = veto();
    if (failure) unlinkSync(temporary);
    else renameSync(temporary, real);
    return failure;
  } catch (error) {
    try {
      unlinkSync(temporary);
    } catch {
      // It was never made.
    }
    throw error;
  }
}

/** Matters only for root, who edits a file of somebody else. */
function keepOwner(file: string, { uid, gid }: Stats): void {
  try {
    const own = statSync(file);
    if (own.uid !== uid || own.gid !== gid) chownSync(file, uid, gid);
  } catch {
    // Others may not give files away.
  }
}
