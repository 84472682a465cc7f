import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { changedSince } from '../../server/project/git-files.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

describe('changedSince', () => {
  let folder: TemporaryFolder;

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder.path,
      stdio: 'pipe',
    });
  const commit = (subject: string) => {
    git('add', '-A');
    git('commit', '-q', '-m', subject);
  };
  const changes = async (revision: string) =>
    Object.fromEntries(
      [...(await changedSince(folder.path, revision))].map(([file, lines]) => [
        path.relative(folder.path, file),
        lines,
      ]),
    );

  beforeEach(() => {
    folder = temporaryFolder({ Dockerfile: 'FROM alpine\nRUN a\nRUN b\n', '.gitignore': 'ignored\n' });
    git('init', '-q', '-b', 'main');
    commit('first');
  });
  afterEach(() => folder.remove());

  it('sees committed, staged, unstaged and untracked work', async () => {
    git('switch', '-q', '-c', 'work');
    folder.write('Dockerfile', 'FROM alpine\nRUN changed\nRUN b\n');
    commit('second');
    folder.write('staged', 'x\n');
    git('add', 'staged');
    folder.write('Dockerfile', 'FROM alpine\nRUN changed\nRUN b\nRUN c\n');
    folder.write('api/Dockerfile', 'FROM alpine\n');
    folder.write('ignored', 'x\n');
    assert.deepEqual(await changes('main'), {
      Dockerfile: [
        { start: 1, end: 2 },
        { start: 3, end: 4 },
      ],
      staged: 'all',
      'api/Dockerfile': 'all',
    });
  });

  it('does not count what others did on the revision meanwhile', async () => {
    git('switch', '-q', '-c', 'work');
    folder.write('other', 'x\n');
    commit('mine');
    git('switch', '-q', 'main');
    folder.write('Dockerfile', 'FROM alpine\nRUN theirs\nRUN b\n');
    commit('theirs');
    git('switch', '-q', 'work');
    assert.deepEqual(await changes('main'), { other: 'all' });
  });

  it('works from a folder below the root', async () => {
    folder.write('api/Dockerfile', 'FROM alpine\n');
    folder.write('Dockerfile', 'FROM alpine\nRUN a\n');
    const changed = await changedSince(path.join(folder.path, 'api'), 'HEAD');
    assert.deepEqual([...changed.keys()].sort(), [
      path.join(folder.path, 'Dockerfile'),
      path.join(folder.path, 'api/Dockerfile'),
    ]);
  });

  it('runs nothing that the repository configures', async () => {
    const trap = path.join(folder.path, 'trapped');
    const command = `touch ${trap}`;
    for (const key of ['core.fsmonitor', 'core.pager', 'diff.external', 'diff.trap.textconv', 'diff.trap.command'])
      git('config', key, command);
    folder.write('.gitattributes', '* diff=trap\n');
    folder.write('Dockerfile', 'FROM debian\n');
    const changed = await changedSince(folder.path, 'HEAD');
    assert.ok(changed.has(path.join(folder.path, 'Dockerfile')));
    assert.equal(existsSync(trap), false);
  });

  it('says so where the revision is unknown or looks like an option', async () => {
    await assert.rejects(changedSince(folder.path, 'nowhere'), /no revision "nowhere"/);
    await assert.rejects(changedSince(folder.path, '--output=x'), /is not a revision/);
    assert.equal(existsSync(path.join(folder.path, 'x')), false);
  });

  it('says so outside a repository', async () => {
    const outside = temporaryFolder();
    await assert.rejects(changedSince(outside.path, 'HEAD'), /not in a Git repository/);
    outside.remove();
  });

  it('says how to let Git read a repository of another user', async () => {
    // Git's own test suite has it so.
    process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = '1';
    try {
      await assert.rejects(changes('HEAD'), /belongs to another user.*git config --global --add safe\.directory "\//);
    } finally {
      delete process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER;
    }
  });
});
