import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a folder a repository in which `commits` say, one after another, which file was edited. */
export function makeHistory(folder: string, commits: readonly string[]): void {
  git(folder, 'init', '--quiet');
  commit(folder, 'start');
  for (const file of commits) {
    appendFileSync(join(folder, file), '\n');
    commit(folder, `Edit ${file}`);
  }
}

function commit(folder: string, message: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', message);
}

function git(folder: string, ...args: readonly string[]): void {
  const own = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  const { status, stderr } = spawnSync('git', [...own, ...args], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}
