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
import type { PackageFacts } from '../model/package-facts.js';
import type { RemoteFacts } from '../model/remote-facts.js';
import { type GitIgnore, openGitIgnore } from './git-ignore.js';
import { findPackages, readPackages } from './package-file.js';
import { readRemotes } from './remote-file.js';

/** Largest file that `read` gives, in bytes. */
const LARGEST_READ = 1024 * 1024;

/** Lockfiles of large projects are larger than any other text that somebody reads. */
const LARGEST_LOCKFILE = 16 * 1024 * 1024;
const lockfile = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock)$/;

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
  /** Folders that are no symlinks, in folders that are none: their path is their real path. */
  readonly #realFolders = new Set<string>(['']);
  /** The root as it was listed first: most files that are asked for are not there, and this tells it without the disk. */
  #top: { readonly entries: readonly Dirent[]; readonly names: ReadonlySet<string> } | undefined;
  /** Null: not in a repository. */
  #gitIgnore: GitIgnore | null | undefined;

  /** Null: there are none. */
  #facts: PackageFacts | null | undefined;
  #remotes: RemoteFacts | null | undefined;

  readonly #openGit: typeof openGitIgnore;

  constructor(root: string, openGit: typeof openGitIgnore) {
    this.#root = root;
    this.#openGit = openGit;
  }

  list(folder: string): readonly ContextEntry[] {
    const real = this.#realPath(folder);
    if (real === undefined) return [];
    try {
      const entries = folder === '' ? this.#topOf(real).entries : readdirSync(real, { withFileTypes: true });
      const isReal = this.#realFolders.has(folder);
      return entries.map((entry) => {
        const inner = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (isReal && entry.isDirectory()) this.#realFolders.add(inner);
        return new FolderEntry(real, inner, typeOf(entry));
      });
    } catch {
      return [];
    }
  }

  read(file: string): string | undefined {
    if (this.#isAbsent(file)) return undefined;
    const real = this.#realPath(file);
    if (real === undefined) return undefined;
    try {
      const stats = statSync(real);
      const largest = lockfile.test(file) ? LARGEST_LOCKFILE : LARGEST_READ;
      return stats.isFile() && stats.size <= largest ? readFileSync(real, 'utf8') : undefined;
    } catch {
      return undefined;
    }
  }

  packageFacts(): PackageFacts | undefined {
    if (this.#facts === undefined) {
      const file = findPackages(this.#root);
      this.#facts = (file === undefined ? undefined : readPackages(file)) ?? null;
    }
    return this.#facts ?? undefined;
  }

  remoteFacts(): RemoteFacts | undefined {
    if (this.#remotes === undefined) this.#remotes = readRemotes(this.#root) ?? null;
    return this.#remotes ?? undefined;
  }

  gitIgnored(file: string): boolean | undefined {
    if (this.#gitIgnore === undefined) this.#gitIgnore = this.#openGit(this.#root) ?? null;
    const [at, isFolder] = [path.join(this.#root, file), file.endsWith('/') || file === ''];
    const isIgnored = this.#gitIgnore?.ignores(at, isFolder);
    return isIgnored ? this.#gitIgnore?.tracks(at, isFolder) === false : isIgnored;
  }

  #topOf(real: string) {
    if (!this.#top) {
      const entries = readdirSync(real, { withFileTypes: true });
      this.#top = { entries, names: new Set(entries.map(({ name }) => name.toLowerCase())) };
    }
    return this.#top;
  }

  /** Only for plain names in the root; a file system may fold letters in its own way. */
  #isAbsent(file: string): boolean {
    if (!/^[\w.-]+$/.test(file)) return false;
    try {
      const real = this.#realPath('');
      return real !== undefined && !this.#topOf(real).names.has(file.toLowerCase());
    } catch {
      return false;
    }
  }

  /** Undefined where the path does not exist or leads out of the root. */
  #realPath(inner: string): string | undefined {
    try {
      this.#realRoot ??= realpathSync.native(this.#root);
      if (this.#realFolders.has(inner)) return `${this.#realRoot}/${inner}`;
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
class FolderEntry implements ContextEntry {
  readonly path: string;
  readonly type: ContextEntry['type'];
  readonly #folder: string;
  #known: Stats | null | undefined;

  /** `folder` is the real path of the folder that holds it. */
  constructor(folder: string, path: string, type: ContextEntry['type']) {
    this.#folder = folder;
    this.path = path;
    this.type = type;
  }

  get size(): number {
    return this.type === 'directory' ? 0 : (this.#stats()?.size ?? 0);
  }

  get mode(): number | undefined {
    // Windows has no permission bits that a build would see.
    const mode = process.platform === 'win32' ? undefined : this.#stats()?.mode;
    return mode === undefined ? undefined : mode & 0o7777;
  }

  get link(): string | undefined {
    return this.type === 'symlink' ? attempt(() => readlinkSync(this.#file())) : undefined;
  }

  #file(): string {
    return path.join(this.#folder, path.posix.basename(this.path));
  }

  #stats(): Stats | null {
    if (this.#known === undefined) {
      this.#known = attempt(() => lstatSync(this.#file(), { throwIfNoEntry: false })) ?? null;
    }
    return this.#known;
  }
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
