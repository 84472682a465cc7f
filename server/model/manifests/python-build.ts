import { readHatchling } from './hatchling.js';
import { readFlit, readPdm, readPoetry } from './python-backends.js';
import { addFile, entriesOf, type PythonProject, stringsAt } from './python-project.js';
import type { Reading } from './reading.js';
import { readSetuptools } from './setuptools.js';
import { type TomlEntry, tomlEntries, tomlStrings } from './toml-entries.js';

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
  const entries = tomlEntries(text);
  const backend = entries && backendOf(entries);
  if (!entries || !backend || typeof backend === 'string') {
    reading.blockers.add(typeof backend === 'string' ? backend : notUnderstood);
    return undefined;
  }
  const module = readMetadata(entries, folder, reading, backend.name);
  if (module !== undefined) backend.read({ entries, folder, module }, reading);
  return reading.blockers.size === 0 ? { backend: backend.name } : undefined;
}

const notUnderstood = 'pyproject.toml is not understood';

/** A sentence where the build may do otherwise without the sources, or it is not known what it does. */
function backendOf(entries: readonly TomlEntry[]): KnownBackend | string {
  const system = entriesOf(entries, 'build-system');
  const [name] = stringsAt(system, 'build-backend') ?? [];
  const found = backends.find(({ entry }) => entry === name);
  if (!found || system.some(({ key }) => !['', 'requires', 'build-backend'].includes(key)))
    return 'pyproject.toml names no build back end that is known to build without the sources';
  const requires = stringsAt(system, 'requires') ?? [];
  const odd = requires.find((one) => !found.requires.test(one) || /@/.test(one));
  return odd === undefined ? found : `the build needs ${odd}`;
}

/** Keys that say nothing of files; https://packaging.python.org/en/latest/specifications/pyproject-toml/#declaring-project-metadata-the-project-table */
const plainKeys =
  /^(?:|name|version|description|requires-python|authors|maintainers|keywords|classifiers|import-names|import-namespaces|dynamic|dependencies|optional-dependencies|(?:urls|scripts|gui-scripts|entry-points)(?:\..*)?)$/;

/** The name as that of a module; undefined where it is not known. Notes the files that the metadata name. */
function readMetadata(
  entries: readonly TomlEntry[],
  folder: string,
  reading: Reading,
  backend: string,
): string | undefined {
  const project = entriesOf(entries, 'project');
  const dotted = entries.find(
    ({ table, key }) =>
      (table === '' && /^(?:project|tool|build-system)\b/.test(key)) ||
      (table === 'tool' && /^(?:hatch|setuptools|flit|poetry|pdm)\b/.test(key)),
  );
  if (dotted) reading.blockers.add(notUnderstood);
  const tables = [project, ...(backend === 'poetry' ? [entriesOf(entries, 'tool.poetry')] : [])];
  const [name] = tables.flatMap((table) => stringsAt(table, 'name') ?? []);
  if (name === undefined) reading.blockers.add('pyproject.toml has no table `project` with a name');
  for (const one of project) readKey(one, folder, reading);
  for (const { table, key, value } of entries) {
    if (/^project\.(?:readme|license)$/.test(table) && key === 'file')
      addFile(tomlStrings(value)?.[0], folder, reading);
    if (/^project(?:\.optional-dependencies)?$/.test(table) && /@\s*(?:file:|\.|\/)|\{\s*root/.test(value))
      reading.blockers.add(`pyproject.toml has a dependency that is a folder of this repository`);
  }
  return name?.toLowerCase().replaceAll(/[-_.]+/g, '_');
}

function readKey({ key, value }: TomlEntry, folder: string, reading: Reading): void {
  if (plainKeys.test(key)) return;
  const inline = /^\{.*\bfile\s*=\s*("[^"]*"|'[^']*')/.exec(value)?.[1];
  const texts = tomlStrings(value);
  if (key === 'readme' || key === 'license') {
    if (inline !== undefined) addFile(tomlStrings(inline)?.[0], folder, reading);
    else if (key === 'readme' && texts) addFile(texts[0], folder, reading);
  } else if (key === 'license-files' && texts?.every((text) => !/[*?[]/.test(text))) {
    for (const text of texts) addFile(text, folder, reading);
  } else reading.blockers.add(`pyproject.toml has \`${key}\``);
}
