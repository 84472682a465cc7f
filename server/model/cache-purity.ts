import type { PackageManager } from '../knowledge/package-managers.js';
import { hasOption } from './arguments.js';
import type { Build } from './build.js';
import type { CachePlace } from './caches.js';
import type { BuildContext } from './context.js';
import type { Install } from './installs.js';
import { mayCompileC } from './missing-program.js';
import { joinPath } from './path.js';
import { projectFiles } from './project-files.js';
import { lockedInRegistries } from './yarn.js';

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

/**
 * Why a RUN may make something else where its cache holds what other builds have left; undefined where it does not: of npm's and Cargo's
 * downloads checksums are checked, yarn keeps what it unpacked by checksum, and Go compiles again whatever differs in what it was compiled
 * from, but for libraries of C (`go help cache`).
 */
export function impurityOf(
  build: Build,
  context: BuildContext | undefined,
  install: Install,
  places: readonly CachePlace[],
): string | undefined {
  const { manager, run } = install;
  if (isPure(build, install, places) || (context !== undefined && isLockedYarn(build, context, install)))
    return undefined;
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
