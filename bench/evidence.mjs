// What people gained by mending the order of a Dockerfile, predicted from the history before the mend.
//   npm run build && npx tsc && node bench/evidence.mjs [--repositories FOLDER] [--ask] [--installed FOLDER] [--commits N] [NAME…]
// Clones each repository of evidence.json from GitHub, or from FOLDER/OWNER__NAME, into the temporary folder, checks the mending
// commit out and replays the Dockerfile of its parent, its own and those of the advisor over the same commits. Prints the tables of
// docs/evidence.md. --ask adds a column for which the npm registry is asked about each locked package, some 5,000; what
// FOLDER/OWNER__NAME/node_modules tells need not be asked (`npm ci --ignore-scripts`, `yarn install --frozen-lockfile --ignore-scripts`).
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkOut, git, mendOf, runLayerwise } from './mend-costs.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repositories: { type: 'string' },
    ask: { type: 'boolean' },
    installed: { type: 'string' },
    verbose: { type: 'boolean' },
    commits: { type: 'string', default: '500' },
  },
});
const cases = JSON.parse(readFileSync(new URL('evidence.json', import.meta.url), 'utf8'));
const work = path.join(tmpdir(), 'layerwise-evidence');

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

/**
 * What each Dockerfile costs, in the same tree and over the same commits: that of the parent, that of the people, what the advisor
 * makes of the first where only what is proved counts, where a CI job builds, these with the cache mounts that leave the image the same,
 * the second with all that the linter advises, where it may ask the registry too, with `--unsafe`, and with `--unsafe` behind the fix of
 * copy-before-install.
 */
async function measure(one) {
  const clone = checkout(one);
  const mend = mendOf(clone, one, values.commits);
  const text = { before: mend.before, people: mend.people };
  const told = ({ report, notes }) => {
    if (notes !== '') console.error(clone, notes);
    return report;
  };
  const proposed = async (from, ...options) => {
    const found = told(await mend.order(from, ...options));
    if (values.verbose) console.error(one.repository, options, found.proposed.diff, found.moves, found.kept);
    return found.proposed.text;
  };
  text.proved = await proposed(text.before);
  text.likely = await proposed(text.before, '--unsafe');
  writeFileSync(mend.file, text.before);
  const fix = ['--fix-only', 'copy-before-install', '--unsafe-fixes'];
  await runLayerwise(clone, 'lint', one.dockerfile, ...fix, ...mend.context);
  text.both = await proposed(readFileSync(mend.file, 'utf8'), '--unsafe');
  text.clean = await proposed(text.before, '--clean-checkout');
  text['proved, safe mounts'] = await mend.mounted(text.proved);
  text['clean, safe mounts'] = await mend.mounted(text.clean);
  text['clean, mounts'] = await mend.mounted(text.clean, '--unsafe-fixes');
  const ask = () => proposed(text.before, '--ask-registry', '--clean-checkout');
  if (values.ask) {
    text.asked = await withInstalled(one, clone, ask);
    text['asked, safe mounts'] = await mend.mounted(text.asked);
  }
  const costs = {};
  for (const [name, content] of Object.entries(text)) costs[name] = told(await mend.replay(content));
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
const names = [
  'people',
  'proved',
  'proved, safe mounts',
  'clean',
  'clean, safe mounts',
  'clean, mounts',
  ...(values.ask ? ['asked', 'asked, safe mounts'] : []),
  'likely',
  'both',
];
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
