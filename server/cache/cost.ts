import {
  bytesPerSecond,
  commandSeconds,
  type InstallCost,
  installCost,
  type LockfileShape,
  lockfileShapes,
  requirement,
  secondsPerCommand,
  secondsPerCopy,
  secondsPerDownload,
  secondsPerFile,
  secondsPerRun,
  secondsPerScript,
  secondsPerStageCopy,
  shareOfRepeated,
  shareWithCacheMount,
  shareWithCompiled,
} from '../knowledge/costs.js';
import type { Build, Stage } from '../model/build.js';
import { cacheMountsOf, cachePlacesOf, isInside } from '../model/caches.js';
import type { BuildContext } from '../model/context.js';
import { filesTaken } from '../model/files-taken.js';
import { type Install, installsIn, onlyLoads } from '../model/installs.js';
import { mixTasks } from '../model/mix-tasks.js';
import { joinPath } from '../model/path.js';
import { type ProjectFiles, projectFiles } from '../model/project-files.js';
import { baseName } from '../syntax/go-path.js';
import { mountsOf } from '../syntax/mounts.js';
import { isRemoteSource } from '../syntax/remote-source.js';
import { parseShell, type ShellCommand } from '../syntax/shell.js';
import type { Instruction, RunInstruction, TransferInstruction } from '../syntax/tree.js';
import type { Measures } from './measures.js';
import { costOfMix } from './mix-cost.js';

/** What running a step costs once. */
export interface StepCost {
  readonly seconds: number;
  /** `measured`: median of builds; `table`: an order of magnitude. */
  readonly basis: 'measured' | 'table';
  /** Of the layer, roughly; undefined where it is not known. */
  readonly bytes: number | undefined;
  readonly bytesBasis: 'context' | 'table' | undefined;
}

export type Costs = (instruction: Instruction, stage: number) => StepCost;

/** Costs of the steps of one Dockerfile; each is worked out once, when it is asked for. */
export function costsOf(build: Build, context: BuildContext | undefined, measures: Measures | undefined): Costs {
  const files = context && projectFiles(build, context);
  const known = new Map<Instruction, StepCost>();
  return (instruction, index) => {
    const found = known.get(instruction);
    if (found) return found;
    const stage = build.stages[index];
    const guess = guessOf({ build, context, files, stage }, instruction);
    const measured = measures?.secondsOf(build.file, instruction, stage?.name ?? `stage-${index}`);
    const cost: StepCost = measured === undefined ? guess : { ...guess, seconds: measured, basis: 'measured' };
    known.set(instruction, cost);
    return cost;
  };
}

interface Place {
  readonly build: Build;
  readonly context: BuildContext | undefined;
  readonly files: ProjectFiles | undefined;
  readonly stage: Stage | undefined;
}

function guessOf(place: Place, instruction: Instruction): StepCost {
  if (instruction.keyword === 'RUN') return costOfRun(place, instruction);
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') return costOfTransfer(place, instruction);
  return { seconds: secondsPerCopy, basis: 'table', bytes: 0, bytesBasis: 'table' };
}

/** Files that are counted one by one. */
const mostFiles = 5_000;

function costOfTransfer({ build, context }: Place, instruction: TransferInstruction): StepCost {
  const values = (name: string) =>
    instruction.flags.flatMap((flag) => (flag.name === name && flag.value !== undefined ? [flag.value] : []));
  const words = instruction.sources.map(({ text }) => build.expand(instruction, text) ?? text);
  const remote = words.filter(isRemoteSource).length;
  const base = secondsPerCopy + remote * secondsPerDownload;
  if (values('from').length > 0)
    return { seconds: base + secondsPerStageCopy, basis: 'table', bytes: undefined, bytesBasis: undefined };
  if (!context) return { seconds: base, basis: 'table', bytes: undefined, bytesBasis: undefined };
  const parents = instruction.flags.some(({ name, value }) => name === 'parents' && value !== 'false');
  let [files, bytes] = [0, 0];
  for (const entry of filesTaken(context, words, { exclude: values('exclude'), parents }).entries) {
    files++;
    bytes += Math.max(entry.size, 0);
    if (files >= mostFiles) break;
  }
  const seconds = base + files * secondsPerFile + bytes / bytesPerSecond;
  return { seconds, basis: 'table', bytes, bytesBasis: remote > 0 ? undefined : 'context' };
}

interface Cost {
  readonly seconds: number;
  readonly bytes: number;
}

/** Commands that may not run (in a condition, behind `||`) are alternatives: the dearest counts. */
function costOfRun(place: Place, run: RunInstruction): StepCost {
  const { build } = place;
  const script = parseShell(build.file, run, build.stateBefore(run).shell);
  const installs = new Map(installsIn(build, run).map((install) => [install.command, install]));
  let [seconds, bytes] = [secondsPerRun, 0];
  let perhaps: Cost = { seconds: 0, bytes: 0 };
  for (const command of script.commands) {
    const install = installs.get(command);
    const cost = install ? costOfInstall(place, run, install) : { seconds: secondsOfCommand(command), bytes: 0 };
    if (command.certain) {
      seconds += cost.seconds;
      bytes += cost.bytes;
    } else if (cost.seconds > perhaps.seconds) perhaps = cost;
  }
  const total = bytes + perhaps.bytes;
  return {
    seconds: seconds + perhaps.seconds,
    basis: 'table',
    bytes: total > 0 ? total : undefined,
    bytesBasis: total > 0 ? 'table' : undefined,
  };
}

/** `npx turbo`, `pnpm exec vite build`, `python manage.py …`: what a launcher is to run says more than the launcher. */
function secondsOfCommand({ name = '', args }: ShellCommand): number {
  const words = args.flatMap(({ value }) => (value === undefined || value.startsWith('-') ? [] : [baseName(value)]));
  const [first = '', second = ''] = words;
  const programs = [name, first, ...(launchingWords.has(first) ? [second] : [])];
  if (programs.some((program) => program.endsWith('.sh'))) return secondsPerScript;
  const found = [name, ...(launchers.has(name) ? programs : [])].find((program) => commandSeconds.has(program));
  return (found === undefined ? undefined : commandSeconds.get(found)) ?? secondsPerCommand;
}

const launchers = new Set(
  'npx npm pnpm pnpx yarn bun bunx corepack python python3 php ruby poetry uv bundle node dotnet'.split(' '),
);
const launchingWords = new Set(['exec', 'run', 'dlx']);

function costOfInstall(place: Place, run: RunInstruction, install: Install): Cost {
  const cost = installCost(install.manager.name);
  const { kind } = install.shape;
  if (install.manager.name === 'mix') {
    const before = earlierInstalls(place, install).flatMap(({ command }) => mixTasks(command));
    const packages = packagesIn(place, run, install) ?? cost.packages;
    const share = hasCacheMount(place.build, run) ? shareWithCacheMount : 1;
    return costOfMix(mixTasks(install.command), { before, packages, share });
  }
  if (kind === 'index') return { seconds: cost.seconds, bytes: 0 };
  if (kind === 'build' && !install.manager.buildsDownload && !installsProject(install))
    return { seconds: cost.build, bytes: 0 };
  const mounted = keepsDownloads(place.build, install) ? (cost.shareWithCache ?? shareWithCacheMount) : 1;
  if (kind === 'packages' && install.kind !== 'build')
    return ofPackages(cost, install.rest.length * cost.perName, mounted);
  const packages = packagesIn(place, run, install) ?? cost.packages;
  const before = earlierInstalls(place, install);
  const behind = Math.min(1, ...before.map(shareBehind));
  const share = Math.min(mounted, behind);
  const isCompiled = cost.compilePerPackage !== undefined && before.some(hasCompiled);
  const isFetched = install.manager.buildsDownload === true && before.some((other) => other.kind === 'build');
  const isDone = isCompiled || (kind === 'build' && (behind < 1 || isFetched));
  const fetched = isDone ? nothing : ofPackages(cost, isRepeated(install, before) ? 0 : packages, share);
  const compiles =
    (install.kind === 'build' || isCook(install)) && !before.some(hasCompiled) && !bringsCompiled(place, install);
  const compiling = compiles ? packages * (cost.compilePerPackage ?? 0) : 0;
  const builds = install.kind === 'build' && !onlyLoads(install) && !buildsStub(place.build, install);
  const own = builds ? cost.build * (keepsCompiled(place.build, install) ? shareWithCompiled : 1) : 0;
  return { seconds: own + compiling + fetched.seconds, bytes: fetched.bytes };
}

/** What remains behind an install of the same manager: one whose packages are removed again has filled the cache. */
function shareBehind({ kind, run, manager }: Install): number {
  if (kind !== 'dependencies') return 1;
  const isRemoved = /\brm\s+-\w+\s(?:[^&;|]*[\s/])?node_modules\b/.test(run.text);
  return isRemoved ? (installCost(manager.name).shareWithCache ?? shareWithCacheMount) : shareOfRepeated;
}

/** `pip install .`, `uv pip install -e .`: with all that the project depends on. */
function installsProject({ kind, manager, shape }: Install): boolean {
  return kind === 'build' && (manager.name === 'pip' || manager.name === 'uv') && /\binstall\b/.test(shape.words);
}

/** A project that is installed twice, or whose manifest was installed from, needs its dependencies once. */
function isRepeated(install: Install, before: readonly Install[]): boolean {
  const words = ({ command }: Install) => command.args.map(({ text }) => text).join(' ');
  return (
    installsProject(install) &&
    before.some(
      (other) =>
        words(other) === words(install) || other.manifestArguments.some((path) => path?.endsWith('pyproject.toml')),
    )
  );
}

const nothing: Cost = { seconds: 0, bytes: 0 };

/** A stage that has compiled the dependencies gives the folder of what it made: `COPY --from=cacher /app/target target`. */
function bringsCompiled({ build, stage }: Place, { manager, run }: Install): boolean {
  return (stage?.instructions ?? []).some((one) => {
    const from =
      one.keyword === 'COPY' && one.index < run.index && one.flags.find(({ name }) => name === 'from')?.value;
    const giver = from ? build.stageByReference(from) : undefined;
    if (one.keyword !== 'COPY' || !giver) return false;
    return (
      one.sources.some(({ text }) => manager.writes.includes(baseName(text.replace(/\/+$/, '')))) &&
      giver.instructions.some(
        (other) =>
          other.keyword === 'RUN' &&
          installsIn(build, other).some((found) => found.manager === manager && hasCompiled(found)),
      )
    );
  });
}

/** `cargo chef cook` builds the dependencies alone. */
function isCook({ operands }: Install): boolean {
  return operands.some(({ value }) => value === 'cook');
}

/** Sources without code that the RUN has written, or one before it that only does that, so that `cargo build` builds the dependencies. */
function buildsStub(build: Build, { manager, run, stage }: Install): boolean {
  if (manager.name !== 'cargo') return false;
  const before = stage.instructions.filter(({ index }) => index <= run.index);
  const copied = before.findLastIndex(({ keyword }) => keyword === 'COPY' || keyword === 'ADD');
  return before
    .slice(copied + 1)
    .some(
      (one) =>
        one.keyword === 'RUN' && writesStub.test(one.text) && (one === run || installsIn(build, one).length === 0),
    );
}

const writesStub = /\bfn main\b|\btouch\s[^&|;]*\blib\.rs\b/;

function hasCompiled(install: Install): boolean {
  return install.kind === 'build' || isCook(install);
}

function ofPackages(cost: InstallCost, packages: number, share: number): Cost {
  return {
    seconds: cost.seconds + packages * cost.secondsPerPackage * share,
    bytes: packages * cost.bytesPerPackage,
  };
}

/** Some cache mount, for Go one that covers its modules. */
function keepsDownloads(build: Build, install: Install): boolean {
  const isMounted = hasCacheMount(build, install.run);
  return isMounted && (install.manager.name !== 'go' || coversCache(build, install, 'mod'));
}

/** Of the managers that have a folder for what is compiled apart from the project, only Go is in the tables. */
function keepsCompiled(build: Build, install: Install): boolean {
  return install.manager.name === 'go' && hasCacheMount(build, install.run) && coversCache(build, install, 'go-build');
}

/** A cache mount at the folder of that name, or above where it is. */
function coversCache(build: Build, install: Install, name: string): boolean {
  const place = cachePlacesOf(build, install)?.find(({ path }) => baseName(path) === name)?.path;
  return cacheMountsOf(build, install.run).some(
    ({ target }) =>
      target === undefined || baseName(target) === name || (place !== undefined && isInside(place, target)),
  );
}

function hasCacheMount(build: Build, run: RunInstruction): boolean {
  return mountsOf(build.file, run).mounts.some(({ type }) => type === 'cache');
}

/** Those of the same manager that come before it in the stage, in earlier steps or in its own. */
function earlierInstalls({ build, stage }: Place, install: Install): readonly Install[] {
  return (stage?.instructions ?? []).flatMap((one) =>
    one.keyword === 'RUN' && one.index <= install.run.index
      ? installsIn(build, one).filter(
          (other) =>
            other.manager === install.manager &&
            other.directory === install.directory &&
            other.command.span.start < install.command.span.start,
        )
      : [],
  );
}

/** Packages that the lockfiles or lists of requirements name; undefined where none is found. */
function packagesIn(place: Place, run: RunInstruction, install: Install): number | undefined {
  const { manager, manifestArguments, directory } = install;
  const lists = manifestArguments.flatMap((path) => (path === undefined ? [] : [path]));
  for (const name of [...lists, ...manager.lockfiles, ...(manager.name === 'pip' ? ['requirements.txt'] : [])]) {
    const shape = lockfileShapes[baseName(name)] ?? (/\.(?:txt|in)$/.test(name) ? requirement : undefined);
    const path = shape && contextPathOf(place, run, directory, name);
    const count = shape && path !== undefined ? countPackages(place.context, path, shape) : undefined;
    if (count !== undefined && count > 0) return count;
  }
  return undefined;
}

/** Where the RUN finds the file, else a file of that name at the root: whatever the order of the steps, the cost is one. */
function contextPathOf(
  { files, context, stage }: Place,
  run: RunInstruction,
  directory: string | undefined,
  name: string,
): string | undefined {
  const supplied =
    stage && directory !== undefined ? files?.suppliedTo(run, stage, joinPath(directory, name)) : undefined;
  if (supplied) return supplied.path;
  return context?.entry(name)?.type === 'file' ? name : undefined;
}

function countPackages(context: BuildContext | undefined, path: string, shape: LockfileShape): number | undefined {
  const text = context?.read(path);
  if (text === undefined) {
    const size = context?.entry(path)?.size;
    return size === undefined || size < 0 ? undefined : Math.ceil(size / shape.bytesPerPackage);
  }
  return Math.ceil((text.match(shape.entry)?.length ?? 0) / (shape.matchesPerPackage ?? 1));
}
