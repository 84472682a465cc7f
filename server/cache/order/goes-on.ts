import type { Project } from '../../model/install-project.js';
import type { Install } from '../../model/installs.js';
import { inFolder } from '../../model/manifests/reading.js';
import { installsItself } from '../../model/manifests.js';

/**
 * Whether an install goes on behind the sources where the step that fetches the dependencies has ended, and leaves what it leaves by
 * itself. Composer only writes its lists of packages and the autoloader then, and runs the scripts of the project
 * (`InstallationManager::execute`); without a lockfile it would resolve anew. `manifest` is the text of the project's manifest.
 */
export function goesOn(install: Install, project: Project, manifest: string): boolean {
  if (install.manager.name !== 'composer') return installsItself(install, manifest) && !locksFolders(project);
  const verb = install.operands[0]?.value;
  return (verb === 'install' || verb === 'i') && project.reading.files.has(inFolder(project.folder, 'composer.lock'));
}

/** The lockfile of uv names other projects of the repository, which would be built. */
function locksFolders({ context, reading }: Project): boolean {
  const lock = [...reading.files].find((path) => /(?:^|\/)uv\.lock$/.test(path));
  const text = lock === undefined ? '' : (context.read(lock) ?? '');
  return /^source = \{ (?:editable|directory|virtual|path) = "(?!\.")/m.test(text);
}
