import { parentOf } from '../../syntax/go-path.js';
import { isList, isTable, stringsOf, type TomlValue, tableAt, valueAt } from '../../syntax/toml.js';
import {
  addFile,
  dynamicOf,
  type KnownKeys,
  keys,
  type PythonProject,
  refuseDynamic,
  refuseOthers,
} from './python-project.js';
import { inFolder, type Reading } from './reading.js';

const known: KnownKeys = {
  ...keys('package-dir include-package-data zip-safe license-files package-data exclude-package-data'),
  packages: { find: keys('where include exclude namespaces') },
  dynamic: keys('version dependencies optional-dependencies readme'),
};

/**
 * Setuptools packs what it finds, but a folder that it is to look in must be there, as `src` must be where the sources lie in one: else
 * it leaves its `*.egg-info` elsewhere. A file of the first package is brought for that.
 * https://setuptools.pypa.io/en/latest/userguide/package_discovery.html
 */
export function readSetuptools(project: PythonProject, reading: Reading): void {
  const { manifest, folder } = project;
  const areListed = isList(valueAt(manifest, 'tool.setuptools.packages'));
  refuseOthers(project, 'tool.setuptools', areListed ? { ...known, packages: true } : known, reading);
  if (['tool.setuptools_scm', 'tool.distutils'].some((name) => valueAt(manifest, name) !== undefined))
    reading.blockers.add('pyproject.toml has settings of plugins of setuptools');
  readScript(folder, reading);
  readSettings(folder, reading);
  const homes = homesOf(project, reading);
  for (const home of homes) addFirst(home, reading);
  readDynamic(project, homes, reading);
}

/** `setup.cfg` may say of the build what it likes. */
export function readSettings(folder: string, { context, blockers }: Reading): void {
  const text = context.read(inFolder(folder, 'setup.cfg')) ?? '';
  const section = [...text.matchAll(/^\[([^\]\n]+)\]/gm)]
    .map(([, name = '']) => name)
    .find((name) => !beside.test(name));
  if (section !== undefined) blockers.add(`setup.cfg has [${section}]`);
}

/** Sections of `setup.cfg` that other programs read. */
const beside =
  /^(?:flake8|tool:pytest|pytest|mypy|isort|pycodestyle|pydocstyle|pylint|coverage|pep8|yapf|tox|doc8|darglint)\b/;

/** A `setup.py` that only calls `setup()`; any other may do what it likes. */
function readScript(folder: string, reading: Reading): void {
  const path = inFolder(folder, 'setup.py');
  if (!reading.context.entry(path) || reading.context.ignored(path)) return;
  const text = reading.read(path)?.replaceAll(/^#.*$/gm, '').replaceAll(/\s+/g, ' ').trim() ?? '';
  if (
    !/^(?:("""|''')(?:(?!\1)[\s\S])*\1 ?)?(?:from setuptools import setup(?: setup\(\)| if __name__ == ["']__main__["']: setup\(\))|import setuptools(?: setuptools\.setup\(\)| if __name__ == ["']__main__["']: setuptools\.setup\(\)))$/.test(
      text,
    )
  )
    reading.blockers.add('setup.py may do more than pyproject.toml says');
}

/** Folders of the context that must be there. */
function homesOf({ manifest, folder }: PythonProject, { context, blockers }: Reading): readonly string[] {
  const { packages, 'package-dir': moved = {} } = tableAt(manifest, 'tool.setuptools');
  const find = valueAt(manifest, 'tool.setuptools.packages.find');
  const root = isTable(moved) && typeof moved[''] === 'string' ? moved[''] : undefined;
  if (!isTable(moved) || Object.keys(moved).length > (root === undefined ? 0 : 1))
    blockers.add('pyproject.toml maps packages to folders');
  if (isList(packages)) {
    const names = stringsOf(packages);
    if (!names || names.length > 8) blockers.add('pyproject.toml has a long list of packages');
    return (names ?? []).map((name) => inFolder(folder, `${root ?? '.'}/${name.replaceAll('.', '/')}`));
  }
  const homes = (isTable(find) ? (stringsOf(find.where) ?? []) : []).map((one) => inFolder(folder, one));
  if (root !== undefined) homes.push(inFolder(folder, root));
  const src = inFolder(folder, 'src');
  if (find === undefined && homes.length === 0 && context.entry(src)?.type === 'directory') homes.push(src);
  return homes.filter((home) => home !== folder);
}

/** Brings a folder by a file of its own, or of the first package in it. */
export function addFirst(home: string, reading: Reading): void {
  const { context } = reading;
  const own = [home, ...context.children(home).flatMap(({ path, type }) => (type === 'directory' ? [path] : []))];
  const file = own
    .map((path) => `${path}/__init__.py`)
    .find((path) => context.entry(path)?.type === 'file' && !context.ignored(path));
  if (file === undefined || !reading.add(file))
    reading.blockers.add(`${home} has no package that could be copied first`);
}

/** https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata */
function readDynamic(project: PythonProject, homes: readonly string[], reading: Reading): void {
  const { manifest, folder } = project;
  const { 'optional-dependencies': extras, ...given } = tableAt(manifest, 'tool.setuptools.dynamic');
  const unsaid: string[] = [];
  for (const name of dynamicOf(project)) {
    const found =
      name === 'optional-dependencies' ? (isTable(extras) ? Object.values(extras) : []) : [given[name] ?? ''];
    const isRead = found.every(
      (value) => readAttribute(value, folder, homes, reading) || readFiles(value, folder, reading),
    );
    if (found.length === 0 || !isRead) unsaid.push(name);
  }
  refuseDynamic(unsaid, reading);
}

/** A text in a module: setuptools takes it from the source where it can, and imports the module where it cannot. */
function readAttribute(value: TomlValue, folder: string, homes: readonly string[], reading: Reading): boolean {
  const { attr, ...others } = isTable(value) ? value : {};
  const [, module = '', name = ''] = /^([\w.]+)\.(\w+)$/.exec(typeof attr === 'string' ? attr : '') ?? [];
  if (name === '' || Object.keys(others).length > 0) return false;
  const stem = module.replaceAll('.', '/');
  const roots = [...new Set([...homes, ...homes.map(parentOf), folder])];
  const path = roots
    .flatMap((root) => [inFolder(root, `${stem}/__init__.py`), inFolder(root, `${stem}.py`)])
    .find((one) => reading.context.entry(one)?.type === 'file');
  const text = path === undefined ? undefined : reading.read(path);
  const lines = (text ?? '').match(new RegExp(`^${name}\\b.*$`, 'gm')) ?? [];
  return lines.length === 1 && /^\w+\s*=\s*(?:"[^"\\]+"|'[^'\\]+')\s*(?:#.*)?$/.test(lines[0] ?? '');
}

function readFiles(value: TomlValue, folder: string, reading: Reading): boolean {
  const { file, 'content-type': _, ...others } = isTable(value) ? value : {};
  const names = Object.keys(others).length > 0 ? undefined : stringsOf(file);
  for (const name of names ?? []) {
    addFile(name, folder, reading);
    if (
      /^\s*-|@\s*(?:file:|\.|\/)/m.test(reading.context.read(inFolder(folder, name)) ?? '') &&
      /require|\.in$/.test(name)
    )
      reading.blockers.add(`${name} names other files`);
  }
  return names !== undefined;
}
