import { sourceExtensions, sourceFolders, steadyNames } from '../../knowledge/volatile.js';
import type { Build, Stage } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { type Install, installsOf } from '../../model/installs.js';
import { type Landing, landingOf } from '../../model/landing.js';
import { manifestsOf, type Reading } from '../../model/manifests.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { contextTransfers, type Transfer, type TransferSource } from '../../model/transfers.js';
import { baseName, parentOf } from '../../syntax/go-path.js';
import { mountsOf } from '../../syntax/mounts.js';
import type { Instruction } from '../../syntax/tree.js';

/** A transfer of sources that stands before an install. */
export interface Offender {
  readonly transfer: Transfer;
  /** The source that takes what changes. */
  readonly source: TransferSource;
  /** A file that changes often and is not read by the install; undefined where no context says. */
  readonly file: string | undefined;
  /** Files taken that the install does not read, up to a limit. */
  readonly count: number;
  readonly landing: Landing | undefined;
}

/** The project in the context that an install works on. */
export interface Project {
  readonly context: BuildContext;
  /** Context folder that the install's folder stands for. */
  readonly folder: string;
  readonly reading: Reading;
}

export interface Defect {
  readonly install: Install;
  readonly offenders: readonly [Offender, ...Offender[]];
  /** Undefined where no context shows the manifests. */
  readonly project: Project | undefined;
  /** Where all transfers of the stage from the context land; empty without a context. */
  readonly landings: readonly Landing[];
}

/** The first install of each manager in a stage that stands behind sources it does not need. */
export function defectsIn(build: Build, stage: Stage, context: BuildContext | undefined): readonly Defect[] {
  const found: Defect[] = [];
  const transfers = contextTransfers(build).filter((transfer) => transfer.stage === stage);
  const installs = installsOf(build).filter((install) => install.stage === stage && isCandidate(build, install));
  if (transfers.length === 0 || installs.length === 0) return found;
  const landings = context ? transfers.flatMap((transfer) => landingOf(build, context, transfer) ?? []) : [];
  const projects = installs.map((install) => context && projectOf(build, install, before(install, landings), context));
  const readings = projects.flatMap((project) => project?.reading ?? []);
  for (const [index, install] of installs.entries()) {
    if (found.some((defect) => defect.install.manager === install.manager)) continue;
    const defect = defectOf({
      build,
      install,
      transfers,
      landings,
      project: projects[index],
      readings,
      isKnown: context !== undefined,
    });
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
  if (kind === 'build' && isOffline(install)) return false;
  // What was downloaded lies in a mount: nothing is fetched again.
  return !(downloadsOnly(kind, shape.downloads) && hasCacheMount(build, install));
}

/** Options that keep a build from fetching anything. */
function isOffline({ manager, options }: Install): boolean {
  const names = manager.name === 'maven' ? ['-o', '--offline'] : ['--offline', '--no-restore', '--skip-update'];
  return options.some(
    ({ name, value }) =>
      names.includes(name) || ['--help', '--version'].includes(name) || (name === '-mod' && value === 'vendor'),
  );
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
}

function defectOf({ build, install, transfers, landings, project, readings, isKnown }: Question): Defect | undefined {
  const earlier = transfers.filter(({ instruction }) => instruction.index < install.run.index);
  if (project?.reading.idle) return undefined;
  if (!project && isKnown && install.kind === 'build') return undefined;
  if (!project && !bringsProject(build, install, earlier)) return undefined;
  const places = before(install, landings);
  const offenders = earlier.flatMap((transfer) => {
    const landing = places.find((one) => one.transfer === transfer);
    return offenderOf(transfer, landing, project && readings) ?? [];
  });
  const [first, ...rest] = offenders;
  if (!first || isInstalledBefore(build, install, first.transfer.instruction)) return undefined;
  return { install, offenders: [first, ...rest], project, landings: places };
}

/** A manager of a compiled language keeps what it downloaded wherever it ran; others installed for one folder. */
function isInstalledBefore(build: Build, install: Install, first: Instruction): boolean {
  const chain = new Set<Stage>();
  for (let stage: Stage | undefined = install.stage; stage && !chain.has(stage); ) {
    chain.add(stage);
    stage = stage.base.kind === 'stage' ? stage.base.stage : undefined;
  }
  const { manager } = install;
  const earlier = installsOf(build).some(
    (one) =>
      chain.has(one.stage) &&
      (one.stage !== install.stage || one.run.index < first.index) &&
      one.manager === manager &&
      (one.kind === 'dependencies' || (one.kind === 'build' && manager.buildsDownload === true)) &&
      (manager.buildsDownload === true || one.directory === undefined || one.directory === install.directory),
  );
  return earlier || [...chain].some((stage) => stage.instructions.some((one) => copiesInstalled(build, one, install)));
}

/** `COPY --from=deps /app/node_modules ./node_modules`, or all of a folder in which another stage has installed. */
function copiesInstalled(build: Build, instruction: Instruction, { manager, run }: Install): boolean {
  if (instruction.keyword !== 'COPY' || instruction.index > run.index) return false;
  const from = instruction.flags.find(({ name }) => name === 'from')?.value;
  if (from === undefined) return false;
  const stage = build.stageByReference(from);
  const places = installsOf(build).filter(
    (one) => one.stage === stage && one.manager === manager && one.kind === 'dependencies',
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
  return transfers.some(({ instruction, sources }) => {
    const word = instruction.destination && build.expand(instruction, instruction.destination.text);
    const { cwd } = build.stateBefore(instruction);
    if (word === undefined || install.directory === undefined) return false;
    const target = joinPath(cwd ?? '/', word);
    return (
      relativeTo(target, install.directory) !== undefined &&
      sources.some(({ path, whole }) => whole || (path !== undefined && !/\.\w+$/.test(path)))
    );
  });
}

/** Finds the context folder that the install's folder stands for by the manifests that were copied there. */
function projectOf(
  build: Build,
  install: Install,
  landings: readonly Landing[],
  context: BuildContext,
): Project | undefined {
  const { directory, manifestArguments } = install;
  if (directory === undefined || !context.plausible) return undefined;
  const origin = (path: string) => originOf(path, landings) ?? mounted(build, install, path);
  const named = manifestArguments.map((path) => (path === undefined ? undefined : origin(joinPath(directory, path))));
  const [first] = named;
  if (named.includes(undefined)) return undefined;
  const isThere = origin(directory) !== undefined || build.stateBefore(install.run).cwd === directory;
  const places = isThere ? upwards(directory, install.manager.name) : [directory];
  const folders =
    first === undefined ? foldersWithManifest(install, places, origin) : [origin(directory) ?? parentOf(first)];
  for (const folder of folders) {
    const reading = manifestsOf({ ...install, manifestArguments: named.map((path) => `/${path}`) }, context, folder);
    if (reading) return { context, folder, reading };
  }
  return undefined;
}

/** The path of the context whose file or folder stands at a path of the image: that of the last transfer. */
function originOf(path: string, landings: readonly Landing[]): string | undefined {
  for (const landing of landings.toReversed()) {
    const found = landing.contextPathOf(path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function foldersWithManifest(
  { manager }: Install,
  places: readonly string[],
  origin: (path: string) => string | undefined,
): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const at of places) {
    for (const name of manager.manifests) {
      const found = name.includes('*') ? undefined : origin(joinPath(at, name));
      if (found !== undefined) folders.add(parentOf(found));
    }
    const whole = origin(at);
    if (whole !== undefined) folders.add(whole);
  }
  return folders;
}

/** Go and uv look for their manifest in the folders above too. */
function upwards(directory: string, manager: string): string[] {
  const found = [directory];
  if (!['go', 'uv', 'poetry', 'pdm', 'cargo'].includes(manager)) return found;
  for (let at = directory; at !== '/' && at !== ''; ) {
    at = parentOf(at) || '/';
    found.push(at);
  }
  return found;
}

/** The context path that a bind mount of the RUN shows at a path. */
function mounted(build: Build, { run }: Install, path: string): string | undefined {
  const { cwd } = build.stateBefore(run);
  for (const { type, from, source, target } of mountsOf(build.file, run).mounts) {
    if (type !== 'bind' || from !== undefined || target === undefined) continue;
    const rest = relativeTo(joinPath(cwd ?? '/', target), path);
    if (rest !== undefined) return joinPath(`/${source ?? ''}`, rest === '' ? '.' : rest).slice(1);
  }
  return undefined;
}

/** Looking at more files than these says nothing new. */
const mostFiles = 3000;

function offenderOf(
  transfer: Transfer,
  landing: Landing | undefined,
  readings: readonly Reading[] | undefined,
): Offender | undefined {
  const guess = transfer.sources.find(looksVolatile);
  if (!readings || !landing) return guess && { transfer, source: guess, file: undefined, count: 0, landing };
  let best: string | undefined;
  let count = 0;
  let looked = 0;
  for (const { path, type } of landing.taken.entries) {
    if (looked++ > mostFiles) break;
    if (type === 'directory' || readings.some((reading) => isRead(path, reading))) continue;
    count++;
    if (isVolatile(path) && (best === undefined || rank(path) < rank(best))) best = path;
  }
  if (best === undefined) return undefined;
  const source = sourceOf(transfer, best) ?? guess ?? transfer.sources[0];
  return source && { transfer, source, file: best, count, landing };
}

function sourceOf({ sources }: Transfer, file: string): TransferSource | undefined {
  return sources.find(({ path }) => path !== undefined && relativeTo(`/${path}`, `/${file}`) !== undefined);
}

function isRead(path: string, { files, folders }: Reading): boolean {
  return files.has(path) || (folders.size > 0 && [...folders].some((folder) => path.startsWith(`${folder}/`)));
}

/** Code of others that lies in the repository changes with the dependencies. */
const vendored = /(?:^|\/)(?:vendor|third[_-]?party|node_modules|\.yarn)\//;

function isVolatile(path: string): boolean {
  if (vendored.test(path)) return false;
  const name = baseName(path).toLowerCase();
  const dot = name.lastIndexOf('.');
  return dot > 0 && sourceExtensions.has(name.slice(dot + 1)) && !steadyNames.some((pattern) => pattern.test(name));
}

function looksVolatile({ path, whole }: TransferSource): boolean {
  if (whole) return true;
  return (
    path !== undefined && (sourceFolders.has(baseName(path).toLowerCase()) || isVolatile(path.replaceAll('*', 'x')))
  );
}

/** Code in the usual folders is a better example than documents and tests. */
function rank(path: string): number {
  const name = path.toLowerCase();
  const place = /(?:^|\/)(?:src|app|lib|cmd|internal|pkg|server|api)\//.test(name) ? 0 : 2;
  return (
    place +
    (/(?:^|\/)(?:\.|docs?\/|tests?\/|examples?\/)|\.(?:md|rst|sql)$|config|test|spec/.test(name) ? 4 : 0) +
    (name.includes('/') ? 0 : 1)
  );
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
