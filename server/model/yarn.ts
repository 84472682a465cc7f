import { type PackageManager, packageManagers } from '../knowledge/package-managers.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';
import type { Install } from './installs.js';
import { berryOf } from './manifests/berry.js';
import { joinPath } from './path.js';
import { projectFiles } from './project-files.js';

const berry = packageManagers.find(({ name }) => name === 'yarn-berry');

/**
 * The installs with those of Yarn 2 and later under their own row of the table, as far as lockfile, `.yarnrc.yml` and
 * `packageManager` show it. Left out are those whose cache lies in the project (https://yarnpkg.com/configuration/yarnrc:
 * `enableGlobalCache`, false before Yarn 4) or where the project says, and those whose packages are used where they lie in the cache.
 */
export function tellYarnsApart(
  build: Build,
  context: BuildContext | undefined,
  installs: readonly Install[],
): readonly Install[] {
  if (!context || !berry || !installs.some(({ manager }) => manager.name === 'yarn')) return installs;
  const files = projectFiles(build, context);
  return installs.flatMap((install): readonly Install[] => {
    if (install.manager.name !== 'yarn' || install.directory === undefined) return [install];
    const { directory, run, stage } = install;
    const read = (name: string) => {
      const supplied = files.suppliedTo(run, stage, joinPath(directory, name));
      return supplied && context.read(supplied.path);
    };
    return rowFor(read, berry, install);
  });
}

function rowFor(read: (name: string) => string | undefined, manager: PackageManager, install: Install): Install[] {
  const found = berryOf(read);
  if (!found) return [install];
  return found.globalCache && !found.usesCache ? [{ ...install, manager }] : [];
}
