import type { Build } from '../../model/build.js';
import { type CachePlace, isInside, stagesDown } from '../../model/caches.js';
import type { BuildContext } from '../../model/context.js';
import { destinationOf } from '../../model/destination.js';
import { tree } from '../../model/effects/area.js';
import { type Install, installsIn } from '../../model/installs.js';
import { landingOf } from '../../model/landing.js';
import { joinPath } from '../../model/path.js';
import { isTakenFrom } from '../../model/taken-from.js';
import { contextTransfers } from '../../model/transfers.js';
import type { Instruction, TransferInstruction } from '../../syntax/tree.js';

/** False where something else relies on what the mounts would hide; `lastOther` is where the stage's last RUN without that manager stands. */
export function canMount(
  build: Build,
  context: BuildContext | undefined,
  install: Install,
  lastOther: number,
  places: readonly CachePlace[],
): boolean {
  const { stage, run } = install;
  if (places.some(({ path }) => isCopied(build, context, install, path))) return false;
  const used = places.filter(({ folder }) => folder.inPlace).map(({ path }) => path);
  if (used.length === 0) return true;
  const isBase = build.stages.some(({ base }) => base.kind === 'stage' && base.stage === stage);
  if (stage === build.target || isBase || lastOther > run.index) return false;
  return !isTakenFrom(build, stage, used.map(tree)) && !used.some((path) => isFilled(build, install, path));
}

/** A COPY before puts something there: what was downloaded elsewhere, or for a build without network. */
function isCopied(build: Build, context: BuildContext | undefined, { stage, run }: Install, path: string): boolean {
  const chain = stagesDown(stage);
  const isLanded = contextTransfers(build).some(
    (one) =>
      chain.includes(one.stage) &&
      one.instruction.index < run.index &&
      context !== undefined &&
      landingOf(build, context, one)?.contextPathOf(path) !== undefined,
  );
  return isLanded || chain.some(({ instructions }) => instructions.some(brings));

  function brings(one: Instruction): boolean {
    return one.index < run.index && (one.keyword === 'COPY' || one.keyword === 'ADD') && namesIn(build, one, path);
  }
}

/** A RUN before puts something there itself. */
function isFilled(build: Build, { stage, run, manager }: Install, path: string): boolean {
  return stagesDown(stage).some(({ instructions }) =>
    instructions.some(
      (one) =>
        one.keyword === 'RUN' &&
        one.index < run.index &&
        one.text.includes(path) &&
        installsIn(build, one).every((other) => other.manager !== manager),
    ),
  );
}

/** Its destination lies there, or it takes a folder above from the same place of another stage. */
function namesIn(build: Build, one: TransferInstruction, path: string): boolean {
  const target = destinationOf(build, one);
  if (target === undefined) return false;
  if (isInside(target, path)) return true;
  const isTaken = one.flags.some(({ name }) => name === 'from');
  return isTaken && isInside(path, target) && one.sources.some(({ text }) => joinPath('/', text) === target);
}
