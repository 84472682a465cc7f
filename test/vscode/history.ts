import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a folder a repository in which `commits` say, one a day, which file was edited. */
export function makeHistory(folder: string, commits: readonly string[]): void {
  git(folder, process.env, 'init', '--quiet');
  commit(folder, 'start');
  for (const [day, file] of commits.entries()) {
    appendFileSync(join(folder, file), '\n');
    commit(folder, `Edit ${file}`, day + 1);
  }
}

function commit(folder: string, message: string, day = 0): void {
  const date = new Date(Date.UTC(2026, 0, 5 + day, 12)).toISOString();
  const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  git(folder, env, 'add', '--all');
  git(folder, env, 'commit', '--quiet', '--message', message);
}

function git(folder: string, env: NodeJS.ProcessEnv, ...args: readonly string[]): void {
  const own = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  const { status, stderr } = spawnSync('git', [...own, ...args], { cwd: folder, encoding: 'utf8', env });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}
