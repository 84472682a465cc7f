import {
  describing,
  documentation,
  housekeeping,
  ownReaders,
  proseFile,
  siteFile,
  siteProgram,
  skippedFile,
  skippedFolder,
} from '../knowledge/housekeeping.js';
import type { Build } from '../model/build.js';
import type { BuildContext, ContextEntry } from '../model/context.js';
import { isWeb, tree } from '../model/effects/area.js';
import { landingOf } from '../model/landing.js';
import { contextTransfers, takenBy } from '../model/transfers.js';
import { unwantedVcs } from '../model/unwanted.js';
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

/** Seconds per commit. */
const leastSeconds = 1;

/** All lines, and each of them, have to save so much of the cost. */
const leastOfAll = 0.03;
const leastOfLine = 0.01;

/** More lines than these are not looked at: the replay of each takes time. */
const mostLines = 16;

/**
 * Of files that no build looks at (CI, editors, bots, what is told of the project) those whose changes re-run steps, as a COPY of the whole
 * context takes them; names that are allowed stay. Undefined where there are none, where too few commits touched nothing else, and
 * where `.git` is copied as well, which each commit changes.
 */
export function housekeepingOf(
  input: OrderInput,
  isAllowed: (name: string) => boolean = () => false,
): Housekeeping | undefined {
  const { build, context, commits, builder } = input;
  const touched = new Map<string, number>();
  for (const { files } of commits)
    for (const name of new Set(files.map(({ path }) => rootOf(path)))) touched.set(name, (touched.get(name) ?? 0) + 1);
  const changed = takenEntries(build, context).filter(({ path }) => touched.has(path) && !isAllowed(path));
  const found = linesFor(build, context, changed);
  if (found.length === 0 || contextTransfers(build).some((one) => unwantedVcs(build, context, one))) return undefined;
  const own = sideOf(input, build);
  const { measured, ...before } = expectedOf(input, own, build);
  const secondsWith = (some: readonly string[]) =>
    expectedOf({ ...input, commits: without(commits, some) }, own, build).seconds;
  const texts = found.map(({ line }) => line);
  if (secondsWith(texts) >= (1 - leastOfAll) * before.seconds) return undefined;
  const lines = unnamed(context, found).sort((one, other) => countOf(other, touched) - countOf(one, touched));
  let patterns: readonly string[] = lines.slice(0, mostLines);
  let seconds = secondsWith(patterns);
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
  const saved = (before.seconds - after.seconds) / commits.length;
  return idle < leastCommits || saved < leastSeconds
    ? undefined
    : { patterns, idle, before, after, measured, commits: left };
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

/** Entries of the root that a COPY takes with all the rest, and that neither the Dockerfile nor the ignore file names. */
function takenEntries(build: Build, context: BuildContext): readonly ContextEntry[] {
  const transfers = contextTransfers(build);
  const wanted = (context.ignoreFile?.file.patterns ?? []).flatMap(({ exception, pattern }) =>
    exception ? [nameGlob(rootOf(pattern.replace(/^(?:\.?\/)+/, '')))] : [],
  );
  const text = plainText(build.file.text);
  return context.children('').filter(({ path }) => {
    if (context.ignored(path) || wanted.some((glob) => glob.test(path)) || names(text, path)) return false;
    return transfers.some((transfer) => takenBy(transfer, path)?.whole);
  });
}

/** A line of the ignore file. */
interface Line {
  readonly line: string;
  /** What it stands for now. */
  readonly paths: readonly string[];
  /** A text that a project may show or pass on. */
  readonly isProse: boolean;
}

function linesFor(build: Build, context: BuildContext, entries: readonly ContextEntry[]): readonly Line[] {
  const lines = new Map<string, { line: string; paths: string[]; isProse: boolean }>();
  const isSite = makesSite(build, context);
  const scripts = [plainText(build.file.text), ...scriptFiles.map((path) => context.read(path) ?? '')];
  const called = ownReaders.filter(({ program }) => scripts.some((text) => program.test(text)));
  for (const entry of entries) {
    const { path } = entry;
    const known = housekeeping.find((one) => nameGlob(one).test(path));
    if (called.some(({ files }) => files.test(path))) continue;
    if (known === undefined && (isSite || !isProse(context, entry))) continue;
    const key = known ?? path;
    const line = lines.get(key) ?? { line: path, paths: [], isProse: known === undefined };
    line.paths.push(path);
    // One pattern for many files, the name for a single one.
    if (known !== undefined && line.paths.length > 1) line.line = known;
    lines.set(key, line);
  }
  return [...lines.values()];
}

const scriptFiles = ['package.json', 'Makefile'];

/** Texts are what is built, or are served as they are. */
function makesSite(build: Build, context: BuildContext): boolean {
  const has = (path: string) => siteProgram.test(context.read(path) ?? '');
  if (siteProgram.test(build.file.text) || has('package.json') || has('index.html')) return true;
  const isServed = contextTransfers(build).some((transfer) => {
    const target = transfer.sources.some(({ whole }) => whole) && landingOf(build, context, transfer)?.target;
    return target && isWeb(tree(target));
  });
  if (isServed) return true;
  return has('Makefile') && context.children('').some(({ path }) => siteFile.test(path));
}

function isProse(context: BuildContext, { path, type }: ContextEntry): boolean {
  if (/[\s#!*?[\]\\]/.test(path)) return false;
  if (type === 'file') return describing.test(path.toLowerCase());
  if (type !== 'directory' || !documentation.has(path.toLowerCase())) return false;
  for (const entry of context.walk({ from: path }))
    if (entry.type !== 'directory' && (entry.type !== 'file' || !proseFile.test(entry.path))) return false;
  return true;
}

/** In a larger project it is not looked for who names a text; then it counts as named. */
const mostFiles = 4_000;
/** Larger files are made by programs. */
const mostBytes = 256 * 1024;

/** Lines for which no file of the project names what they stand for: a manifest, a script, a source that has it in the program. */
function unnamed(context: BuildContext, lines: readonly Line[]): string[] {
  const open = new Set(lines);
  let left = mostFiles;
  const enter = ({ path }: ContextEntry) => !skippedFolder.test(path) && !housekeeping.includes(path);
  for (const { path, type, size, link } of context.walk({ enter })) {
    if (type === 'symlink') {
      for (const one of open) if (one.paths.some((own) => names(link ?? '', own))) open.delete(one);
      continue;
    }
    if (type !== 'file' || skippedFile.test(path) || size > mostBytes) continue;
    if (!path.includes('/') && housekeeping.some((one) => nameGlob(one).test(path))) continue;
    if (open.size === 0 || left-- <= 0) break;
    const text = plainText(context.read(path) ?? '');
    for (const one of open) if (one.paths.some((own) => names(text, own))) open.delete(one);
  }
  return [...open].flatMap(({ line, isProse }) => (left < 0 && isProse ? [] : [line]));
}

/** Without lines that are comments for most languages, but for what Go and Rust say in such. */
function plainText(text: string): string {
  return text.replaceAll(/^[ \t]*(?:#(?!!?\[)|\/\/(?!go:embed)|\*[ \t]).*$/gm, '');
}

/** `docs/`, `"README.md"`, `../CHANGELOG.md`, and of files `*.md` and `".md"` where it is not said what checks their form. */
function names(text: string, path: string): boolean {
  const name = path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (new RegExp(`(?:^|[^\\w.-])(?:\\.{1,2}/)*${name}(?![\\w-])`, 'im').test(text)) return true;
  const ending = /[^.]\.(\w+)$/.exec(path)?.[1];
  if (ending === undefined || !text.includes(`.${ending}`)) return false;
  const glob = new RegExp(`\\*\\.${ending}(?!\\w)|["'\`]\\.${ending}["'\`]`);
  return text.split('\n').some((line) => glob.test(line) && !checksForm.test(line));
}

const checksForm = /prettier|lint|format|biome|spell|ignore|exclude/i;
