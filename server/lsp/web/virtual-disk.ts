import type { FolderEntry } from '../protocol.js';

/** Reads for the disk; neither function fails. */
export interface Reader {
  list(folder: string): Promise<readonly FolderEntry[]>;
  /** Null: missing, unreadable or too large. */
  read(file: string): Promise<string | null>;
}

/** A project with more than this many folders and files to read is looked at in part. */
const MOST_READS = 20_000;

const FOLDER: FolderEntry = { name: '', type: 'directory', size: 0 };

/**
 * The files of a client, as far as they have come. Answers at once: what has not come yet is not there, and is fetched when `fetch`
 * is called next. Only what lies in a root is asked for. Paths are absolute and clean, with `/`.
 */
export class VirtualDisk {
  readonly #listings = new Map<string, readonly FolderEntry[]>();
  readonly #texts = new Map<string, string | null>();
  #missingFolders = new Set<string>();
  #missingTexts = new Set<string>();
  #stale: { readonly folders: readonly string[]; readonly texts: readonly string[] } = { folders: [], texts: [] };
  #roots: readonly string[] = [];

  /** The folders to look into. */
  setRoots(roots: readonly string[]): void {
    this.#roots = roots;
  }

  /** Entries of a folder; undefined where there is none. */
  list(folder: string): readonly FolderEntry[] | undefined {
    if (this.entry(folder)?.type !== 'directory') return undefined;
    return this.#inRoot(folder) ? this.#listing(folder) : this.#waysToRoots(folder);
  }

  /** What lies at the path itself: links are not followed. */
  entry(path: string): FolderEntry | undefined {
    if (this.#leadsToRoot(path)) return FOLDER;
    if (!this.#inRoot(path)) return undefined;
    const end = path.lastIndexOf('/');
    const parent = path.slice(0, end);
    if (!this.#inRoot(parent)) return undefined;
    if (parent !== '' && this.entry(parent)?.type !== 'directory') return undefined;
    const name = path.slice(end + 1);
    return this.#listing(parent).find((entry) => entry.name === name);
  }

  /** Undefined where there is no such file, or none that can be read. */
  text(file: string): string | undefined {
    if (this.entry(file)?.type !== 'file') return undefined;
    const text = this.#texts.get(file);
    if (text === undefined) this.#missingTexts.add(file);
    return text ?? undefined;
  }

  /** Reads what was asked for in vain. True where anything has come. */
  async fetch(reader: Reader): Promise<boolean> {
    const wanted = this.#missingFolders.size + this.#missingTexts.size > 0;
    const room = MOST_READS - this.#listings.size - this.#texts.size;
    if (!wanted || room <= 0) return false;
    // Once something is missing after a change, all that was read before is read again at once, not level by level.
    const folders = [...new Set([...this.#missingFolders, ...this.#stale.folders])].slice(0, room);
    const texts = [...new Set([...this.#missingTexts, ...this.#stale.texts])].slice(0, room);
    this.#missingFolders = new Set();
    this.#missingTexts = new Set();
    this.#stale = { folders: [], texts: [] };
    await Promise.all([
      ...folders.map(async (folder) => this.#listings.set(folder, await reader.list(folder))),
      ...texts.map(async (file) => this.#texts.set(file, await reader.read(file))),
    ]);
    return true;
  }

  /** Files have changed: nothing that was read holds any more. */
  forget(): void {
    this.#stale = {
      folders: [...new Set([...this.#stale.folders, ...this.#listings.keys()])],
      texts: [...new Set([...this.#stale.texts, ...this.#texts.keys()])],
    };
    this.#listings.clear();
    this.#texts.clear();
  }

  #listing(folder: string): readonly FolderEntry[] {
    const known = this.#listings.get(folder);
    if (!known) this.#missingFolders.add(folder);
    return known ?? [];
  }

  #inRoot(path: string): boolean {
    return this.#roots.some((root) => path === root || path.startsWith(`${root}/`));
  }

  /** A root, or a folder above one. */
  #leadsToRoot(path: string): boolean {
    return path === '/' || this.#roots.some((root) => root === path || root.startsWith(`${path}/`));
  }

  #waysToRoots(folder: string): readonly FolderEntry[] {
    const start = folder === '/' ? '/' : `${folder}/`;
    const names = this.#roots.filter((root) => root.startsWith(start)).map((root) => root.slice(start.length));
    return [...new Set(names.map((name) => name.replace(/\/.*/, '')))].map((name) => ({ ...FOLDER, name }));
  }
}
