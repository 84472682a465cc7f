import { packageManagers } from '../knowledge/package-managers.js';
import { configNames } from '../project/config-names.js';

/** Names of what package managers read, in any folder; `*` stands for a part of a name. */
export function manifestNames(): readonly string[] {
  const names = packageManagers.flatMap(({ manifests, lockfiles, settings }) => [
    ...manifests,
    ...lockfiles,
    ...settings,
  ]);
  return [...new Set(names.flatMap((name) => (name.endsWith('/') ? [] : [name.slice(name.lastIndexOf('/') + 1)])))];
}

/** What `layerwise` on the command line has found out. */
const keptFiles = '.layerwise/*.json';

/** Globs of the files outside the open documents on which findings depend, apart from what the contexts hold. */
export function watchedGlobs(): readonly string[] {
  const builds = [
    'compose*.{yml,yaml}',
    'docker-compose*.{yml,yaml}',
    'docker-bake*.{json,hcl}',
    '.github/workflows/*.{yml,yaml}',
  ];
  const all = [
    '.dockerignore',
    '*.dockerignore',
    ...configNames,
    ...builds,
    '.env',
    '.gitignore',
    ...manifestNames(),
    keptFiles,
  ];
  return [...new Set(all)].map((name) => `**/${name}`);
}
