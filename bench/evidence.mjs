// What people gained by mending the order of a Dockerfile, predicted from the history before the mend.
//   npm run build && npx tsc && node bench/evidence.mjs [--repositories FOLDER] [--commits N] [NAME…]
// Clones each repository of evidence.json from GitHub, or from FOLDER/OWNER__NAME, into the temporary folder, checks the mending
// commit out and replays the Dockerfile of its parent and its own over the same commits. Prints the rows of docs/evidence.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCli } from '../out/server/cli/cli.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { repositories: { type: 'string' }, commits: { type: 'string', default: '500' } },
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
  const io = {
    cwd,
    env: {},
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    readStdin: async () => '',
    progress() {},
  };
  const { stdout, stderr, code } = await runCli(args, io);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

async function replay(one) {
  const clone = checkout(one);
  const before = path.join(work, `${one.repository.replace('/', '__')}.Dockerfile`);
  writeFileSync(before, git(clone, 'show', `${one.commit}^1:${one.dockerfile}`));
  const context = one.context ?? path.dirname(one.dockerfile);
  const target = one.target ? ['--target', one.target] : [];
  const options = ['--no-config', '--context', context, '--commits', values.commits, '--format', 'json', ...target];
  return layerwise(clone, 'replay', before, '--compare', one.dockerfile, ...options);
}

const seconds = ({ secondsPerCommit, atLeast }) => {
  const least = atLeast.secondsPerCommit;
  return `${secondsPerCommit.toFixed(1)}${least < 0.9 * secondsPerCommit ? ` (≥ ${least.toFixed(1)})` : ''}`;
};

console.log(
  '| repository | commit | Dockerfile | kind | commits | steps: before | people | s/commit: before | people | saved |',
);
console.log('|---|---|---|---|---:|---:|---:|---:|---:|---:|');
for (const one of cases) {
  if (positionals.length > 0 && !positionals.includes(one.repository)) continue;
  const { commits, expected, proposed } = await replay(one);
  const saved = 100 * (1 - proposed.expected.secondsPerCommit / expected.secondsPerCommit);
  const cells = [
    `[${one.repository}](https://github.com/${one.repository})`,
    `\`${one.commit}\``,
    `\`${one.dockerfile}\``,
    one.kind,
    commits,
    expected.rebuiltStepsPerCommit.toFixed(2),
    proposed.expected.rebuiltStepsPerCommit.toFixed(2),
    seconds(expected),
    seconds(proposed.expected),
    `${saved.toFixed(0)} %`,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
