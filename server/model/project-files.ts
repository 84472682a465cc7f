import { countWhile } from '../syntax/count-while.js';
import { parentOf } from '../syntax/go-path.js';
import { groupBy } from '../syntax/group-by.js';
import { mountsOf } from '../syntax/mounts.js';
import type { RunInstruction } from '../syntax/tree.js';
import type { Build, Stage } from './build.js';
import type { BuildContext } from './context.js';
import { type Landing, landingOf } from './landing.js';
import { joinPath, relativeTo } from './path.js';
import { placementsOf } from './placements.js';
import { contextTransfers, type Transfer } from './transfers.js';

/** A file of the context that a RUN finds at a path of the image. */
export interface Supplied {
  /** In the context. */
  readonly path: string;
  /** The COPY or ADD that brings it; undefined for a mount. */
  readonly transfer: Transfer | undefined;
}

/** What RUNs find in the image of what the context has. */
export interface ProjectFiles {
  /** The newest file of the context at an absolute path of the image when the RUN starts; undefined where there is none. */
  suppliedTo(run: RunInstruction, stage: Stage, imagePath: string): Supplied | undefined;
  /** Whether something other than the context (another stage, a URL) may have put a file there. */
  mayComeFromElsewhere(run: RunInstruction, stage: Stage, imagePath: string): boolean;
}

/** More COPYs above a RUN are not looked at, so that time stays linear. */
const mostTransfers = 100;

export function projectFiles(build: Build, context: BuildContext): ProjectFiles {
  const landings = new Map<Transfer, Landing | undefined>();
  const above = transfersAbove(build);
  const landingFor = (transfer: Transfer) => {
    if (!landings.has(transfer)) landings.set(transfer, landingOf(build, context, transfer));
    return landings.get(transfer);
  };
  return {
    suppliedTo(run, stage, imagePath) {
      const mounted = mountedAt(build, context, run, imagePath);
      if (mounted !== undefined) return { path: mounted, transfer: undefined };
      for (const transfer of above(run, stage)) {
        const path = landingFor(transfer)?.contextPathOf(imagePath);
        if (path !== undefined && context.entry(path)?.type === 'file') return { path, transfer };
      }
      return undefined;
    },
    mayComeFromElsewhere(run, stage, imagePath) {
      const folder = parentOf(imagePath) || '/';
      for (const instruction of stagesBelow(stage).flatMap(({ instructions }) => instructions)) {
        if (instruction.index >= run.index) break;
        if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
        const remote =
          instruction.flags.some(({ name }) => name === 'from') ||
          instruction.sources.some(({ text }) => /:|@|\$/.test(text));
        if (!remote && instruction.heredocs.length === 0) continue;
        const places = placementsOf(build, instruction, context);
        if (
          places.some(
            ({ origin, paths }) =>
              origin !== 'context' &&
              paths.some((path) => relativeTo(path, imagePath) !== undefined || path === folder),
          )
        )
          return true;
        if (places.length === 0) return true;
      }
      return mountsOf(build.file, run).mounts.some(
        ({ type, from, target }) => type === 'bind' && from !== undefined && target !== undefined,
      );
    },
  };
}

/** The stage and those it is built FROM, the lowest first. */
function stagesBelow(stage: Stage): Stage[] {
  const chain: Stage[] = [];
  for (
    let at: Stage | undefined = stage;
    at && chain.length < mostTransfers;
    at = at.base.kind === 'stage' ? at.base.stage : undefined
  )
    chain.push(at);
  return chain.reverse();
}

function transfersAbove(build: Build): (run: RunInstruction, stage: Stage) => readonly Transfer[] {
  const byStage = groupBy(contextTransfers(build), ({ stage }) => stage);
  const known = new Map<RunInstruction, readonly Transfer[]>();
  return (run, stage) => {
    const found = known.get(run) ?? newestFirst(stagesBelow(stage), byStage, run.index);
    known.set(run, found);
    return found;
  };
}

function newestFirst(
  stages: readonly Stage[],
  byStage: ReadonlyMap<Stage, readonly Transfer[]>,
  before: number,
): readonly Transfer[] {
  const found: Transfer[] = [];
  for (const stage of stages.toReversed()) {
    const transfers = byStage.get(stage) ?? [];
    for (
      let at = countWhile(transfers, ({ instruction }) => instruction.index < before) - 1;
      at >= 0 && found.length < mostTransfers;
      at--
    ) {
      const transfer = transfers[at];
      if (transfer) found.push(transfer);
    }
  }
  return found;
}

function mountedAt(build: Build, context: BuildContext, run: RunInstruction, imagePath: string): string | undefined {
  const { cwd } = build.stateBefore(run);
  for (const { type, from, source, target } of mountsOf(build.file, run).mounts) {
    if (type !== 'bind' || from !== undefined || target === undefined) continue;
    const rest = relativeTo(joinPath(cwd ?? '/', target), imagePath);
    if (rest === undefined) continue;
    const path = joinPath(joinPath('/', source ?? ''), rest).slice(1);
    if (context.entry(path)?.type === 'file' && !context.ignored(path)) return path;
  }
  return undefined;
}
