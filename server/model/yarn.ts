import { type PackageManager, packageManagers } from '../knowledge/package-managers.js';
import { hasOption } from './arguments.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';
import type { Install } from './installs.js';
import { berryOf } from './manifests/berry.js';
import { lockedPackages } from './manifests/locked-packages.js';
import { member, parseJson } from './manifests/reading.js';
import type { LockedPackage } from './package-facts.js';
import { joinPath } from './path.js';
import { projectFiles } from './project-files.js';
import { contextTransfers } from './transfers.js';

const berry = packageManagers.find(({ name }) => name === 'yarn-berry');

/**
 * The installs with those of Yarn 2 and later under their own row of the table, as far as lockfile, `.yarnrc.yml` and
 * `packageManager` show it. Left out are those whose cache lies in the project (https://yarnpkg.com/configuration/yarnrc:
 * `enableGlobalCache`, false before Yarn 4) or where the project says, those whose packages are used where they lie in the cache, and
 * those of which only the Dockerfile shows that Yarn is no first one.
 */
export function tellYarnsApart(
  build: Build,
  context: BuildContext | undefined,
  installs: readonly Install[],
): readonly Install[] {
  if (!berry || !installs.some(({ manager }) => manager.name === 'yarn')) return installs;
  const named = namesBerry(build);
  const files = context && projectFiles(build, context);
  return installs.flatMap((install): readonly Install[] => {
    if (install.manager.name !== 'yarn') return [install];
    const { directory, run, stage } = install;
    const read = (name: string) => {
      const supplied = directory === undefined ? undefined : files?.suppliedTo(run, stage, joinPath(directory, name));
      return supplied && context?.read(supplied.path);
    };
    return rowFor(read, berry, install) ?? (named || asksBerry(install) ? [] : [install]);
  });
}

/** A COPY brings files that only Yarn 2 and later have, though the context may not show them. */
function namesBerry(build: Build): boolean {
  return contextTransfers(build).some(({ sources }) =>
    sources.some(({ path = '' }) => /(?:^|\/)(?:\.yarnrc\.yml|\.yarn(?:\/.*)?)$/.test(path)),
  );
}

function asksBerry(install: Install): boolean {
  return hasOption(install, ['--immutable', '--immutable-cache', '--check-cache']);
}

function rowFor(
  read: (name: string) => string | undefined,
  manager: PackageManager,
  install: Install,
): Install[] | undefined {
  const found = berryOf(read);
  if (!found) return undefined;
  return found.globalCache && !found.usesCache ? [{ ...install, manager }] : [];
}

/**
 * What a lockfile of the first yarn has, if all of it is of registries. With `all`, if it also has all that the manifest asks for, and no
 * workspace may ask for more. `read` gives the texts of files beside it.
 */
export function lockedInRegistries(
  read: (name: string) => string | undefined,
  all: boolean,
): readonly LockedPackage[] | undefined {
  const manifest = parseJson(read('package.json'));
  if (all && (manifest === undefined || member(manifest, 'workspaces') !== undefined)) return undefined;
  const packages = lockedPackages('yarn', read, { manifests: all ? [manifest] : [], oldNpm: false });
  return packages?.every(({ origin }) => origin === 'registry') ? packages : undefined;
}
