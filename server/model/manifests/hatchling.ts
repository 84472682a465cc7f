import {
  addFile,
  addPackage,
  dynamicOf,
  entriesOf,
  type PythonProject,
  refuseDynamic,
  refuseOthers,
  stringsAt,
} from './python-project.js';
import { inFolder, type Reading } from './reading.js';
import { tomlStrings } from './toml-entries.js';

/** Options of a build that choose among the files that are there. https://hatch.pypa.io/latest/config/build/ */
const choosing =
  /^(?:|packages|include|exclude|only-include|only-packages|sources|artifacts|ignore-vcs|skip-excluded-dirs|reproducible|dev-mode-dirs|strict-naming|core-metadata-version|macos-max-compat|bypass-selection)$/;

/**
 * Hatchling packs those of the files chosen that are there; it fails where a file that it must include is missing, or where nothing is
 * chosen and it finds no package of the project's name. https://hatch.pypa.io/latest/plugins/builder/wheel/#default-file-selection
 */
export function readHatchling(project: PythonProject, reading: Reading): void {
  const { entries, folder } = project;
  if (reading.context.entry(inFolder(folder, 'hatch.toml'))) reading.blockers.add('hatch.toml sets up the build');
  refuseOthers(
    project,
    /^tool\.hatch(?:\.|$)/,
    ({ table, key }) =>
      isBesideTheBuild(table) ||
      (/^tool\.hatch(?:\.build(?:\.targets(?:\.wheel)?)?)?$/.test(table) && choosing.test(key)) ||
      (table === 'tool.hatch.metadata' && /^(?:|allow-direct-references)$/.test(key)),
    reading,
  );
  readHatchVersion(project, reading);
  const chosen = ['tool.hatch.build', 'tool.hatch.build.targets.wheel'].some((table) =>
    entriesOf(entries, table).some(
      ({ key, value }) => /^(?:packages|include|only-include)$/.test(key) && (tomlStrings(value) ?? []).length > 0,
    ),
  );
  if (!chosen) addPackage(project.module, project, reading);
}

/** The version is looked up only where it is dynamic; environments, publishing and the source archive have no part in a wheel. */
function isBesideTheBuild(table: string): boolean {
  return /^tool\.hatch\.(?:version|envs|env|publish|build\.targets\.sdist)(?:\.|$)/.test(table);
}

/** https://hatch.pypa.io/latest/plugins/version-source/regex/ */
function readHatchVersion(project: PythonProject, reading: Reading): void {
  const dynamic = dynamicOf(project);
  if (dynamic.length === 0) return;
  const version = entriesOf(project.entries, 'tool.hatch.version');
  const [path] = stringsAt(version, 'path') ?? [];
  const isRead = version.every(({ key }) => ['', 'path', 'pattern'].includes(key)) && path !== undefined;
  if (dynamic.join() === 'version' && isRead) addFile(path, project.folder, reading);
  else refuseDynamic(dynamic, reading);
}
