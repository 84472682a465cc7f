import { stringsOf, tableAt } from '../../syntax/toml.js';
import {
  addFile,
  addPackage,
  dynamicOf,
  type KnownKeys,
  keys,
  type PythonProject,
  refuseDynamic,
  refuseOthers,
} from './python-project.js';
import { inFolder, type Reading } from './reading.js';

/** Options of a build that choose among the files that are there. https://hatch.pypa.io/latest/config/build/ */
const choosing = keys(
  'packages include exclude only-include only-packages sources artifacts ignore-vcs skip-excluded-dirs reproducible dev-mode-dirs strict-naming core-metadata-version macos-max-compat bypass-selection',
);

/** The version is looked up only where it is dynamic; environments, publishing and the source archive have no part in a wheel. */
const known: KnownKeys = {
  ...keys('version envs env publish'),
  metadata: keys('allow-direct-references'),
  build: { ...choosing, targets: { sdist: true, wheel: choosing } },
};

/**
 * Hatchling packs those of the files chosen that are there; it fails where a file that it must include is missing, or where nothing is
 * chosen and it finds no package of the project's name. https://hatch.pypa.io/latest/plugins/builder/wheel/#default-file-selection
 */
export function readHatchling(project: PythonProject, reading: Reading): void {
  const { manifest, folder, module } = project;
  if (reading.context.entry(inFolder(folder, 'hatch.toml'))) reading.blockers.add('hatch.toml sets up the build');
  refuseOthers(project, 'tool.hatch', known, reading);
  readHatchVersion(project, reading);
  const chosen = ['tool.hatch.build', 'tool.hatch.build.targets.wheel']
    .map((name) => tableAt(manifest, name))
    .flatMap((table) => [table.packages, table.include, table['only-include']])
    .some((value) => (stringsOf(value) ?? []).length > 0);
  if (!chosen) addPackage(module, project, reading);
}

/** https://hatch.pypa.io/latest/plugins/version-source/regex/ */
function readHatchVersion(project: PythonProject, reading: Reading): void {
  const dynamic = dynamicOf(project);
  if (dynamic.length === 0) return;
  const version = tableAt(project.manifest, 'tool.hatch.version');
  const { path } = version;
  const isRead = Object.keys(version).every((key) => ['path', 'pattern'].includes(key)) && typeof path === 'string';
  if (dynamic.join() === 'version' && isRead) addFile(path, project.folder, reading);
  else refuseDynamic(dynamic, reading);
}
