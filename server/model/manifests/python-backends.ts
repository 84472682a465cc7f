import { isList, isTable, stringsOf, type TomlValue, tableAt, tablesIn, valueAt } from '../../syntax/toml.js';
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

/** A script may be a file of the repository: then it is a table. */
const ofPoetry: KnownKeys = {
  ...keys(
    'name version description authors maintainers license readme homepage repository documentation keywords classifiers urls packages include exclude requires-poetry extras dependencies dev-dependencies group plugins source requires-plugins',
  ),
  scripts: (value) => isTable(value) && Object.values(value).every((one) => typeof one === 'string'),
};

/**
 * poetry-core wants a module in each package; the first is enough. What Poetry's own table says is as good as static.
 * https://python-poetry.org/docs/pyproject/#packages
 */
export function readPoetry(project: PythonProject, reading: Reading): void {
  const { manifest, folder, module } = project;
  const own = tableAt(manifest, 'tool.poetry');
  refuseOthers(project, 'tool.poetry', ofPoetry, reading);
  const specifications = Object.values(tableAt(own, 'dependencies')).flatMap(tablesIn);
  if (specifications.some(({ path, file }) => path !== undefined || file !== undefined))
    reading.blockers.add('pyproject.toml has a dependency that is a folder of this repository');
  for (const name of stringsOf(own.readme) ?? []) addFile(name, folder, reading);
  refuseDynamic(
    dynamicOf(project).filter((key) => own[key] === undefined),
    reading,
  );
  if (own.packages === undefined) addPackage(module, project, reading);
  else readPoetryPackages(own.packages, folder, reading);
}

function readPoetryPackages(value: TomlValue, folder: string, reading: Reading): void {
  const items = isList(value) ? value.filter(isTable) : [];
  for (const item of items) {
    const { from = '.', include = '' } = item;
    const path = inFolder(folder, `${from}/${include}`);
    const file = /\.py$/.test(path) ? path : `${path}/__init__.py`;
    if (/[*?[]/.test(path) || reading.context.entry(file)?.type !== 'file' || !reading.add(file))
      reading.blockers.add(`${file} is not in the build context`);
  }
  if (items.length === 0) reading.blockers.add('pyproject.toml has no packages');
}

/**
 * Flit wants the module, and reads version and description of it where they are dynamic; it looks at the text first, and imports the
 * module where that says nothing. https://flit.pypa.io/en/stable/pyproject_toml.html
 */
export function readFlit(project: PythonProject, reading: Reading): void {
  const own = valueAt(project.manifest, 'tool.flit.module');
  const module = isTable(own) ? own.name : project.module;
  refuseOthers(project, 'tool.flit', { module: keys('name'), sdist: true }, reading);
  const path = addPackage(typeof module === 'string' ? module : '?', project, reading);
  const text = path === undefined ? '' : (reading.context.read(path) ?? '');
  const isSaid: Readonly<Record<string, RegExp>> = {
    version: /^__version__\s*(?::\s*str\s*)?=\s*(?:"[^"\\\n]+"|'[^'\\\n]+')\s*(?:#.*)?$/m,
    description: /^(?:\s|#[^\n]*\n)*(?:"[^"]|'[^']|""".|'''.)/,
  };
  const dynamic = dynamicOf(project);
  const all = Object.entries(isSaid).every(([, pattern]) => pattern.test(text));
  refuseDynamic(
    dynamic.filter((key) => !(key in isSaid) || !all),
    reading,
  );
}

/** pdm-backend packs what it finds, if that be nothing. https://backend.pdm-project.org/build_config/ */
export function readPdm(project: PythonProject, reading: Reading): void {
  const isChoice = (value: TomlValue) => stringsOf(value) !== undefined;
  const build = { includes: isChoice, excludes: isChoice, 'source-includes': isChoice };
  refuseOthers(project, 'tool.pdm.build', build, reading);
  refuseOthers(project, 'tool.pdm.version', {}, reading);
  refuseDynamic(dynamicOf(project), reading);
}
