import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const recorder = fileURLToPath(new URL('record-peak.cjs', import.meta.url));

/** Wall time of one process in ms; its output goes nowhere. Exit codes above 1 are failures. */
export function timeProcess([command, ...args], cwd) {
  const start = process.hrtime.bigint();
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'ignore' });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (error || status === null || status > 1) throw error ?? new Error(`${command} ${args.join(' ')}: exit ${status}`);
  return ms;
}

/** Times several commands in turn, round by round, so that whatever else the machine does hits all of them alike. */
export function timeInTurn(commands, rounds) {
  const times = new Map(commands.map(({ name }) => [name, []]));
  for (const { argv, cwd } of commands) timeProcess(argv, cwd);
  for (let round = 0; round < rounds; round++)
    for (const { name, argv, cwd } of commands) times.get(name).push(timeProcess(argv, cwd));
  return times;
}

/** Wall time in ms and peak resident memory in MB of one Node process. */
export function measureNode(args, cwd) {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-bench-'));
  const file = join(folder, 'peak');
  try {
    const start = process.hrtime.bigint();
    const env = { ...process.env, LAYERWISE_BENCH_PEAK: file };
    const { status, stderr } = spawnSync(process.execPath, ['--require', recorder, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    if (status === null || status > 1) throw new Error(`exit ${status}: ${stderr}`);
    return { ms, peak: Number(readFileSync(file, 'utf8')) / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
