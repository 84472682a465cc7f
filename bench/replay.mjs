// Replay of 5,000 commits over a Dockerfile of 40 steps: how long besides Git's own time. node bench/replay.mjs [REPOSITORY]
import { spawnSync } from 'node:child_process';
import { contextCommits } from '../out/server/cache/history.js';
import { replayOf } from '../out/server/cache/replay.js';
import { createContext } from '../out/server/model/context.js';
import { memorySource } from '../out/server/model/memory-source.js';
import { historyOf } from '../out/server/project/git-history.js';
import { parseDockerfile } from '../out/server/syntax/dockerfile.js';

const commits = 5_000;
const packages = 9;

/** Two stages: manifests first, then one package after the other, then what the last stage takes of them. */
const steps = ['WORKDIR /app', 'COPY package.json package-lock.json ./', 'RUN npm ci'];
for (let index = 0; index < packages; index++) {
  steps.push(`COPY packages/p${index}/package.json packages/p${index}/`, `COPY packages/p${index} packages/p${index}`);
  steps.push(`RUN npm run build -w p${index}`);
}
const final = Array.from(
  { length: packages },
  (_, index) => `COPY --from=build /app/packages/p${index}/dist /srv/p${index}`,
);
const text = `FROM node AS build\n${steps.join('\n')}\nFROM node\n${final.join('\n')}\nRUN chown -R node /srv\n`;
const file = parseDockerfile(text);

const context = inventedContext();

const timed = async (name, work) => {
  const start = performance.now();
  const result = await work();
  console.log(`${name.padEnd(44)} ${(performance.now() - start).toFixed(0).padStart(6)} ms`);
  return result;
};

/** As histories are: some files change all the time, most seldom, a commit touches a few. */
function inventedHistory() {
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const state = (blob) => ({ blob: String(blob), mode: 0o100644 });
  return Array.from({ length: commits }, (_, index) => {
    const changes = Array.from({ length: 1 + Math.floor(20 * random() ** 3) }, () => {
      const name = Math.floor(60 * random() ** 2);
      const folder = `packages/p${Math.floor(packages * random())}`;
      const path = name === 0 ? 'package.json' : name === 1 ? `${folder}/package.json` : `${folder}/src/f${name}.ts`;
      return { path, before: state(index), after: state(index + 1) };
    });
    return { id: String(index), time: index, changes };
  });
}

/** The tree that the invented history leaves behind. */
function inventedContext() {
  const files = { 'package.json': '{}', 'package-lock.json': '{}' };
  for (let index = 0; index < packages; index++) {
    const folder = `packages/p${index}`;
    files[`${folder}/package.json`] = '{}';
    for (let name = 2; name < 60; name++) files[`${folder}/src/f${name}.ts`] = '';
  }
  return createContext({ name: '.', origin: 'folder', source: memorySource(files) });
}

async function replayAll(history, newestPaths) {
  const cpu = process.cpuUsage();
  const files = await timed('  changes of the context', () => contextCommits(history, { folder: '', newestPaths }));
  const side = { file, context, buildArgs: new Map() };
  const replay = await timed('  replay', () => replayOf(side, 'buildkit', files));
  await timed('  causes', () => replay.steps.map((step) => step.causes()));
  const { user, system } = process.cpuUsage(cpu);
  console.log(`  ${'processor time'.padEnd(42)} ${((user + system) / 1000).toFixed(0).padStart(6)} ms`);
  console.log(`  ${replay.steps.length} steps, ${replay.commits} commits, ${replay.rebuiltSteps} steps re-run\n`);
}

console.log('Invented history, each commit other files');
await replayAll(inventedHistory(), []);

const repository = process.argv[2];
if (repository !== undefined) {
  console.log(repository);
  const args = ['log', '--first-parent', '-m', '--raw', '--no-renames', `-n${commits}`];
  await timed('  git log alone', () => spawnSync('git', args, { cwd: repository, stdio: 'ignore' }));
  const { commits: history, newestPaths } = await timed('  historyOf', () => historyOf(repository, { commits }));
  await replayAll(history, newestPaths);
}
