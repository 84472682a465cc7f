import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ChangedLines } from './git-diff.js';
import { parseDiff } from './git-diff.js';

/** Lines changed since a revision, by absolute path; a file that is not listed has not changed. */
export type ChangedFiles = ReadonlyMap<string, ChangedLines>;

const run = promisify(execFile);

/** Nothing a repository configures may run: no hooks, pager, file system monitor, external diff or text conversion. */
export const safely = [
  '--no-pager',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.quotePath=true',
];
const diffOptions = [
  '--unified=0',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--find-renames',
  '--no-indent-heuristic',
];
const diffShape = ['--diff-algorithm=myers', '--src-prefix=a/', '--dst-prefix=b/', '--ignore-submodules'];

/**
 * What changed between the point where HEAD left `revision` and the files on disk, untracked files included.
 * Rejects with a sentence for the user when Git is missing, the folder is in no repository or the revision is unknown.
 */
export async function changedSince(folder: string, revision: string): Promise<ChangedFiles> {
  const root = (await git(folder, ['rev-parse', '--show-toplevel'])).replace(/\r?\n$/, '');
  const commit = await commitOf(root, revision);
  const diff = await git(root, ['diff', ...diffOptions, ...diffShape, commit, '--']);
  const untracked = await git(root, ['ls-files', '--others', '--exclude-standard', '-z']);
  const changed = new Map<string, ChangedLines>();
  for (const [file, lines] of parseDiff(diff)) changed.set(path.join(root, file), lines);
  for (const file of untracked.split('\0')) if (file) changed.set(path.join(root, file), 'all');
  return changed;
}

/** The merge base with HEAD, so that what others did since on `revision` does not count; the commit itself where there is none (a shallow clone). */
export async function commitOf(root: string, revision: string): Promise<string> {
  if (revision.startsWith('-')) throw new Error(`${JSON.stringify(revision)} is not a revision`);
  const commit = await git(root, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]).catch(() => {
    throw new Error(`Git knows no revision ${JSON.stringify(revision)} here; in CI, fetch it first`);
  });
  const base = await git(root, ['merge-base', commit.trim(), 'HEAD']).catch(() => commit);
  return base.trim();
}

/** Runs Git and gives its output; rejects with a sentence for the user. */
export async function git(folder: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('git', [...safely, ...args], {
      cwd: folder,
      env: gitEnvironment(),
      maxBuffer: 1 << 30,
      windowsHide: true,
    });
    return stdout;
  } catch (error) {
    throw new Error(reasonOf(error, folder));
  }
}

function reasonOf(error: unknown, folder: string): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return 'git is not installed, or not in PATH';
  const stderr = 'stderr' in error ? String(error.stderr).trim() : '';
  if (/not a git repository/.test(stderr)) return `${folder} is not in a Git repository`;
  const owned = /dubious ownership in repository at '(.+)'/.exec(stderr)?.[1];
  if (owned !== undefined)
    return `${owned} belongs to another user, so Git does not read it; allow it with git config --global --add safe.directory ${JSON.stringify(owned)}`;
  return stderr.replace(/^fatal: /, '').split('\n')[0] || error.message;
}

/** No prompts, no locks, no downloads of missing objects, messages in English. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  };
}
