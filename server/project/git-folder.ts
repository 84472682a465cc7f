import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the repository of a working tree lies: in a worktree or submodule `.git` is a file that names the folder. */
export function gitFolderOf(root: string): string {
  const dotGit = path.join(root, '.git');
  const named = /^gitdir: (.+?)\r?\n?$/.exec(readIfThere(dotGit) ?? '')?.[1];
  return named === undefined ? dotGit : path.resolve(root, named);
}

export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
