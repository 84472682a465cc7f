// What people gained by mending the order of a Dockerfile, predicted from the history before the mend.
//   npm run build && npx tsc && node bench/evidence.mjs [--repositories FOLDER] [--installed FOLDER] [--commits N] [NAME…]
// Clones each repository of evidence.json from GitHub, or from FOLDER/OWNER__NAME, into the temporary folder, checks the mending
// commit out and replays the Dockerfile of its parent, its own and those of the advisor over the same commits. Prints the tables of
// docs/evidence.md. One of its columns asks the npm registry about each locked package; what FOLDER/OWNER__NAME/node_modules tells
// need not be asked (`npm ci --ignore-scripts`, `yarn install --frozen-lockfile --ignore-scripts`).
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCli } from '../out/server/cli/cli.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repositories: { type: 'string' },
    installed: { type: 'string' },
    verbose: { type: 'boolean' },
    commits: { type: 'string', default: '500' },
  },
});
const cases = JSON.parse(readFileSync(new URL('evidence.json', import.meta.url), 'utf8'));
const work = path.join(tmpdir(), 'layerwise-evidence');

const git = (cwd, ...args) =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });

function checkout({ repository, commit }) {
  const name = repository.replace('/', '__');
  const local = values.repositories && path.join(path.resolve(values.repositories), name);
  const clone = path.join(work, name);
  mkdirSync(work, { recursive: true });
  if (!existsSync(clone)) {
    const from = local ? ['--shared', local] : ['--filter=blob:none', `https://github.com/${repository}.git`];
    git(work, 'clone', '-q', '--no-checkout', ...from, clone);
  }
  checkOut(clone, commit);
  return clone;
}

/** A mirror may lack large files; the rest is enough. */
function checkOut(clone, commit) {
  try {
    git(clone, 'checkout', '-q', '--force', '--detach', commit);
  } catch {
    git(clone, 'update-ref', '--no-deref', 'HEAD', commit);
    git(clone, 'read-tree', 'HEAD');
    spawnSync('git', ['checkout-index', '--all', '--force', '--quiet'], { cwd: clone, stdio: 'ignore' });
  }
}

async function layerwise(cwd, ...args) {
  const { stdout, stderr, code } = await runLayerwise(cwd, ...args);
  if (code !== 0) throw new Error(stderr);
  if (stderr !== '') console.error(cwd, stderr);
  return JSON.parse(stdout);
}

function runLayerwise(cwd, ...args) {
  const io = {
    cwd,
    env: process.env,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    readStdin: async () => '',
    progress() {},
  };
  return runCli(args, io);
}

/**
 * What each Dockerfile costs, in the same tree and over the same commits: that of the parent, that of the people, what the advisor
 * makes of the first where only what is proved counts, where it may ask the registry and a CI job builds, with `--unsafe`, and with
 * `--unsafe` behind the fix of copy-before-install.
 */
async function measure(one) {
  const clone = checkout(one);
  const text = {
    before: git(clone, 'show', `${one.commit}^1:${one.dockerfile}`),
    people: git(clone, 'show', `${one.commit}:${one.dockerfile}`),
  };
  const file = path.join(clone, one.dockerfile);
  const context = ['--no-config', '--context', one.context ?? path.dirname(one.dockerfile)];
  const history = ['--commits', values.commits, '--format', 'json', ...(one.target ? ['--target', one.target] : [])];
  const proposed = async (from, ...options) => {
    writeFileSync(file, from);
    const found = await layerwise(clone, 'order', one.dockerfile, ...options, ...context, ...history);
    if (values.verbose) console.error(one.repository, options, found.proposed.diff, found.moves, found.kept);
    return found.proposed.text;
  };
  rmSync(path.join(clone, '.layerwise'), { recursive: true, force: true });
  text.proved = await proposed(text.before);
  text.likely = await proposed(text.before, '--unsafe');
  writeFileSync(file, text.before);
  await runLayerwise(clone, 'lint', one.dockerfile, '--fix-only', 'copy-before-install', '--unsafe-fixes', ...context);
  text.both = await proposed(readFileSync(file, 'utf8'), '--unsafe');
  text.asked = await withInstalled(one, clone, () => proposed(text.before, '--ask-registry', '--clean-checkout'));
  const costs = {};
  for (const [name, content] of Object.entries(text)) {
    writeFileSync(file, content);
    costs[name] = await layerwise(clone, 'replay', one.dockerfile, ...context, ...history);
  }
  git(clone, 'checkout', '-q', '--', one.dockerfile);
  return costs;
}

/** Does something while the installed packages lie in the clone. */
async function withInstalled({ repository, context = '.' }, clone, work) {
  const from = values.installed && path.resolve(values.installed, repository.replace('/', '__'), 'node_modules');
  const to = path.join(clone, context, 'node_modules');
  if (!from || !existsSync(from)) return work();
  renameSync(from, to);
  try {
    return await work();
  } finally {
    renameSync(to, from);
  }
}

const seconds = ({ secondsPerCommit, atLeast }) => {
  const least = atLeast.secondsPerCommit;
  return `${secondsPerCommit.toFixed(1)}${least < 0.9 * secondsPerCommit ? ` (≥ ${least.toFixed(1)})` : ''}`;
};

const percent = (share) => `${(100 * share).toFixed(0)} %`;
const names = ['people', 'proved', 'asked', 'likely', 'both'];
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);

row([
  'repository',
  'commit',
  'Dockerfile',
  'kind',
  'commits',
  's/commit: before',
  ...names,
  ...names.map((name) => `saved: ${name}`),
]);
row(['---', '---', '---', '---', ...Array.from({ length: 2 + 2 * names.length }, () => '---:')]);
const steps = [];
const all = [];
for (const one of cases) {
  if (positionals.length > 0 && !positionals.includes(one.repository)) continue;
  const costs = await measure(one);
  const { secondsPerCommit } = costs.before.expected;
  const saved = names.map((name) => 1 - costs[name].expected.secondsPerCommit / secondsPerCommit);
  all.push(saved);
  const link = `[${one.repository}](https://github.com/${one.repository})`;
  row([
    link,
    `\`${one.commit}\``,
    `\`${one.dockerfile}\``,
    one.kind,
    costs.before.commits,
    ...['before', ...names].map((name) => seconds(costs[name].expected)),
    ...saved.map(percent),
  ]);
  steps.push([link, ...['before', ...names].map((name) => costs[name].expected.rebuiltStepsPerCommit.toFixed(2))]);
}
console.log();
row(['repository', 'steps: before', ...names]);
row(['---', ...Array.from({ length: 1 + names.length }, () => '---:')]);
for (const cells of steps) row(cells);
console.log();
const mean = (list) => (list.length === 0 ? 0 : list.reduce((sum, share) => sum + share, 0) / list.length);
for (const [index, name] of names.entries()) {
  const shares = all.map((saved) => saved[index]);
  const gained = shares.filter((share) => share > 0.01);
  console.log(
    `${name}: ${percent(mean(shares))} of all ${shares.length}, ${percent(mean(gained))} of the ${gained.length} with a gain`,
  );
}
