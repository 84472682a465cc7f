import type { Project } from '../../model/install-project.js';
import type { Install } from '../../model/installs.js';
import { inFolder } from '../../model/manifests/reading.js';
import { installsItself } from '../../model/manifests.js';

/**
 * Whether an install goes on behind the sources where the step that fetches the dependencies has ended, and leaves what it leaves by
 * itself. Composer only writes its lists of packages and the autoloader then, and runs the scripts of the project
 * (`InstallationManager::execute`); without a lockfile it would resolve anew. `source` is the text of the Dockerfile, `manifest` that of
 * the project's manifest.
 */
export function goesOn(source: string, install: Install, project: Project, manifest: string): boolean {
  const { name } = install.manager;
  if (name === 'poetry' && mayChangeItself(source, project)) return false;
  if (name !== 'composer') return installsItself(install, manifest) && !locksFolders(project);
  const verb = install.operands[0]?.value;
  return (verb === 'install' || verb === 'i') && project.reading.files.has(inFolder(project.folder, 'composer.lock'));
}

/**
 * Poetry that lies in the environment which it fills may leave its own dependencies in other versions, with which it does not start
 * again (https://python-poetry.org/docs/configuration/#virtualenvscreate). Its installer and pipx give it an environment of its own.
 */
function mayChangeItself(source: string, { context, folder }: Project): boolean {
  if (/\binstall\.python-poetry\.org\b|\bpipx\s(?:[^\n]*\s)?install\s[^\n]*\bpoetry\b/.test(source)) return false;
  const settings = context.read(inFolder(folder, 'poetry.toml')) ?? '';
  return /virtualenvs[._]create|\bVIRTUAL_ENV\b|\bactivate\b|conda/i.test(source) || /^\s*create\s*=/m.test(settings);
}

/** The lockfile of uv names other projects of the repository, which would be built. */
function locksFolders({ context, reading }: Project): boolean {
  const lock = [...reading.files].find((path) => /(?:^|\/)uv\.lock$/.test(path));
  const text = lock === undefined ? '' : (context.read(lock) ?? '');
  return /^source = \{ (?:editable|directory|virtual|path) = "(?!\.")/m.test(text);
}
