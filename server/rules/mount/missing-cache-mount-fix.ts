import type { Edit, Fix } from '../../core/finding.js';
import type { PackageManager } from '../../knowledge/package-managers.js';
import { hasOption } from '../../model/arguments.js';
import type { Build, Stage } from '../../model/build.js';
import { mountFlag } from '../../model/cache-mount-flag.js';
import { type CachePlace, type EffectiveUser, stagesDown } from '../../model/caches.js';
import { cleanupsOf } from '../../model/cleanups.js';
import type { BuildContext } from '../../model/context.js';
import { dealsWithDockerClean } from '../../model/docker-clean.js';
import { tree } from '../../model/effects/area.js';
import { type Install, installsIn, installsOf } from '../../model/installs.js';
import { mayDifferInMeans } from '../../model/means-to-download.js';
import { mayCompileC } from '../../model/missing-program.js';
import { joinPath } from '../../model/path.js';
import { projectFiles } from '../../model/project-files.js';
import { isLookedInto, isTakenFrom } from '../../model/taken-from.js';
import { listed } from '../../model/unwanted.js';
import { lockedInRegistries } from '../../model/yarn.js';
import { groupBy } from '../../syntax/group-by.js';
import { addRunFlags } from '../../syntax/run-flags.js';
import { parseShell } from '../../syntax/shell.js';
import { insertAfterWord, removeCommand, removeWords } from '../../syntax/shell-edits.js';
import type { RunInstruction } from '../../syntax/tree.js';

export interface Missing {
  readonly install: Install;
  readonly places: readonly CachePlace[];
  readonly user: EffectiveUser;
}

/** The mounts for one manager in one stage. */
export function cacheMountFix(build: Build, context: BuildContext | undefined, missing: readonly Missing[]): Fix[] {
  const edits: Edit[] = [];
  let dockerClean = false;
  for (const [run, here] of groupBy(missing, ({ install }) => install.run)) {
    const needed =
      here.some(({ install }) => install.manager.name === 'apt') &&
      installsIn(build, run).some(
        ({ kind, manager, stage }) =>
          manager.name === 'apt' && kind === 'packages' && !dealsWithDockerClean(build, stage, run),
      );
    const made = editsFor(build, run, here, needed && !dockerClean);
    if (!made) return [];
    dockerClean ||= needed;
    edits.push(...made);
  }
  const paths = pathsOf(missing);
  const doubts = doubtsOf(build, context, missing);
  const lost = dockerClean
    ? [
        'the package lists and /etc/apt/apt.conf.d/docker-clean, which empties the cache after each install, are then not in the image',
      ]
    : doubts;
  const fix = {
    title: edits.length > 1 || paths.length > 1 ? 'Add the cache mounts' : 'Add a cache mount',
    edits: mergeInsertions(edits),
  };
  if (doubts.length === 0) return [{ ...fix, safety: 'safe' }];
  return [{ ...fix, safety: 'unsafe', caveat: [...lost, 'the build needs BuildKit'].join('; ') }];
}

/**
 * The mounts of one manager in one stage, those apart that leave the image the same where others may not: of Go what it downloads from
 * what it compiles.
 */
export function mountsApart(
  build: Build,
  context: BuildContext | undefined,
  missing: readonly Missing[],
): readonly (readonly Missing[])[] {
  const [downloaded, compiled] = [true, false].map((inPlace) =>
    missing.flatMap((one): readonly Missing[] => {
      const places = one.places.filter(({ folder }) => folder.inPlace === inPlace);
      return places.length > 0 ? [{ ...one, places }] : [];
    }),
  ) as [Missing[], Missing[]];
  if (downloaded.length === 0 || compiled.length === 0) return [missing];
  const isSafe = (part: readonly Missing[]) => doubtsOf(build, context, part).length === 0;
  return !isSafe(missing) && (isSafe(downloaded) || isSafe(compiled)) ? [compiled, downloaded] : [missing];
}

/**
 * Why the image may not be the same with the mounts; empty where what the folders hold is in no image, and with it every RUN makes the same
 * as without: of npm's and Cargo's downloads checksums are checked, yarn keeps what it unpacked by checksum, and Go compiles again whatever
 * differs in what it was compiled from, but for libraries of C (`go help cache`).
 */
function doubtsOf(build: Build, context: BuildContext | undefined, missing: readonly Missing[]): readonly string[] {
  const taken = missing.filter((one) => isTakenFrom(build, one.install.stage, pathsOf([one]).map(tree)));
  const lookedInto = missing.filter((one) => isLookedInto(build, one.install.run, pathsOf([one])));
  const impure = missing.filter(
    ({ install, places }) =>
      !isPure(build, install, places) && !(context !== undefined && isLockedYarn(build, context, install)),
  );
  return [
    ...(taken.length > 0 ? [`what lies in ${listed(pathsOf(taken))} is then not in the image`] : []),
    ...(lookedInto.length > 0 ? [`a step may look into ${listed(pathsOf(lookedInto))}`] : []),
    ...new Set(impure.map(({ install }) => impurityOf(install))),
    ...(downloadsAnywhere(build, missing) ? [] : ['each of these steps must be able to download']),
  ];
}

/** The cache folders, each once. */
export function pathsOf(missing: readonly Missing[]): string[] {
  return [...new Set(missing.flatMap(({ places }) => places.map(({ path }) => path)))];
}

/**
 * What one RUN has downloaded another finds in the mount, but not where the builder has the result of the first and no longer the mount:
 * then the other must be able to download it, with the network and what it may need to be let in. That holds for RUNs of stages that are
 * built on this one, or that it is built on, too.
 */
function downloadsAnywhere(build: Build, missing: readonly Missing[]): boolean {
  const { text } = build.file;
  if (/(?<!prefer-)offline|--network=none|\bGOPROXY[=\s]["']?off\b/i.test(text)) return false;
  const [first] = missing;
  if (!first || !missing.some(holdsDownloads)) return true;
  const { manager, stage } = first.install;
  const isRelated = (one: Stage) => stagesDown(one).includes(stage) || stagesDown(stage).includes(one);
  const runs = installsOf(build).flatMap((one) =>
    one.manager === manager && isRelated(one.stage) ? one.run.index : [],
  );
  const [start, end] = [Math.min(...runs), Math.max(...runs)];
  if (start === end) return true;
  const instructions = build.stages
    .filter(isRelated)
    .flatMap((one) => one.instructions.filter(({ index }) => index >= start && index <= end));
  return !/type=(?:secret|ssh)\b|\bGO(?:PRIVATE|NOPROXY|AUTH)\b/.test(text) && !mayDifferInMeans(build, instructions);
}

/** What Go compiles is nothing that a step has to download. */
function holdsDownloads({ install, places }: Missing): boolean {
  return install.manager.name !== 'go' || places.some(({ folder }) => folder.inPlace);
}

const compiledElsewhere = 'what was compiled for one base image is used for another';

/** What a cache may change, by name of the manager. */
const impurities: Readonly<Record<string, string>> = {
  go: 'Go does not notice that a library of C changed',
  npm: 'which versions npm chooses is not locked',
  yarn: 'not all that yarn installs is locked with checksums',
  pip: compiledElsewhere,
  'pip-tools': compiledElsewhere,
  pipenv: compiledElsewhere,
  poetry: compiledElsewhere,
  pdm: compiledElsewhere,
  uv: compiledElsewhere,
  pnpm: compiledElsewhere,
};

function impurityOf({ manager, run }: Install): string {
  if (manager.name === 'go' && goTests.test(run.text)) return 'results of tests are taken from the cache';
  return impurities[manager.name] ?? `that ${shownName(manager)} does the same with it is not proved`;
}

/** Results of tests are cached too, and what the tests write is not written then. */
const goTests = /\bgo\s+(?:test|generate|run)\b/;

function isPure(
  build: Build,
  { manager, operands, kind, run, stage, command }: Install,
  places: readonly CachePlace[],
): boolean {
  const words = operands.map(({ text }) => text).join(' ');
  if (manager.name === 'npm') return /^(?:ci|clean-install|ic|install-clean)$/.test(words);
  if (manager.name === 'cargo') return /^(?:fetch|build|b|install)\b/.test(words) && kind !== 'packages';
  if (manager.name !== 'go') return false;
  if (words === 'mod download') return true;
  const compiles = places.some(({ folder }) => !folder.inPlace);
  const own = command.assignments.find(({ name }) => name === 'CGO_ENABLED');
  const cgo = own ? own.value : build.variable(run, 'CGO_ENABLED');
  const isSet = build.file.instructions.some(
    (one) => one.keyword === 'ARG' && one.pairs.some(({ key }) => key === 'CGO_ENABLED'),
  );
  const mayBeOn = isSet || /\bCGO_ENABLED[= ](?!["']?0\b)/.test(build.file.text);
  if (!compiles) return kind === 'build' && /^(?:build|install|test|vet)\b/.test(words);
  return (
    kind === 'build' &&
    /^(?:build|install)\b/.test(words) &&
    ((cgo === '0' && !mayBeOn) || !mayCompileC(build, stage, run)) &&
    !goTests.test(run.text)
  );
}

/**
 * The first yarn with a lockfile in which all packages are of registries, with checksums, by which its cache has them
 * (https://github.com/yarnpkg/yarn/blob/master/src/config.js, `generateModuleCachePath`); what Git has it would keep as built. What is not
 * locked it asks the registry for each time, unless it prefers what it has.
 */
function isLockedYarn(build: Build, context: BuildContext, install: Install): boolean {
  const { manager, kind, run, stage, directory } = install;
  if (manager.name !== 'yarn' || kind !== 'dependencies' || directory === undefined) return false;
  const files = projectFiles(build, context);
  const read = (name: string) => {
    const supplied = files.suppliedTo(run, stage, joinPath(directory, name));
    return supplied && context.read(supplied.path);
  };
  const packages = lockedInRegistries(read, hasOption(install, ['--prefer-offline']));
  return packages?.every(({ integrity }) => integrity !== undefined) === true;
}

/** As people call it: both yarns are `yarn`. */
export function shownName({ name }: PackageManager): string {
  return name.replace('-berry', '');
}

/** The edits of one RUN: mounts, and what would defeat them removed; undefined where docker-clean cannot be dealt with. */
function editsFor(
  build: Build,
  run: RunInstruction,
  here: readonly Missing[],
  removeDockerClean: boolean,
): Edit[] | undefined {
  const { file } = build;
  const script = parseShell(file, run, build.stateBefore(run).shell);
  const flags = here.flatMap(({ install, places, user }) =>
    places.map((place) => mountFlag(build, install, place, user)),
  );
  const edits: Edit[] = addRunFlags(file, run, [...new Set(flags)]);
  const cleanups = cleanupsOf(
    build,
    run,
    here.map(({ install }) => install),
  );
  for (const command of new Set(cleanups.map(({ command }) => command))) {
    edits.push(...(removeCommand(file, script, command) ?? []));
  }
  for (const { install, places } of here) {
    const defeat = places.flatMap(({ folder }) => folder.defeatedBy);
    const words = install.options
      .filter(({ name, word }) => defeat.includes(name) || defeat.includes(word.value ?? ''))
      .map(({ word }) => word);
    if (words.length > 0) edits.push(...(removeWords(file, script, words) ?? []));
    const keep = places.find(({ folder }) => folder.keepOption)?.folder.keepOption;
    const after = install.operands[0];
    if (keep && after && !hasOption(install, [keep])) edits.push(insertAfterWord(script, after, keep));
  }
  if (removeDockerClean) {
    if (script.language !== 'shell' || run.heredocs.length > 0) return undefined;
    edits.push({
      span: { start: run.textSpan.start, end: run.textSpan.start },
      text: 'rm -f /etc/apt/apt.conf.d/docker-clean && ',
    });
  }
  return edits;
}

/** Insertions at one place become one edit, the mounts first: edits must not overlap. */
function mergeInsertions(edits: readonly Edit[]): Edit[] {
  const merged: Edit[] = [];
  const byEnd = new Map<number, number>();
  for (const edit of edits) {
    const { start, end } = edit.span;
    const index = start === end ? byEnd.get(start) : undefined;
    const other = index === undefined ? undefined : merged[index];
    if (index !== undefined && other) {
      merged[index] = { ...other, text: other.text + edit.text };
    } else {
      if (!byEnd.has(end)) byEnd.set(end, merged.length);
      merged.push(edit);
    }
  }
  return merged;
}
