import {
  type Dirent,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import path from 'node:path';
import type { ContextEntry, ContextSource } from '../model/context.js';
import { type GitIgnore, openGitIgnore } from './git-ignore.js';

/** Largest file that `read` gives, in bytes. */
const LARGEST_READ = 1024 * 1024;

/**
 * A folder on disk as a build context. Nothing is read before it is asked for, nothing outside the folder is ever read
 * (not through symlinks either), and what cannot be read is not there. `openGit` is for callers that share one among folders.
 */
export function folderSource(root: string, openGit = openGitIgnore): ContextSource {
  return new FolderSource(path.resolve(root), openGit);
}

class FolderSource implements ContextSource {
  readonly #root: string;
  #realRoot: string | undefined;
  /** Null: not in a repository. */
  #gitIgnore: GitIgnore | null | undefined;

  readonly #openGit: typeof openGitIgnore;

  constructor(root: string, openGit: typeof openGitIgnore) {
    this.#root = root;
    this.#openGit = openGit;
  }

  list(folder: string): readonly ContextEntry[] {
    const real = this.#realPath(folder);
    if (real === undefined) return [];
    try {
      const entries = readdirSync(real, { withFileTypes: true });
      return entries.map((entry) => entryOf(real, entry, folder === '' ? entry.name : `${folder}/${entry.name}`));
    } catch {
      return [];
    }
  }

  read(file: string): string | undefined {
    const real = this.#realPath(file);
    if (real === undefined) return undefined;
    try {
      const stats = statSync(real);
      return stats.isFile() && stats.size <= LARGEST_READ ? readFileSync(real, 'utf8') : undefined;
    } catch {
      return undefined;
    }
  }

  gitIgnored(file: string): boolean | undefined {
    if (this.#gitIgnore === undefined) this.#gitIgnore = this.#openGit(this.#root) ?? null;
    return this.#gitIgnore?.ignores(path.join(this.#root, file), file.endsWith('/') || file === '');
  }

  /** Undefined where the path does not exist or leads out of the root. */
  #realPath(inner: string): string | undefined {
    try {
      this.#realRoot ??= realpathSync.native(this.#root);
      const real = realpathSync.native(path.join(this.#realRoot, inner));
      const relative = path.relative(this.#realRoot, real);
      const outside = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
      return outside ? undefined : real;
    } catch {
      return undefined;
    }
  }
}

/** Size, mode and link cost a system call each time, so they are looked up only where they are asked for. */
function entryOf(folder: string, entry: Dirent, inner: string): ContextEntry {
  const file = path.join(folder, entry.name);
  const type = typeOf(entry);
  let stats: Stats | undefined;
  const read = () => {
    stats ??= lstatSync(file, { throwIfNoEntry: false });
    return stats;
  };
  return {
    path: inner,
    type,
    get size() {
      return type === 'directory' ? 0 : (attempt(read)?.size ?? 0);
    },
    get mode() {
      // Windows has no permission bits that a build would see.
      const mode = process.platform === 'win32' ? undefined : attempt(read)?.mode;
      return mode === undefined ? undefined : mode & 0o7777;
    },
    get link() {
      return type === 'symlink' ? attempt(() => readlinkSync(file)) : undefined;
    },
  };
}

function typeOf(entry: Dirent): ContextEntry['type'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
