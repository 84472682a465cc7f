import { baseName } from '../syntax/go-path.js';
import { createMemo } from '../syntax/memo.js';
import { type Mount, mountsOf } from '../syntax/mounts.js';
import { parseShell } from '../syntax/shell.js';
import { textWithHeredocs } from '../syntax/text-with-heredocs.js';
import type {
  CmdInstruction,
  EntrypointInstruction,
  Instruction,
  RunInstruction,
  TransferInstruction,
} from '../syntax/tree.js';
import { hasOption } from './arguments.js';
import type { Build, Stage } from './build.js';
import { cacheMountsOf, cachePlacesOf, isInside, mountTarget, stagesDown, stagesUp } from './caches.js';
import { destinationOf } from './destination.js';
import { type Install, installsIn, installsOf, worksOffline } from './installs.js';
import { joinPath } from './path.js';

/** What an install leaves in a cache mount, and the first step that cannot do without. */
export interface Need {
  readonly install: Install;
  readonly mount: Mount;
  /** `downloads`: of the manager, for a command that works offline; `packages`: `node_modules` and its like. */
  readonly kind: 'downloads' | 'packages';
  /** The folder in the mount, absolute. */
  readonly path: string;
  readonly by: Instruction;
  /** The command of `by` that needs it; undefined where that is no call of a package manager. */
  readonly call: Install | undefined;
  /** `by` has the same mount, and finds there what the builder has kept. */
  readonly mounted: boolean;
  /** False where it may find what it needs elsewhere: nothing to report, but what the order must not part. */
  readonly sure: boolean;
}

/** Folders of a project from which packages are used, by their names. */
const packageFolders = ['node_modules', 'vendor'];

const known = createMemo<Build, readonly Need[]>();

/** One for each install, mount and folder, in the order of the installs; kept per build. */
export function needsOf(build: Build): readonly Need[] {
  const needs = known.get(build) ?? findNeeds(build);
  known.set(build, needs);
  return needs;
}

function findNeeds(build: Build): readonly Need[] {
  return installsOf(build)
    .filter(fetches)
    .flatMap((install) =>
      cacheMountsOf(build, install.run).flatMap(({ mount, target }): Need[] => {
        if (target === undefined || mount.from !== undefined) return [];
        const need = needOfDownloads(build, install, mount, target) ?? needOfPackages(build, install, mount, target);
        return need ? [need] : [];
      }),
    );
}

/** The sure ones, each step and folder once. */
export function sureNeedsOf(build: Build): readonly Need[] {
  const found = new Map<string, Need>();
  for (const need of needsOf(build)) {
    const key = `${need.by.index} ${need.path}`;
    if (need.sure && !found.has(key)) found.set(key, need);
  }
  return [...found.values()];
}

/** Whether a later command, of the same RUN too, needs what an install leaves in a cache mount: the two must not be parted. */
export function leavesInMount(build: Build, install: Install): boolean {
  const { run, manager, directory } = install;
  const targets = cacheMountsOf(build, run).flatMap(({ target }) => target ?? []);
  if (targets.length === 0) return false;
  const behind = installsIn(build, run).filter(({ command }) => command.span.start > install.command.span.start);
  const isMounted = neededOffline(build, install).some((path) => targets.some((target) => isInside(path, target)));
  const isFolder = manager.writes.some((one) => directory !== undefined && targets.includes(joinPath(directory, one)));
  return (
    (isMounted && behind.some((one) => one.manager === manager && worksOffline(one))) ||
    isFolder ||
    needsOf(build).some((need) => need.install === install && need.mounted)
  );
}

/** Folders in which it leaves what a later command that works offline needs: pnpm has all in node_modules already. */
function neededOffline(build: Build, install: Install): readonly string[] {
  const places = cachePlacesOf(build, install) ?? [];
  return places.flatMap(({ folder, path }) => (folder.inPlace || isUnpacking(install) ? [path] : []));
}

function isUnpacking({ manager }: Install): boolean {
  return manager.name === 'npm' || manager.name === 'yarn';
}

/** A command that leaves packages where the manager looks for them. */
function fetches(install: Install): boolean {
  const { kind, manager } = install;
  return (kind === 'dependencies' || (kind === 'build' && manager.buildsDownload === true)) && !worksOffline(install);
}

/** Packages that a manager uses where it has downloaded them to, and a later command that works offline: one without the mount first. */
function needOfDownloads(build: Build, install: Install, mount: Mount, target: string): Need | undefined {
  const { manager } = install;
  // With -mod=vendor Go does not look for what it has downloaded.
  if (manager.name === 'go') return undefined;
  const place = neededOffline(build, install).find((path) => isInside(path, target));
  if (place === undefined) return undefined;
  const isKept = keepsElsewhere.test(build.file.text) || namesFolder(install.run, place);
  let found: Need | undefined;
  for (const later of runsBehind(build, install)) {
    const calls = installsIn(build, later).filter((one) => one.manager === manager);
    const access = accessOf(build, later, place, mount);
    if (access === 'mount' && (calls.some(worksOffline) || mayCallOffline(build, later, install))) {
      found ??= {
        install,
        mount,
        kind: 'downloads',
        path: place,
        by: later,
        call: undefined,
        mounted: true,
        sure: false,
      };
    }
    const [call] = calls;
    if (!call) continue;
    if (worksOffline(call) && access !== 'other') {
      const mounted = access === 'mount';
      const isFilled = !mounted && isFilledBefore(build, call, place, mount);
      const sure = !isKept && !isFilled && looksAt(build, call, place);
      const need: Need = { install, mount, kind: 'downloads', path: place, by: later, call, mounted, sure };
      if (!mounted && sure) return need;
      if (mounted && sure && !found?.sure) found = need;
    } else if (fetches(call) && access !== 'mount') break;
  }
  return found;
}

/** A script, of which is not known what it calls, or MSBuild, which restores nothing by itself. */
function mayCallOffline(build: Build, run: RunInstruction, { manager, command: { name } }: Install): boolean {
  if (!manager.caches.some(({ inPlace }) => inPlace)) return false;
  return parseShell(build.file, run, build.stateBefore(run).shell).commands.some(
    (one) =>
      (one.name !== name && scripts.test(one.name ?? '.sh')) ||
      (one.name === 'dotnet' && one.args[0]?.value === 'msbuild'),
  );
}

const scripts = /\.(?:sh|bash|ps1|py)$|^(?:make|just|task|msbuild)$/;

/** Packages in a folder of the project, which serve a command that works offline. */
const keepsElsewhere =
  /(?:\bcargo |--)vendor\b|vendored-sources|offline-(?:mirror|cache)|\.yarnrc\b|GRADLE_RO_DEP_CACHE/;

/** Whether the command takes packages from the folder: with what is unpacked in the project a script needs no downloads. */
function looksAt(build: Build, call: Install, place: string): boolean {
  if (call.kind === 'build' && isUnpacking(call)) return false;
  // What has been built stands with its packages in bin.
  if (hasOption(call, ['--no-build']) && call.operands[0]?.value !== 'publish') return false;
  const own = cachePlacesOf(build, call);
  return own !== undefined && (own.length === 0 || own.some(({ path }) => path === place));
}

/** A step before has put packages into the folder, in the image: another install, a COPY, or a RUN that names it. */
function isFilledBefore(build: Build, { run, stage, manager }: Install, place: string, mount: Mount): boolean {
  return stagesDown(stage).some(({ instructions }) =>
    instructions.some((one) => {
      if (one.index > run.index) return false;
      if (one.keyword === 'COPY' || one.keyword === 'ADD') return mayFill(build, one, place);
      if (one.keyword !== 'RUN' || accessOf(build, one, place, mount) !== 'image') return false;
      const isFetched = installsIn(build, one).some((other) => other.manager === manager && fetches(other));
      return isFetched || namesFolder(one, place);
    }),
  );
}

/** The RUN speaks of the folder, or of the hidden one that it lies in. */
function namesFolder(run: RunInstruction, place: string): boolean {
  const hidden = place.split('/').find((name) => name.startsWith('.'));
  return textWithHeredocs(run).includes(hidden ?? place);
}

/** A folder of packages that is a mount itself, and what comes behind the install. */
function needOfPackages(build: Build, install: Install, mount: Mount, target: string): Need | undefined {
  const { directory, manager, run } = install;
  const name = packageFolders.find(
    (one) => manager.writes.includes(one) && directory !== undefined && joinPath(directory, one) === target,
  );
  // The RUN may bring it elsewhere.
  if (name === undefined || textWithHeredocs(run).includes(name)) return undefined;
  const heirs = new Set(stagesUp(build, install.stage));
  for (const by of build.stages.flatMap(({ instructions }) => instructions)) {
    if (by.index <= run.index) continue;
    const need: Need = {
      install,
      mount,
      kind: 'packages',
      path: target,
      by,
      call: undefined,
      mounted: false,
      sure: true,
    };
    if (by.keyword === 'COPY' && takes(build, by, heirs, target)) return need;
    const stage = build.stageOf(by);
    if (!stage || !heirs.has(stage)) continue;
    if ((by.keyword === 'COPY' || by.keyword === 'ADD') && mayFill(build, by, target)) return undefined;
    if (by.keyword === 'RUN') {
      const call = installsIn(build, by).find(
        (one) => one.manager.writes.includes(name) && !hasOption(one, ['-g', '--global']),
      );
      const access = accessOf(build, by, target, mount);
      if (access === 'other' || textWithHeredocs(by).includes(name)) return undefined;
      if (!call || call.directory !== directory) continue;
      if (call.kind === 'build' && worksAlone.test(call.operands[0]?.value ?? '')) continue;
      if (call.kind === 'build' && mayInstall(call)) return undefined;
      if (call.kind === 'build') return { ...need, call, mounted: access === 'mount' };
      if (access === 'image') return undefined;
    }
    if ((by.keyword === 'CMD' || by.keyword === 'ENTRYPOINT') && stage === build.target && name === 'node_modules') {
      if (build.stateBefore(by).cwd === directory && startsNode(build, by)) return need;
    }
  }
  return undefined;
}

/** Commands that need no packages of the project: of other folders, or downloaded where they are not there. */
const worksAlone = /^(?:pack|publish|link|exec|x|i|in|ins|install|add|config|dump-?autoload)$/;

/** A script that is called so: `npm run ci:install`. */
function mayInstall({ operands }: Install): boolean {
  return operands.some(({ text }) => /install|bootstrap|setup/.test(text));
}

/** Programs that start what they are given, and nothing before. */
const starters = new Set(['dumb-init', 'tini', '--']);

/** Files that a bundler may have made, with all packages in them: Nuxt's and Next.js's servers too. */
const mayBeBundled = /(?:^|\/)(?:\.output|\.next|dist|build|out|bundle)\/|bundle/;

/** It starts a script of the project as it is; an entrypoint of the project may install packages first. */
function startsNode(build: Build, by: CmdInstruction | EntrypointInstruction): boolean {
  const entry = build.stageOf(by)?.instructions.findLast(({ keyword }) => keyword === 'ENTRYPOINT');
  if (by.keyword === 'CMD' && entry && startedBy(build, entry)?.length !== 0) return false;
  const [program, first] = startedBy(build, by) ?? [];
  if (program === 'npm' || program === 'yarn' || program === 'pnpm') return first !== undefined;
  return program === 'node' && first !== undefined && !first.startsWith('-') && !mayBeBundled.test(first);
}

/** The program and what follows it; undefined where more than one is started. */
function startedBy(build: Build, by: Instruction): readonly string[] | undefined {
  if (by.keyword !== 'CMD' && by.keyword !== 'ENTRYPOINT') return undefined;
  const { commands } = parseShell(build.file, by, build.stateBefore(by).shell);
  const [command, ...others] = commands.filter(({ name }) => name !== 'sh' && name !== 'bash');
  if (!command || others.length > 0) return undefined;
  const words = [command.name ?? '', ...command.args.map(({ value }) => value ?? '')];
  const start = words.findIndex((word) => !starters.has(baseName(word)));
  return start < 0 ? [] : words.slice(start);
}

function runsBehind(build: Build, { stage, run }: Install): readonly RunInstruction[] {
  return stagesUp(build, stage)
    .flatMap(({ instructions }) => instructions)
    .filter((one): one is RunInstruction => one.keyword === 'RUN' && one.index > run.index);
}

/** How a RUN sees a folder: as the image has it, as that cache mount has it, or otherwise. */
function accessOf(build: Build, run: RunInstruction, path: string, mount: Mount): 'image' | 'mount' | 'other' {
  const over = mountsOf(build.file, run).mounts.filter((one) => {
    const target = mountTarget(build, run, one);
    return one.target !== undefined && (target === undefined || isInside(path, target));
  });
  if (over.length === 0) return 'image';
  return over.every((one) => one.type === 'cache' && one.from === undefined && one.id === mount.id) ? 'mount' : 'other';
}

/** `COPY --from=build /app/node_modules …`. */
function takes(build: Build, copy: TransferInstruction, stages: ReadonlySet<Stage>, path: string): boolean {
  const from = copy.flags.find(({ name }) => name === 'from')?.value;
  const giver = from === undefined ? undefined : build.stageByReference(build.expand(copy, from) ?? '');
  if (!giver || !stages.has(giver)) return false;
  return copy.sources.some(({ text }) => {
    const source = build.expand(copy, text);
    return source !== undefined && isInside(joinPath('/', source), path);
  });
}

/** Its destination is the folder, or one in which the source may bring it. */
function mayFill(build: Build, copy: TransferInstruction, path: string): boolean {
  const target = destinationOf(build, copy);
  if (target === undefined) return true;
  const isFromStage = copy.flags.some(({ name }) => name === 'from');
  return isInside(target, path) || (isFromStage && isInside(path, target));
}
