import { spawn } from 'node:child_process';
import type { BlobState, Commit, PathChange } from '../cache/history.js';
import { git, gitEnvironment, safely } from './git-files.js';

export interface HistoryOptions {
  /** At most so many commits; `defaultCommits` if left out. */
  readonly commits?: number | undefined;
  /** Only commits after it: a revision, or a date as `2024-01-31` or `6 months ago`. */
  readonly since?: string | undefined;
  /** The newest commit; HEAD if left out. */
  readonly head?: string | undefined;
  /**
   * `first` (if left out): the line of first parents, a merge as one change: what builds of the branch itself see. `all`: every
   * commit that is not a merge.
   */
  readonly parents?: 'first' | 'all' | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The newest commits of a repository, without those that have no parent: there is nothing they can be compared with. */
export interface History {
  /** Absolute folder of the work tree. */
  readonly root: string;
  /** Id of the newest commit. */
  readonly head: string;
  /** Newest first. */
  readonly commits: readonly Commit[];
  /** All paths of the newest commit, for `contextCommits`; only with `parents: 'first'`. */
  readonly newestPaths: readonly string[] | undefined;
  /** Why there are fewer commits than were asked for, as a sentence; undefined where there are enough. */
  readonly short: string | undefined;
}

export const defaultCommits = 200;

/**
 * Reads history without fetching, and without running anything that the repository configures. Works in shallow and in partial
 * clones as far as they go. Rejects with a sentence for the user where Git cannot tell.
 */
export async function historyOf(folder: string, options: HistoryOptions = {}): Promise<History> {
  const root = (await git(folder, ['rev-parse', '--show-toplevel'])).replace(/\r?\n$/, '');
  const head = await resolve(root, options.head ?? 'HEAD');
  const range = await rangeOf(root, head, options.since);
  const wanted = options.commits ?? defaultCommits;
  const commits: Commit[] = [];
  let reachedStart = false;
  for await (const commit of readCommits(root, range, { ...options, commits: wanted })) {
    if (commit.hasParent) commits.push({ id: commit.id, time: commit.time, changes: commit.changes });
    else reachedStart = true;
  }
  const paths = options.parents === 'all' ? undefined : await pathsOf(root, head);
  const short = commits.length < wanted ? await whyShort(root, commits.length, reachedStart, options) : undefined;
  return { root, head, commits, newestPaths: paths, short };
}

async function resolve(root: string, revision: string): Promise<string> {
  const id = await revisionOf(root, revision);
  if (id === undefined) {
    throw new Error(
      revision === 'HEAD'
        ? 'the repository has no commit yet'
        : `Git knows no revision ${JSON.stringify(revision)} here`,
    );
  }
  return id;
}

async function revisionOf(root: string, revision: string): Promise<string | undefined> {
  if (revision.startsWith('-')) return undefined;
  return git(root, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]).then(
    (text) => text.trim(),
    () => undefined,
  );
}

/** Git takes every text for a date and reads nonsense as now, so only plain shapes are let through. */
const DATE =
  /^(?:\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?|\d+[ .](?:minute|hour|day|week|month|year)s?[ .]ago|yesterday)$/i;

async function rangeOf(root: string, head: string, since: string | undefined): Promise<readonly string[]> {
  if (since === undefined) return [head];
  const revision = await revisionOf(root, since);
  if (revision !== undefined) return [head, `^${revision}`];
  if (DATE.test(since) && !isNoDay(since)) return [`--since=${since}`, head];
  throw new Error(`${JSON.stringify(since)} is neither a revision that Git knows here nor a date such as 2024-01-31`);
}

/** Git reads a thirteenth month as another one. */
function isNoDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day;
}

/** Above those of `safely`: no transport may be used, whatever a partial clone lacks, and no signature is checked. */
const offline = ['-c', 'protocol.allow=never', '-c', 'log.showSignature=false', '-c', 'log.showRoot=false'];

interface ReadCommit extends Commit {
  readonly hasParent: boolean;
}

/** The commits of a range as Git prints them, newest first. */
export async function* readCommits(
  root: string,
  range: readonly string[],
  { commits, parents, signal }: Pick<HistoryOptions, 'commits' | 'parents' | 'signal'>,
): AsyncGenerator<ReadCommit> {
  const shape = ['--raw', '-z', '--no-abbrev', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-relative'];
  const plain = [
    '--no-color',
    '--no-notes',
    '--no-mailmap',
    '--no-decorate',
    '--ignore-submodules=none',
    '-O/dev/null',
  ];
  const walk = parents === 'all' ? ['--no-merges'] : ['--first-parent', '-m'];
  const count = commits === undefined ? [] : [`--max-count=${commits}`];
  const args = [
    ...safely,
    ...offline,
    'log',
    ...count,
    ...walk,
    ...shape,
    ...plain,
    `--format=${FORMAT}`,
    ...range,
    '--',
  ];
  const child = spawn('git', args, {
    cwd: root,
    env: gitEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...(signal && { signal }),
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < 10_000) complaint += text;
  });
  const done = new Promise<string | undefined>((finish) => {
    child.once('error', (error) => finish(sentence(error)));
    child.once('close', (code) => finish(code === 0 ? undefined : reasonOf(complaint) || `git log ended with ${code}`));
  });
  try {
    const reader = new LogReader();
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) yield* reader.read(chunk);
    const failure = await done;
    if (failure !== undefined) throw new Error(failure);
    yield* reader.end();
  } finally {
    child.kill();
  }
}

function sentence(error: Error): string {
  return 'code' in error && error.code === 'ENOENT' ? 'git is not installed, or not in PATH' : error.message;
}

function reasonOf(complaint: string): string {
  if (/lazy fetch|promisor|transport '/.test(complaint))
    return 'this partial clone lacks the folders of older commits; git fetch --refetch --filter=blob:none brings them';
  const lines = complaint.split('\n');
  return (lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines[0] ?? '').replace(/^(?:fatal|error): /, '');
}

/** A letter, so that no field is empty or like another; then id, time and parents. */
const FORMAT = 'c%H %ct %P';

/** Reads the fields of `git log -z --raw`: headers as in `FORMAT`, `:MODE MODE BLOB BLOB STATUS`, and behind each of those a path. */
class LogReader {
  #rest: Buffer = Buffer.alloc(0);
  #current: { id: string; time: number; hasParent: boolean; changes: PathChange[] } | undefined;
  #change: Omit<PathChange, 'path'> | undefined;
  readonly #paths = new Map<string, string>();

  *read(chunk: Buffer): Generator<ReadCommit> {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, start)) {
      const complete = this.#field(bytes.toString('utf8', start, end));
      if (complete) yield complete;
      start = end + 1;
    }
    this.#rest = bytes.subarray(start);
  }

  *end(): Generator<ReadCommit> {
    const complete = this.#field(this.#rest.toString('utf8'));
    if (complete) yield complete;
    if (this.#current) yield this.#current;
  }

  #field(text: string): ReadCommit | undefined {
    if (this.#change) {
      this.#current?.changes.push({ path: this.#one(text), ...this.#change });
      this.#change = undefined;
      return undefined;
    }
    const field = text.startsWith('\n') ? text.slice(1) : text;
    if (field.startsWith(':')) this.#change = readChange(field);
    if (!field.startsWith('c')) return undefined;
    const complete = this.#current;
    const [id = '', time = '', ...parents] = field.slice(1).trimEnd().split(' ');
    this.#current = { id, time: Number(time), hasParent: parents.length > 0, changes: [] };
    return complete;
  }

  /** One string for all mentions of a path. */
  #one(path: string): string {
    const known = this.#paths.get(path);
    if (known !== undefined) return known;
    this.#paths.set(path, path);
    return path;
  }
}

function readChange(field: string): Omit<PathChange, 'path'> {
  const [oldMode = '', newMode = '', oldBlob = '', newBlob = ''] = field.slice(1).split(' ');
  return { before: stateOf(oldMode, oldBlob), after: stateOf(newMode, newBlob) };
}

function stateOf(mode: string, blob: string): BlobState | undefined {
  return mode === '000000' ? undefined : { blob, mode: Number.parseInt(mode, 8) };
}

async function pathsOf(root: string, head: string): Promise<readonly string[] | undefined> {
  const listed = await git(root, [...offline, 'ls-tree', '-r', '-z', '--name-only', '--full-tree', head]).catch(
    () => undefined,
  );
  return listed?.split('\0').filter(Boolean);
}

async function whyShort(
  root: string,
  found: number,
  reachedStart: boolean,
  { since, commits = defaultCommits }: HistoryOptions,
): Promise<string | undefined> {
  const shallow = (await git(root, ['rev-parse', '--is-shallow-repository'])).trim() === 'true';
  const have = `${found === 0 ? 'no commit' : found === 1 ? 'only 1 commit' : `only ${found} commits`} of history`;
  if (shallow && reachedStart) return `${have}: the clone is shallow; git fetch --unshallow brings the rest`;
  if (since !== undefined) return found === 0 ? `no commit since ${since}` : undefined;
  return found === 0 ? 'the repository has only its first commit' : `${have}, not ${commits}`;
}
