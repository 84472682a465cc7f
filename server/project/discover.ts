import { closeSync, type Dirent, openSync, readdirSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import picomatch from 'picomatch';
import { byteOrder } from '../model/byte-order.js';
import { type FileKind, kindOfName, looksLikeDockerfile } from './dockerfile-name.js';
import { fileErrorText } from './file-error.js';
import { type GitIgnore, openGitIgnore } from './git-ignore.js';
import { hasProperties, isTemplate } from './template-text.js';

export interface DiscoverOptions {
  /** Absolute; paths, globs and exclude patterns are relative to it. */
  readonly cwd: string;
  /** Globs; one without a `/` holds at any depth, and a matching folder goes with all that is in it. */
  readonly exclude?: readonly string[];
  /** A further test, by absolute path; folders for which it is true are not entered. */
  excluded?(file: string, isFolder: boolean): boolean;
  /** False: take what Git ignores too. */
  readonly gitignore?: boolean;
}

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly kind: FileKind;
}

export interface Discovery {
  /** In the order of the given paths, then of the walk (by name); each once. */
  readonly files: readonly FoundFile[];
  /** What was asked for and is not there; `path` as given. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  /** Templates of Dockerfiles that the walk met and left out (absolute); one that is named is among the files. */
  readonly templates: readonly string[];
}

/**
 * Finds Dockerfiles and ignore files. A file that is named is taken whatever it is called; folders are walked for the names
 * that `kindOfName` knows, without what Git ignores, `.git`, `node_modules` and what Go or Composer vendored; symlinked folders are not entered. A path that
 * does not exist but has wildcards is a glob. One with a plain end (`*.docker`) takes all that it matches, one with an open end
 * (`Dockerfile*`) only the known names. Templates (`{{#files}}`, `${project.version}`) are met but not taken.
 */
export function discover(paths: readonly string[], options: DiscoverOptions): Discovery {
  const search = new Search(options);
  for (const one of paths) search.add(one);
  return search.result();
}

const neverEntered = new Set(['.git', '.hg', '.svn', 'node_modules']);

/** Says what a file in a walked folder is; undefined: pass it over. */
type Wanted = (file: string, name: string) => FileKind | 'perhaps' | undefined;

class Search {
  readonly #cwd: string;
  readonly #excluded: (file: string, isFolder: boolean) => boolean;
  readonly #gitignore: boolean;
  readonly #files = new Map<string, FoundFile>();
  readonly #symlinks = new Set<string>();
  readonly #templates = new Set<string>();
  readonly #problems: Discovery['problems'][number][] = [];

  constructor({ cwd, exclude = [], excluded, gitignore = true }: DiscoverOptions) {
    this.#cwd = cwd;
    const byGlob = createExcluder(exclude, cwd);
    this.#excluded = (file, isFolder) => byGlob(file) || (excluded?.(file, isFolder) ?? false);
    this.#gitignore = gitignore;
  }

  add(given: string): void {
    const file = path.resolve(this.#cwd, given);
    let stats: Stats | undefined;
    let reason = 'no such file or folder';
    try {
      stats = statSync(file, { throwIfNoEntry: false });
    } catch (error) {
      reason = fileErrorText(error);
    }
    if (stats?.isDirectory()) this.#walk(file, (_, name) => kindOfName(name));
    else if (stats) this.#take(file, explicitKind(given));
    else if (/[*?[\]{}()!]/.test(given)) this.#glob(given);
    else this.#problems.push({ path: given, message: reason });
  }

  result(): Discovery {
    const files = [...this.#files.values()];
    const templates = [...this.#templates].filter((file) => !this.#files.has(file));
    const rest = { problems: this.#problems, templates };
    if (this.#symlinks.size === 0) return { files, ...rest };
    // A symlink is left out where what it points at was found as well.
    const isLink = (file: FoundFile) => this.#symlinks.has(file.path);
    const seen = new Set(files.filter((file) => !isLink(file)).map((file) => realPath(file.path)));
    const kept = files.filter((file) => !isLink(file) || !seen.has(realPath(file.path)));
    return { files: kept, ...rest };
  }

  #take(file: string, kind: FileKind): void {
    this.#symlinks.delete(file);
    if (!this.#files.has(file)) this.#files.set(file, { path: file, kind });
  }

  #glob(given: string): void {
    const { base, glob } = picomatch.scan(given.split(path.sep).join('/'));
    const root = path.resolve(this.#cwd, base);
    const matches = glob === '' ? undefined : attempt(() => picomatch(glob, { dot: true }));
    const anyEnd = /[*?)\]]$/.test(glob);
    let matched = false;
    if (matches)
      this.#walk(root, (file, name) => {
        if (!matches(path.relative(root, file).split(path.sep).join('/'))) return undefined;
        const kind = kindOfName(name) ?? (anyEnd ? undefined : 'dockerfile');
        matched ||= kind !== undefined;
        return kind;
      });
    if (!matched) this.#problems.push({ path: given, message: 'matches no file' });
  }

  #walk(root: string, wanted: Wanted): void {
    const git = this.#gitignore ? openGitIgnore(root) : undefined;
    const todo = [root];
    for (let folder = todo.pop(); folder !== undefined; folder = todo.pop()) {
      const folders: string[] = [];
      for (const entry of entriesOf(folder)) {
        const file = path.join(folder, entry.name);
        if (entry.isDirectory()) {
          if (this.#enters(file, entry.name, git)) folders.push(file);
        } else this.#meet(file, entry, wanted, git);
      }
      for (const one of folders.toReversed()) todo.push(one);
    }
  }

  #enters(file: string, name: string, git: GitIgnore | undefined): boolean {
    return (
      !neverEntered.has(name) &&
      !isVendored(file, name) &&
      !this.#excluded(file, true) &&
      !git?.ignoresItself(file, true)
    );
  }

  #meet(file: string, entry: Dirent, wanted: Wanted, git: GitIgnore | undefined): void {
    if (!entry.isFile() && !entry.isSymbolicLink()) return;
    const kind = wanted(file, entry.name);
    if (!kind || this.#files.has(file) || this.#excluded(file, false) || git?.ignoresItself(file, false)) return;
    const isLink = entry.isSymbolicLink();
    if (isLink && !isFile(file)) return;
    const text = kind === 'dockerignore' ? '' : startOf(file);
    if (kind === 'perhaps' && !looksLikeDockerfile(text)) return;
    if (isTemplate(text) || (hasProperties(text) && isOfJavaBuild(file))) {
      this.#templates.add(file);
      return;
    }
    this.#take(file, kind === 'perhaps' ? 'dockerfile' : kind);
    if (isLink) this.#symlinks.add(file);
  }
}

/** Whether a path (absolute) is excluded by globs relative to `base`, or lies in a folder that is. */
export function createExcluder(globs: readonly string[], base: string): (file: string) => boolean {
  if (globs.length === 0) return () => false;
  const patterns = globs.flatMap((glob) => {
    const clean = glob.replace(/^\.\//, '').replace(/\/+$/, '');
    if (clean === '') return [];
    const anchored = clean.includes('/') ? clean.replace(/^\//, '') : `**/${clean}`;
    return [anchored, `${anchored}/**`];
  });
  const matches = attempt(() => picomatch(patterns, { dot: true })) ?? (() => false);
  return (file) => matches(path.relative(base, file).split(path.sep).join('/'));
}

function explicitKind(given: string): FileKind {
  return /\.(?:dockerignore|containerignore)$/i.test(given) ? 'dockerignore' : 'dockerfile';
}

function entriesOf(folder: string): Dirent[] {
  const entries = attempt(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries.sort((a, b) => byteOrder(a.name, b.name));
}

/** The sources of others, of which Go or Composer keeps a list. */
function isVendored(folder: string, name: string): boolean {
  return (
    name === 'vendor' && ['modules.txt', 'composer/installed.json'].some((list) => isFile(path.join(folder, list)))
  );
}

/** A project of Maven or Gradle stands in the folder or above it: it may fill in properties. */
function isOfJavaBuild(file: string): boolean {
  const folder = path.dirname(file);
  if (folder === file) return false;
  return (
    ['pom.xml', 'build.gradle', 'build.gradle.kts'].some((name) => isFile(path.join(folder, name))) ||
    isOfJavaBuild(folder)
  );
}

function isFile(file: string): boolean {
  return attempt(() => statSync(file))?.isFile() ?? false;
}

/** The first 16 KiB of a file; empty where it cannot be read. */
function startOf(file: string): string {
  const text = attempt(() => {
    const handle = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(16384);
      return buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(handle);
    }
  });
  return text ?? '';
}

function realPath(file: string): string {
  return attempt(() => realpathSync.native(file)) ?? file;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
