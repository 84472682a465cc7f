// A sample, not chosen by hand, of what people gained by mending the order of a Dockerfile and of what the advisor would have made
// of it: all commits of some folders of repositories that put an install before the copy of the sources, found by machine.
//   npm run build && npx tsc && node bench/mended-orders.mjs --work FOLDER --out FILE [--without FILE] [--ask] [--answers FILE] FOLDER…
// Each FOLDER holds repositories: clones named OWNER__NAME, or mirrors OWNER+NAME/repo. Each is cloned into the folder of --work, with
// its objects left where they are; nothing in it is run, and nobody is asked for objects that it lacks.
// Of each repository the first two commits in time count that have at least 20 commits before them and whose order saves 10 % or more
// of the predicted seconds; of a commit the first Dockerfile by its path. At most eight commits are tried; those that save less are
// written too. --without names the repositories to leave out, a JSON list as evidence.json is; --only one to take.
// --ask asks the npm registry where the lockfile does not tell which packages have install scripts, of up to 3,000 such packages;
// --answers takes the answers from a file, { "NAME@VERSION": true, "NAME": false }, and counts all others as having none. Without both
// nobody is asked. --found only lists the mends.
// FILE gets a line of JSON per mend. Repositories with a line `{"done":…}` in it are skipped, so a run may be stopped and started again.
//   node bench/mended-orders.mjs --summary FILE
// prints the means.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { stageEffects } from '../out/server/cache/order/stage-effects.js';
import { buildOf } from '../out/server/model/build.js';
import { packageKey } from '../out/server/model/package-facts.js';
import { folderSource } from '../out/server/project/build-context.js';
import { openContext } from '../out/server/project/open-context.js';
import { parseDockerfile } from '../out/server/syntax/dockerfile.js';
import { checkOut, git, mendOf } from './mend-costs.mjs';
import { mendsOf } from './mend-search.mjs';
import { repositoriesIn } from './repositories.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    work: { type: 'string' },
    out: { type: 'string' },
    without: { type: 'string' },
    only: { type: 'string', multiple: true },
    ask: { type: 'boolean' },
    answers: { type: 'string' },
    found: { type: 'boolean' },
    summary: { type: 'string' },
    commits: { type: 'string', default: '500' },
  },
});
const LEAST_COMMITS = 20;
const LEAST_GAIN = 0.1;
const MENDS = 2;
const TRIES = 8;
const ASKED = 3000;

process.env.GIT_NO_LAZY_FETCH = '1';
process.env.GIT_LFS_SKIP_SMUDGE = '1';
process.env.GIT_TERMINAL_PROMPT = '0';

function cloneOf({ repository, from }) {
  const clone = path.join(path.resolve(values.work), repository.replace('/', '__'));
  mkdirSync(path.dirname(clone), { recursive: true });
  if (!existsSync(clone)) git(path.dirname(clone), 'clone', '-q', '--no-checkout', '--shared', from, clone);
  return clone;
}

const save = (row) => appendFileSync(values.out, `${JSON.stringify(row)}\n`);
const secondsOf = ({ report }) => report.expected.secondsPerCommit;

async function measureRepository(one) {
  const clone = cloneOf(one);
  const counted = new Set();
  const tried = new Set();
  for (const mend of mendsOf(clone)) {
    if (counted.has(mend.commit) || counted.size === MENDS || (!tried.has(mend.commit) && tried.size === TRIES))
      continue;
    if (Number(git(clone, 'rev-list', '--count', '--first-parent', `${mend.commit}^1`)) < LEAST_COMMITS) continue;
    tried.add(mend.commit);
    if (values.found) {
      console.log(one.repository, mend.commit.slice(0, 12), mend.dockerfile, mend.managers.join());
      continue;
    }
    try {
      const row = await measure(clone, { repository: one.repository, ...mend });
      if (row.counts) counted.add(mend.commit);
      save(row);
    } catch (error) {
      save({ repository: one.repository, ...mend, error: String(error.message).slice(0, 300) });
    }
  }
  rmSync(clone, { recursive: true, force: true });
}

async function measure(clone, one) {
  checkOut(clone, one.commit);
  const mend = mendOf(clone, one, values.commits);
  const { before, people } = mend;
  const first = await mend.replay(before);
  const seconds = { before: secondsOf(first), people: secondsOf(await mend.replay(people)) };
  const gain = seconds.before > 0 ? 1 - seconds.people / seconds.before : 0;
  const row = { ...one, commits: first.report.commits, seconds, counts: gain >= LEAST_GAIN };
  if (!row.counts) return row;
  const proved = await mend.order(before);
  const likely = await mend.order(before, '--unsafe');
  const { found: asked, doubtful, answers } = await orderAsked(clone, one, mend);
  for (const [name, { report }] of Object.entries({ proved, asked, likely }))
    seconds[name] = secondsOf(await mend.replay(report.proposed.text));
  for (const [name, { report }] of Object.entries({ proved, asked }))
    seconds[`${name}, mounts`] = secondsOf(
      await mend.replay(await mend.mounted(report.proposed.text, '--unsafe-fixes')),
    );
  writeFileSync(mend.file, people);
  return {
    ...row,
    doubtful,
    answers,
    kept: asked.report.kept,
    caveats: likely.report.moves,
    proposals: { asked: asked.report.proposed.diff, likely: likely.report.proposed.diff },
    diff: git(clone, 'diff', '--no-ext-diff', `${one.commit}^1`, one.commit, '--', one.dockerfile),
    text: before,
  };
}

/** The order with `--ask-registry --clean-checkout`; `doubtful` is how many packages somebody was, or would have been, asked about. */
async function orderAsked(clone, one, mend) {
  const keys = doubtfulPackages(clone, one, mend);
  const doubtful = keys.length;
  const order = (...options) => mend.order(mend.before, '--clean-checkout', ...options);
  if (doubtful === 0) return { found: await order(), doubtful, answers: 'none needed' };
  if (values.answers) {
    const known = JSON.parse(readFileSync(values.answers, 'utf8'));
    const nameOf = (key) => key.slice(0, key.lastIndexOf('@'));
    const entries = keys.map((key) => [key, known[key] ?? known[nameOf(key)] ?? false]);
    mkdirSync(path.join(clone, '.layerwise'), { recursive: true });
    const file = path.join(clone, '.layerwise', 'packages.json');
    writeFileSync(file, JSON.stringify({ version: 1, installScripts: Object.fromEntries(entries) }));
    return { found: await order(), doubtful, answers: 'from a file' };
  }
  if (!values.ask || doubtful > ASKED) return { found: await order(), doubtful, answers: 'not asked' };
  return { found: await order('--ask-registry'), doubtful, answers: 'from the registry' };
}

/** The packages that `--ask-registry` asks about, as `NAME@VERSION`. */
function doubtfulPackages(clone, one, { file, before }) {
  const folder = path.join(clone, one.context);
  const keys = new Set();
  const files = folderSource(folder);
  const source = {
    list: (path) => files.list(path),
    read: (path) => files.read(path),
    gitIgnored: (path) => files.gitIgnored(path),
    packageFacts: () => ({ hasInstallScript: (locked) => void keys.add(packageKey(locked)) }),
  };
  const choice = { folder, origin: 'option', plausible: true };
  const { context } = openContext({ choice, dockerfile: file, cwd: clone, source });
  const build = buildOf(parseDockerfile(before));
  for (const stage of build.stages) stageEffects(build, stage, context);
  return [...keys];
}

function summary(file) {
  const rows = readLines(file).filter(({ counts }) => counts);
  const mean = (list) => list.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length);
  const percent = (share) => `${(100 * share).toFixed(0)} %`;
  console.log(`${rows.length} mends in ${new Set(rows.map(({ repository }) => repository)).size} repositories\n`);
  console.log('| | mean saving | where it gains | where that is 10 % or more | at least half of what people gain |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const name of ['people', 'proved', 'asked', 'proved, mounts', 'asked, mounts', 'likely']) {
    const shares = rows.map(({ seconds }) => 1 - seconds[name] / seconds.before);
    const least = (limit) => shares.filter((share) => share >= limit);
    const shown = (list) => `${percent(mean(list))} (${list.length})`;
    const halves = rows.filter(
      ({ seconds }) => 2 * (seconds.before - seconds[name]) >= seconds.before - seconds.people,
    );
    const cells = [name, percent(mean(shares)), shown(least(0.01)), shown(least(0.1)), halves.length];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function readLines(file) {
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
}

if (values.summary) summary(values.summary);
else {
  const left = new Set(
    values.without
      ? JSON.parse(readFileSync(values.without, 'utf8')).map(({ repository }) => repository.toLowerCase())
      : [],
  );
  const done = new Set(values.out ? readLines(values.out).map((line) => line.done) : []);
  for (const one of repositoriesIn(positionals)) {
    if (left.has(one.repository.toLowerCase()) || done.has(one.repository)) continue;
    if (values.only && !values.only.includes(one.repository)) continue;
    try {
      await measureRepository(one);
    } catch (error) {
      console.error(one.repository, String(error.message).slice(0, 200));
    }
    if (values.out) save({ done: one.repository });
  }
}
