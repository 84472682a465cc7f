// What the advisor would save in repositories as they are today, which nobody chose for it.
//   npm run build && npx tsc && node bench/proposals.mjs --work FOLDER --out FILE [--commits 300] [--files 14] FOLDER…
// Each FOLDER holds repositories: clones named OWNER__NAME, or mirrors OWNER+NAME/repo. Each is cloned into the folder of --work, with
// its objects left where they are; nothing in it is run, and nobody is asked for anything. Of each repository up to --files Dockerfiles
// count, spread over all of them by path. FILE gets a line of JSON per Dockerfile; repositories that have one are skipped.
//   node bench/proposals.mjs --summary FILE
// prints the means.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { kindOfName } from '../out/server/project/dockerfile-name.js';
import { checkOut, git, runLayerwise } from './mend-costs.mjs';
import { repositoriesIn } from './repositories.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    work: { type: 'string' },
    out: { type: 'string' },
    commits: { type: 'string', default: '300' },
    files: { type: 'string', default: '14' },
    summary: { type: 'string' },
  },
});
process.env.GIT_NO_LAZY_FETCH = '1';
process.env.GIT_LFS_SKIP_SMUDGE = '1';
const kinds = { proved: [], clean: ['--clean-checkout'], unsafe: ['--unsafe'] };

if (values.summary) summarize(lines(values.summary));
else await measure();

function lines(file) {
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
}

async function measure() {
  const done = new Set(lines(values.out).map(({ repository }) => repository));
  for (const { repository, from } of repositoriesIn(positionals)) {
    if (done.has(repository)) continue;
    const clone = path.join(values.work, repository.replace('/', '__'));
    mkdirSync(values.work, { recursive: true });
    if (!existsSync(clone)) git(values.work, 'clone', '-q', '--no-checkout', '--shared', from, clone);
    checkOut(clone, git(clone, 'rev-parse', 'HEAD').trim());
    const files = dockerfilesOf(clone);
    for (const file of files)
      appendFileSync(values.out, `${JSON.stringify(await proposalsOf(repository, clone, file))}\n`);
    if (files.length === 0) appendFileSync(values.out, `${JSON.stringify({ repository, none: true })}\n`);
  }
}

function dockerfilesOf(clone) {
  const all = git(clone, 'ls-files', '-z')
    .split('\0')
    .filter((file) => kindOfName(path.basename(file)) === 'dockerfile')
    .sort();
  const most = Number(values.files);
  return all.length <= most
    ? all
    : Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)]);
}

async function proposalsOf(repository, clone, file) {
  const found = { repository, file };
  for (const [kind, options] of Object.entries(kinds)) {
    const { stdout, stderr, code } = await runLayerwise(
      clone,
      'order',
      file,
      '--no-config',
      '--format',
      'json',
      '--commits',
      values.commits,
      ...options,
    );
    if (code !== 0) return { ...found, error: stderr.trim().split('\n')[0] };
    const report = JSON.parse(stdout);
    const [before, after] = [report.expected.secondsPerCommit, report.proposed?.expected.secondsPerCommit];
    found.commits = report.commits;
    found.before = before;
    found[kind] = after === undefined || before === 0 ? 0 : 1 - after / before;
    found[`${kind}Text`] = report.proposed?.diff;
    found[`${kind}Kept`] = report.kept;
    if (kind === 'unsafe') continue;
    const seconds = await withMounts(clone, file, report.proposed?.text);
    found[`${kind}, mounts`] = seconds === undefined || before === 0 ? found[kind] : 1 - seconds / before;
  }
  return found;
}

/** Expected seconds per commit of a text, the author's where none is given, with the cache mounts that the linter advises. */
async function withMounts(clone, file, text) {
  if (text !== undefined) writeFileSync(path.join(clone, file), text);
  try {
    const mounts = ['--fix', '--fix-only', 'missing-cache-mount', '--unsafe-fixes'];
    await runLayerwise(clone, 'lint', file, '--no-config', ...mounts);
    const options = ['--no-config', '--format', 'json', '--commits', values.commits];
    const { stdout, code } = await runLayerwise(clone, 'replay', file, ...options);
    return code === 0 ? JSON.parse(stdout).expected.secondsPerCommit : undefined;
  } finally {
    git(clone, 'checkout', '-q', '--', file);
  }
}

function summarize(all) {
  const files = all.filter(({ none, error }) => !none && !error);
  const mean = (list) =>
    list.length === 0 ? '-' : `${((100 * list.reduce((sum, one) => sum + one, 0)) / list.length).toFixed(0)} %`;
  console.log(
    `${new Set(all.map(({ repository }) => repository)).size} repositories, ${all.filter(({ none }) => !none).length} files, ${all.filter(({ error }) => error).length} rejected`,
  );
  for (const kind of ['proved', 'clean', 'proved, mounts', 'clean, mounts', 'unsafe']) {
    const gained = files.filter((one) => one[kind] > 0);
    const worth = gained.filter((one) => one[kind] >= 0.1 && one.commits >= 20);
    const repositories = new Set(gained.map(({ repository }) => repository)).size;
    console.log(
      `${kind}: ${gained.length} files of ${repositories} repositories, mean ${mean(gained.map((one) => one[kind]))}; 10 % or more: ${worth.length} files, mean ${mean(worth.map((one) => one[kind]))}`,
    );
  }
}
