import {
  describing,
  documentation,
  housekeeping,
  namingFile,
  proseFile,
  siteFile,
  siteProgram,
} from '../knowledge/housekeeping.js';
import type { Build } from '../model/build.js';
import type { BuildContext, ContextEntry } from '../model/context.js';
import { contextTransfers, takenBy } from '../model/transfers.js';
import { nameGlob } from '../syntax/name-glob.js';
import type { ContextCommit } from './history.js';
import { type Expected, expectedOf, sideOf } from './order/expected.js';
import type { OrderInput } from './order.js';
import { replayOf } from './replay.js';

/** What the ignore file might list so that commits which touch nothing else re-run nothing. */
export interface Housekeeping {
  /** Lines of the ignore file: names in the root of the context. */
  readonly patterns: readonly string[];
  /** Commits that re-run something now, and would re-run nothing. */
  readonly idle: number;
  readonly before: Expected;
  readonly after: Expected;
  /** All times were measured; else they are from the table. */
  readonly measured: boolean;
  /** The commits as the build would see them then. */
  readonly commits: readonly ContextCommit[];
}

/** Fewer tell nothing. */
const leastCommits = 5;

/** A line has to save so much of the cost. */
const leastOfLine = 0.01;

/** More lines than these are not looked at: the replay of each takes time. */
const mostLines = 16;

/**
 * Of files that no build looks at (CI, editors, bots, what is told of the project) those whose changes re-run steps, as a COPY of the whole
 * context takes them; names that are allowed stay. Undefined where there are none, and where too few commits touched nothing else.
 */
export function housekeepingOf(
  input: OrderInput,
  isAllowed: (name: string) => boolean = () => false,
): Housekeeping | undefined {
  const { build, context, commits, builder } = input;
  const touched = new Map<string, number>();
  for (const { files } of commits)
    for (const name of new Set(files.map(({ path }) => rootOf(path)))) touched.set(name, (touched.get(name) ?? 0) + 1);
  const changed = context
    .children('')
    .filter(({ path }) => touched.has(path) && !context.ignored(path) && !isAllowed(path));
  const lines = linesFor(build, context, changed).sort((a, b) => countOf(b, touched) - countOf(a, touched));
  if (lines.length === 0) return undefined;
  const own = sideOf(input, build);
  const { measured, ...before } = expectedOf(input, own, build);
  const secondsWith = (some: readonly string[]) =>
    expectedOf({ ...input, commits: without(commits, some) }, own, build).seconds;
  let patterns: readonly string[] = lines.slice(0, mostLines);
  let seconds = secondsWith(patterns);
  if (seconds >= before.seconds) return undefined;
  // The rarest first: one that saves nothing by itself is not worth its line.
  for (const pattern of patterns.toReversed()) {
    const fewer = patterns.filter((one) => one !== pattern);
    const other = secondsWith(fewer);
    if (other - seconds >= leastOfLine * before.seconds) continue;
    patterns = fewer;
    seconds = other;
  }
  if (patterns.length === 0) return undefined;
  const left = without(commits, patterns);
  const { measured: _, ...after } = expectedOf({ ...input, commits: left }, own, build);
  const idle = replayOf(own, builder, left).idle - replayOf(own, builder, commits).idle;
  return idle < leastCommits ? undefined : { patterns, idle, before, after, measured, commits: left };
}

function rootOf(path: string): string {
  const at = path.indexOf('/');
  return at === -1 ? path : path.slice(0, at);
}

function countOf(line: string, touched: ReadonlyMap<string, number>): number {
  const glob = nameGlob(line);
  return [...touched].reduce((sum, [name, count]) => sum + (glob.test(name) ? count : 0), 0);
}

/** The commits without what the lines keep away. */
function without(commits: readonly ContextCommit[], lines: readonly string[]): readonly ContextCommit[] {
  const globs = lines.map((line) => nameGlob(line));
  const isKept = (path: string) => !globs.some((glob) => glob.test(rootOf(path)));
  return commits.map(({ id, files }) => ({ id, files: files.filter(({ path }) => isKept(path)) }));
}

/** Lines for entries of the root that a COPY takes with all the rest, and that nothing else of the build names. */
function linesFor(build: Build, context: BuildContext, entries: readonly ContextEntry[]): string[] {
  const transfers = contextTransfers(build);
  const isTaken = (path: string) => transfers.some((transfer) => takenBy(transfer, path)?.whole);
  const isNamed = (path: string) =>
    transfers.some(({ sources }) =>
      sources.some(
        (source) => !source.whole && (source.path === undefined || rootOf(source.path) === path || source.path === '*'),
      ),
    );
  const free = entries.filter(({ path }) => isTaken(path) && !isNamed(path));
  const lines = new Set<string>();
  const prose: ContextEntry[] = [];
  for (const entry of free) {
    const line = housekeeping.find((one) => nameGlob(one).test(entry.path));
    if (line === undefined) prose.push(entry);
    else if (!namedInFile(build, entry.path)) lines.add(lineFor(line, entry.path, free));
  }
  const isSite = makesSite(build, context);
  const open = isSite ? [] : prose.filter((entry) => isProse(context, entry) && !namedInFile(build, entry.path));
  const names = open.length === 0 ? [] : namesIn(context, open);
  for (const { path } of open) if (!names.includes(path)) lines.add(path);
  return [...lines];
}

/** One pattern for many files, the name for a single one. */
function lineFor(line: string, path: string, entries: readonly ContextEntry[]): string {
  const glob = nameGlob(line);
  return entries.filter((one) => glob.test(one.path)).length > 1 ? line : path;
}

/** Texts are what is built. */
function makesSite({ file }: Build, context: BuildContext): boolean {
  if (!context.children('').some(({ path }) => siteFile.test(path))) return false;
  return [file.text, ...['package.json', 'Makefile'].map((path) => context.read(path) ?? '')].some((text) =>
    siteProgram.test(text),
  );
}

function isProse(context: BuildContext, { path, type }: ContextEntry): boolean {
  if (/[\s#!*?[\]\\]/.test(path)) return false;
  if (type === 'file') return describing.test(path.toLowerCase());
  if (type !== 'directory' || !documentation.has(path.toLowerCase())) return false;
  for (const entry of context.walk({ from: path }))
    if (entry.type !== 'directory' && (entry.type !== 'file' || !proseFile.test(entry.path))) return false;
  return true;
}

/** A RUN that speaks of the file may read it. */
function namedInFile({ file }: Build, path: string): boolean {
  return wordOf(path).test(file.text.replaceAll(/^\s*#.*$/gm, ''));
}

/** Those that a file of the project names which says what belongs to it. A crate may show its README in what it documents. */
function namesIn(context: BuildContext, entries: readonly ContextEntry[]): readonly string[] {
  const words = entries.map(({ path }) => ({ path, word: wordOf(path) }));
  const found = new Set<string>();
  let left = mostNaming;
  const look = (folder: string, depth: number): void => {
    for (const { path, type } of context.children(folder)) {
      if (context.ignored(path) || entries.some((one) => one.path === path)) continue;
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (type === 'directory' && depth > 0 && !/^(?:\.|node_modules$|vendor$)/.test(name)) look(path, depth - 1);
      if (type !== 'file' || !namingFile.test(name) || isLock(name) || left-- <= 0) continue;
      const text = context.read(path) ?? '';
      for (const one of words) if (one.word.test(text)) found.add(one.path);
    }
  };
  look('', 3);
  return left < 0 ? entries.map(({ path }) => path) : [...found];
}

/** In a larger project it is not looked for who names a file; then it counts as named. */
const mostNaming = 3_000;

function isLock(name: string): boolean {
  return /(?:^|[-_.])lock(?:\.|file|$)|^npm-shrinkwrap\.json$|^go\.sum$|^yarn\.lock$/i.test(name);
}

/** A name as a word of its own: `docs/`, `"README.md"`, `../CHANGELOG.md`; of a file without its ending too. */
function wordOf(path: string): RegExp {
  const name = path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:^|[^\\w.-])(?:\\.{1,2}/)*${name}(?![\\w-])`, 'im');
}
