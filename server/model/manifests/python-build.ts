import { inFolder, type Reading } from './reading.js';
import { type TomlEntry, tomlEntries, tomlStrings } from './toml-entries.js';

/** What a build back end makes of a project whose sources are not there yet. */
export interface BareBuild {
  /** Name of the back end, as people call it. */
  readonly backend: string;
}

/** A `pyproject.toml` taken apart. */
export interface PythonProject {
  readonly entries: readonly TomlEntry[];
  /** Of the context. */
  readonly folder: string;
  /** Normalised as for a folder of the package: `my_app`. */
  readonly module: string;
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
    requires: /^(?:hatchling|hatch-vcs|editables)\b/,
    read: readHatchling,
  },
];

/**
 * What the back end of a project reads when it builds it before its sources are there: noted in `reading`, with why it fails or would
 * make another list of dependencies as blockers. `text` is the manifest as the build finds it. Undefined where it cannot be built.
 * https://packaging.python.org/en/latest/specifications/pyproject-toml/
 */
export function readBareBuild(reading: Reading, folder: string, text: string): BareBuild | undefined {
  const entries = tomlEntries(text);
  const backend = entries && backendOf(entries);
  if (!entries || !backend) {
    reading.blockers.add(
      entries ? 'pyproject.toml names no build back end that is known to build without the sources' : notUnderstood,
    );
    return undefined;
  }
  const module = readMetadata(entries, folder, reading);
  if (module !== undefined) backend.read({ entries, folder, module }, reading);
  return reading.blockers.size === 0 ? { backend: backend.name } : undefined;
}

const notUnderstood = 'pyproject.toml is not understood';

function backendOf(entries: readonly TomlEntry[]): KnownBackend | undefined {
  const system = entriesOf(entries, 'build-system');
  const [name] = stringsAt(system, 'build-backend') ?? [];
  const found = backends.find(({ entry }) => entry === name);
  const requires = stringsAt(system, 'requires');
  const isKnown = system.every(({ key }) => ['', 'requires', 'build-backend'].includes(key));
  return isKnown && requires?.every((one) => found?.requires.test(one) && !/@/.test(one)) ? found : undefined;
}

function entriesOf(entries: readonly TomlEntry[], table: string): readonly TomlEntry[] {
  return entries.filter((one) => one.table === table);
}

export function stringsAt(entries: readonly TomlEntry[], key: string): readonly string[] | undefined {
  const found = entries.find((one) => one.key === key);
  return found && tomlStrings(found.value);
}

/** Keys that say nothing of files; https://packaging.python.org/en/latest/specifications/pyproject-toml/#declaring-project-metadata-the-project-table */
const plainKeys =
  /^(?:|name|version|description|requires-python|authors|maintainers|keywords|classifiers|import-names|import-namespaces|dynamic|dependencies|optional-dependencies|(?:urls|scripts|gui-scripts|entry-points)(?:\..*)?)$/;

/** The name as that of a module; undefined where it is not known. Notes the files that the metadata name. */
function readMetadata(entries: readonly TomlEntry[], folder: string, reading: Reading): string | undefined {
  const project = entriesOf(entries, 'project');
  const dotted = entries.find(
    ({ table, key }) =>
      (table === '' && /^(?:project|tool|build-system)\b/.test(key)) ||
      (table === 'tool' && /^(?:hatch|setuptools|flit|poetry|pdm)\b/.test(key)),
  );
  if (dotted) reading.blockers.add(notUnderstood);
  const [name] = stringsAt(project, 'name') ?? [];
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

function addFile(name: string | undefined, folder: string, reading: Reading): void {
  const path = name === undefined ? undefined : inFolder(folder, name);
  if (path === undefined || reading.context.entry(path)?.type !== 'file' || !reading.add(path))
    reading.blockers.add(`${name ?? 'a file'}, which pyproject.toml names, is not in the build context`);
}

/** What the project's table says is made at build time; an empty list where nothing is. */
function dynamicOf({ entries }: PythonProject): readonly string[] {
  const project = entriesOf(entries, 'project');
  return project.some(({ key }) => key === 'dynamic') ? (stringsAt(project, 'dynamic') ?? ['its metadata']) : [];
}

/** Options of a build that choose among the files that are there. https://hatch.pypa.io/latest/config/build/ */
const choosing =
  /^(?:|packages|include|exclude|only-include|only-packages|sources|artifacts|ignore-vcs|skip-excluded-dirs|reproducible|dev-mode-dirs|dev-mode-exact|strict-naming|core-metadata-version|macos-max-compat|bypass-selection)$/;

/**
 * Hatchling packs those of the files chosen that are there; it fails where a file that it must include is missing, or where nothing is
 * chosen and it finds no package of the project's name. https://hatch.pypa.io/latest/plugins/builder/wheel/#default-file-selection
 */
function readHatchling(project: PythonProject, reading: Reading): void {
  const { entries, folder } = project;
  if (reading.context.entry(inFolder(folder, 'hatch.toml'))) reading.blockers.add('hatch.toml sets up the build');
  for (const { table, key } of entries) {
    if (!/^tool\.hatch(?:\.|$)/.test(table) || isBesideTheBuild(table)) continue;
    const known =
      (/^tool\.hatch(?:\.build(?:\.targets(?:\.wheel)?)?)?$/.test(table) && choosing.test(key)) ||
      (table === 'tool.hatch.metadata' && /^(?:|allow-direct-references)$/.test(key));
    if (!known) reading.blockers.add(`pyproject.toml has ${key === '' ? `[${table}]` : `\`${key}\` in [${table}]`}`);
  }
  readHatchVersion(project, reading);
  const chosen = ['tool.hatch.build', 'tool.hatch.build.targets.wheel'].some((table) =>
    entriesOf(entries, table).some(
      ({ key, value }) => /^(?:packages|include|only-include)$/.test(key) && (tomlStrings(value) ?? []).length > 0,
    ),
  );
  if (!chosen) addPackage(project, reading);
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
  else reading.blockers.add(`pyproject.toml leaves ${dynamic.join(' and ')} to the build`);
}

/** The first file of the package that back ends look for by the name of the project. */
function addPackage({ folder, module }: PythonProject, reading: Reading): void {
  const path = [`${module}/__init__.py`, `src/${module}/__init__.py`]
    .map((name) => inFolder(folder, name))
    .find((one) => reading.context.entry(one)?.type === 'file');
  if (path === undefined || !reading.add(path))
    reading.blockers.add(
      `pyproject.toml does not say which files are the package, and there is no ${module}/__init__.py`,
    );
}
