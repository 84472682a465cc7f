// The cheapest order of a stage of 60 steps over 1,000 commits, and the search by itself on harder ones. node bench/order.mjs
import { bitsOf, noBits } from '../out/server/cache/order/bits.js';
import { costOfOrder, searchOrder } from '../out/server/cache/order/search.js';
import { proposeOrder } from '../out/server/cache/order.js';
import { buildOf } from '../out/server/model/build.js';
import { createContext } from '../out/server/model/context.js';
import { memorySource } from '../out/server/model/memory-source.js';
import { parseDockerfile } from '../out/server/syntax/dockerfile.js';

const commits = 1_000;

const timed = (name, work) => {
  const start = performance.now();
  const result = work();
  console.log(`${name.padEnd(44)} ${(performance.now() - start).toFixed(0).padStart(6)} ms`);
  return result;
};

let seed = 1;
const random = () => {
  seed = (seed * 16_807) % 2_147_483_647;
  return seed / 2_147_483_647;
};

/** Folders in the worst order: what changes most comes first, installs last. */
function dockerfile() {
  const steps = ['FROM node:22', 'WORKDIR /app'];
  for (let index = 0; index < 24; index++) steps.push(`COPY packages/p${index} ./packages/p${index}`);
  for (let index = 0; index < 16; index++) steps.push(`RUN apt-get install -y tool${index}`);
  for (let index = 0; index < 10; index++) steps.push(`RUN mkdir -p /data/d${index}`);
  steps.push('COPY package.json package-lock.json ./', 'RUN npm ci --ignore-scripts');
  for (let index = 0; index < 6; index++) steps.push(`ENV NAME_${index}=${index}`);
  return `${steps.join('\n')}\nCMD ["node", "packages/p0/index.js"]\n`;
}

function history() {
  return Array.from({ length: commits }, (_, index) => {
    const count = 1 + Math.floor(4 * random() ** 2);
    const files = Array.from({ length: count }, () => {
      const path = random() < 0.05 ? 'package.json' : `packages/p${23 - Math.floor(24 * random() ** 2)}/index.js`;
      return { path, kind: 'content', folder: false };
    });
    return { id: String(index), files };
  });
}

function wholeProposal() {
  const text = dockerfile();
  const files = { Dockerfile: text, '.dockerignore': 'node_modules\n' };
  for (let index = 0; index < 24; index++) files[`packages/p${index}/index.js`] = '';
  const dependencies = { dependencies: { a: '1' } };
  Object.assign(files, { 'package.json': JSON.stringify(dependencies), 'package-lock.json': '{"packages":{}}' });
  const context = createContext({ name: '.', origin: 'folder', dockerfile: 'Dockerfile', source: memorySource(files) });
  const build = buildOf(parseDockerfile(text));
  const input = { build, context, commits: history(), builder: 'buildkit' };
  const found = timed('proposal for a stage of 60 steps', () => proposeOrder(input));
  const [before, after] = [found.before.seconds, found.after.seconds].map((seconds) => (seconds / commits).toFixed(1));
  console.log(`  ${before} s per commit before, ${after} s after, gap ${(100 * found.gap).toFixed(2)} %\n`);
}

/** COPYs that change at random, and RUNs that need some of them: nothing tells which comes first. */
function hardProblem(size) {
  const kinds = 64;
  const steps = Array.from({ length: size }, (_, position) => {
    const isCopy = position % 2 === 0;
    const triggers = isCopy ? Array.from({ length: kinds }, (__, kind) => kind).filter(() => random() < 0.15) : [];
    const after = isCopy
      ? []
      : [0, 2, 4, 6, 8].map((back) => position - 1 - back).filter((one) => one >= 0 && random() < 0.4);
    return { cost: isCopy ? 0.2 : 1 + 30 * random(), triggers: bitsOf(kinds, triggers), detached: false, after };
  });
  return {
    steps,
    weights: Float64Array.from({ length: kinds }, () => 1 + Math.floor(20 * random())),
    start: noBits(kinds),
  };
}

console.log(`${commits} commits`);
wholeProposal();
for (const size of [20, 40, 60]) {
  const problem = hardProblem(size);
  const { cost, bound } = timed(`search, ${size} steps without rhyme or reason`, () => searchOrder(problem));
  const own = costOfOrder(
    problem,
    problem.steps.map((_, position) => position),
  );
  console.log(`  ${(cost / own).toFixed(3)} of the author's cost, gap ${((100 * (cost - bound)) / cost).toFixed(2)} %`);
}
