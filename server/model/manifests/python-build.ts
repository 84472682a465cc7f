import { isTable, parseToml, stringsOf, type TomlTable, tableAt, valueAt } from '../../syntax/toml.js';
import { readHatchling } from './hatchling.js';
import { readFlit, readPdm, readPoetry } from './python-backends.js';
import { addFile, hasLocal, type KnownKeys, keys, type PythonProject, refuseOthers } from './python-project.js';
import type { Reading } from './reading.js';
import { readSetuptools } from './setuptools.js';

/** What a build back end makes of a project whose sources are not there yet. */
export interface BareBuild {
  /** Name of the back end, as people call it. */
  readonly backend: string;
}

type Backend = (project: PythonProject, reading: Reading) => void;

interface KnownBackend {
  readonly name: string;
  readonly entry: string;
  /** What may stand in `build-system.requires`: some of it acts by being there. */
  readonly requires: RegExp;
  readonly read: Backend;
}

const backends: readonly KnownBackend[] = [
  {
    name: 'hatchling',
    entry: 'hatchling.build',
    requires: /^(?:hatchling|hatch-vcs|editables)\b(?!-)/,
    read: readHatchling,
  },
  {
    name: 'setuptools',
    entry: 'setuptools.build_meta',
    requires: /^(?:setuptools|wheel)\b(?!-)/,
    read: readSetuptools,
  },
  { name: 'poetry', entry: 'poetry.core.masonry.api', requires: /^poetry-core\b(?!-)/, read: readPoetry },
  { name: 'flit', entry: 'flit_core.buildapi', requires: /^flit[-_]core\b(?!-)/, read: readFlit },
  { name: 'pdm', entry: 'pdm.backend', requires: /^pdm-backend\b(?!-)/, read: readPdm },
];

/**
 * What the back end of a project reads when it builds it before its sources are there: noted in `reading`, with why it fails or would
 * make another list of dependencies as blockers. `text` is the manifest as the build finds it. Undefined where it cannot be built.
 * https://packaging.python.org/en/latest/specifications/pyproject-toml/
 */
export function readBareBuild(reading: Reading, folder: string, text: string): BareBuild | undefined {
  const manifest = parseToml(text);
  const backend = manifest ? backendOf(manifest) : 'pyproject.toml is not understood';
  if (!manifest || typeof backend === 'string') {
    reading.blockers.add(String(backend));
    return undefined;
  }
  const name = [manifest.project, ...(backend.name === 'poetry' ? [valueAt(manifest, 'tool.poetry')] : [])]
    .map((table) => (isTable(table) ? table.name : undefined))
    .find((one) => typeof one === 'string');
  if (name === undefined) {
    reading.blockers.add('pyproject.toml has no table `project` with a name');
    return undefined;
  }
  const project = { manifest, folder, module: name.toLowerCase().replaceAll(/[-_.]+/g, '_') };
  readMetadata(project, reading);
  backend.read(project, reading);
  return reading.blockers.size === 0 ? { backend: backend.name } : undefined;
}

/** A sentence where the build may do otherwise without the sources, or it is not known what it does. */
function backendOf(manifest: TomlTable): KnownBackend | string {
  const system = tableAt(manifest, 'build-system');
  const found = backends.find(({ entry }) => entry === system['build-backend']);
  if (!found || Object.keys(system).some((key) => !['requires', 'build-backend'].includes(key)))
    return 'pyproject.toml names no build back end that is known to build without the sources';
  const requires = stringsOf(system.requires) ?? [];
  const odd = requires.find((one) => !found.requires.test(one) || /@/.test(one));
  return odd === undefined ? found : `the build needs ${odd}`;
}

/**
 * Keys that say nothing of files, and those that may name some.
 * https://packaging.python.org/en/latest/specifications/pyproject-toml/#declaring-project-metadata-the-project-table
 */
const metadata: KnownKeys = {
  ...keys(
    'name version description requires-python authors maintainers keywords classifiers import-names import-namespaces dynamic dependencies optional-dependencies urls scripts gui-scripts entry-points readme license',
  ),
  'license-files': (value) => stringsOf(value)?.every((text) => !/[*?[]/.test(text)) === true,
};

/** Notes the files that the metadata name. */
function readMetadata(project: PythonProject, reading: Reading): void {
  const { manifest, folder } = project;
  refuseOthers(project, 'project', metadata, reading);
  const { readme, license, 'license-files': licenses } = tableAt(manifest, 'project');
  if (typeof readme === 'string') addFile(readme, folder, reading);
  for (const one of [readme, license])
    if (isTable(one) && one.file !== undefined) addFile(stringsOf(one.file)?.[0], folder, reading);
  for (const name of stringsOf(licenses) ?? []) addFile(name, folder, reading);
  if (hasLocal(manifest)) reading.blockers.add('pyproject.toml has a dependency that is a folder of this repository');
}
