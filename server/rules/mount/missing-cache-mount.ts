import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import type { PackageManager } from '../../knowledge/package-managers.js';
import { hasOption } from '../../model/arguments.js';
import type { Build, Stage } from '../../model/build.js';
import { shownName } from '../../model/cache-purity.js';
import type { CachePlace } from '../../model/caches.js';
import {
  cacheMountsOf,
  cachePlacesOf,
  effectiveUser,
  isInside,
  mountTarget,
  stagesDown,
  stagesUp,
} from '../../model/caches.js';
import { cleanupsOf } from '../../model/cleanups.js';
import type { BuildContext } from '../../model/context.js';
import { takesFoldersAbove } from '../../model/folders-above.js';
import type { Install } from '../../model/installs.js';
import { installsOf, onlyLoads, worksOffline } from '../../model/installs.js';
import { isSetOffline, withoutNetwork } from '../../model/means-to-download.js';
import { withUsualCaches } from '../../model/other-caches.js';
import { contextTransfers } from '../../model/transfers.js';
import { listed } from '../../model/unwanted.js';
import { tellYarnsApart } from '../../model/yarn.js';
import { hasNoMounts } from '../../syntax/frontend.js';
import { groupBy } from '../../syntax/group-by.js';
import { mountsOf } from '../../syntax/mounts.js';
import { lineAt } from '../../syntax/text.js';
import type { Instruction } from '../../syntax/tree.js';
import { ignoreManagers, ignoreStages, ignoresManager, ignoresStage } from '../options.js';
import { cacheMountFix, type Missing, mountsApart, pathsOf } from './missing-cache-mount-fix.js';
import { canMount } from './missing-cache-mount-hides.js';

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

The fix is safe where the image stays the same: in a stage of which other stages only take other files, for \`npm ci\`, the first yarn with a lockfile that names registries alone, Cargo's downloads, Go's modules, and what Go compiles with \`CGO_ENABLED=0\` or without a compiler of C, if no step works offline, or with a network, variables or secrets that another lacks. Elsewhere it is unsafe: the cache folder is then no longer in the image (nothing at run time should need it), a package that pip once compiled is not compiled again for another system, or Go does not notice that a library of C changed. Where that is the only doubt, the mount for Go's modules is advised apart from that for what it compiles, and is safe.

Nothing is advised where one RUN downloads and another works offline with it (\`dotnet restore\`, then \`dotnet publish --no-restore\`): a builder that kept the result of the first and lost the mount could not run the second. Nor is it where a COPY fills the cache folder, which the mount would hide.`,
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
    if (hasNoMounts(file.text)) return;
    const installs = withUsualCaches(build, context, tellYarnsApart(build, context, installsOf(build)));
    const cleaning = settings.cacheStrategy === 'mounts' ? new Set<string>() : cleaningManagers(build, installs);
    const isIgnored = ignoresManager(options.ignoreManagers);
    const isIgnoredStage = ignoresStage(options.ignoreStages);
    const groups = groupBy(installs, ({ stage, manager }) => defectKey(stage, manager));
    const withLists = stagesWithLists(installs);
    for (const group of groups.values()) {
      const [first] = group;
      if (!first || cleaning.has(first.manager.name)) continue;
      if (first.manager.name === 'apt' && withLists.has(first.stage)) continue;
      if (isIgnored(first.manager) || isIgnoredStage(first.stage)) continue;
      if (group.some((install) => isSetOffline(build, context, install))) continue;
      const surroundings = { ...surroundingsOf(build, first, groups), vendored: isVendored(context) };
      const found = group.flatMap(
        (install) => missingIn(build, context, install, surroundings, options.minPackages) ?? [],
      );
      for (const missing of mountsApart(build, context, withoutHiding(build, group, found))) {
        const worth = missing.find(({ install }) => isWorthIt(install, options.minPackages));
        if (!worth) continue;
        const compiles = missing.find((one) => compilesSources(build, one));
        const { install } = compiles ?? worth;
        const runs = new Set(missing.map((one) => one.install.run));
        const others = [...runs]
          .filter((run) => run !== install.run)
          .map((run) => lineAt(file.lineStarts, run.span.start) + 1);
        report({
          span: install.command.nameSpan,
          message: messageFor(missing, install, compiles !== undefined),
          severity: compiles ? 'warning' : 'info',
          evidence: [
            ...(others.length > 0
              ? [{ text: `the same holds for ${others.length > 1 ? 'lines' : 'line'} ${listed(others.map(String))}` }]
              : []),
            { text: 'a mount helps where the builder keeps its storage: not on a CI runner that starts empty' },
          ],
          fixes: cacheMountFix(build, context, missing),
        });
      }
    }
  },
});

function messageFor(missing: readonly Missing[], { manager }: Install, compiles: boolean): string {
  const paths = pathsOf(missing);
  const [mount, keep] =
    paths.length === 1 ? [`a cache mount at ${listed(paths)}`, 'keeps'] : [`cache mounts at ${listed(paths)}`, 'keep'];
  if (compiles) return `every edit of a source compiles everything again; ${mount} ${keep} what did not change`;
  // Of Go the cache of what is compiled is another one than that of the modules.
  const isFetched = missing.some(({ places }) => places.some(({ folder }) => folder.inPlace));
  const verb = manager.name === 'go' && !isFetched ? 'compiles' : 'downloads';
  return `${shownName(manager)} ${verb} everything again when this step re-runs; ${mount} ${keep} it`;
}

/** The installs of one manager in one stage are one defect. */
function defectKey({ index }: Stage, { name }: PackageManager): string {
  return `${index} ${name}`;
}

type Groups = ReadonlyMap<string, readonly Install[]>;

/** What mounts in the installs of one manager in one stage would meet. */
interface Surroundings {
  /** A stage below has downloaded the dependencies into the image: a mount would hide them. */
  readonly restoredBelow: boolean;
  /** Where the stage's last RUN without that manager stands. */
  readonly lastOther: number;
  /** Where the last RUN without a mount stands that works offline with what the manager has downloaded, in the stage or one built from it. */
  readonly lastOffline: number;
  /** A RUN of the stage works offline with what another RUN has downloaded: the builder may have kept that result, and lost the mount. */
  readonly offlineApart: boolean;
  /** Go takes the modules from the project, and downloads none. */
  readonly vendored: boolean;
}

/** Whether Go takes packages that it has compiled before: with `-a` it takes none, and what `go generate` runs is not known. */
function usesCompiled(install: Install): boolean {
  return (
    !onlyLoads(install) &&
    install.operands[0]?.value !== 'generate' &&
    !install.options.some(({ name }) => name === '-a')
  );
}

/** https://go.dev/ref/mod#build-commands: `-mod=vendor` is the default where the folder is there. */
function isVendored(context: BuildContext | undefined): boolean {
  const list = 'vendor/modules.txt';
  return context?.entry(list) !== undefined && !context.ignored(list);
}

function surroundingsOf(build: Build, { manager, stage }: Install, groups: Groups): Omit<Surroundings, 'vendored'> {
  const runs = new Set<Instruction>(groups.get(defectKey(stage, manager))?.map(({ run }) => run));
  const other = stage.instructions.findLast((one) => one.keyword === 'RUN' && !runs.has(one));
  return {
    restoredBelow: isRestoredBelow(build, stage, manager, groups),
    lastOther: other?.index ?? -1,
    lastOffline: lastOffline(build, stage, manager, groups),
    offlineApart: isOfflineApart(build, groups.get(defectKey(stage, manager)) ?? []),
  };
}

function isOfflineApart(build: Build, group: readonly Install[]): boolean {
  const runs = [...groupBy(group, ({ run }) => run).values()];
  if (runs.length < 2) return false;
  return withoutNetwork.test(build.file.text) || runs.some(([first]) => first !== undefined && worksOffline(first));
}

/** pnpm has all in node_modules already (tried with pnpm 9.15: `fetch`, then `install --offline` without the store). */
function lastOffline(build: Build, stage: Stage, manager: PackageManager, groups: Groups): number {
  if (manager.name === 'pnpm') return -1;
  const offline = stagesUp(build, stage)
    .flatMap((one) => groups.get(defectKey(one, manager)) ?? [])
    .filter((one) => hasOption(one, ['--offline']) && missingPlaces(build, one).length > 0);
  return Math.max(-1, ...offline.map(({ run }) => run.index));
}

function missingIn(
  build: Build,
  context: BuildContext | undefined,
  install: Install,
  surroundings: Surroundings,
  minPackages: number,
): Missing | undefined {
  const isUsed = ({ folder }: CachePlace) =>
    install.manager.name !== 'go' || (folder.inPlace ? !surroundings.vendored : usesCompiled(install));
  const user = effectiveUser(build, install.run, install.stage);
  if (!user || (!user.root && user.uid === undefined)) return undefined;
  const missing = missingPlaces(build, install).filter(
    (place) =>
      isUsed(place) && !(place.folder.inPlace && surroundings.offlineApart) && !takesFoldersAbove(install, user, place),
  );
  const places = surroundings.restoredBelow
    ? missing.filter(({ folder }) => !folder.inPlace && install.manager.name === 'go')
    : missing.filter(
        ({ folder }) => folder.inPlace || (!worksOffline(install) && surroundings.lastOffline <= install.run.index),
      );
  if (places.length === 0) return undefined;
  if (install.kind === 'packages' && !isWorthIt(install, minPackages)) return undefined;
  return canMount(build, context, install, surroundings.lastOther, places) ? { install, places, user } : undefined;
}

/** Without the mounts that would hide what a RUN before in the stage has downloaded into the image, which can have none. */
function withoutHiding(build: Build, group: readonly Install[], found: readonly Missing[]): readonly Missing[] {
  const first = group.find(
    (install) =>
      !found.some((one) => one.install === install) &&
      missingPlaces(build, install).some(({ folder }) => folder.inPlace),
  );
  if (!first) return found;
  return found.flatMap((one) => {
    const places =
      one.install.run.index > first.run.index ? one.places.filter(({ folder }) => !folder.inPlace) : one.places;
    return places.length > 0 ? [{ ...one, places }] : [];
  });
}

function isRestoredBelow(build: Build, stage: Stage, manager: PackageManager, groups: Groups): boolean {
  if (!manager.caches.some(({ inPlace }) => inPlace)) return false;
  const below = stagesDown(stage).slice(1);
  return below
    .flatMap((one) => groups.get(defectKey(one, manager)) ?? [])
    .some((install) => missingPlaces(build, install).some(({ folder }) => folder.inPlace));
}

/** Managers whose cache the file cleans or forbids somewhere without a mount: the author's choice. */
function cleaningManagers(build: Build, installs: readonly Install[]): Set<string> {
  const found = new Set<string>();
  for (const here of groupBy(installs, ({ run, manager }) => `${run.index} ${manager.name}`).values()) {
    const [first] = here;
    if (!first || found.has(first.manager.name)) continue;
    const { manager, run } = first;
    if (
      cleansAnyhow(run.text, manager.name) ||
      here.some((install) => forbidsCache(build, install)) ||
      cleanupsOf(build, run, here).length > 0
    )
      found.add(manager.name);
  }
  return found;
}

function forbidsCache(build: Build, { manager, run, options, command }: Install): boolean {
  const defeat = manager.caches.flatMap(({ defeatedBy }) => defeatedBy);
  return (
    options.some(({ name, word }) => defeat.includes(name) || defeat.includes(word.value ?? '')) ||
    defeat.some(
      (name) =>
        !name.startsWith('-') &&
        (build.variable(run, name) ?? command.assignments.find((one) => one.name === name)?.value),
    )
  );
}

/** Idioms whose paths are wider or narrower than the cache. */
function cleansAnyhow(text: string, manager: string): boolean {
  if (manager === 'apt') return /\/var\/(?:lib\/apt|cache\/apt)|apt(?:-get)?\s+(?:(?:auto|dist)-?)?clean/.test(text);
  return /rm\s[^&;|]*(?:\.cache|\.npm|\/tmp\/\*|\.cargo|\.m2|\.gradle)/.test(text);
}

/** Named packages count only if there are many; an update of the manager itself never. */
function isWorthIt(install: Install, minPackages: number): boolean {
  const { kind, operands, shape, manager } = install;
  if (kind === 'dependencies' || kind === 'build') return !worksOffline(install);
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
  if (covered.some((mount, index) => mount.type === 'tmpfs' && isAt(others[index], places))) return [];
  return places.filter(
    ({ path }) =>
      !others.some((target) => target !== undefined && target !== '/' && isInside(path, target)) &&
      !targets.some(
        ({ target }) =>
          target !== undefined &&
          (isInside(path, target) ||
            isInside(target, path) ||
            (install.manager.caches.some((one) => one.path.startsWith('~')) && lastOf(path) === lastOf(target))),
      ),
  );
}

/** The author wants the cache, or a part of it, to be gone after the step. */
function isAt(target: string | undefined, places: readonly CachePlace[]): boolean {
  return target !== undefined && places.some(({ path }) => isInside(path, target) || isInside(target, path));
}

/** A mount that ends like the cache is meant for it; that it stands elsewhere is for cache-mount-wrong-target to say. */
function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/'));
}

/** Stages of which they, or one built from them, install with apt from package lists that another RUN fetched: a mount would hide these. */
function stagesWithLists(installs: readonly Install[]): ReadonlySet<Stage> {
  const ofApt = installs.filter(({ manager }) => manager.name === 'apt');
  const updating = new Set(ofApt.filter(({ kind }) => kind === 'index').map(({ run }) => run));
  const relying = ofApt.filter(({ kind, run }) => kind === 'packages' && !updating.has(run));
  return new Set([...new Set(relying.map(({ stage }) => stage))].flatMap(stagesDown));
}

function compilesSources(build: Build, { install, places }: Missing): boolean {
  return (
    install.manager.name === 'go' &&
    places.some(({ folder }) => !folder.inPlace) &&
    install.kind === 'build' &&
    /^(?:build|install|test|run|vet)$/.test(install.operands[0]?.value ?? '') &&
    contextTransfers(build).some(
      ({ stage, instruction }) => stage === install.stage && instruction.index < install.run.index,
    )
  );
}
