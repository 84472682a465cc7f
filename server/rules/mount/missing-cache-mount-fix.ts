import type { Edit, Fix } from '../../core/finding.js';
import { hasOption } from '../../model/arguments.js';
import type { Build } from '../../model/build.js';
import { mountFlag } from '../../model/cache-mount-flag.js';
import { impurityOf } from '../../model/cache-purity.js';
import { type CachePlace, type EffectiveUser, stagesDown, stagesUp } from '../../model/caches.js';
import { cleanupsOf } from '../../model/cleanups.js';
import type { BuildContext } from '../../model/context.js';
import { dealsWithDockerClean } from '../../model/docker-clean.js';
import { tree } from '../../model/effects/area.js';
import { type Install, installsIn, installsOf } from '../../model/installs.js';
import { mayDifferInMeans, withoutNetwork } from '../../model/means-to-download.js';
import { isLookedInto, isTakenFrom } from '../../model/taken-from.js';
import { listed } from '../../model/unwanted.js';
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
  const partOf = (inPlace: boolean) =>
    missing.flatMap((one): readonly Missing[] => {
      const places = one.places.filter(({ folder }) => folder.inPlace === inPlace);
      return places.length > 0 ? [{ ...one, places }] : [];
    });
  const [downloaded, compiled] = [partOf(true), partOf(false)];
  if (downloaded.length === 0 || compiled.length === 0) return [missing];
  const isSafe = (part: readonly Missing[]) => doubtsOf(build, context, part).length === 0;
  return !isSafe(missing) && (isSafe(downloaded) || isSafe(compiled)) ? [compiled, downloaded] : [missing];
}

/**
 * Why the image may not be the same with the mounts; empty where what the folders hold is in no image, and with it every RUN makes the same
 * as without.
 */
function doubtsOf(build: Build, context: BuildContext | undefined, missing: readonly Missing[]): readonly string[] {
  const taken = missing.filter((one) => isTakenFrom(build, one.install.stage, pathsOf([one]).map(tree)));
  const lookedInto = missing.filter((one) => isLookedInto(build, one.install.run, pathsOf([one])));
  const impure = missing.flatMap(({ install, places }) => impurityOf(build, context, install, places) ?? []);
  return [
    ...(taken.length > 0 ? [`what lies in ${listed(pathsOf(taken))} is then not in the image`] : []),
    ...(lookedInto.length > 0 ? [`a step may look into ${listed(pathsOf(lookedInto))}`] : []),
    ...new Set(impure),
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
  if (withoutNetwork.test(text) || /(?<!prefer-|go-)offline/i.test(text)) return false;
  const [first] = missing;
  if (!first || !missing.some(holdsDownloads)) return true;
  const { manager, stage } = first.install;
  const related = new Set([...stagesDown(stage), ...stagesUp(build, stage)]);
  const runs = installsOf(build).flatMap((one) =>
    one.manager === manager && related.has(one.stage) ? one.run.index : [],
  );
  const [start, end] = [Math.min(...runs), Math.max(...runs)];
  if (start === end) return true;
  const instructions = [...related].flatMap((one) =>
    one.instructions.filter(({ index }) => index >= start && index <= end),
  );
  return !/type=(?:secret|ssh)\b|\bGO(?:PRIVATE|NOPROXY|AUTH)\b/.test(text) && !mayDifferInMeans(build, instructions);
}

/** What Go compiles is nothing that a step has to download. */
function holdsDownloads({ install, places }: Missing): boolean {
  return install.manager.name !== 'go' || places.some(({ folder }) => folder.inPlace);
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
