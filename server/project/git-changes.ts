import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { commitOf, git, gitEnvironment, safely } from './git-files.js';

/** A file that differs between a commit and the files on disk. */
export interface ChangedFile {
  /** Absolute. */
  readonly path: string;
  /** What the commit holds; undefined for a new file. */
  readonly before:
    | { readonly type: 'file' | 'symlink'; readonly mode: number | undefined; readonly blob: string }
    | undefined;
}

export interface ChangesSince {
  /** Of the repository, absolute. */
  readonly root: string;
  readonly commit: string;
  readonly files: readonly ChangedFile[];
  /** Text of a blob; undefined where the repository lacks it. */
  read(blob: string): string | undefined;
  /** Text of a file (absolute path) in the commit; undefined where it is not there. */
  readFile(file: string): string | undefined;
}

/**
 * Which files changed since HEAD left a revision, uncommitted work and untracked files included. Rejects with a sentence for the user
 * where Git cannot tell.
 */
export async function changesSince(folder: string, revision: string): Promise<ChangesSince> {
  const root = (await git(folder, ['rev-parse', '--show-toplevel'])).replace(/\r?\n$/, '');
  const commit = await commitOf(root, revision);
  const raw = await git(root, [
    'diff',
    '--raw',
    '-z',
    '--no-renames',
    '--no-abbrev',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules',
    commit,
    '--',
  ]);
  const untracked = await git(root, ['ls-files', '--others', '--exclude-standard', '-z']);
  const files: ChangedFile[] = [...readRaw(root, raw)];
  for (const name of untracked.split('\0')) if (name) files.push({ path: path.join(root, name), before: undefined });
  return {
    root,
    commit,
    files,
    read: (blob) => show(root, blob),
    readFile: (file) => show(root, `${commit}:${path.relative(root, file).split(path.sep).join('/')}`),
  };
}

/** `:100644 100755 OLD NEW M\0path\0` */
function* readRaw(root: string, raw: string): Generator<ChangedFile> {
  const fields = raw.split('\0');
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', newMode = '', blob = '', , status = ''] = (fields[at] ?? '').slice(1).split(' ');
    const file = path.join(root, fields[at + 1] ?? '');
    if (status.startsWith('A') || oldMode === '000000') yield { path: file, before: undefined };
    else if (oldMode === '160000') continue;
    else {
      const sameMode = oldMode === newMode;
      const mode = sameMode ? undefined : Number.parseInt(oldMode.slice(-3), 8);
      yield { path: file, before: { type: oldMode === '120000' ? 'symlink' : 'file', mode, blob } };
    }
  }
}

function show(root: string, object: string): string | undefined {
  try {
    return execFileSync('git', [...safely, 'cat-file', 'blob', object], {
      cwd: root,
      env: gitEnvironment(),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
  } catch {
    return undefined;
  }
}
