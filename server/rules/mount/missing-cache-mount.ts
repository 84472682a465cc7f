import * as v from 'valibot';
import type { Edit, Fix } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import { hasOption } from '../../model/arguments.js';
import type { Build } from '../../model/build.js';
import type { CachePlace, EffectiveUser } from '../../model/caches.js';
import { cacheMountsOf, cachePlacesOf, effectiveUser, isInside, rootImageOf, stagesDown } from '../../model/caches.js';
import { cleanupsIn } from '../../model/cleanups.js';
import { keepsDownloads } from '../../model/docker-clean.js';
import type { Install } from '../../model/installs.js';
import { installsOf } from '../../model/installs.js';
import { contextTransfers } from '../../model/transfers.js';
import { mountsOf } from '../../syntax/mounts.js';
import { addRunFlags } from '../../syntax/run-flags.js';
import type { ShellWord } from '../../syntax/shell.js';
import { parseShell } from '../../syntax/shell.js';
import { insertAfterWord, removeCommand, removeWords } from '../../syntax/shell-edits.js';

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
  }),
  check({ build, settings, options, report }) {
    if (settings.cacheStrategy === 'clean' || settings.builder === 'classic' || settings.builder === 'kaniko') return;
    const installs = installsOf(build);
    const cleaning = settings.cacheStrategy === 'mounts' ? new Set<string>() : cleaningManagers(build, installs);
    const seen = new Set<string>();
    for (const install of installs) {
      const key = `${install.run.index} ${install.manager.name}`;
      if (seen.has(key) || cleaning.has(install.manager.name) || !isWorthIt(install, options.minPackages)) continue;
      const places = missingPlaces(build, install);
      const user = effectiveUser(build, install.run, install.stage);
      if (places.length === 0 || !user || (!user.root && user.uid === undefined)) continue;
      if (!canMount(build, install, installs, places)) continue;
      seen.add(key);
      const paths = places.map(({ path }) => path).join(' and ');
      const compiles = install.kind === 'build' && compilesSources(build, install);
      report({
        span: install.command.nameSpan,
        message: compiles
          ? `every edit of a source compiles everything again; a cache mount at ${paths} keeps what did not change`
          : `${install.manager.name} downloads everything again when this step re-runs; a cache mount at ${paths} keeps it`,
        severity: compiles ? 'warning' : 'info',
        evidence: [{ text: 'a mount helps where the builder keeps its storage: not on a CI runner that starts empty' }],
        fixes: fixFor(build, install, places, user),
      });
    }
  },
});

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
    if (off || variable || cleanupsOf(build, install).length > 0 || cleansAnyhow(run.text, manager.name))
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
  const { manager, run } = install;
  const script = parseShell(build.file, run, build.stateBefore(run).shell);
  const paths = (cachePlacesOf(build, install) ?? []).map(({ path }) => path);
  return cleanupsIn(build, run, script, paths, manager);
}

/** Named packages count only if there are many; an update of the manager itself never. */
function isWorthIt({ kind, operands, shape, manager }: Install, minPackages: number): boolean {
  if (kind === 'dependencies' || kind === 'build') return true;
  if (kind !== 'packages') return false;
  const words = shape.words.split('|')[0]?.split(' ').length ?? 0;
  const named = operands.slice(words).filter(({ text }) => !text.startsWith('-'));
  return named.length >= minPackages && manager.name !== 'npm';
}

/** The cache folders that no mount of the RUN covers. */
function missingPlaces(build: Build, install: Install): readonly CachePlace[] {
  const places = cachePlacesOf(build, install) ?? [];
  const covered = mountsOf(build.file, install.run).mounts;
  if (covered.some(({ target }) => target === undefined && covered.length > 0)) return [];
  const targets = cacheMountsOf(build, install.run);
  if (targets.some(({ target }) => target === undefined)) return [];
  return places.filter(
    ({ path }) =>
      !targets.some(({ target }) => target !== undefined && (isInside(path, target) || isInside(target, path))),
  );
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
  const text = build.file.text;
  const copied = build.stages.some((other) =>
    other.instructions.some(
      (one) =>
        one.keyword === 'COPY' &&
        one.flags.some(({ name }) => name === 'from') &&
        places.some(({ path }) => text.slice(one.textSpan.start, one.textSpan.end).includes(path)),
    ),
  );
  const others = stage.instructions.some(
    (one) =>
      one.keyword === 'RUN' &&
      one !== run &&
      one.index > run.index &&
      !installs.some((other) => other.run === one && other.manager === manager),
  );
  return !copied && !others;
}

/** The install's stage is the other's or lies below it. */
function chained(other: Install, install: Install): boolean {
  return stagesDown(other.stage).includes(install.stage);
}

function compilesSources(build: Build, install: Install): boolean {
  return (
    install.manager.name === 'go' &&
    contextTransfers(build).some(
      ({ stage, instruction }) => stage === install.stage && instruction.index < install.run.index,
    )
  );
}

function fixFor(build: Build, install: Install, places: readonly CachePlace[], user: EffectiveUser): Fix[] {
  const { file } = build;
  const { run, manager, stage } = install;
  const script = parseShell(file, run, build.stateBefore(run).shell);
  const edits: Edit[] = addRunFlags(
    file,
    run,
    places.map((place) => mountFlag(build, install, place, user)),
  );
  edits.push(...mountsForOthers(build, install, places, user));
  for (const { command } of cleanupsOf(build, install)) edits.push(...(removeCommand(file, script, command) ?? []));
  const defeat = places.flatMap(({ folder }) => folder.defeatedBy);
  const words = install.options
    .filter(({ name, word }) => defeat.includes(name) || defeat.includes(word.value ?? ''))
    .map(({ word }) => word);
  if (words.length > 0) edits.push(...(removeWords(file, script, words) ?? []));
  const keep = places.find(({ folder }) => folder.keepOption)?.folder.keepOption;
  const after: ShellWord | undefined = install.operands[0];
  if (keep && after && !hasOption(install, [keep])) edits.push(insertAfterWord(script, after, keep));
  let caveat = `what lies in ${places.map(({ path }) => path).join(' and ')} is then not in the image; the build needs BuildKit`;
  if (manager.name === 'apt' && !keepsDownloads(build, stage, run)) {
    if (script.language !== 'shell' || run.heredocs.length > 0) return [];
    edits.push({
      span: { start: run.textSpan.start, end: run.textSpan.start },
      text: 'rm -f /etc/apt/apt.conf.d/docker-clean && ',
    });
    caveat = `the package lists and /etc/apt/apt.conf.d/docker-clean, which empties the cache after each install, are then not in the image; the build needs BuildKit`;
  }
  return [
    {
      title: places.length > 1 ? 'Add the cache mounts' : 'Add a cache mount',
      safety: 'unsafe',
      caveat,
      edits: mergeInsertions(edits),
    },
  ];
}

/** What is used where it lies has to be mounted in the other steps of the stage as well, or they fetch it again. */
function mountsForOthers(build: Build, install: Install, places: readonly CachePlace[], user: EffectiveUser): Edit[] {
  const inPlace = places.filter(({ folder }) => folder.inPlace);
  const others = installsOf(build).filter(
    (other) => other.manager === install.manager && other.stage === install.stage && other.run !== install.run,
  );
  const byRun = new Map(others.map((other) => [other.run, other]));
  return [...byRun.values()].flatMap((other) => {
    const missing = missingPlaces(build, other).filter(({ path }) => inPlace.some((place) => place.path === path));
    return addRunFlags(
      build.file,
      other.run,
      missing.map((place) => mountFlag(build, other, place, user)),
    );
  });
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
