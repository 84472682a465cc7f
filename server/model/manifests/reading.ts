import { cleanInside } from '../../syntax/go-path.js';
import type { BuildContext, ContextEntry } from '../context.js';

/** What an install reads of the context, found out step by step. Paths are those of the context. */
export interface Reading {
  readonly context: BuildContext;
  /** Files that are there and sent. */
  readonly files: Set<string>;
  /** Folders of which everything is read. */
  readonly folders: Set<string>;
  /** Why it cannot do with these: it reads or runs sources. Sentences without a full stop. */
  readonly blockers: Set<string>;
  /** Why fetching the dependencies by themselves does not work here, although no sources are read. */
  readonly obstacles: Set<string>;
  /** Why these might not be all. */
  readonly doubts: Set<string>;
  /** Files but for which there would be more doubts: they tell of install scripts, or forbid them. */
  readonly relied: Set<string>;
  /** Names of files that are not there and would change what it does. */
  readonly missing: Set<string>;
  /** Whether the install finds nothing of the project around it but `files`, so that install scripts of dependencies cannot read more. */
  readonly isApart: () => boolean;
  /** A program `git` may be there for install scripts. */
  readonly mayHaveGit: () => boolean;
  /** A file or folder of the context may be there when it runs; without COPYs that say more, what is sent. */
  readonly brings: (path: string) => boolean;
  /** The manifests ask for nothing, or all that they ask for is in the context. */
  idle: boolean;
  /** Does it when `doubts` or `relied` are asked for the first time: most readings are asked for neither. */
  judgeLater(judge: () => void): void;
  /** Notes a file or folder; false where it is not there or not sent. */
  add(path: string): boolean;
  /** Notes a file and gives its text. */
  read(path: string): string | undefined;
}

/** What COPYs and the image say of an install; each as in `Reading`. */
export interface Around extends Pick<Reading, 'mayHaveGit' | 'brings'> {
  readonly isApart: (files: ReadonlySet<string>) => boolean;
}

export function newReading(context: BuildContext, around: Partial<Around> = {}): Reading {
  const { isApart = () => false, mayHaveGit = () => true, brings = (path) => isSent(context, path) } = around;
  const files = new Set<string>();
  const folders = new Set<string>();
  const [doubts, relied] = [new Set<string>(), new Set<string>()];
  const open: (() => void)[] = [];
  const judged = (found: Set<string>) => {
    for (let judge = open.shift(); judge; judge = open.shift()) judge();
    return found;
  };
  const sent = (path: string) => (context.ignored(path) ? undefined : context.entry(path));
  return {
    context,
    files,
    folders,
    blockers: new Set(),
    obstacles: new Set(),
    missing: new Set(),
    get doubts() {
      return judged(doubts);
    },
    get relied() {
      return judged(relied);
    },
    isApart: () => isApart(files),
    mayHaveGit,
    brings,
    judgeLater: (judge) => void open.push(judge),
    idle: false,
    add(path) {
      const entry = sent(path);
      if (!entry || entry.path === '') return false;
      (entry.type === 'directory' ? folders : files).add(entry.path);
      return true;
    },
    read(path) {
      const entry = sent(path);
      if (!entry || entry.type === 'directory') return undefined;
      files.add(entry.path);
      return context.read(entry.type === 'symlink' ? cleanInside(`${path}/../${entry.link ?? ''}`) : path);
    },
  };
}

/** It is there, and not kept out by the ignore file. */
export function isSent(context: BuildContext, path: string): boolean {
  return context.entry(path) !== undefined && !context.ignored(path);
}

/** `path` seen from a folder of the context, or from its root where it starts with `/`; `..` stops at the root. */
export function inFolder(folder: string, path: string): string {
  return cleanInside(path.startsWith('/') ? path : `${folder}/${path}`);
}

/** The path, seen from a folder, leads out of the context. */
export function leaves(folder: string, path: string): boolean {
  let depth = 0;
  for (const name of `${folder}/${path}`.split('/')) {
    if (name === '..') depth--;
    else if (name !== '' && name !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

/** Notes what the patterns of the table find in a folder: `*` in one name, a final `/` for a folder. */
export function addPatterns(reading: Reading, folder: string, patterns: readonly string[]): boolean {
  let found = false;
  for (const pattern of patterns) {
    const paths = pattern.includes('*') ? matching(reading.context, folder, pattern) : [inFolder(folder, pattern)];
    for (const path of paths) {
      const entry = reading.context.entry(path);
      if (entry && (entry.type === 'directory') === pattern.endsWith('/') && reading.add(path)) found = true;
    }
  }
  return found;
}

/** Entries of a folder whose name a pattern with `*` matches. */
function matching(context: BuildContext, folder: string, pattern: string): string[] {
  const name = nameMatcher(pattern);
  return context
    .children(folder)
    .filter((entry) => name.test(baseOf(entry)))
    .map((entry) => entry.path);
}

function baseOf(entry: ContextEntry): string {
  return entry.path.slice(entry.path.lastIndexOf('/') + 1);
}

function nameMatcher(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('?', '.'));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** More folders than this are no workspace of one image. */
const mostFolders = 10_000;

/**
 * Folders that a workspace pattern (`packages/*`, `apps/**`, `{web,api}`, `tool`) means, below a folder of the context; `node_modules`
 * and folders with a leading dot are not entered. Doubts the reading where that is not known.
 */
export function foldersMatching(reading: Reading, folder: string, pattern: string): readonly string[] {
  const plain = alternatives(pattern);
  const found = plain?.map((one) => foldersBehind(reading.context, folder, one)) ?? [undefined];
  if (found.includes(undefined)) reading.doubts.add(`it is not known which folders \`${pattern}\` means`);
  return [...new Set(found.flatMap((one) => one ?? []))];
}

/** `{a,b}` written out; undefined where there are more signs than it, `*` and `?`. */
function alternatives(pattern: string): readonly string[] | undefined {
  const [, start, choice, end] = /^([^{}]*)\{([^{}]*)\}(.*)$/.exec(pattern) ?? [];
  if (choice === undefined) return /[[\](){}\\]/.test(pattern) ? undefined : [pattern];
  const all = choice.split(',').map((one) => alternatives(`${start}${one}${end}`));
  return all.every((one) => one !== undefined) ? all.flat() : undefined;
}

/** Undefined where they are too many. */
function foldersBehind(context: BuildContext, folder: string, pattern: string): readonly string[] | undefined {
  let found = [folder];
  for (const segment of pattern.replace(/^\.\//, '').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') found = found.map((path) => inFolder(path, '..'));
    else if (segment === '**') found = found.flatMap((path) => [path, ...foldersBelow(context, path)]);
    else if (/[*?]/.test(segment)) {
      const name = nameMatcher(segment);
      found = found.flatMap((path) =>
        foldersIn(context, path).filter((child) => name.test(child.slice(child.lastIndexOf('/') + 1))),
      );
    } else found = found.map((path) => inFolder(path, segment));
    if (found.length > mostFolders) return undefined;
  }
  return found;
}

function foldersIn(context: BuildContext, folder: string): string[] {
  return context
    .children(folder)
    .filter((entry) => entry.type === 'directory' && !/^(?:node_modules$|\.)/.test(baseOf(entry)))
    .map((entry) => entry.path);
}

function foldersBelow(context: BuildContext, folder: string): string[] {
  const found: string[] = [];
  const open = foldersIn(context, folder);
  for (let path = open.shift(); path !== undefined && found.length <= mostFolders; path = open.shift()) {
    found.push(path);
    open.push(...foldersIn(context, path));
  }
  return found;
}

export function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** The value of a key where `value` is an object. */
export function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** Entries of an object whose values are strings. */
export function stringEntries(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}
