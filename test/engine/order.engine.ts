import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compareContexts } from '../../server/cache/change.js';
import type { ContextCommit } from '../../server/cache/history.js';
import { expectedOf } from '../../server/cache/order/expected.js';
import { type OrderProposal, proposeOrder } from '../../server/cache/order.js';
import { replayOf } from '../../server/cache/replay.js';
import { buildOf } from '../../server/model/build.js';
import { optionsOf, runBuild, writeTree } from './build.js';
import { type Build, imageName, modelOf, type SaltedCase, sideOf } from './case.js';
import { type Engine, openEngines } from './engine.js';
import { makeFakeImages } from './fake-images.js';
import { differences, filesOf, type ImageContent, imageContent } from './image-content.js';
import { loadImages } from './images.js';
import { observe } from './observe.js';
import { makeOrderImages, saltFile } from './order-programs.js';
import { type OrderProject, orderProjects, type State, statesOf } from './order-projects.js';
import { expectation, wrongSteps } from './verdict.js';

const commits = 30;

/** Without LAYERWISE_ENGINE_FULL=1 only the first commits are built; the advisor sees all of them. */
const isFull = process.env.LAYERWISE_ENGINE_FULL === '1';
const built = isFull ? commits : 5;

/** Every commit of each project, built for real in the author's order and in the advisor's. */
describe('The order of the advisor and the image', () => {
  let engine: Engine | undefined;
  const salt = randomBytes(6).toString('hex');
  const base = 'layerwise-order-base:1';

  before(async () => {
    const engines = await openEngines();
    engine = engines?.all[0];
    if (!engines || !engine) return;
    await loadImages(engine, engines, [{ name: imageName(salt, '1'), salt }]);
    await makeFakeImages(engine, imageName(salt, '1'));
    await engine.docker(['tag', 'node:22', base]);
  });

  for (const project of orderProjects) {
    it(project.name, async () => {
      const states = statesOf(project, commits, salt);
      const proposal = propose(project, states);
      assert.ok(proposal.edits.length > 0, `nothing is proposed for ${project.name}`);
      assert.ok(proposal.after.seconds < proposal.before.seconds);
      if (!engine) return;
      const before = await buildAll(engine, {
        base,
        project,
        states: states.slice(0, built + 1),
        dockerfile: project.dockerfile,
      });
      const after = await buildAll(engine, {
        base,
        project,
        states: states.slice(0, built + 1),
        // There is no Docker Hub here, and the engine's own syntax has the flag too.
        dockerfile: proposal.text.replace(/^# syntax=docker\/dockerfile:1\n/, ''),
      });
      for (const [index, files] of before.files.entries()) {
        const now = after.files[index];
        assert.ok(now);
        assert.deepEqual(differences(files, now), [], `commit ${index}\n${proposal.text}`);
      }
      assert.deepEqual(differences(before.last, after.last), [], 'with the config');
      assert.ok(
        project.adds || (isFull ? after.ran < before.ran : after.ran <= before.ran),
        `${after.ran} steps ran, ${before.ran} in the author's order`,
      );
      console.log(`        ${before.ran} → ${after.ran} steps ran, ${before.unknown + after.unknown} unknown`);
    });
  }
});

function buildsOf(states: readonly State[], dockerfile: string): readonly Build[] {
  return states.map(({ files, args }) => ({ dockerfile, files: { ...files, Dockerfile: dockerfile }, args }));
}

function propose(project: OrderProject, states: readonly State[]): OrderProposal {
  const sides = buildsOf(states, project.dockerfile).map(sideOf);
  const last = sides.at(-1);
  assert.ok(last?.context);
  const proposal = proposeOrder({
    build: buildOf(last.file),
    context: last.context,
    commits: historyOf(sides),
    builder: 'buildkit',
    buildArgs: last.buildArgs,
    changingArgs: new Set(project.changingArgs ?? []),
    acceptance: project.likely ? 'likely' : 'proved',
  });
  assert.ok(proposal, 'the Dockerfile is rejected');
  return proposal;
}

/** Newest first. */
function historyOf(sides: readonly ReturnType<typeof sideOf>[]): readonly ContextCommit[] {
  return sides
    .slice(1)
    .map((side, index) => ({ id: String(index), files: compareContexts(sides[index] ?? side, side) }))
    .reverse();
}

interface Order {
  readonly base: string;
  readonly project: OrderProject;
  readonly states: readonly State[];
  readonly dockerfile: string;
}

interface Built {
  readonly files: readonly ImageContent[];
  /** With the config. */
  readonly last: ImageContent;
  /** Steps that ran, the first build left out. */
  readonly ran: number;
  readonly unknown: number;
}

/** Builds the states one after the other. At each commit just the steps run of which the model says so, and as often as the replay says. */
async function buildAll(engine: Engine, { base, project, states, dockerfile }: Order): Promise<Built> {
  await makeOrderImages(engine, base, randomBytes(6).toString('hex'));
  const builds = buildsOf(states, dockerfile);
  const files: ImageContent[] = [];
  let [ran, unknown] = [0, 0];
  for (const [index, build] of builds.entries()) {
    const { content, vertices } = await buildState(engine, build);
    files.push(content);
    const before = builds[index - 1];
    if (!before) continue;
    const one: SaltedCase = { name: project.name, salt: '', before, after: build };
    const model = modelOf(one, engine.builder);
    const [expected, seen] = [expectation(model), observe(one, model, vertices)];
    const wrong = wrongSteps(expected, seen);
    assert.deepEqual(wrong, [], `commit ${index}: expected ${expected}, seen ${seen}\n${dockerfile}`);
    ran += [...seen].filter((letter) => letter === 'r').length;
    unknown += [...expected].filter((letter) => letter === '?').length;
  }
  if (project.changingArgs) assert.equal(ran, stepsWithArgs(project, builds));
  else assertReplayed(builds, ran);
  const last = await imageContent(engine, builds.at(-1) as Build);
  return { files, last: { ...last, files: withoutSalt(last.files) }, ran, unknown };
}

/** What ran lies between what surely and what at most runs again over the history. */
function assertReplayed(builds: readonly Build[], ran: number): void {
  const sides = builds.map(sideOf);
  const last = sides.at(-1);
  assert.ok(last);
  const { steps, rebuiltSteps } = replayOf(last, 'buildkit', historyOf(sides));
  const uncertain = steps.reduce((sum, step) => sum + step.uncertain, 0);
  assert.ok(ran <= rebuiltSteps && ran >= rebuiltSteps - uncertain, `${ran} ran, ${rebuiltSteps} predicted`);
}

/** What `layerwise order` says where build arguments change, of which the replay knows nothing. */
function stepsWithArgs({ changingArgs }: OrderProject, builds: readonly Build[]): number {
  const sides = builds.map(sideOf);
  const last = sides.at(-1);
  assert.ok(last?.context);
  const { file, context, buildArgs } = last;
  const build = buildOf(file);
  const commits = historyOf(sides);
  const input = {
    build,
    context,
    commits,
    builder: 'buildkit',
    buildArgs,
    changingArgs: new Set(changingArgs),
  } as const;
  return expectedOf(input, last, build).rebuiltSteps;
}

let folders = 0;

async function buildState(engine: Engine, build: Build) {
  const folder = `layerwise-order-${process.pid}-${folders++}`;
  const tar = join(engine.folder, `${folder}.tar`);
  try {
    writeTree(join(engine.folder, folder), build.files);
    const output = ['--output', `type=tar,dest=${engine.clientFolder}/${folder}.tar`];
    const result = await runBuild(engine, folder, [...optionsOf(build), ...output]);
    if ('error' in result) assert.fail(`${result.error}\n${build.dockerfile}`);
    const content: ImageContent = { files: withoutSalt(filesOf(readFileSync(tar))), config: '' };
    return { content, vertices: result.vertices };
  } finally {
    rmSync(join(engine.folder, folder), { recursive: true, force: true });
    rmSync(tar, { force: true });
  }
}

function withoutSalt(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...files].filter(([path]) => path !== saltFile));
}
