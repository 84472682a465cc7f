import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { type Measures, measuresOf } from '../cache/measures.js';
import type { BuildContext } from '../model/context.js';
import { createContextFinder } from '../project/find-context.js';
import { repositoryRoot } from '../project/git-ignore.js';
import { buildFilesAbove } from '../project/known-builds.js';
import { findMeasures, readMeasures } from '../project/measure-file.js';
import { pathOfUri } from './file-uri.js';
import type { HistoryReader, Past } from './past.js';

/** Reads histories with the `git` of the machine; each once per newest commit. */
export function nodeHistory(): HistoryReader {
  return new NodeHistory();
}

const windows = path.sep === '\\';

/** Git writes several files for one commit. */
const SETTLED = 300;

interface Known {
  readonly stamp: string;
  readonly past: Promise<Past>;
}

class NodeHistory implements HistoryReader {
  readonly #known = new Map<string, Known>();
  readonly #watchers = new Map<string, FSWatcher | undefined>();
  readonly #listeners: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  async read(contextUri: string, dockerfileUri: string, context: BuildContext): Promise<Past> {
    const [root, dockerfile] = [contextUri, dockerfileUri].map((uri) => pathOfUri(uri, windows));
    if (root === undefined || dockerfile === undefined) throw new Error('the Dockerfile is not on a disk');
    const repository = repositoryRoot(root);
    if (repository === undefined) throw new Error('the build context is not in a Git repository');
    const folder = gitFolder(repository);
    this.#watch(path.join(folder, 'logs'));
    const measures = findMeasures(path.dirname(dockerfile));
    const ignoreFile = context.ignoreFile?.file.text ?? '';
    const builds = buildFilesAbove(dockerfile, repository).map((file) => `${file} ${fileStamp(file)}`);
    const stamp = [headStamp(folder), measures && fileStamp(measures), ignoreFile, ...builds].join('\0');
    const key = `${root}\0${dockerfile}`;
    const known = this.#known.get(key);
    if (known?.stamp === stamp) return known.past;
    const past = readPast(root, dockerfile, measures, context);
    this.#known.set(key, { stamp, past });
    return past;
  }

  onCommit(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Without a watch the history is as fresh as the last question. */
  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#changed());
      watcher.on('error', () => watcher.close());
      this.#watchers.set(folder, watcher);
    } catch {
      this.#watchers.set(folder, undefined);
    }
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const listener of this.#listeners) listener();
    }, SETTLED);
  }
}

async function readPast(
  root: string,
  dockerfile: string,
  measures: string | undefined,
  context: BuildContext,
): Promise<Past> {
  const { contextHistoryOf } = await import('../project/context-history.js');
  const { commits, paths, propose, housekeeping, history } = await contextHistoryOf(root, context);
  const [newest, oldest] = [history.commits[0], history.commits.at(-1)].map(
    (commit) => commit && { id: commit.id, day: new Date(commit.time * 1000).toISOString().slice(0, 10) },
  );
  return {
    commits,
    paths,
    targets: await createContextFinder(path.dirname(dockerfile)).targetsOf(dockerfile),
    propose,
    housekeeping,
    shown: { commits: commits.length, newest, oldest, short: history.short },
    measures: measures === undefined ? undefined : readTimes(measures),
  };
}

function readTimes(file: string): Measures | undefined {
  const read = readMeasures(file);
  return 'error' in read ? undefined : measuresOf(read.steps);
}

/** In a work tree beside the repository `.git` is a file that names the folder. */
function gitFolder(repository: string): string {
  const entry = path.join(repository, '.git');
  const named = /^gitdir: (.*)/.exec(textOf(entry))?.[1]?.trim();
  return named === undefined ? entry : path.resolve(repository, named);
}

/** Differs after every commit and checkout. */
function headStamp(folder: string): string {
  const head = textOf(path.join(folder, 'HEAD'));
  const branch = /^ref: (.*)/.exec(head)?.[1]?.trim();
  const commit = branch === undefined ? '' : textOf(path.join(folder, branch));
  return [head, commit, fileStamp(path.join(folder, 'logs', 'HEAD'))].join('\0');
}

function fileStamp(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size}` : '';
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
