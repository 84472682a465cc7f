import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { contextCommits } from '../../server/cache/history.js';
import { historyOf } from '../../server/project/git-history.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

describe('historyOf', () => {
  let folder: TemporaryFolder;
  let clones: TemporaryFolder;

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder.path,
      stdio: 'pipe',
      encoding: 'utf8',
      env: { ...process.env, GIT_COMMITTER_DATE: date },
    });
  let date = '';
  const commit = (subject: string, at = '2024-01-01T00:00:00Z') => {
    date = at;
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', subject);
  };
  const clone = (...options: string[]) => {
    const target = path.join(clones.path, 'clone');
    git('-c', 'protocol.file.allow=always', 'clone', '-q', ...options, pathToFileURL(folder.path).href, target);
    return target;
  };
  const changes = async (options: Parameters<typeof historyOf>[1] = {}, where = folder.path) => {
    const { commits } = await historyOf(where, options);
    return contextCommits(commits, { folder: '' }).map(({ files }) => files.map(({ kind, path }) => `${kind} ${path}`));
  };

  beforeEach(() => {
    clones = temporaryFolder();
    folder = temporaryFolder({ 'a.txt': 'a\n', 'src/b.js': '1\n' });
    git('init', '-q', '-b', 'main');
    git('config', 'uploadpack.allowFilter', 'true');
    commit('first');
  });
  afterEach(() => {
    folder.remove();
    clones.remove();
  });

  it('lists what each commit changed, the newest first, without the first commit of all', async () => {
    folder.write('src/b.js', '2\n');
    folder.write('ü b.txt', 'new\n');
    commit('second');
    commit('empty');
    git('rm', '-q', 'a.txt');
    git('update-index', '--chmod=+x', 'src/b.js');
    git('commit', '-q', '-m', 'third');
    assert.deepEqual(await changes(), [['deleted a.txt', 'mode src/b.js'], [], ['content src/b.js', 'added ü b.txt']]);
  });

  it('gives the blobs and modes of both sides', async () => {
    folder.write('a.txt', 'b\n');
    commit('second');
    const { commits, newestPaths } = await historyOf(folder.path);
    const blob = (revision: string) => git('rev-parse', `${revision}:a.txt`).trim();
    assert.deepEqual(commits[0]?.changes, [
      {
        path: 'a.txt',
        before: { blob: blob('HEAD^'), mode: 0o100644 },
        after: { blob: blob('HEAD'), mode: 0o100644 },
      },
    ]);
    assert.deepEqual(newestPaths, ['a.txt', 'src/b.js']);
  });

  it('takes a rename for a deletion and an addition, whatever the configuration says', async () => {
    git('config', 'diff.renames', 'copies');
    git('config', 'diff.relative', 'true');
    git('mv', 'a.txt', 'z.txt');
    commit('renamed');
    assert.deepEqual(await changes({}, path.join(folder.path, 'src')), [['deleted a.txt', 'added z.txt']]);
  });

  it('sees a merge as one change, or the commits that were merged', async () => {
    git('switch', '-q', '-c', 'work');
    folder.write('one', '1\n');
    commit('one');
    folder.write('two', '2\n');
    commit('two');
    git('switch', '-q', 'main');
    git('merge', '-q', '--no-ff', '-m', 'merge', 'work');
    assert.deepEqual(await changes(), [['added one', 'added two']]);
    assert.deepEqual(await changes({ parents: 'all' }), [['added two'], ['added one']]);
  });

  it('stops after a number of commits, a revision or a date', async () => {
    for (const [index, month] of ['02', '03', '04'].entries()) {
      folder.write('a.txt', `${index}\n`);
      commit(`commit ${index}`, `2024-${month}-01T00:00:00Z`);
    }
    const count = async (options: Parameters<typeof historyOf>[1]) =>
      (await historyOf(folder.path, options)).commits.length;
    assert.equal(await count({ commits: 2 }), 2);
    assert.equal(await count({ since: 'HEAD~1' }), 1);
    assert.equal(await count({ since: '2024-02-15' }), 2);
    assert.equal(await count({ head: 'HEAD~1' }), 2);
    await assert.rejects(
      count({ since: 'nonsense' }),
      /"nonsense" is neither a revision that Git knows here nor a date/,
    );
    await assert.rejects(count({ since: '--output=x' }), /neither a revision/);
    for (const since of ['2024-13-01', '2023-02-29', '2024-00-10'])
      await assert.rejects(count({ since }), /neither a revision/, since);
    await assert.rejects(count({ head: 'nowhere' }), /Git knows no revision "nowhere" here/);
  });

  it('says when there is less history than was asked for', async () => {
    assert.equal((await historyOf(folder.path)).short, 'the repository has only its first commit');
    folder.write('a.txt', 'b\n');
    commit('second');
    assert.equal((await historyOf(folder.path, { commits: 1 })).short, undefined);
    assert.equal((await historyOf(folder.path, { commits: 50 })).short, 'only 1 commit of history, not 50');
    assert.equal((await historyOf(folder.path, { since: '2030-01-01' })).short, 'no commit since 2030-01-01');
  });

  it('does not take the end of a shallow clone for a commit that adds everything', async () => {
    for (const text of ['1', '2', '3']) {
      folder.write('a.txt', text);
      commit(text);
    }
    const { commits, short } = await historyOf(clone('--depth=3'));
    assert.deepEqual(
      commits.map((one) => one.changes.map(({ path: name }) => name)),
      [['a.txt'], ['a.txt']],
    );
    assert.equal(short, 'only 2 commits of history: the clone is shallow; git fetch --unshallow brings the rest');
  });

  it('needs no blob in a partial clone, and fetches none', async () => {
    for (const text of ['1', '2', '3']) {
      folder.write('a.txt', text);
      commit(text);
    }
    const partial = clone('--filter=blob:none', '--no-checkout');
    const packs = () => readdirSync(path.join(partial, '.git/objects/pack')).toSorted();
    const before = packs();
    assert.deepEqual(await changes({}, partial), [['content a.txt'], ['content a.txt'], ['content a.txt']]);
    assert.deepEqual(packs(), before);
  });

  it('fails with a sentence rather than fetch trees that a clone lacks', async () => {
    folder.write('src/b.js', '2\n');
    commit('second');
    const treeless = clone('--filter=tree:0', '--no-checkout');
    const packs = () => readdirSync(path.join(treeless, '.git/objects/pack')).length;
    const before = packs();
    await assert.rejects(historyOf(treeless), /partial clone lacks the folders of older commits; git fetch --refetch/);
    assert.equal(packs(), before);
  });

  it('runs nothing that the repository configures', async () => {
    const trace = path.join(clones.path, 'ran');
    for (const key of ['diff.external', 'core.fsmonitor', 'core.pager', 'pager.log', 'gpg.program', 'diff.x.textconv'])
      git('config', key, `touch ${trace}; cat`);
    git('config', 'log.showSignature', 'true');
    folder.write('.gitattributes', '* diff=x\n');
    folder.write('a.txt', 'b\n');
    git('-c', 'core.fsmonitor=false', 'add', '-A');
    git('-c', 'core.fsmonitor=false', 'commit', '-q', '-m', 'second');
    if (existsSync(trace)) assert.fail('the test itself ran it');
    assert.deepEqual(await changes(), [['added .gitattributes', 'content a.txt']]);
    assert.equal(existsSync(trace), false);
  });

  it('tells why there is no history', async () => {
    await assert.rejects(historyOf(clones.path), /is not in a Git repository/);
    const empty = temporaryFolder();
    execFileSync('git', ['init', '-q'], { cwd: empty.path });
    await assert.rejects(historyOf(empty.path), /the repository has no commit yet/);
    empty.remove();
  });

  it('stops when it is told to', async () => {
    await assert.rejects(historyOf(folder.path, { signal: AbortSignal.abort() }), /abort/i);
  });
});
