import { baseName, cleanInside, parentOf } from '../syntax/go-path.js';
import { createIgnoreMatcher, matcherPattern, type Verdict } from '../syntax/ignore-matcher.js';
import { compilePathPattern, hasWildcard } from '../syntax/path-match.js';
import { isRemoteSource } from '../syntax/remote-source.js';
import type { BuildContext, ContextEntry } from './context.js';

/** What a COPY or ADD reads of the build context. */
export interface FilesTaken {
  /**
   * Files, symlinks and folders inside the sources, each once; found while iterating. A folder given as a source is not in it,
   * as only its contents are copied. What a symlink given as a source points at has the path of the target.
   */
  readonly entries: Iterable<ContextEntry>;
  /** Plain sources that are not sent or do not exist: the build fails. As given. */
  readonly unmatched: readonly string[];
  /** Wildcards that match nothing: nothing is copied, and the build goes on. As given. */
  readonly emptyWildcards: readonly string[];
  /** Whether a path of the context is among `entries`, without listing them. */
  has(path: string): boolean;
}

export interface FilesTakenOptions {
  /** Values of `--exclude`, expanded. */
  readonly exclude?: readonly string[];
  /** `--parents` */
  readonly parents?: boolean;
}

/**
 * The files that a COPY or ADD takes from the context after the ignore file. Sources are expanded, unquoted words; URLs and Git
 * references among them are passed over. Wildcards are BuildKit's: Go's `filepath.Match` per path segment, `**` only with
 * `--parents`. Symlinks in the plain part of a source are followed inside the context (fsutil's `copy.Copy`).
 */
export function filesTaken(
  context: BuildContext,
  sources: readonly string[],
  options: FilesTakenOptions = {},
): FilesTaken {
  const unmatched: string[] = [];
  const emptyWildcards: string[] = [];
  const parts: Part[] = [];
  for (const source of sources.filter((one) => !isRemoteSource(one))) {
    const found = options.parents ? partsWithParents(context, source) : partsOf(context, source);
    parts.push(...found);
    if (found.length === 0) (hasWildcard(source) ? emptyWildcards : unmatched).push(source);
  }
  const excluded = excluder(options.exclude ?? []);
  return {
    entries: new Anew(() => entriesOf(context, parts, excluded)),
    unmatched,
    emptyWildcards,
    has(path) {
      const entry = context.entry(path);
      if (!entry || entry.path === '' || context.ignored(entry.path)) return false;
      return parts.some((part) => takes(part, entry.path, excluded));
    },
  };
}

/** Starts again with each iteration. A class, for V8 takes the slow way for literals with computed names. */
class Anew<Item> implements Iterable<Item> {
  readonly #start: () => Iterator<Item>;

  constructor(start: () => Iterator<Item>) {
    this.#start = start;
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.#start();
  }
}

/** One file, or a folder with what lies below. */
interface Part {
  readonly entry: ContextEntry;
  /** Folder that `--exclude` patterns are relative to. */
  readonly base: string;
  /** Whether `--exclude` looks at the entry itself, not only at what lies below. */
  readonly optional: boolean;
  /** Whether the entry itself is copied: it is not where only a folder's contents are. */
  readonly whole: boolean;
}

interface Excluded {
  (base: string, path: string): boolean;
  /** Whether something below an excluded folder may come back. */
  readonly hasExceptions: boolean;
}

function partsOf(context: BuildContext, source: string): Part[] {
  const segments = cleanInside(source).split('/');
  const plain = segments.findIndex((segment) => hasWildcard(segment));
  if (plain === -1) return partOf(context, segments.join('/'));
  const folder = follow(context, segments.slice(0, plain).join('/'));
  if (folder?.type !== 'directory') return [];
  return expand(context, folder, segments.slice(plain)).flatMap((entry) => partOf(context, entry.path));
}

/** `--exclude` is never asked about a file that is a source itself, or one that a wildcard of a source matches (fsutil's `copier.copy`). */
function partOf(context: BuildContext, path: string): Part[] {
  const entry = follow(context, path);
  if (!entry) return [];
  if (entry.type === 'directory') return [{ entry, base: entry.path, optional: false, whole: false }];
  return [{ entry, base: parentOf(entry.path), optional: false, whole: true }];
}

/** Sent entries below the folder that match, one pattern for each level; symlinks on the way are not followed. */
function expand(context: BuildContext, folder: ContextEntry, segments: readonly string[]): ContextEntry[] {
  let level = [folder];
  for (const segment of segments) {
    const folders = level.filter(({ type }) => type === 'directory');
    level = inFolders(context, folders, segment).filter(({ path }) => !context.ignored(path));
  }
  return level;
}

function inFolders(context: BuildContext, folders: readonly ContextEntry[], segment: string): ContextEntry[] {
  if (!/[*?[\\]/.test(segment)) return folders.flatMap(({ path }) => context.entry(join(path, segment)) ?? []);
  const pattern = compilePathPattern(segment);
  return folders.flatMap(({ path }) => context.children(path)).filter(({ path }) => pattern?.matches(baseName(path)));
}

/** With `--parents` a source is a pattern of patternmatcher, relative to what stands before `/./`. */
function partsWithParents(context: BuildContext, source: string): Part[] {
  const pivot = source.indexOf('/./');
  const root = pivot === -1 ? context.entry('') : follow(context, cleanInside(source.slice(0, pivot)));
  if (root?.type !== 'directory') return [];
  const pattern = cleanInside(pivot === -1 ? source : source.slice(pivot + 3));
  const segments = pattern.split('/');
  const first = segments.findIndex((segment) => /[*?[\\]/.test(segment));
  const plain = join(root.path, segments.slice(0, first === -1 ? undefined : first).join('/'));
  const start = context.entry(plain);
  if (!start || context.ignored(start.path)) return [];
  const part = { base: root.path, optional: true, whole: true };
  if (first === -1) return [{ ...part, entry: start, whole: start.path !== root.path }];
  const matcher = createIgnoreMatcher([{ pattern, exception: false }]);
  const matches = (entry: ContextEntry) => matcher.matchesFlat(relative(root.path, entry.path));
  const found = context.walk({ from: start.path, enter: (folder) => !matches(folder) });
  return Array.from(found)
    .filter(matches)
    .map((entry) => ({ ...part, entry }));
}

function* entriesOf(context: BuildContext, parts: readonly Part[], excluded: Excluded): Generator<ContextEntry> {
  const seen = parts.length > 1 ? new Set<string>() : undefined;
  for (const part of parts) {
    for (const entry of entriesOfPart(context, part, excluded)) {
      if (seen?.has(entry.path)) continue;
      seen?.add(entry.path);
      yield entry;
    }
  }
}

function* entriesOfPart(context: BuildContext, part: Part, excluded: Excluded): Generator<ContextEntry> {
  const { entry, base } = part;
  if (part.whole && takes(part, entry.path, excluded)) yield entry;
  if (entry.type !== 'directory') return;
  const enter = (folder: ContextEntry) => excluded.hasExceptions || !excluded(base, folder.path);
  for (const below of context.walk({ from: entry.path, enter })) if (!excluded(base, below.path)) yield below;
}

function takes({ entry, base, optional, whole }: Part, path: string, excluded: Excluded): boolean {
  if (path === entry.path) return whole && !(optional && excluded(base, path));
  const below = entry.type === 'directory' && (entry.path === '' || path.startsWith(`${entry.path}/`));
  return below && !excluded(base, path);
}

/** `--exclude`: asked from the base folder downwards; an excluded folder is entered for the sake of exceptions. */
function excluder(patterns: readonly string[]): Excluded {
  if (patterns.length === 0) return Object.assign(() => false, { hasExceptions: false });
  const read = patterns.map(matcherPattern);
  const matcher = createIgnoreMatcher(read);
  const verdicts = new Map<string, Verdict>();
  const verdict = (base: string, path: string): Verdict => {
    const key = `${base}\0${path}`;
    let known = verdicts.get(key);
    if (!known) {
      const inner = relative(base, path);
      const parent = inner.includes('/') ? verdict(base, parentOf(path)) : undefined;
      known = matcher.step(inner, parent);
      verdicts.set(key, known);
    }
    return known;
  };
  const excluded = (base: string, path: string) => verdict(base, path).ignored;
  return Object.assign(excluded, { hasExceptions: read.some(({ exception }) => exception) });
}

const MOST_LINKS = 255;

/** The sent entry at a path after following symlinks inside the context (`fs.RootPath` of containerd/continuity). */
function follow(context: BuildContext, path: string): ContextEntry | undefined {
  let links = 0;
  const todo = path.split('/').reverse();
  let at = context.entry('');
  for (let name = todo.pop(); name !== undefined && at; name = todo.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      at = context.entry(parentOf(at.path));
      continue;
    }
    const next: ContextEntry | undefined = at.type === 'directory' ? context.entry(join(at.path, name)) : undefined;
    if (next?.type === 'symlink') {
      const link = next.link ?? '';
      if (++links > MOST_LINKS || link === '' || context.ignored(next.path)) return undefined;
      if (link.startsWith('/')) at = context.entry('');
      for (const part of link.split('/').reverse()) todo.push(part);
    } else at = next;
  }
  return at && !context.ignored(at.path) ? at : undefined;
}

function join(folder: string, name: string): string {
  if (name === '') return folder;
  return folder === '' ? name : `${folder}/${name}`;
}

function relative(base: string, path: string): string {
  return base === '' ? path : path.slice(base.length + 1);
}
