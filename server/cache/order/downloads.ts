import type { Build, Stage } from '../../model/build.js';
import {
  type CachePlace,
  cacheMountsOf,
  cachePlacesOf,
  mountTarget,
  rootReferenceOf,
  stagesDown,
} from '../../model/caches.js';
import type { BuildContext } from '../../model/context.js';
import { downloadCommand } from '../../model/download-command.js';
import { type Area, areasMeet, entry, tree } from '../../model/effects/area.js';
import type { Acceptance } from '../../model/effects/command-effects.js';
import { type GoVariable, goVariables } from '../../model/go-settings.js';
import { type Project, projectOf } from '../../model/install-project.js';
import { type Install, installsIn } from '../../model/installs.js';
import { type Landing, landingOf } from '../../model/landing.js';
import { inFolder } from '../../model/manifests/reading.js';
import { joinPath } from '../../model/path.js';
import { mayChangeItself } from '../../model/poetry.js';
import { isLookedInto, isTakenFrom } from '../../model/taken-from.js';
import { contextTransfers } from '../../model/transfers.js';
import { parentOf } from '../../syntax/go-path.js';
import { mountsOf } from '../../syntax/mounts.js';
import { parseShell, type ShellCommand } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import { cargoStep } from './cargo-step.js';
import { goesOn } from './goes-on.js';
import { removing } from './removing.js';
import { doubtOfSwift, fetchedBySwift, resolvesInProject } from './swift-download.js';
import type { Warm } from './warm.js';
import { yarnStep } from './yarn-step.js';

/** A RUN that is not in the author's file. */
export interface DownloadStep {
  /** Index of the instruction that it stands before. */
  readonly before: number;
  readonly text: string;
  /** What it writes beside the manifests is written anew by the RUN that it helps. */
  readonly redone: boolean;
  /** What might differ with it; none where only what is proved is accepted. */
  readonly caveats: readonly string[];
  /** Of one that also compiles. */
  readonly warm?: Warm;
}

export interface DownloadOptions {
  readonly acceptance: Acceptance;
  /** Stages that are built for themselves. */
  readonly targets: readonly Stage[];
}

/**
 * Steps that fetch what a RUN of the stage would fetch itself, so that it finds it: they can stand before the sources, the RUN cannot.
 * Only where the image that is built stays the same: what they leave is in no image, or that RUN would leave the same.
 */
export function downloadSteps(
  build: Build,
  stage: Stage,
  context: BuildContext,
  options: DownloadOptions,
): readonly DownloadStep[] {
  const transfers = contextTransfers(build).filter((transfer) => transfer.stage === stage);
  const landings = transfers.flatMap((transfer) => landingOf(build, context, transfer) ?? []);
  const first = transfers[0]?.instruction.index;
  if (first === undefined || landings.length < transfers.length) return [];
  const helped = new Set<string>();
  return stage.instructions.flatMap((run): DownloadStep[] => {
    if (run.keyword !== 'RUN' || run.index < first) return [];
    const before = landings.filter(({ transfer }) => transfer.instruction.index < run.index);
    const install = installsIn(build, run).find(({ command }) => command.certain);
    const own = install && ownStep(build, install, before, context, options);
    if (own) return [{ ...own, before: run.index, text: stepText(build, install, own.script) }];
    const project = install && standsAlone(build, install) ? projectOf(build, install, before, context) : undefined;
    const found = install && project && downloadOf(build, install, project, before, options);
    const key = `${install?.manager.name} ${install?.directory}`;
    if (!found || helped.has(key)) return [];
    helped.add(key);
    const { index } = earliestOf(build, stage, install);
    const text = stepText(build, install, found.command);
    return [{ before: index, text, redone: install.kind === 'build', caveats: found.caveats }];
  });
}

/** Of managers for which more has to be done than to call them. */
function ownStep(
  build: Build,
  install: Install,
  landings: readonly Landing[],
  context: BuildContext,
  options: DownloadOptions,
): (Omit<DownloadStep, 'before' | 'text'> & { readonly script: string }) | undefined {
  const { manager, kind } = install;
  if (manager.name === 'cargo' && standsAlone(build, install)) {
    const step = cargoStep(build, install, landings, context, options);
    return step && { ...step, redone: true };
  }
  if (manager.name !== 'yarn' || kind !== 'dependencies' || !standsAlone(build, install)) return undefined;
  const step = yarnStep(build, install, landings, context, options.acceptance);
  return step && { ...step, redone: false, caveats: [] };
}

/** Nothing in its RUN or before it in the stage's chain has prepared or done what it does, and the RUN fails where it fails. */
function standsAlone(build: Build, install: Install): boolean {
  const { run, command, stage, directory } = install;
  if (run.strings || run.heredocs.length > 0 || command.wrappers.length > 0 || directory === undefined) return false;
  if (run.flags.some(({ name }) => name !== 'mount')) return false;
  if (install.kind === 'build' && !isBuild(build, install, command)) return false;
  const script = parseShell(build.file, run, build.stateBefore(run).shell);
  const at = script.commands.indexOf(command);
  const followers = script.commands.slice(at + 1);
  if (followers.length > 0 && !script.failsFast) return false;
  if (followers.some(({ previous, joinedBy }) => previous === at && joinedBy === '||')) return false;
  if (command.piped || command.redirects.length > 0) return false;
  // What it would remove again stays in the layer of the download, and the image would grow.
  if (install.kind !== 'build' && removing.test(install.manager.name === 'yarn' ? withoutOwn(run.text) : run.text))
    return false;
  if (!script.commands.slice(0, at).every((one) => preparesNothing(build, install, one))) return false;
  return (
    !mayMountDownloads(build, install) &&
    !bringsCaches(build, install) &&
    !chainOf(stage).some((one) => hasFetched(build, one, install))
  );
}

/** Without what removes something of the project, where nothing is that a download leaves. */
function withoutOwn(text: string): string {
  return text.replaceAll(/\brm\s+-\w+\s+(?:(?!\/|~|\$|\.\.)[\w./-]+\s*)+(?=$|&&|;)/g, '');
}

/** A cache mount stands, or may stand, where the downloads are used: they are there already. */
function mayMountDownloads(build: Build, install: Install): boolean {
  const mounts = cacheMountsOf(build, install.run);
  if (mounts.length === 0 || !install.manager.caches.some(({ inPlace }) => inPlace)) return false;
  const places = cachePlacesOf(build, install)?.filter(({ folder }) => folder.inPlace);
  return (
    !places ||
    mounts.some(({ target }) => target === undefined || places.some(({ path }) => areasMeet(tree(path), tree(target))))
  );
}

/** Commands that change nothing that a download needs, where they write no file. */
const preparing = new Set(['set', 'cd', 'echo', 'printf', 'true', ':', 'mkdir']);

function preparesNothing(build: Build, install: Install, command: ShellCommand): boolean {
  if (command.redirects.some(({ operator }) => operator.includes('>'))) return false;
  const isSetting = install.manager.name === 'go' && goVariables(command) !== undefined;
  return isSetting || preparing.has(command.name ?? '?') || isBuild(build, install, command);
}

/**
 * Calls that fetch what is missing. `go mod tidy` and `go get ./...` may write the manifests anew, which the COPY behind the download puts
 * back first; where they mend one, `go mod download` does not fail (tried with Go 1.19 and 1.23: a requirement that is missing, or too old,
 * or has no checksum), but for what `readGo` doubts.
 */
const building: Readonly<Record<string, RegExp>> = {
  go: /^(?:build|install|test|vet|run|list|generate|get(?!.* --?insecure\b)|mod verify|mod vendor|mod tidy(?!.* -e\b))\b/,
  dotnet: /^(?:build|publish|test|pack|run)\b/,
};

/** It builds with the same program. */
function isBuild(build: Build, { manager, run }: Pick<Install, 'manager' | 'run'>, command: ShellCommand): boolean {
  const found = installsIn(build, run).find((one) => one.command === command);
  if (found?.manager !== manager || found.kind !== 'build') return false;
  const words = [...found.operands, ...found.options.map(({ word }) => word)].map(({ text }) => text).join(' ');
  return building[manager.name]?.test(words) ?? true;
}

/** A COPY or a mount puts something where the manager keeps its downloads, or Go looks for modules in the project. */
function bringsCaches(build: Build, install: Install): boolean {
  if (install.kind !== 'build') return false;
  const { run, stage } = install;
  const copies = stage.instructions.flatMap((one) => {
    if ((one.keyword !== 'COPY' && one.keyword !== 'ADD') || one.index > run.index) return [];
    const word = build.expand(one, one.destination?.text ?? '');
    return word === undefined ? [] : [joinPath(build.stateBefore(one).cwd ?? '/', word)];
  });
  const mounts = mountsOf(build.file, run).mounts.flatMap((mount) => mountTarget(build, run, mount) ?? []);
  const places = cachePlacesOf(build, install) ?? [];
  const vendor = tree(joinPath(install.directory ?? '/', 'vendor'));
  if (install.manager.name === 'go' && copies.some((path) => areasMeet(vendor, entry(path)))) return true;
  const meets = (path: string, some: readonly CachePlace[]) =>
    path !== '/' && some.some((one) => areasMeet(tree(one.path), tree(path)));
  const used = places.filter(({ folder }) => folder.inPlace);
  return copies.some((path) => meets(path, places)) || mounts.some((path) => meets(path, used));
}

function chainOf(stage: Stage): readonly Stage[] {
  return stage.base.kind === 'stage' ? [stage, ...chainOf(stage.base.stage)] : [stage];
}

function hasFetched(build: Build, stage: Stage, { manager, run, directory }: Install): boolean {
  return stage.instructions.some(
    (one) =>
      one.keyword === 'RUN' &&
      one.index < run.index &&
      installsIn(build, one).some(
        (other) =>
          other.manager === manager &&
          other.kind === 'dependencies' &&
          (manager.name !== 'yarn' || (other.directory ?? directory) === directory),
      ),
  );
}

interface Download {
  readonly command: string;
  readonly caveats: readonly string[];
}

/** The command, where it makes no other image. */
function downloadOf(
  build: Build,
  install: Install,
  project: Project,
  landings: readonly Landing[],
  { acceptance, targets }: DownloadOptions,
): Download | undefined {
  const { manager, kind, run, stage } = install;
  const { reading, context, folder } = project;
  if (reading.idle || (kind === 'build' && !manager.buildsDownload) || !ways(acceptance).has(manager.name))
    return undefined;
  if (install.options.some(({ name }) => ['--no-restore', '-mod', '-modfile'].includes(name))) return undefined;
  if (/-mod(?:file)?[= ]/.test(build.variable(run, 'GOFLAGS') ?? '') || build.variable(run, 'GO111MODULE') === 'off')
    return undefined;
  if (manager.name === 'go' && !knowsModules(build, install)) return undefined;
  if (manager.name === 'swift' && !resolvesInProject(install, project)) return undefined;
  const manifest = context.read(inFolder(folder, manager.manifests[0] ?? '')) ?? '';
  const variables = manager.name === 'go' ? variablesBefore(build, install) : [];
  if (!variables) return undefined;
  const command = downloadCommand(install, manifest, build.file.text, variables);
  if (command === undefined || /[\n\r]/.test(command)) return undefined;
  if (kind !== 'build') {
    if (!goesOn(install, project, manifest)) return undefined;
    if (!mayChangeItself(build.file.text, install, project)) return { command, caveats: [] };
    const itself = `${manager.name} lies in the environment that it fills, and might not start again after \`${command}\``;
    return acceptance === 'likely' ? { command, caveats: [itself] } : undefined;
  }
  const caches = cachePlacesOf(build, install);
  if (!caches || caches.length === 0) return undefined;
  const areas = [...caches.map(({ path }) => tree(path)), ...outputsOf(install, project, landings)];
  const asks = askedInPrivate(build, install);
  const caveats = [
    // The download needs all that is required, a build only what it imports (tried with Go 1.19 and 1.23: a folder that is not there).
    ...(manager.name === 'go'
      ? [...reading.doubts].slice(0, 1).map((doubt) => `\`${command}\` may fail: ${doubt}`)
      : []),
    ...(asks === undefined
      ? []
      : [`${asks} tells of private modules, of which \`${command}\` fetches all and the build perhaps none`]),
    ...(isTakenFrom(build, stage, areas, targets) ||
    isLookedInto(
      build,
      run,
      caches.map(({ path }) => path),
    )
      ? ['the image may hold more than the build needs']
      : []),
    ...(proved.has(manager.name)
      ? []
      : [
          manager.name === 'swift'
            ? doubtOfSwift(command)
            : `\`${command}\` fails where something is missing that the build does not need`,
        ]),
  ];
  return caveats.length === 0 || acceptance === 'likely' ? { command, caveats } : undefined;
}

/** What commands before it in its RUN set; undefined where those, or the RUNs before it, set something that is not known or forbids it. */
function variablesBefore(build: Build, { run, stage, command }: Install): readonly GoVariable[] | undefined {
  const found: GoVariable[] = [];
  for (const one of stagesDown(stage).flatMap(({ instructions }) => instructions)) {
    if (one.keyword !== 'RUN' || one.index > run.index || !/\b(?:go\s+env|export)\b/.test(one.text)) continue;
    const { commands } = parseShell(build.file, one, build.stateBefore(one).shell);
    const end = one === run ? commands.indexOf(command) : commands.length;
    for (const other of commands.slice(0, end)) {
      if (other.name !== 'go' && (other.name !== 'export' || one !== run)) continue;
      const set = goVariables(other);
      if (set === undefined && (other.name === 'export' || other.args[0]?.text === 'env')) return undefined;
      if (set?.some(({ name, value }) => name === 'GOFLAGS' && /-mod/.test(value))) return undefined;
      if (set?.some(({ name, value }) => name === 'GO111MODULE' && value === 'off')) return undefined;
      if (one === run) found.push(...(set ?? []));
    }
  }
  return found;
}

/** Go 1.11 and 1.12 leave modules alone below `src` of the GOPATH, unless told otherwise (https://go.dev/doc/go1.13#modules). */
function knowsModules(build: Build, { run, stage, directory = '/' }: Install): boolean {
  const isOld = /(?:^|\/)golang:1\.(?:[0-9]|1[0-2])(?:\D|$)/.test(rootReferenceOf(stage) ?? '');
  return !isOld || !/\/src\//.test(directory) || build.variable(run, 'GO111MODULE') === 'on';
}

/** A variable with which Go fetches some modules otherwise than from the proxy. */
function askedInPrivate(build: Build, { manager, run, command }: Install): string | undefined {
  if (manager.name !== 'go') return undefined;
  return ['GOPRIVATE', 'GONOPROXY', 'GONOSUMDB', 'GOINSECURE'].find(
    (name) =>
      build.variable(run, name) !== undefined ||
      command.assignments.some((one) => one.name === name) ||
      build.file.text.includes(`${name}=`) ||
      build.file.instructions.some((one) => one.keyword === 'ARG' && one.pairs.some(({ key }) => key === name)),
  );
}

/** Managers whose download fails only where their build would (Go where its manifests leave no doubt), and leaves nothing else; Maven fetches plugins that a build may not need. */
const proved = new Set(['go', 'dotnet', 'poetry', 'uv', 'pdm', 'composer']);
const likely = new Set([...proved, 'maven', 'swift']);

function ways(acceptance: Acceptance): ReadonlySet<string> {
  return acceptance === 'proved' ? proved : likely;
}

/** Folders beside the manifests that the download writes. */
function outputsOf(
  { manager, directory = '/' }: Install,
  { reading }: Project,
  landings: readonly Landing[],
): readonly Area[] {
  if (manager.name === 'swift') return fetchedBySwift.map((name) => tree(joinPath(directory, name)));
  if (manager.name === 'go') return sumsOf(reading, landings);
  if (manager.name !== 'dotnet') return [];
  const projects = [...reading.files].filter((path) => /proj$/i.test(path));
  return projects.flatMap((path) =>
    landings.flatMap((landing) => {
      const place = landing.imagePathOf(path);
      return place === undefined ? [] : [tree(joinPath(parentOf(place) || '/', 'obj'))];
    }),
  );
}

/** Lists of checksums that are not in the context, which no COPY puts back. */
function sumsOf({ files }: Project['reading'], landings: readonly Landing[]): readonly Area[] {
  const missing = [...files].filter(
    (path) =>
      /(?:^|\/)go\.(?:mod|work)$/.test(path) && !files.has(path.replace(/\.mod$/, '.sum').replace(/work$/, 'work.sum')),
  );
  return missing.flatMap((path) =>
    landings.flatMap((landing) => {
      const place = landing.imagePathOf(path);
      return place === undefined ? [] : [entry(place.replace(/\.mod$/, '.sum').replace(/work$/, 'work.sum'))];
    }),
  );
}

/** RUNs in front of it that build with the same program would fetch the same. */
function earliestOf(build: Build, stage: Stage, { run, manager }: Install): RunInstruction {
  let host = run;
  for (let at = stage.instructions.indexOf(run) - 1; at >= 0; at--) {
    const one = stage.instructions[at];
    if (one?.keyword !== 'RUN' || one.flags.length > 0) break;
    const { commands } = parseShell(build.file, one, build.stateBefore(one).shell);
    if (commands.length === 0 || !commands.every((command) => isBuild(build, { manager, run: one }, command))) break;
    host = one;
  }
  return host;
}

/** With the mounts and other flags of the RUN, in its folder. */
function stepText({ file, stateBefore }: Build, { run, directory = '/' }: Install, command: string): string {
  const [first, last] = [run.flags[0], run.flags.at(-1)];
  const flags = first && last ? ` ${file.text.slice(first.span.start, last.span.end)}` : '';
  const keyword = file.text.slice(run.keywordSpan.start, run.keywordSpan.end);
  const move =
    stateBefore(run).cwd === directory || /\s(?:-C|--directory)\b/.test(command) ? '' : `cd ${directory} && `;
  return `${keyword}${flags} ${move}${command}`;
}
