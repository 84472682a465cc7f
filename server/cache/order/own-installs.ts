import type { Build, Stage } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { type Area, areasMeet, entry, isSystem, tree } from '../../model/effects/area.js';
import { homeFolders, homeOf, strayHomeFile } from '../../model/effects/home.js';
import type { Effects } from '../../model/effects/instruction-effects.js';
import { knownCwd } from '../../model/effects/known-cwd.js';
import { ownModules } from '../../model/effects/own-modules.js';
import { searchPaths } from '../../model/effects/search-paths.js';
import { type Install, installsIn } from '../../model/installs.js';
import { type Landing, landingOf } from '../../model/landing.js';
import { type OwnInstall, ownInstall } from '../../model/own-install.js';
import { joinPath } from '../../model/path.js';
import { prefixOf } from '../../model/split-run.js';
import { contextTransfers } from '../../model/transfers.js';
import { uvDownload } from '../../model/uv-download.js';
import { mountsOf } from '../../syntax/mounts.js';
import { parseShell } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import { removing } from './removing.js';

/** A step in front of a RUN that installs a project of Python. */
export interface OwnInstallStep {
  readonly run: RunInstruction;
  readonly text: string;
  /** The step is all of the RUN up to the install; where it is left out, it installs only what the project depends on. */
  readonly repeated?: Repeated;
}

/** What is known of the first of two such steps. */
export interface Repeated {
  /** Files of the image that it reads. */
  readonly reads: readonly Area[];
  /** Those that it changes, which a COPY behind it must bring anew. */
  readonly edited: readonly Area[];
  readonly looksFor: readonly Area[];
  /** Folders of the user that pip may write, where they are no part of the system. */
  readonly writes: readonly Area[];
  /** Folder of the project. */
  readonly folder: string;
  /** Index of the instruction that brings `edited` anew. */
  readonly restoredBy: number | undefined;
  readonly backend: string;
  /** The manifests, as the context names them. */
  readonly manifests: readonly string[];
}

/** Steps before the sources for RUNs of a stage that install a project together with what it depends on. */
export function ownInstallSteps(build: Build, stage: Stage, context: BuildContext): readonly OwnInstallStep[] {
  return [...repeatedInstalls(build, stage, context), ...dependencyInstalls(build, stage, context)];
}

/** Installs of a project of Python that can stand before the sources too: the author's installs it anew, and finds what it depends on. */
function repeatedInstalls(build: Build, stage: Stage, context: BuildContext): readonly OwnInstallStep[] {
  const transfers = contextTransfers(build).filter((transfer) => transfer.stage === stage);
  const landings = transfers.flatMap((transfer) => landingOf(build, context, transfer) ?? []);
  if (landings.length < transfers.length) return [];
  return stage.instructions.flatMap((run): OwnInstallStep[] => {
    if (run.keyword !== 'RUN') return [];
    const before = landings.filter(({ transfer }) => transfer.instruction.index < run.index);
    const own = before.length > 0 ? ownInstall(build, run, before, context) : undefined;
    if (!own || typeof own === 'string' || !isFirst(build, stage, own.install)) return [];
    if (removing.test(run.text) || !knowsPrograms(build, stage, run)) return [];
    const manifests = new Set(own.files.values());
    if (homeOf(build, stage, run) === undefined && strayHomeFile(before, manifests) !== undefined) return [];
    const restoring = before.filter((one) => own.edited.some((path) => one.contextPathOf(path) !== undefined));
    if (own.edited.length > 0 && restoring.length !== 1) return [];
    return [
      {
        run,
        text: stepText(build, own),
        repeated: { ...repeatedOf(own, restoring[0]), writes: ownFolders(build, stage, run) },
      },
    ];
  });
}

/** For RUNs that do nothing but install a project with `uv pip install`. */
function dependencyInstalls(build: Build, stage: Stage, context: BuildContext): readonly OwnInstallStep[] {
  const landings = contextTransfers(build).flatMap((transfer) =>
    transfer.stage === stage ? (landingOf(build, context, transfer) ?? []) : [],
  );
  return stage.instructions.flatMap((run): OwnInstallStep[] => {
    if (run.keyword !== 'RUN' || run.strings || run.heredocs.length > 0) return [];
    const { commands, complete } = parseShell(build.file, run, build.stateBefore(run).shell);
    const [install] = installsIn(build, run);
    const before = landings.filter(({ transfer }) => transfer.instruction.index < run.index);
    const [command] = commands;
    if (!install || commands.length !== 1 || command?.span !== install.command.span || !complete) return [];
    if (command.redirects.length > 0 || command.wrappers.length > 0 || before.length === 0) return [];
    const found = isFirst(build, stage, install) ? uvDownload(build, install, before, context) : undefined;
    const mounts = mountsOf(build.file, run).mounts.every(({ type }) => type === 'cache' || type === 'secret');
    if (found === undefined || !mounts || run.flags.some(({ name }) => name !== 'mount')) return [];
    return [{ run, text: prefixOf(build.file, run) + found }];
  });
}

/** Nothing before it in the stage's chain has installed what the project depends on, or the project. */
function isFirst(build: Build, stage: Stage, { run, manager: own }: Install): boolean {
  const chain: Stage[] = [];
  for (let at: Stage | undefined = stage; at; at = at.base.kind === 'stage' ? at.base.stage : undefined) chain.push(at);
  return !chain.some(({ instructions }) =>
    instructions.some(
      (one) =>
        one.keyword === 'RUN' &&
        one.index < run.index &&
        installsIn(build, one).some(({ manager, kind }) => manager === own && kind !== 'packages'),
    ),
  );
}

function knowsPrograms(build: Build, stage: Stage, run: RunInstruction): boolean {
  const { shell } = build.stateBefore(run);
  const script = parseShell(build.file, run, shell);
  return (
    shell[0]?.startsWith('/') === true &&
    searchPaths(build, stage, run, script, knownCwd(build, stage, run)) !== undefined
  );
}

function ownFolders(build: Build, stage: Stage, run: RunInstruction): readonly Area[] {
  const home = homeOf(build, stage, run);
  if (home === undefined || isSystem(entry(joinPath(home, '.cache')))) return [];
  return homeFolders.map((name) => tree(joinPath(home, name)));
}

function repeatedOf(
  { install, folder, files, edited, backend }: OwnInstall,
  restoring: Landing | undefined,
): Omit<Repeated, 'writes'> {
  const seen = ['setup.py', 'setup.cfg', 'hatch.toml', 'pyproject.toml'].map((name) => entry(joinPath(folder, name)));
  return {
    reads: [...files.keys()].map(entry),
    edited: edited.map(entry),
    looksFor: [...seen, ...ownModules(install.command, install.directory)].filter(({ path }) => !files.has(path)),
    folder,
    restoredBy: restoring?.transfer.instruction.index,
    backend,
    manifests: [...new Set(files.values())].sort(),
  };
}

function stepText({ file }: Build, { install: { run, command } }: OwnInstall): string {
  return prefixOf(file, run) + file.text.slice(run.textSpan.start, command.span.end);
}

/** Effects of the first of the two, from what is known of the RUN whatever its install does. */
export function effectsOfRepeated(found: Effects, { reads, edited, looksFor, writes, folder }: Repeated): Effects {
  const isOther = (area: Area) => !edited.some((one) => one.path === area.path);
  return {
    ...found,
    unknown: undefined,
    reads: [...found.reads.filter(isOther), ...reads],
    // What it writes for the project, and its caches, the other one writes anew.
    writes: [...found.writes.filter(isOther), ...writes],
    system: 'writes',
    web: false,
    accounts: 'none',
    looksFor,
    projects: [tree(folder)],
    loose: [],
    caveats: [],
    variables: { ...found.variables, others: 'any' },
    network: true,
  };
}

/** Another RUN of the stage looks at what the first of the two has changed. */
export function meetsOthers({ edited }: Repeated, effects: readonly Effects[]): boolean {
  return effects.some(
    ({ instruction, reads, writes, looksFor, unknown }) =>
      instruction.keyword === 'RUN' &&
      unknown === undefined &&
      [...reads, ...writes, ...looksFor].some((area) => edited.some((one) => areasMeet(one, area))),
  );
}
