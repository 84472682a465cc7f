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

const poetryKeys =
  /^(?:|name|version|description|authors|maintainers|license|readme|homepage|repository|documentation|keywords|classifiers|urls|packages|include|exclude|requires-poetry|extras)$/;

/** Where nothing but the list of packages, scripts and dependencies stands. */
const poetryTables =
  /^tool\.poetry\.(?:dependencies|dev-dependencies|group|extras|scripts|plugins|urls|source|requires-plugins)(?:\.|$)/;

/**
 * poetry-core wants a module in each package; the first is enough. What Poetry's own table says is as good as static.
 * https://python-poetry.org/docs/pyproject/#packages
 */
export function readPoetry(project: PythonProject, reading: Reading): void {
  const { entries, folder, module } = project;
  const own = entriesOf(entries, 'tool.poetry');
  refuseOthers(
    project,
    /^tool\.poetry(?:\.|$)/,
    ({ table, key, value }) =>
      table === 'tool.poetry'
        ? poetryKeys.test(key)
        : poetryTables.test(table) && !(/\.scripts/.test(table) && value.startsWith('{')),
    reading,
  );
  for (const { table, key, value } of entries)
    if (
      /^tool\.poetry\.dependencies(?:\.|$)/.test(table) &&
      (/^(?:path|file)$/.test(key) || /\b(?:path|file)\s*=/.test(value))
    )
      reading.blockers.add('pyproject.toml has a dependency that is a folder of this repository');
  for (const name of stringsAt(own, 'readme') ?? []) addFile(name, folder, reading);
  const given = new Set([
    ...own.map(({ key }) => key),
    ...entries.flatMap(({ table }) => table.replace('tool.poetry.', '')),
  ]);
  refuseDynamic(
    dynamicOf(project).filter((key) => !given.has(key)),
    reading,
  );
  const packages = own.find(({ key }) => key === 'packages');
  if (!packages) addPackage(module, project, reading);
  else readPoetryPackages(packages.value, folder, reading);
}

function readPoetryPackages(value: string, folder: string, reading: Reading): void {
  const items = value.match(/\{[^{}]*\}/g) ?? [];
  for (const item of items) {
    const word = (key: string) => new RegExp(`\\b${key}\\s*=\\s*["']([^"']*)["']`).exec(item)?.[1];
    const path = inFolder(folder, `${word('from') ?? '.'}/${word('include') ?? ''}`);
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
  const own = entriesOf(project.entries, 'tool.flit.module');
  const module = own.length > 0 ? stringsAt(own, 'name')?.[0] : project.module;
  refuseOthers(
    project,
    /^tool\.flit(?:\.|$)/,
    ({ table, key }) =>
      (table === 'tool.flit.module' && /^(?:|name)$/.test(key)) || /^tool\.flit\.sdist(?:\.|$)/.test(table),
    reading,
  );
  const path = addPackage(module ?? '?', project, reading);
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
  refuseOthers(
    project,
    /^tool\.pdm(?:\.(?:build|version)(?:\.|$)|$)/,
    ({ table, key, value }) =>
      table === 'tool.pdm'
        ? !/^(?:build|version)/.test(key)
        : table === 'tool.pdm.build' &&
          /^(?:|includes|excludes|source-includes)$/.test(key) &&
          (key === '' || tomlStrings(value) !== undefined),
    reading,
  );
  refuseDynamic(dynamicOf(project), reading);
}
