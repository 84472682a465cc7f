import { existsSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { gitFolderOf, readIfThere } from './git-folder.js';
import { type GitIndex, readGitIndex } from './git-index.js';

/** What Git would ignore in one repository: nested `.gitignore` files and `.git/info/exclude`. */
export interface GitIgnore {
  /** Top folder of the working tree, absolute. */
  readonly root: string;
  /** Whether Git ignores the path (absolute) or a folder above it; tracked files count too. False outside the repository. */
  ignores(file: string, isFolder: boolean): boolean;
  /** The same, where the caller knows that the folder that holds the path counts as not ignored. */
  ignoresItself(file: string, isFolder: boolean): boolean;
  /** Whether Git has the path (absolute), or of a folder something below it, whatever a `.gitignore` says. */
  tracks(file: string, isFolder: boolean): boolean;
}

/** The nearest folder at or above `folder` that holds a `.git`. */
export function repositoryRoot(folder: string): string | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return at;
    if (path.dirname(at) === at) return undefined;
  }
}

/** Undefined outside a repository. Files are read when they are first needed and then remembered. */
export function openGitIgnore(folder: string): GitIgnore | undefined {
  const root = repositoryRoot(folder);
  return root === undefined ? undefined : new Repository(root);
}

interface Rules {
  /** Folder that the patterns are relative to, relative to the root; '' for the root. */
  readonly base: string;
  readonly rules: Ignore;
}

class Repository implements GitIgnore {
  readonly root: string;
  readonly #rules = new Map<string, readonly Rules[]>();
  readonly #ignoredFolders = new Map<string, boolean>([['', false]]);
  /** Null: there is none. */
  #index: GitIndex | null | undefined;

  constructor(root: string) {
    this.root = root;
  }

  ignores(file: string, isFolder: boolean): boolean {
    const inner = this.#inside(file);
    if (inner === undefined) return false;
    return isFolder ? this.#ignoresFolder(inner) : this.#ignoresFolder(parentOf(inner)) || this.#decides(inner, false);
  }

  ignoresItself(file: string, isFolder: boolean): boolean {
    const inner = this.#inside(file);
    return inner !== undefined && inner !== '' && this.#decides(inner, isFolder);
  }

  tracks(file: string, isFolder: boolean): boolean {
    const inner = this.#inside(file);
    if (this.#index === undefined) this.#index = readGitIndex(this.root) ?? null;
    return inner !== undefined && this.#index?.tracks(inner, isFolder) === true;
  }

  /** Relative to the root with `/`. */
  #inside(file: string): string | undefined {
    const relative = path.relative(this.root, file).split(path.sep).join('/');
    return relative === '..' || relative.startsWith('../') || path.isAbsolute(relative) ? undefined : relative;
  }

  #ignoresFolder(folder: string): boolean {
    let ignored = this.#ignoredFolders.get(folder);
    if (ignored === undefined) {
      ignored = this.#ignoresFolder(parentOf(folder)) || this.#decides(folder, true);
      this.#ignoredFolders.set(folder, ignored);
    }
    return ignored;
  }

  /** The first file that has something to say decides, from the nearest `.gitignore` up to `info/exclude`. */
  #decides(inner: string, isFolder: boolean): boolean {
    for (const { base, rules } of this.#rulesOf(parentOf(inner))) {
      const relative = base === '' ? inner : inner.slice(base.length + 1);
      const parent = parentOf(relative);
      // The package looks at the folders above as well, but a nearer file has settled those.
      if (parent !== '' && rules.test(`${parent}/`).ignored) continue;
      const verdict = rules.test(isFolder ? `${relative}/` : relative);
      if (verdict.ignored || verdict.unignored) return verdict.ignored;
    }
    return false;
  }

  /** Those that hold for entries of a folder, the strongest first. */
  #rulesOf(folder: string): readonly Rules[] {
    let known = this.#rules.get(folder);
    if (!known) {
      const own = readRules(path.join(this.root, folder, '.gitignore'), folder);
      known =
        folder === ''
          ? [...own, ...readRules(excludeFile(this.root), '')]
          : [...own, ...this.#rulesOf(parentOf(folder))];
      this.#rules.set(folder, known);
    }
    return known;
  }
}

function parentOf(inner: string): string {
  return inner.slice(0, Math.max(inner.lastIndexOf('/'), 0));
}

/** Git compares without regard to case where the file system does. */
const ignorecase = process.platform === 'win32' || process.platform === 'darwin';

function readRules(file: string, base: string): Rules[] {
  const text = readIfThere(file);
  return text === undefined ? [] : [{ base, rules: ignore({ ignorecase }).add(text.replace(/^\ufeff/, '')) }];
}

/** In a worktree `commondir` names the folder that is shared. */
function excludeFile(root: string): string {
  const gitFolder = gitFolderOf(root);
  const common = readIfThere(path.join(gitFolder, 'commondir'))?.trim();
  return path.join(common ? path.resolve(gitFolder, common) : gitFolder, 'info', 'exclude');
}
