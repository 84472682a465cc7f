import * as v from 'valibot';
import type { Edit, Fix } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import { hasOption } from '../../model/arguments.js';
import type { Build } from '../../model/build.js';
import type { CachePlace, EffectiveUser } from '../../model/caches.js';
import {
  cacheMountsOf,
  cachePlacesOf,
  effectiveUser,
  isInside,
  mountTarget,
  rootImageOf,
  stagesDown,
} from '../../model/caches.js';
import { cleanupsIn } from '../../model/cleanups.js';
import { dealsWithDockerClean } from '../../model/docker-clean.js';
import type { Install } from '../../model/installs.js';
import { installsOf } from '../../model/installs.js';
import { contextTransfers } from '../../model/transfers.js';
import { listed } from '../../model/unwanted.js';
import { tellYarnsApart } from '../../model/yarn.js';
import { createMemo } from '../../syntax/memo.js';
import { mountsOf } from '../../syntax/mounts.js';
import { addRunFlags } from '../../syntax/run-flags.js';
import { parseShell } from '../../syntax/shell.js';
import { insertAfterWord, removeCommand, removeWords } from '../../syntax/shell-edits.js';
import { lineAt } from '../../syntax/text.js';
import { ignoreManagers, ignoreStages, ignoresManager, ignoresStage } from '../options.js';

export const missingCacheMount = defineRule({
  name: 'missing-cache-mount',
  category: 'mount',
  severity: 'info',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'A package install or a compilation that starts from nothing each time it re-runs.',
    why: `When one dependency changes, the step re-runs and downloads all of them again. A cache mount keeps what was downloaded (and for Go what was compiled) between builds, outside the image: \`RUN --mount=type=cache,target=/root/.npm npm ci\`.

The folder is the one the tool uses for the user, home and environment of that \`RUN\`; where one of these is not known, nothing is reported. Where the Dockerfile cleans that tool's cache or tells it to keep none, \`cacheStrategy: "auto"\` takes that for the author's choice and stays silent; \`"mounts"\` advises a mount and removes the clean-up in the same fix; \`"clean"\` turns the rule off.

What a mount does not do: it is not part of the image or of an exported build cache, so a CI runner that starts empty gains nothing unless it keeps the builder's storage. It needs BuildKit or a recent Buildah.

The fix is unsafe because the cache folder is then no longer in the image; nothing at run time should need it.`,
    bad: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n',
    good: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    links: [
      'https://docs.docker.com/build/cache/optimize/#use-cache-mounts',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypecache',
    ],
  },
  options: v.object({
    minPackages: v.pipe(
      v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 3),
      v.description(
        'Installs of named packages (apt-get install curl) are passed over when they name fewer than this.',
      ),
    ),
    ignoreManagers,
    ignoreStages,
  }),
  check({ file, build, context, settings, options, report }) {
    if (settings.cacheStrategy === 'clean' || settings.builder === 'classic' || settings.builder === 'kaniko') return;
    const installs = tellYarnsApart(build, context, installsOf(build));
    const cleaning = settings.cacheStrategy === 'mounts' ? new Set<string>() : cleaningManagers(build, installs);
    const isIgnored = ignoresManager(options.ignoreManagers);
    const isIgnoredStage = ignoresStage(options.ignoreStages);
    for (const group of groupsOf(installs)) {
      const [first] = group;
      if (!first || cleaning.has(first.manager.name)) continue;
      if (isIgnored(first.manager) || isIgnoredStage(first.stage)) continue;
      const missing = group.flatMap((install) => missingIn(build, install, installs, options.minPackages) ?? []);
      const worth = missing.find(({ install }) => isWorthIt(install, options.minPackages));
      if (!worth) continue;
      const paths = [...new Set(missing.flatMap(({ places }) => places.map(({ path }) => path)))];
      const compiles = missing.find((one) => compilesSources(build, one.install));
      const { install } = compiles ?? worth;
      const [mount, keep] =
        paths.length === 1
          ? [`a cache mount at ${listed(paths)}`, 'keeps']
          : [`cache mounts at ${listed(paths)}`, 'keep'];
      const runs = new Set(missing.map((one) => one.install.run));
      const others = [...runs]
        .filter((run) => run !== install.run)
        .map((run) => lineAt(file.lineStarts, run.span.start) + 1);
      report({
        span: install.command.nameSpan,
        message: compiles
          ? `every edit of a source compiles everything again; ${mount} ${keep} what did not change`
          : `${install.manager.name.replace('-berry', '')} downloads everything again when this step re-runs; ${mount} ${keep} it`,
        severity: compiles ? 'warning' : 'info',
        evidence: [
          ...(others.length > 0
            ? [{ text: `the same holds for ${others.length > 1 ? 'lines' : 'line'} ${listed(others.map(String))}` }]
            : []),
          { text: 'a mount helps where the builder keeps its storage: not on a CI runner that starts empty' },
        ],
        fixes: fixFor(build, missing),
      });
    }
  },
});

interface Missing {
  readonly install: Install;
  readonly places: readonly CachePlace[];
  readonly user: EffectiveUser;
}

/** The installs of one manager in one stage are one defect. */
function groupsOf(installs: readonly Install[]): readonly (readonly Install[])[] {
  const groups = new Map<string, Install[]>();
  for (const install of installs) {
    const key = `${install.stage.index} ${install.manager.name}`;
    const group = groups.get(key) ?? [];
    group.push(install);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function missingIn(
  build: Build,
  install: Install,
  installs: readonly Install[],
  minPackages: number,
): Missing | undefined {
  const missing = missingPlaces(build, install);
  const places = isRestoredBelow(build, install, installs)
    ? missing.filter(({ folder }) => !folder.inPlace && install.manager.name === 'go')
    : missing.filter(({ folder }) => folder.inPlace || usesNetwork(install));
  const user = effectiveUser(build, install.run, install.stage);
  if (places.length === 0 || !user || (!user.root && user.uid === undefined)) return undefined;
  if (install.kind === 'packages' && !isWorthIt(install, minPackages)) return undefined;
  return canMount(build, install, installs, places) ? { install, places, user } : undefined;
}

/** A stage below has downloaded the dependencies into the image: a mount would hide them. */
function isRestoredBelow(build: Build, install: Install, installs: readonly Install[]): boolean {
  const { manager, stage } = install;
  return installs.some(
    (other) =>
      other.manager === manager &&
      other.stage !== stage &&
      chained(install, other) &&
      missingPlaces(build, other).some(({ folder }) => folder.inPlace),
  );
}

/** Not where the command, or an option of it, works with what is there already. */
function usesNetwork({ manager, options, shape }: Install): boolean {
  if (shape.offline) return false;
  return !options.some(
    ({ name }) => ['--no-restore', '--offline'].includes(name) || (manager.name === 'maven' && name === '-o'),
  );
}

/** Managers whose cache the file cleans or forbids somewhere without a mount: the author's choice. */
function cleaningManagers(build: Build, installs: readonly Install[]): Set<string> {
  const found = new Set<string>();
  for (const install of installs) {
    const { manager, run, options } = install;
    const defeat = manager.caches.flatMap(({ defeatedBy }) => defeatedBy);
    const off = options.some(({ name, word }) => defeat.includes(name) || defeat.includes(word.value ?? ''));
    const variable = defeat.some(
      (name) =>
        !name.startsWith('-') &&
        (build.variable(run, name) ?? install.command.assignments.find((one) => one.name === name)?.value),
    );
    if (off || variable || cleansAnyhow(run.text, manager.name) || cleanupsOf(build, install).length > 0)
      found.add(manager.name);
  }
  return found;
}

/** Idioms whose paths are wider or narrower than the cache. */
function cleansAnyhow(text: string, manager: string): boolean {
  if (manager === 'apt')
    return /\/var\/(?:lib\/apt|cache\/apt)|apt(?:-get)?\s+(?:clean|autoclean|distclean)/.test(text);
  return /rm\s[^&;|]*(?:\.cache|\.npm|\/tmp\/\*|\.cargo|\.m2|\.gradle)/.test(text);
}

function cleanupsOf(build: Build, install: Install) {
  const { run } = install;
  const script = parseShell(build.file, run, build.stateBefore(run).shell);
  const places = cachePlacesOf(build, install) ?? [];
  const paths = places.map(({ path }) => path);
  return cleanupsIn(build, run, script, paths, places);
}

/** Named packages count only if there are many; an update of the manager itself never. */
function isWorthIt(install: Install, minPackages: number): boolean {
  const { kind, operands, shape, manager } = install;
  if (kind === 'dependencies' || kind === 'build') return usesNetwork(install);
  if (kind !== 'packages') return false;
  const [words = ''] = shape.words.split('|');
  const named = operands.slice(words === '' ? 0 : words.split(' ').length).filter(({ text }) => !text.startsWith('-'));
  return named.length >= minPackages && manager.name !== 'npm';
}

/** The cache folders that no mount of the RUN covers, of whatever type. */
function missingPlaces(build: Build, install: Install): readonly CachePlace[] {
  const places = cachePlacesOf(build, install) ?? [];
  const covered = mountsOf(build.file, install.run).mounts;
  if (covered.some(({ target }) => target === undefined && covered.length > 0)) return [];
  const targets = cacheMountsOf(build, install.run);
  if (targets.some(({ target }) => target === undefined)) return [];
  const others = covered.map((mount) => mountTarget(build, install.run, mount));
  return places.filter(
    ({ path, folder }) =>
      !others.some((target) => target !== undefined && target !== '/' && isInside(path, target)) &&
      !targets.some(
        ({ target }) =>
          target !== undefined &&
          (isInside(path, target) ||
            isInside(target, path) ||
            (folder.path.startsWith('~') && lastOf(path) === lastOf(target))),
      ),
  );
}

/** A mount that ends like the cache is meant for it; that it stands elsewhere is for cache-mount-wrong-target to say. */
function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/'));
}

/** False where something else relies on what the mount would hide. */
function canMount(
  build: Build,
  install: Install,
  installs: readonly Install[],
  places: readonly CachePlace[],
): boolean {
  const { stage, run, manager } = install;
  if (manager.name === 'apt') {
    const ofApt = installs.filter(
      (other) => other.manager === manager && other.kind === 'packages' && chained(other, install),
    );
    return ofApt.every((other) =>
      installs.some((index) => index.run === other.run && index.manager === manager && index.kind === 'index'),
    );
  }
  if (!places.some(({ folder }) => folder.inPlace)) return true;
  const isBase = build.stages.some(({ base }) => base.kind === 'stage' && base.stage === stage);
  if (stage === build.target || isBase) return false;
  const copied = copiesFromStages(build).some((text) => places.some(({ path }) => text.includes(path)));
  const others = stage.instructions.some(
    (one) =>
      one.keyword === 'RUN' &&
      one !== run &&
      one.index > run.index &&
      !installs.some((other) => other.run === one && other.manager === manager),
  );
  return !copied && !others;
}

const knownCopies = createMemo<Build, readonly string[]>();

/** What each `COPY --from` of the file says. */
function copiesFromStages(build: Build): readonly string[] {
  const known = knownCopies.get(build);
  if (known) return known;
  const texts: string[] = [];
  for (const { instructions } of build.stages) {
    for (const { keyword, flags, textSpan } of instructions) {
      if (keyword === 'COPY' && flags.some(({ name }) => name === 'from'))
        texts.push(build.file.text.slice(textSpan.start, textSpan.end));
    }
  }
  knownCopies.set(build, texts);
  return texts;
}

/** The install's stage is the other's or lies below it. */
function chained(other: Install, install: Install): boolean {
  return stagesDown(other.stage).includes(install.stage);
}

function compilesSources(build: Build, install: Install): boolean {
  return (
    install.manager.name === 'go' &&
    install.kind === 'build' &&
    /^(?:build|install|test|run|vet)$/.test(install.operands[0]?.value ?? '') &&
    !install.options.some(({ name }) => name === '-a') &&
    contextTransfers(build).some(
      ({ stage, instruction }) => stage === install.stage && instruction.index < install.run.index,
    )
  );
}

function fixFor(build: Build, missing: readonly Missing[]): Fix[] {
  const edits: Edit[] = [];
  let dockerClean = false;
  for (const run of new Set(missing.map(({ install }) => install.run))) {
    const here = missing.filter(({ install }) => install.run === run);
    const installs = installsOf(build).filter((install) => install.run === run && install.manager.name === 'apt');
    const needed =
      here.some(({ install }) => install.manager.name === 'apt') &&
      installs.some(({ kind, stage }) => kind === 'packages' && !dealsWithDockerClean(build, stage, run));
    const made = editsFor(build, here, needed && !dockerClean);
    if (!made) return [];
    dockerClean ||= needed;
    edits.push(...made);
  }
  const paths = [...new Set(missing.flatMap(({ places }) => places.map(({ path }) => path)))];
  const caveat = dockerClean
    ? 'the package lists and /etc/apt/apt.conf.d/docker-clean, which empties the cache after each install, are then not in the image; the build needs BuildKit'
    : `what lies in ${listed(paths)} is then not in the image; the build needs BuildKit`;
  return [
    {
      title: edits.length > 1 || paths.length > 1 ? 'Add the cache mounts' : 'Add a cache mount',
      safety: 'unsafe',
      caveat,
      edits: mergeInsertions(edits),
    },
  ];
}

/** The edits of one RUN: mounts, and what would defeat them removed; undefined where docker-clean cannot be dealt with. */
function editsFor(build: Build, here: readonly Missing[], removeDockerClean: boolean): Edit[] | undefined {
  const { file } = build;
  const run = here[0]?.install.run;
  if (!run) return undefined;
  const script = parseShell(file, run, build.stateBefore(run).shell);
  const flags = here.flatMap(({ install, places, user }) =>
    places.map((place) => mountFlag(build, install, place, user)),
  );
  const edits: Edit[] = addRunFlags(file, run, [...new Set(flags)]);
  const removed = new Set<number>();
  for (const { install, places } of here) {
    for (const { command } of cleanupsOf(build, install)) {
      if (removed.has(command.span.start)) continue;
      removed.add(command.span.start);
      edits.push(...(removeCommand(file, script, command) ?? []));
    }
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

/** `--mount=type=cache,…` with all that the place asks for. */
function mountFlag(build: Build, install: Install, { folder, path }: CachePlace, user: EffectiveUser): string {
  const owner = user.root ? '' : `,uid=${user.uid}${user.gid === undefined ? '' : `,gid=${user.gid}`}`;
  const id =
    folder.perDistribution && usesOtherImages(build, install)
      ? `,id=${install.manager.name}-${slug(build, install)}${path.replaceAll('/', '-')}`
      : '';
  return `--mount=type=cache,target=${path}${id}${folder.sharing === 'locked' ? ',sharing=locked' : ''}${owner}`;
}

/** Another stage of the file uses the same manager on another image: the two must not share a cache. */
function usesOtherImages(build: Build, install: Install): boolean {
  return installsOf(build).some((other) => other.manager === install.manager && imageOf(other) !== imageOf(install));
}

function imageOf({ stage }: Install): string | undefined {
  let { base } = stage;
  while (base.kind === 'stage') base = base.stage.base;
  return base.kind === 'image' ? base.image : undefined;
}

function slug(_build: Build, install: Install): string {
  return (imageOf(install) ?? rootImageOf(install.stage) ?? 'base').replace(/@.*$/, '').replace(/[^\w.]+/g, '-');
}

/** Insertions at one place become one edit, the mounts first: edits must not overlap. */
function mergeInsertions(edits: readonly Edit[]): Edit[] {
  const merged: Edit[] = [];
  for (const edit of edits) {
    const index = merged.findIndex(({ span }) => span.end === edit.span.start && edit.span.start === edit.span.end);
    const other = merged[index];
    if (other) merged[index] = { ...other, text: other.text + edit.text };
    else merged.push(edit);
  }
  return merged;
}
