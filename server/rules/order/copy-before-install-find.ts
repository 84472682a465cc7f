import { hasOption } from '../../model/arguments.js';
import type { Build, Stage } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { type Project, projectOf } from '../../model/install-project.js';
import { type Install, installsInStage, installsOf, worksOffline } from '../../model/installs.js';
import { type Landing, landingOf } from '../../model/landing.js';
import type { Reading } from '../../model/manifests.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { contextTransfers, type Transfer } from '../../model/transfers.js';
import { baseName } from '../../syntax/go-path.js';
import { groupBy } from '../../syntax/group-by.js';
import { mountsOf } from '../../syntax/mounts.js';
import type { Instruction } from '../../syntax/tree.js';
import { looksVolatile, type Offender, offenderOf } from './copy-before-install-sources.js';

export interface Defect {
  readonly install: Install;
  readonly offenders: readonly [Offender, ...Offender[]];
  /** Undefined where no context shows the manifests. */
  readonly project: Project | undefined;
  /** Where all transfers of the stage from the context land; empty without a context. */
  readonly landings: readonly Landing[];
}

/** More installs than this in one stage are not looked at: each costs a look at all transfers. */
const most = 40;

/** What the user does not want to hear of. */
export interface Choice {
  /** Paths of the context that may stand before an install. */
  isAllowed(path: string): boolean;
  isIgnored(manager: Install['manager']): boolean;
  isIgnoredStage(stage: Stage): boolean;
}

/** The first install of each manager in each stage that stands behind sources it does not need. */
export function findDefects(build: Build, context: BuildContext | undefined, choice: Choice): readonly Defect[] {
  const installs = groupBy(installsOf(build), ({ stage }) => stage);
  const transfers = groupBy(contextTransfers(build), ({ stage }) => stage);
  return [...installs].flatMap(([stage, all]) => {
    if (choice.isIgnoredStage(stage)) return [];
    const wanted = all.filter((install) => !choice.isIgnored(install.manager));
    const candidates = wanted.filter((install) => isCandidate(build, install)).slice(0, most);
    const taken = transfers.get(stage) ?? [];
    return taken.length > 0 && candidates.length > 0
      ? defectsAmong(build, candidates, taken, context, installs, choice)
      : [];
  });
}

type InstallsByStage = ReadonlyMap<Stage, readonly Install[]>;

function defectsAmong(
  build: Build,
  candidates: readonly Install[],
  transfers: readonly Transfer[],
  context: BuildContext | undefined,
  installs: InstallsByStage,
  choice: Choice,
): readonly Defect[] {
  const found: Defect[] = [];
  const landings = context ? transfers.flatMap((transfer) => landingOf(build, context, transfer) ?? []) : [];
  const projects = candidates.map((one) => context && projectOf(build, one, before(one, landings), context));
  const readings = projects.flatMap((project) => project?.reading ?? []);
  for (const [index, install] of candidates.entries()) {
    if (found.some((defect) => defect.install.manager === install.manager)) continue;
    const isKnown = context !== undefined;
    const question = {
      build,
      install,
      transfers,
      landings,
      project: projects[index],
      readings,
      isKnown,
      installs,
      choice,
    };
    const defect = defectOf(question);
    if (defect) found.push(defect);
  }
  return found;
}

function before(install: Install, landings: readonly Landing[]): Landing[] {
  return landings.filter(({ transfer }) => transfer.instruction.index < install.run.index);
}

function isCandidate(build: Build, install: Install): boolean {
  const { kind, manager, command, shape } = install;
  const fetches = kind === 'dependencies' || (kind === 'build' && manager.buildsDownload === true);
  if (!fetches || !command.certain || install.directory === undefined) return false;
  if (kind === 'build' && (worksOffline(install) || hasOption(install, ['--help', '--version']))) return false;
  // What was downloaded lies in a mount: nothing is fetched again.
  return !(downloadsOnly(kind, shape.downloads) && hasCacheMount(build, install));
}

function downloadsOnly(kind: Install['kind'], downloads: boolean | undefined): boolean {
  return kind === 'build' || downloads === true;
}

function hasCacheMount(build: Build, { manager, run }: Install): boolean {
  const folders = manager.caches
    .filter(({ path }) => !path.endsWith('go-build'))
    .map(({ path }) => path.split('/').slice(-2));
  return mountsOf(build.file, run).mounts.some(({ type, target }) => {
    if (type !== 'cache' || target === undefined) return false;
    const last = baseName(target.replace(/\/+$/, ''));
    return (
      folders.some((parts) => parts.includes(last)) ||
      manager.writes.includes(last) ||
      /GOPATH|CARGO_HOME|GOMODCACHE/.test(target)
    );
  });
}

interface Question {
  readonly build: Build;
  readonly install: Install;
  readonly transfers: readonly Transfer[];
  readonly landings: readonly Landing[];
  readonly project: Project | undefined;
  /** What all installs of the stage read. */
  readonly readings: readonly Reading[];
  /** There is a context, right or wrong: where it does not show what a build needs, nothing is said. */
  readonly isKnown: boolean;
  readonly installs: InstallsByStage;
  readonly choice: Choice;
}

function defectOf({
  build,
  install,
  transfers,
  landings,
  project,
  readings,
  isKnown,
  installs,
  choice,
}: Question): Defect | undefined {
  const earlier = transfers.filter(({ instruction }) => instruction.index < install.run.index);
  if (project?.reading.idle) return undefined;
  if (!project && isKnown && install.kind === 'build') return undefined;
  if (!project && !bringsProject(build, install, earlier)) return undefined;
  const places = before(install, landings);
  const offenders = earlier.flatMap((transfer) => {
    const landing = places.find((one) => one.transfer === transfer);
    if (landing && takesPackagesFrom(install, landing)) return [];
    return offenderOf(transfer, landing, project && readings, choice.isAllowed) ?? [];
  });
  const [first, ...rest] = offenders;
  if (install.kind === 'build' && transfers.some((one) => isLater(one, install))) return undefined;
  if (!first || isInstalledBefore(build, install, installs)) return undefined;
  return { install, offenders: [first, ...rest], project, landings: places };
}

/** `COPY wheels /wheels`, `pip install --find-links /wheels` */
function takesPackagesFrom({ options }: Install, { target }: Landing): boolean {
  return options.some(
    ({ name, value }) =>
      /^(?:-f|--find-links)$/.test(name) &&
      value?.startsWith('/') === true &&
      relativeTo(joinPath('/', value), target) !== undefined,
  );
}

/** Sources that come behind a build show that it builds the dependencies only, with stand-ins for the sources. */
function isLater({ instruction, sources }: Transfer, { run }: Install): boolean {
  return instruction.index > run.index && sources.some(looksVolatile);
}

/** Longer chains of stages are not followed: then it counts as installed. */
const longestChain = 100;

/** Whether an earlier command of the stage, or of one that it is built from, has installed the dependencies: then that one counts. */
function isInstalledBefore(build: Build, install: Install, installs: InstallsByStage): boolean {
  let stage: Stage | undefined = install.stage;
  for (let depth = 0; stage; depth++) {
    if (
      depth > longestChain ||
      (installs.get(stage) ?? []).some((one) => one.run.index < install.run.index && installsSame(one, install))
    )
      return true;
    if (stage.instructions.some((one) => copiesInstalled(build, one, install))) return true;
    stage = stage.base.kind === 'stage' ? stage.base.stage : undefined;
  }
  return false;
}

/** A manager of a compiled language keeps what it downloaded wherever it ran; others installed for one folder, or from one file. */
function installsSame(one: Install, { manager, directory, manifestArguments }: Install): boolean {
  if (one.manager !== manager) return false;
  if (manager.buildsDownload) return one.kind === 'dependencies' || one.kind === 'build';
  if (one.kind !== 'dependencies') return false;
  if (manager.manifests.length === 0) return manifestArguments.every((path) => one.manifestArguments.includes(path));
  return one.directory === undefined || one.directory === directory;
}

/** `COPY --from=deps /app/node_modules ./node_modules`, or all of a folder in which another stage has installed. */
function copiesInstalled(build: Build, instruction: Instruction, { manager, run }: Install): boolean {
  if (instruction.keyword !== 'COPY' || instruction.index > run.index) return false;
  const from = instruction.flags.find(({ name }) => name === 'from')?.value;
  if (from === undefined) return false;
  const stage = build.stageByReference(from);
  const places = (stage ? installsInStage(build, stage) : []).filter(
    (one) => one.manager === manager && one.kind === 'dependencies',
  );
  const folders = [...manager.writes, ...manager.caches.map(({ path }) => path.split('/').slice(1).join('/'))];
  return instruction.sources.some(({ text }) => {
    const path = (build.expand(instruction, text) ?? text).replace(/\/+$/, '');
    return (
      folders.some((folder) => path.endsWith(folder)) ||
      places.some(
        ({ directory }) => directory !== undefined && relativeTo(joinPath('/', path), directory) !== undefined,
      )
    );
  });
}

/** Whether a transfer of a whole folder covers the folder of the install, where no context shows what is in it. */
function bringsProject(build: Build, install: Install, transfers: readonly Transfer[]): boolean {
  const { directory } = install;
  if (directory === undefined) return false;
  const places = install.manifestArguments.flatMap((path) => (path === undefined ? [] : joinPath(directory, path)));
  return transfers.some(({ instruction, sources }) => {
    const word = instruction.destination && build.expand(instruction, instruction.destination.text);
    const { cwd } = build.stateBefore(instruction);
    if (word === undefined) return false;
    const target = joinPath(cwd ?? '/', word);
    return (
      relativeTo(target, directory) !== undefined &&
      (places.length === 0 || places.some((place) => relativeTo(target, place) !== undefined)) &&
      sources.some(({ path, whole }) => whole || (path !== undefined && !/\.\w+$/.test(path)))
    );
  });
}

/** Whether a path of the image is one of what moves, above it or below it. */
export function touchesMoved(defect: Defect): (path: string) => boolean {
  return (path) =>
    defect.offenders.some(({ landing }) => {
      if (!landing) return true;
      if (relativeTo(path, landing.target) !== undefined) return path !== '/' || landing.target === '/';
      return landing.contextPathOf(path) !== undefined;
    });
}
