import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, timeInTurn } from './processes.mjs';

const tally = '@wharflab/tally-linux-x64@0.45.0';
const sample = fileURLToPath(new URL('sample', import.meta.url));

/** One file of 35 lines in a fresh process, against an empty Node process and, where it can be had, against tally. */
export function coldStart({ cli, rounds, withTally }) {
  const commands = [
    { name: 'node -e 0', argv: [process.execPath, '-e', '0'], cwd: sample },
    { name: 'layerwise', argv: [process.execPath, cli, 'lint', 'Dockerfile'], cwd: sample },
  ];
  const binary = withTally ? installTally() : undefined;
  if (binary) commands.push({ name: 'tally', argv: [binary, 'lint', '--slow-checks=off', 'Dockerfile'], cwd: sample });
  const times = timeInTurn(commands, rounds);
  const base = median(times.get('node -e 0'));
  console.log(`cold start, one file of 35 lines, ${rounds} rounds in turn`);
  for (const [name, list] of times) {
    const [middle, best] = [median(list), Math.min(...list)].map((ms) => ms.toFixed(0).padStart(4));
    console.log(`  ${name.padEnd(12)} median ${middle} ms  best ${best} ms  ×${(median(list) / base).toFixed(2)}`);
  }
  const ratio = Math.min(...times.get('layerwise')) / Math.min(...times.get('node -e 0'));
  console.log(`  best against best ×${ratio.toFixed(2)} of node -e 0 (goal 1.70)`);
  if (withTally && !binary) console.log('  tally cannot be installed here');
}

/** The binary, installed once into the temporary folder; undefined where that fails. */
function installTally() {
  const folder = join(tmpdir(), 'layerwise-bench-tally');
  const binary = () =>
    ['bin/tally', 'tally']
      .map((name) => join(folder, 'node_modules/@wharflab/tally-linux-x64', name))
      .find((path) => existsSync(path));
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  if (!binary()) {
    mkdirSync(folder, { recursive: true });
    spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, tally], {
      stdio: 'ignore',
    });
  }
  return binary();
}
