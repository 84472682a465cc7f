import { type IgnoreFile, parseIgnoreFile } from '../syntax/dockerignore.js';
import { baseName, cleanInside, parentOf } from '../syntax/go-path.js';
import { type IgnoreMatcher, ignoreMatcher, type Verdict } from '../syntax/ignore-matcher.js';
import { byteOrder } from './byte-order.js';
import { rememberInstalled } from './installed-packages.js';
import type { PackageFacts } from './package-facts.js';
import type { RemoteFacts } from './remote-facts.js';

export { type MemoryFiles, memorySource } from './memory-source.js';

/** One file or folder of a build context. */
export interface ContextEntry {
  /** Relative to the context root, separator `/`, no leading `./`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Bytes; 0 for folders. */
  readonly size: number;
  /** Permission bits (0o755); undefined where the host does not know. */
  readonly mode: number | undefined;
  /** Text of a symbolic link. */
  readonly link: string | undefined;
}

/** What a host has to supply: a folder on disk, a memory tree in tests, an editor's virtual workspace. */
export interface ContextSource {
  /** Direct entries of a folder ('' is the root) in any order; an unreadable or missing folder has none. */
  list(folder: string): readonly ContextEntry[];
  /** Text of a file, read as UTF-8; undefined when it is missing, unreadable or larger than 1 MiB (a lockfile than 16 MiB). */
  read(path: string): string | undefined;
  /** Whether Git ignores the path (a folder's path ends in `/`) and has nothing of it; undefined outside a repository. */
  gitIgnored(path: string): boolean | undefined;
  /** What was found out about packages of registries; left out or undefined where nobody has asked any. */
  packageFacts?(): PackageFacts | undefined;
  /** What registries and servers said of images and files; left out or undefined where nobody has asked any. */
  remoteFacts?(): RemoteFacts | undefined;
  /** As `installedPackages` gives it; for sources that remember it, as it takes long. */
  installedPackages?(folders: readonly string[]): ReadonlyMap<string, boolean>;
}

/** A build context together with the ignore file that BuildKit would apply to it. All paths as in `ContextEntry.path`. */
export interface BuildContext {
  /** How to name the context to a user, relative to the working folder: `.` or `services/api`. */
  readonly name: string;
  /** How it was found; `folder` is the default (the folder of the Dockerfile), which may be wrong. */
  readonly origin: 'folder' | 'option' | 'config' | 'compose' | 'bake' | 'workflow';
  /** False where the literal sources of the Dockerfile's COPYs are not in it: most likely another folder is meant. */
  readonly plausible: boolean;
  /** Path of the Dockerfile in the context; undefined where it lies outside. */
  readonly dockerfile: string | undefined;
  /** `.dockerignore` of the root or `<Dockerfile>.dockerignore`, whichever BuildKit reads. */
  readonly ignoreFile: { readonly path: string; readonly file: IgnoreFile } | undefined;
  /** Looks a path up, sent or not. The path is cleaned first (`./a/` is `a`, '' and `.` the root). Symlinks are not followed. */
  entry(path: string): ContextEntry | undefined;
  /** Direct entries of a folder, sent or not, in byte order of their names. */
  children(folder: string): readonly ContextEntry[];
  read(path: string): string | undefined;
  /**
   * True where the ignore file keeps the path from being sent. An ignored folder of which something is re-included is sent
   * (as a header), so it does not count.
   */
  ignored(path: string): boolean;
  gitIgnored(path: string): boolean | undefined;
  packageFacts(): PackageFacts | undefined;
  remoteFacts?(): RemoteFacts | undefined;
  /** The packages in the `node_modules` of some folders as `name@version`, and whether an install runs a script of them. */
  installedPackages(folders: readonly string[]): ReadonlyMap<string, boolean>;
  /** No build has anything at the path (of a folder it ends in `/`) or below, whatever lies there now: see `ContextOptions`. */
  absent(path: string): boolean;
  /**
   * Entries that are sent, parents before children, in byte order. Ignored folders are not entered unless an exception may
   * re-include something below. `from` limits it to what lies below one folder, `all` includes what is ignored.
   * Folders for which `enter` is false come, but not what is in them.
   */
  walk(options?: WalkOptions): Iterable<ContextEntry>;
}

export interface WalkOptions {
  readonly from?: string;
  readonly all?: boolean;
  enter?(folder: ContextEntry): boolean;
}

export interface ContextOptions {
  readonly name: string;
  readonly origin: BuildContext['origin'];
  /** Path of the Dockerfile in the context, if it lies there; decides which ignore file counts. */
  readonly dockerfile?: string | undefined;
  readonly source: ContextSource;
  /** Used instead of what `source` has: a text not saved yet, or the `<Dockerfile>.dockerignore` of a Dockerfile outside. */
  readonly ignoreFile?: { readonly path: string; readonly text: string } | undefined;
  /** True if left out. */
  readonly plausible?: boolean;
  /** Paths (of folders with a final `/`) that are in no context that is built, with all below; none if left out. */
  readonly absent?: ((path: string) => boolean) | undefined;
}

/** Reads folders when they are asked for and remembers them; for changed files create a new one. */
export function createContext(options: ContextOptions): BuildContext {
  return new CachedContext(options);
}

/** Linux' PATH_MAX. */
const LONGEST_PATH = 4096;

const ROOT: ContextEntry = { path: '', type: 'directory', size: 0, mode: undefined, link: undefined };

type Enter = (folder: ContextEntry) => boolean;

interface Listing {
  readonly entries: readonly ContextEntry[];
  readonly byName: ReadonlyMap<string, ContextEntry>;
}

const EMPTY: Listing = { entries: [], byName: new Map() };

class CachedContext implements BuildContext {
  readonly name: string;
  readonly origin: BuildContext['origin'];
  readonly plausible: boolean;
  readonly dockerfile: string | undefined;
  readonly ignoreFile: BuildContext['ignoreFile'];
  readonly #source: ContextSource;
  readonly #matcher: IgnoreMatcher | undefined;
  readonly #absent: ContextOptions['absent'];
  #installed: ContextSource['installedPackages'];
  readonly #listings = new Map<string, Listing>();
  /** Of folders; 'pruned' where nothing below is ever sent. */
  readonly #verdicts = new Map<string, Verdict | 'pruned'>();

  constructor({ name, origin, dockerfile, source, ignoreFile, plausible = true, absent }: ContextOptions) {
    this.name = name;
    this.origin = origin;
    this.plausible = plausible;
    this.dockerfile = dockerfile === undefined ? undefined : cleanInside(dockerfile);
    this.#source = source;
    this.#absent = absent;
    const chosen = ignoreFile ?? this.#chooseIgnoreFile();
    this.ignoreFile = chosen && { path: chosen.path, file: parseIgnoreFile(chosen.text) };
    this.#matcher = this.ignoreFile && ignoreMatcher(this.ignoreFile.file);
  }

  /** `<Dockerfile>.dockerignore` replaces the root's `.dockerignore`, even where it is empty. */
  #chooseIgnoreFile(): { readonly path: string; readonly text: string } | undefined {
    const own = this.dockerfile === undefined ? [] : [`${this.dockerfile}.dockerignore`];
    for (const path of [...own, '.dockerignore']) {
      const text = this.#source.read(path);
      if (text !== undefined) return { path, text };
    }
    return undefined;
  }

  entry(path: string): ContextEntry | undefined {
    const clean = cleanInside(path);
    if (clean === '') return ROOT;
    if (clean.length > LONGEST_PATH) return undefined;
    return this.#listing(parentOf(clean)).byName.get(baseName(clean));
  }

  children(folder: string): readonly ContextEntry[] {
    return this.#listing(cleanInside(folder)).entries;
  }

  read(path: string): string | undefined {
    const clean = cleanInside(path);
    return this.entry(clean)?.type === 'file' ? this.#source.read(clean) : undefined;
  }

  ignored(path: string): boolean {
    const clean = cleanInside(path);
    if (this.#absent && clean !== '' && this.absent(this.entry(clean)?.type === 'directory' ? `${clean}/` : clean))
      return true;
    if (!this.#matcher || clean === '' || clean.length > LONGEST_PATH) return false;
    const parent = this.#verdict(parentOf(clean));
    if (parent === 'pruned') return true;
    if (!this.#matcher.step(clean, parent).ignored) return false;
    const isFolder = this.entry(clean)?.type === 'directory';
    return !isFolder || this.walk({ from: clean })[Symbol.iterator]().next().done === true;
  }

  gitIgnored(path: string): boolean | undefined {
    const clean = cleanInside(path);
    const isFolder = path.endsWith('/') || this.entry(clean)?.type === 'directory';
    return this.#source.gitIgnored(isFolder && clean !== '' ? `${clean}/` : clean);
  }

  packageFacts(): PackageFacts | undefined {
    return this.#source.packageFacts?.();
  }

  remoteFacts(): RemoteFacts | undefined {
    return this.#source.remoteFacts?.();
  }

  installedPackages(folders: readonly string[]): ReadonlyMap<string, boolean> {
    this.#installed ??= rememberInstalled(this.#source);
    return this.#source.installedPackages?.(folders) ?? this.#installed(folders);
  }

  absent(path: string): boolean {
    const clean = cleanInside(path);
    return clean !== '' && this.#absent?.(path.endsWith('/') ? `${clean}/` : clean) === true;
  }

  *walk({ from = '', all = false, enter = () => true }: WalkOptions = {}): Iterable<ContextEntry> {
    const folder = cleanInside(from);
    if (this.entry(folder)?.type !== 'directory') return;
    yield* all || !this.#matcher ? this.#walkAll(folder, enter) : this.#walkSent(folder, this.#matcher, enter);
  }

  *#walkAll(root: string, enter: Enter): Iterable<ContextEntry> {
    const todo = this.#listing(root).entries.toReversed();
    for (let entry = todo.pop(); entry; entry = todo.pop()) {
      yield entry;
      if (entry.type === 'directory' && enter(entry)) pushReversed(todo, this.#listing(entry.path).entries);
    }
  }

  /** As fsutil's `filterFS.Walk`: an ignored folder is sent right before the first thing below it that is. */
  *#walkSent(root: string, matcher: IgnoreMatcher, enter: Enter): Iterable<ContextEntry> {
    let held: ContextEntry[] = [];
    if (this.#verdict(root) === 'pruned') return;
    const todo = this.#listing(root).entries.toReversed();
    for (let entry = todo.pop(); entry; entry = todo.pop()) {
      const { path, type } = entry;
      held = held.filter((folder) => path.startsWith(`${folder.path}/`));
      const parent = this.#verdict(parentOf(path));
      if (parent === 'pruned') continue;
      if (!matcher.step(path, parent).ignored) {
        yield* held;
        held = [];
        yield entry;
      } else if (type === 'directory') held.push(entry);
      if (type === 'directory' && this.#verdict(path) !== 'pruned' && enter(entry)) {
        pushReversed(todo, this.#listing(path).entries);
      }
    }
  }

  #verdict(folder: string): Verdict | 'pruned' | undefined {
    if (!this.#matcher || folder === '') return undefined;
    const known = this.#verdicts.get(folder);
    if (known !== undefined) return known;
    const parent = this.#verdict(parentOf(folder));
    let verdict: Verdict | 'pruned' = 'pruned';
    if (parent !== 'pruned') {
      const own = this.#matcher.step(folder, parent);
      if (!own.ignored || !this.#matcher.prunes(folder)) verdict = own;
    }
    this.#verdicts.set(folder, verdict);
    return verdict;
  }

  /** Symlinks are not followed: below one there is nothing. */
  #listing(folder: string): Listing {
    let listing = this.#listings.get(folder);
    if (!listing) {
      const isFolder = this.entry(folder)?.type === 'directory';
      listing = isFolder ? listingOf(this.#source.list(folder)) : EMPTY;
      this.#listings.set(folder, listing);
    }
    return listing;
  }
}

function pushReversed(todo: ContextEntry[], entries: readonly ContextEntry[]): void {
  for (const entry of entries.toReversed()) todo.push(entry);
}

function listingOf(entries: readonly ContextEntry[]): Listing {
  const sorted = [...entries].sort((a, b) => byteOrder(a.path, b.path));
  return { entries: sorted, byName: new Map(sorted.map((entry) => [baseName(entry.path), entry])) };
}
