import { realpathSync } from 'node:fs';
import path from 'node:path';
import { contextCommits, type PastOfContext } from '../cache/history.js';
import { housekeepingOf } from '../cache/housekeeping.js';
import { proposeOrder } from '../cache/order.js';
import type { BuildContext } from '../model/context.js';
import { type History, type HistoryOptions, historyOf } from './git-history.js';

/** The history of the repository that holds a build context, as changes of the context. */
export interface ContextHistory extends Omit<PastOfContext, 'targets'> {
  readonly history: History;
}

/**
 * `root` is the folder of the context, absolute; the ignore file that it has today counts for all commits. Files that are not
 * in Git never change here. Rejects with a sentence for the user where there is no history.
 */
export async function contextHistoryOf(
  root: string,
  context: Pick<BuildContext, 'ignoreFile'> | undefined,
  options: HistoryOptions = {},
): Promise<ContextHistory> {
  const history = await historyOf(root, options);
  const inner = slashes(path.relative(realpath(history.root), realpath(root)));
  const commits = contextCommits(history.commits, {
    folder: inner,
    ignoreFile: context?.ignoreFile?.file,
    newestPaths: history.newestPaths,
  });
  const prefix = inner === '' ? '' : `${inner}/`;
  const paths = history.newestPaths?.flatMap((one) => (one.startsWith(prefix) ? [one.slice(prefix.length)] : []));
  return { commits, history, paths, propose: proposeOrder, housekeeping: housekeepingOf };
}

function realpath(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return path.resolve(folder);
  }
}

function slashes(file: string): string {
  return path.sep === '/' ? file : file.split(path.sep).join('/');
}
