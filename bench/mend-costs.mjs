// What the Dockerfile of a mending commit costs beside that of its parent and those of the advisor; for evidence.mjs and
// mended-orders.mjs.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../out/server/cli/cli.js';

/** Runs Git without hooks and without programs that the settings of somebody name for signatures. */
export function git(cwd, ...args) {
  return execFileSync('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'log.showSignature=false', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 29,
  });
}

/** A mirror may lack large files; the rest is enough. */
export function checkOut(clone, commit) {
  try {
    git(clone, 'checkout', '-q', '--force', '--detach', commit);
  } catch {
    git(clone, 'update-ref', '--no-deref', 'HEAD', commit);
    git(clone, 'read-tree', 'HEAD');
    const args = ['-c', 'core.hooksPath=/dev/null', 'checkout-index', '--all', '--force', '--quiet'];
    spawnSync('git', args, { cwd: clone, stdio: 'ignore' });
  }
}

/** The JSON report of a command, and what it says beside it. */
export async function layerwise(cwd, ...args) {
  const { stdout, stderr, code } = await runLayerwise(cwd, ...args);
  if (code !== 0) throw new Error(stderr);
  return { report: JSON.parse(stdout), notes: stderr };
}

export function runLayerwise(cwd, ...args) {
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

const mounts = ['--fix', '--fix-only', 'missing-cache-mount'];

/**
 * The mend of one Dockerfile: `one` names its commit, its path (`dockerfile`), and where they are not the usual ones its `context`
 * and `target`. The clone is at that commit.
 */
export function mendOf(clone, one, commits) {
  const file = path.join(clone, one.dockerfile);
  const context = ['--no-config', '--context', one.context ?? path.dirname(one.dockerfile)];
  const history = ['--commits', commits, '--format', 'json', ...(one.target ? ['--target', one.target] : [])];
  rmSync(path.join(clone, '.layerwise'), { recursive: true, force: true });
  return {
    file,
    context,
    before: git(clone, 'show', `${one.commit}^1:${one.dockerfile}`),
    people: git(clone, 'show', `${one.commit}:${one.dockerfile}`),
    /** What `layerwise order` makes of a text. */
    async order(text, ...options) {
      writeFileSync(file, text);
      return layerwise(clone, 'order', one.dockerfile, ...options, ...context, ...history);
    },
    /** A text with the cache mounts that `layerwise lint` adds by itself, or with `--unsafe-fixes`: what these keep is not in the image. */
    async mounted(text, ...options) {
      writeFileSync(file, text);
      await runLayerwise(clone, 'lint', one.dockerfile, ...mounts, ...options, ...context);
      return readFileSync(file, 'utf8');
    },
    /** What a text costs over the commits before the mend. */
    async replay(text) {
      writeFileSync(file, text);
      return layerwise(clone, 'replay', one.dockerfile, ...context, ...history);
    },
  };
}
