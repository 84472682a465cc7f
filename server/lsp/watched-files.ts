import { packageManagers } from '../knowledge/package-managers.js';
import { configNames } from '../project/config-names.js';

/** Globs of the files outside the open documents on which findings depend, apart from what the contexts hold. */
export function watchedGlobs(): readonly string[] {
  const names = packageManagers.flatMap(({ manifests, lockfiles, settings }) => [
    ...manifests,
    ...lockfiles,
    ...settings,
  ]);
  const files = names.flatMap((name) => (name.endsWith('/') ? [] : [name.slice(name.lastIndexOf('/') + 1)]));
  const compose = ['compose*.{yml,yaml}', 'docker-compose*.{yml,yaml}'];
  const all = ['.dockerignore', '*.dockerignore', ...configNames, ...compose, '.env', '.gitignore', ...files];
  return [...new Set(all)].map((name) => `**/${name}`);
}
