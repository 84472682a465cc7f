import type { IgnoreFile } from '../syntax/dockerignore.js';
import { parentOf } from '../syntax/go-path.js';
import type { Housekeeping } from './housekeeping.js';
import type { OrderInput, OrderProposal } from './order.js';
import { type SentPaths, sentPaths } from './sent-paths.js';
import type { FileChange } from './side.js';

/** What a commit or its parent holds at a path. */
export interface BlobState {
  /** Git's id of the content; of a submodule the commit. */
  readonly blob: string;
  /** Git's: 0o100644, 0o100755, 0o120000 (symlink), 0o160000 (submodule). */
  readonly mode: number;
}

/** A path that differs between a commit and its parent; a rename is a deletion and an addition. */
export interface PathChange {
  /** Relative to the repository, separator `/`. */
  readonly path: string;
  /** Undefined where the path is new. */
  readonly before: BlobState | undefined;
  /** Undefined where the path is gone. */
  readonly after: BlobState | undefined;
}

export interface Commit {
  readonly id: string;
  /** Committer's, in seconds since 1970. */
  readonly time: number;
  readonly changes: readonly PathChange[];
}

/** A commit as the build sees it: what of the context it changes, after the ignore file. */
export interface ContextCommit {
  readonly id: string;
  readonly files: readonly FileChange[];
}

/** What is known of a context's past. */
export interface PastOfContext {
  /** Newest first. */
  readonly commits: readonly ContextCommit[];
  /** All paths of the context that the newest commit has; undefined where that is not known. */
  readonly paths: readonly string[] | undefined;
  /** Stages besides the last one that somebody builds for themselves, by name. */
  readonly targets: readonly string[];
  /** `proposeOrder`: a rule takes it from here, so that it is loaded only with a history. */
  readonly propose: (input: OrderInput) => OrderProposal | undefined;
  /** `housekeepingOf`, for the same reason. */
  readonly housekeeping: (input: OrderInput, isAllowed?: (name: string) => boolean) => Housekeeping | undefined;
}

export interface ContextHistoryOptions {
  /** Folder of the context in the repository (`services/api`), '' where both are one. */
  readonly folder: string;
  /** That of today decides for all commits; undefined where all files are sent. */
  readonly ignoreFile?: IgnoreFile | undefined;
  /**
   * All paths that the newest commit has, if the commits are one line of first parents: then folders that come and go are
   * seen as well, for an empty folder is sent too.
   */
  readonly newestPaths?: Iterable<string> | undefined;
}

/** The commits (newest first) as changes of a build context. Linear in the changes. */
export function contextCommits(commits: readonly Commit[], options: ContextHistoryOptions): readonly ContextCommit[] {
  const toContext = contextPath(options.folder);
  const sent = sentPaths(options.ignoreFile);
  const known = new Map<string, boolean>();
  const isSent = (path: string) => {
    let answer = known.get(path);
    if (answer === undefined) {
      answer = sent.isSent(path);
      known.set(path, answer);
    }
    return answer;
  };
  const folders = options.newestPaths && new FolderCounts(sent, isSent);
  for (const path of options.newestPaths ?? []) folders?.add(toContext(path) ?? '', 1);
  folders?.take();
  return commits.map(({ id, changes }) => {
    const files: FileChange[] = [];
    for (const change of changes) {
      const path = toContext(change.path);
      const kind = kindOf(change);
      if (path === undefined || kind === undefined) continue;
      if (isSent(path)) files.push({ path, kind, folder: false });
      if (kind === 'added') folders?.add(path, -1);
      if (kind === 'deleted') folders?.add(path, 1);
    }
    if (folders) files.push(...folders.take());
    return { id, files };
  });
}

/** What kind of change it is to a builder; undefined where it is none. */
export function kindOf({ before, after }: PathChange): FileChange['kind'] | undefined {
  if (!before || !after) return after ? 'added' : before && 'deleted';
  if ((before.mode & FORMAT) !== (after.mode & FORMAT)) return 'type';
  if (before.mode !== after.mode) return 'mode';
  return before.blob === after.blob ? undefined : 'content';
}

/** The bits of a mode that say what a file is. */
const FORMAT = 0o170000;

function contextPath(folder: string): (path: string) => string | undefined {
  if (folder === '') return (path) => path;
  const prefix = `${folder}/`;
  return (path) => (path.startsWith(prefix) ? path.slice(prefix.length) : undefined);
}

/** How many files lie below each folder, at any depth, while the history is followed backwards. */
class FolderCounts {
  readonly #sent: SentPaths;
  readonly #isSent: (file: string) => boolean;
  readonly #counts = new Map<string, number>();
  /** Folders that were touched, with the count from before. */
  #touched = new Map<string, number>();

  constructor(sent: SentPaths, isSent: (file: string) => boolean) {
    this.#sent = sent;
    this.#isSent = isSent;
  }

  add(file: string, count: number): void {
    const isSent = this.#isSent(file);
    for (let folder = parentOf(file); folder !== ''; folder = parentOf(folder)) {
      if (!isSent && this.#sent.folder(folder) !== 'sent') continue;
      const now = this.#counts.get(folder) ?? 0;
      if (!this.#touched.has(folder)) this.#touched.set(folder, now);
      this.#counts.set(folder, now + count);
    }
  }

  /** Folders that came or went with the commit whose changes were added since the last time. */
  take(): readonly FileChange[] {
    const found: FileChange[] = [];
    for (const [path, after] of this.#touched) {
      const before = this.#counts.get(path) ?? 0;
      if (after > 0 && before <= 0) found.push({ path, kind: 'added', folder: true });
      if (after <= 0 && before > 0) found.push({ path, kind: 'deleted', folder: true });
    }
    this.#touched = new Map();
    return found;
  }
}
