import { parentOf } from '../../syntax/go-path.js';
import {
  addFile,
  dynamicOf,
  entriesOf,
  type PythonProject,
  refuseDynamic,
  refuseOthers,
  stringsAt,
} from './python-project.js';
import { inFolder, type Reading } from './reading.js';
import { tomlStrings } from './toml-entries.js';

const plain: Readonly<Record<string, RegExp>> = {
  'tool.setuptools': /^(?:|packages|package-dir|include-package-data|zip-safe|license-files)$/,
  'tool.setuptools.packages.find': /^(?:|where|include|exclude|namespaces)$/,
  'tool.setuptools.package-dir': /^$/,
  'tool.setuptools.dynamic': /^(?:|version|dependencies|optional-dependencies\.[\w-]+|readme)$/,
};

/**
 * Setuptools packs what it finds, but a folder that it is to look in must be there, as `src` must be where the sources lie in one: else
 * it leaves its `*.egg-info` elsewhere. A file of the first package is brought for that.
 * https://setuptools.pypa.io/en/latest/userguide/package_discovery.html
 */
export function readSetuptools(project: PythonProject, reading: Reading): void {
  const { folder } = project;
  refuseOthers(
    project,
    /^tool\.setuptools(?:\.|$)/,
    ({ table, key }) => plain[table]?.test(key) ?? /^tool\.setuptools\.(?:exclude-)?package-data(?:\.|$)/.test(table),
    reading,
  );
  if (
    entriesOf(project.entries, 'tool.setuptools_scm').length > 0 ||
    entriesOf(project.entries, 'tool.distutils').length > 0
  )
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
function homesOf({ entries, folder }: PythonProject, { context, blockers }: Reading): readonly string[] {
  const own = entriesOf(entries, 'tool.setuptools');
  const where = stringsAt(entriesOf(entries, 'tool.setuptools.packages.find'), 'where');
  const isFound = entries.some(({ table }) => table === 'tool.setuptools.packages.find');
  const moved = own.find(({ key }) => key === 'package-dir');
  const [, root] = /^\{\s*["']{2}\s*=\s*["']([^"']*)["']\s*,?\s*\}$/.exec(moved?.value ?? '') ?? [];
  if (moved && root === undefined) blockers.add('pyproject.toml maps packages to folders');
  const packages = own.find(({ key }) => key === 'packages');
  if (packages) {
    const names = tomlStrings(packages.value);
    if (!names || names.length > 8) blockers.add('pyproject.toml has a long list of packages');
    return (names ?? []).map((name) => inFolder(folder, `${root ?? '.'}/${name.replaceAll('.', '/')}`));
  }
  const homes = (where ?? []).map((one) => inFolder(folder, one));
  if (root !== undefined) homes.push(inFolder(folder, root));
  const src = inFolder(folder, 'src');
  if (!isFound && homes.length === 0 && context.entry(src)?.type === 'directory') homes.push(src);
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
  const { entries, folder } = project;
  const given = entriesOf(entries, 'tool.setuptools.dynamic');
  const unsaid: string[] = [];
  for (const name of dynamicOf(project)) {
    const found = given.filter(({ key }) => key.split('.')[0] === name);
    const isRead = found.every(
      ({ value }) => readAttribute(value, folder, homes, reading) || readFiles(value, folder, reading),
    );
    if (found.length === 0 || !isRead) unsaid.push(name);
  }
  refuseDynamic(unsaid, reading);
}

/** A text in a module: setuptools takes it from the source where it can, and imports the module where it cannot. */
function readAttribute(value: string, folder: string, homes: readonly string[], reading: Reading): boolean {
  const [, module = '', name = ''] = /^\{\s*attr\s*=\s*["']([\w.]+)\.(\w+)["']\s*\}$/.exec(value) ?? [];
  if (name === '') return false;
  const stem = module.replaceAll('.', '/');
  const roots = [...new Set([...homes, ...homes.map(parentOf), folder])];
  const path = roots
    .flatMap((root) => [inFolder(root, `${stem}/__init__.py`), inFolder(root, `${stem}.py`)])
    .find((one) => reading.context.entry(one)?.type === 'file');
  const text = path === undefined ? undefined : reading.read(path);
  const lines = (text ?? '').match(new RegExp(`^${name}\\b.*$`, 'gm')) ?? [];
  return lines.length === 1 && /^\w+\s*=\s*(?:"[^"\\]+"|'[^'\\]+')\s*(?:#.*)?$/.test(lines[0] ?? '');
}

function readFiles(value: string, folder: string, reading: Reading): boolean {
  const [, list = ''] =
    /^\{\s*file\s*=\s*(\[[^\]]*\]|"[^"]*"|'[^']*')\s*(?:,\s*content-type\s*=\s*["'][^"']*["']\s*)?\}$/.exec(value) ??
    [];
  const names = list === '' ? undefined : tomlStrings(list);
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
