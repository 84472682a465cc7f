import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { generateProjects } from './generate.mjs';
import { measureNode } from './processes.mjs';

/** One process over many Dockerfiles: `list` holds a path per line; without it they are made up. */
export function throughput({ cli, list, limit }) {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-bench-'));
  try {
    const files = list ? readList(list).slice(0, limit) : writeProjects(folder, limit);
    const run = (paths) => measureNode([cli, 'lint', '--no-config', '--format', 'json', ...paths], folder);
    const one = run(files.slice(0, 1));
    const all = [run(files), run(files)].sort((a, b) => a.ms - b.ms)[0];
    const perFile = (all.ms - one.ms) / (files.length - 1);
    console.log(
      `throughput, ${files.length} ${list ? 'real' : 'generated'} Dockerfiles with their contexts, one process`,
    );
    console.log(`  ${all.ms.toFixed(0)} ms in all, ${perFile.toFixed(2)} ms per file after the first (goal 1.00)`);
    console.log(`  ${all.peak.toFixed(0)} MB at the peak (goal 120), ${one.peak.toFixed(0)} MB for one file`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readList(list) {
  const lines = readFileSync(list, 'utf8').split(/\r?\n/).filter(Boolean);
  return lines.map((line) => resolve(dirname(list), line));
}

function writeProjects(folder, count) {
  const dockerfiles = [];
  for (const [name, files] of generateProjects(count)) {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      if (path === 'Dockerfile') dockerfiles.push(file);
    }
  }
  return dockerfiles;
}
