import { baseName, cleanInside, parentOf } from '../syntax/go-path.js';
import type { ContextEntry, ContextSource } from './context.js';

/** One file of a tree in memory that is more than its text. */
export interface MemoryFile {
  readonly text?: string;
  /** `file` if left out, `symlink` where `link` is given. */
  readonly type?: ContextEntry['type'];
  /** Bytes; those of `text` if left out. */
  readonly size?: number;
  /** 0o644 if left out, 0o755 for a folder. */
  readonly mode?: number;
  readonly link?: string;
  /** Once any file has this, the tree counts as a Git repository; holds for all that lies below. */
  readonly gitIgnored?: boolean;
  /** Nothing is there; for a path of which only `gitIgnored` is to be told. */
  readonly absent?: boolean;
}

/** Path → text or more; folders in between come by themselves, an empty folder is written `name/`. */
export type MemoryFiles = Readonly<Record<string, string | MemoryFile>>;

/** A tree in memory, for tests and for users of the library. */
export function memorySource(files: MemoryFiles): ContextSource {
  const folders = new Map<string, Map<string, ContextEntry>>([['', new Map()]]);
  const texts = new Map<string, string>();
  const gitIgnored = new Set<string>();
  let isRepository = false;
  for (const [key, value] of Object.entries(files)) {
    const path = cleanInside(key);
    const file = typeof value === 'string' ? { text: value } : value;
    isRepository ||= file.gitIgnored !== undefined;
    if (file.gitIgnored) gitIgnored.add(path);
    if (path === '' || file.absent) continue;
    const entry = entryOf(path, file, key.endsWith('/'));
    addFolders(folders, entry.type === 'directory' ? path : parentOf(path));
    folders.get(parentOf(path))?.set(baseName(path), entry);
    if (entry.type === 'file') texts.set(path, file.text ?? '');
  }
  return {
    list: (folder) => [...(folders.get(folder)?.values() ?? [])],
    read: (path) => texts.get(path),
    gitIgnored: (path) =>
      isRepository ? [...selfAndParents(cleanInside(path))].some((one) => gitIgnored.has(one)) : undefined,
  };
}

function entryOf(path: string, file: MemoryFile, isFolder: boolean): ContextEntry {
  const type = file.type ?? (isFolder ? 'directory' : file.link === undefined ? 'file' : 'symlink');
  const size = type === 'directory' ? 0 : (file.size ?? new TextEncoder().encode(file.text ?? file.link ?? '').length);
  return { path, type, size, mode: file.mode ?? (type === 'directory' ? 0o755 : 0o644), link: file.link };
}

function addFolders(folders: Map<string, Map<string, ContextEntry>>, folder: string): void {
  const missing: string[] = [];
  for (const path of selfAndParents(folder)) {
    if (folders.has(path)) break;
    missing.push(path);
  }
  for (const path of missing.toReversed()) {
    folders.set(path, new Map());
    folders.get(parentOf(path))?.set(baseName(path), entryOf(path, {}, true));
  }
}

function* selfAndParents(path: string): Iterable<string> {
  for (let at = path; at !== ''; at = parentOf(at)) yield at;
}
