import { hasOption } from '../../model/arguments.js';
import type { Build } from '../../model/build.js';
import { cacheMountsOf, stagesDown, startsFromKnownImage } from '../../model/caches.js';
import type { BuildContext } from '../../model/context.js';
import { onOneLine } from '../../model/download-command.js';
import { tree } from '../../model/effects/area.js';
import type { Acceptance } from '../../model/effects/command-effects.js';
import { type Project, projectOf } from '../../model/install-project.js';
import type { Install } from '../../model/installs.js';
import type { Landing } from '../../model/landing.js';
import { berryIn } from '../../model/manifests/berry.js';
import { inFolder, member, parseJson } from '../../model/manifests/reading.js';
import { withUsualCaches } from '../../model/other-caches.js';
import { joinPath } from '../../model/path.js';
import { lockedInRegistries } from '../../model/yarn.js';
import { parseShell } from '../../syntax/shell.js';
import type { Instruction } from '../../syntax/tree.js';
import type { Warm } from './warm.js';

/** A RUN that fetches what the first yarn would install. */
export interface YarnStep {
  /** The script of a RUN in the folder of the project. */
  readonly script: string;
  readonly warm: Warm;
}

/**
 * The step that fills the cache of the first yarn from the manifests alone, where the install itself has to stay behind the sources: it
 * is not known which packages have install scripts, or the project's own need the sources. The node_modules of the step has to go again:
 * yarn runs install scripts of those packages only whose files it copies there (`src/package-linker.js` sets `fresh`, for which
 * `src/package-install-scripts.js` asks).
 *
 * Tried with yarn 1.22 and Node.js 14 and 20, 170 packages with and without install scripts: project, home folder and cache came out the
 * same, but for folders in /tmp whose names are drawn by lot; and a third to a half of the time remained (1,200 packages of outline).
 */
export function yarnStep(
  build: Build,
  install: Install,
  landings: readonly Landing[],
  context: BuildContext,
  acceptance: Acceptance,
): YarnStep | undefined {
  const { directory } = install;
  if (directory === undefined || !isPlain(build, install)) return undefined;
  if (withUsualCaches(build, context, [install]).length === 0) return undefined;
  const whole = projectOf(build, install, landings, context);
  const project = projectOf(build, { ...install, scripts: false }, landings, context);
  if (!whole || !project || !isFirstYarn(build, project) || !isLocked(install, project, landings)) return undefined;
  const { blockers, doubts } = whole.reading;
  if (blockers.size + (acceptance === 'likely' ? 0 : doubts.size) === 0) return undefined;
  const isPure = isFrozen(install) || hasOption(install, ['--pure-lockfile']);
  const more = isPure ? ['--ignore-scripts'] : ['--ignore-scripts', '--pure-lockfile'];
  const words = onOneLine(build.file.text, install.command.span);
  return {
    script: `${[words, ...more].join(' ')} && rm -rf node_modules`,
    warm: {
      empty: [tree(joinPath(directory, 'node_modules'))],
      safe: [
        'the install behind it finds the same packages in the cache of yarn, where it would leave them itself',
        'no script runs in the step, and node_modules is removed again',
        'the lockfile names all packages',
      ],
    },
  };
}

/** Nothing keeps it from the cache and the network, nor cleans the cache again, and nothing installed may be there. */
function isPlain(build: Build, install: Install): boolean {
  const { run, stage, shape } = install;
  const { language } = parseShell(build.file, run, build.stateBefore(run).shell);
  return (
    language === 'shell' &&
    startsFromKnownImage(stage) &&
    !shape.offline &&
    !hasOption(install, [
      '--offline',
      '--force',
      '--flat',
      '--ignore-scripts',
      '--no-lockfile',
      '--update-checksums',
    ]) &&
    cacheMountsOf(build, run).length === 0 &&
    stagesDown(stage)
      .slice(1)
      .every(({ instructions }) => instructions.every(bringsNoPackages))
  );
}

/** Of a stage below: neither sources nor installed packages can be in the folder of the project already. */
function bringsNoPackages(one: Instruction): boolean {
  if (one.keyword === 'COPY' || one.keyword === 'ADD') return false;
  return one.keyword !== 'RUN' || !bringing.test(one.text);
}

const bringing =
  /node_modules|\b(?:yarn|pnpm|bun|tar|unzip|cp|mv|ln)\b|\bgit\s+clone\b|\bnpm\s+(?:ci|i|install)\b(?![^&;|]*\s(?:-g|--global)\b)/;

function isFirstYarn(build: Build, project: Project): boolean {
  if (/\byarn@(?!\^?1\b)|\byarn\s+(?:set\s+version|policies)\b|\bYARN_(?!REGISTRY)\w+/.test(build.file.text))
    return false;
  return berryIn(project) === undefined;
}

/**
 * A lockfile of the first yarn that is copied before it, in which all packages are of registries, for a project without others in folders
 * of it. What it leaves open would be looked up twice, and both answers be in the cache.
 */
function isLocked(install: Install, { context, folder }: Project, landings: readonly Landing[]): boolean {
  const read = (name: string) => {
    const path = inFolder(folder, name);
    return landings.some((one) => one.imagePathOf(path) !== undefined) ? context.read(path) : undefined;
  };
  if (member(parseJson(read('package.json')), 'workspaces') !== undefined) return false;
  return (lockedInRegistries(read, !isFrozen(install))?.length ?? 0) >= fewest;
}

/** Fewer packages are fetched before anybody has read the new lines. */
const fewest = 100;

/** It fails where the lockfile leaves something open. */
function isFrozen(install: Install): boolean {
  return hasOption(install, ['--frozen-lockfile']);
}
