import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ContextEntry, ContextSource } from '../model/context.js';

/** A file that differs from an earlier state, with what it was then. */
export interface EarlierFile {
  /** Relative to the context, separator `/`. */
  readonly path: string;
  /** Undefined where it was not there. */
  readonly before:
    | { readonly type: 'file' | 'symlink'; readonly mode: number | undefined; readonly blob: string }
    | undefined;
}

/** Git's id of a file's content, so that it can be compared with what Git says; undefined where it cannot be read. */
export function blobId(file: string): string | undefined {
  try {
    const content = readFileSync(file);
    return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  } catch {
    return undefined;
  }
}

/** Asks each file once. */
export function identitiesIn(folder: string): (file: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, blobId(path.join(folder, file)));
    return known.get(file);
  };
}

/** The folder as it was: files that came since are left out, files that went are back, with the text that `read` gives. */
export function earlierSource(
  now: ContextSource,
  files: readonly EarlierFile[],
  read: (blob: string) => string | undefined,
): ContextSource {
  const byFolder = new Map<string, Map<string, ContextEntry | undefined>>();
  const blobs = new Map<string, string | undefined>();
  const put = (folder: string, at: string, entry: ContextEntry | undefined) => {
    const entries = byFolder.get(folder) ?? new Map<string, ContextEntry | undefined>();
    if (!entries.has(at) || entry) entries.set(at, entry);
    byFolder.set(folder, entries);
  };
  for (const { path: at, before } of files) {
    blobs.set(at, before?.blob);
    const link = before?.type === 'symlink' ? read(before.blob) : undefined;
    put(parentOf(at), at, before && { path: at, type: before.type, size: -1, mode: before.mode, link });
    if (!before) continue;
    for (let folder = parentOf(at); folder; folder = parentOf(folder)) {
      put(parentOf(folder), folder, { path: folder, type: 'directory', size: 0, mode: undefined, link: undefined });
    }
  }
  return {
    list(folder) {
      const entries = new Map(now.list(folder).map((entry) => [entry.path, entry]));
      for (const [at, entry] of byFolder.get(folder) ?? []) {
        const known = entries.get(at);
        if (!entry) entries.delete(at);
        else if (!(known?.type === 'directory' && entry.type === 'directory')) entries.set(at, entry);
      }
      return [...entries.values()];
    },
    read(at) {
      if (!blobs.has(at)) return now.read(at);
      const blob = blobs.get(at);
      return blob === undefined ? undefined : read(blob);
    },
    gitIgnored: (at) => now.gitIgnored(at),
  };
}

function parentOf(at: string): string {
  const slash = at.lastIndexOf('/');
  return slash === -1 ? '' : at.slice(0, slash);
}
