import { isList, isTable, stringsOf, type TomlTable, type TomlValue, tableAt, valueAt } from '../../syntax/toml.js';
import { inFolder, type Reading } from './reading.js';

/** A `pyproject.toml` and where it lies. */
export interface PythonProject {
  readonly manifest: TomlTable;
  /** Of the context. */
  readonly folder: string;
  /** Normalised as for a folder of the package: `my_app`. */
  readonly module: string;
}

/** A requirement that is a folder or file of the repository: `lib @ file:///app/lib`, `lib @ {root:uri}/lib`. */
function isLocal(requirement: string): boolean {
  return /@\s*(?:file:|\.|\/)|\{\s*root/.test(requirement);
}

/** Whether one of the requirements of the table `project`, or of those for development, is a folder or file of the repository. */
export function hasLocal(manifest: TomlTable): boolean {
  const names = ['project.optional-dependencies', 'dependency-groups', 'tool.pdm.dev-dependencies'];
  const extras = names.flatMap((name) => Object.values(tableAt(manifest, name)));
  const lists = [valueAt(manifest, 'project.dependencies'), ...extras].filter(isList);
  return lists.flat().some((one) => typeof one === 'string' && isLocal(one));
}

/** Notes a file that the build reads; it must be there. */
export function addFile(name: string | undefined, folder: string, reading: Reading): void {
  const path = name === undefined ? undefined : inFolder(folder, name);
  if (path === undefined || reading.context.entry(path)?.type !== 'file' || !reading.add(path))
    reading.blockers.add(`${name ?? 'a file'}, which pyproject.toml names, is not in the build context`);
}

/** What the project's table says is made at build time; an empty list where nothing is. */
export function dynamicOf({ manifest }: PythonProject): readonly string[] {
  const dynamic = valueAt(manifest, 'project.dynamic');
  return dynamic === undefined ? [] : (stringsOf(dynamic) ?? ['its metadata']);
}

export function refuseDynamic(dynamic: readonly string[], reading: Reading): void {
  if (dynamic.length > 0) reading.blockers.add(`pyproject.toml leaves ${dynamic.join(' and ')} to the build`);
}

/** The first file of a package, in the folder of the project or in `src`; undefined where there is none. */
export function addPackage(module: string, { folder }: PythonProject, reading: Reading): string | undefined {
  const path = [`${module}/__init__.py`, `src/${module}/__init__.py`]
    .map((name) => inFolder(folder, name))
    .find((one) => reading.context.entry(one)?.type === 'file');
  if (path !== undefined && reading.add(path)) return path;
  reading.blockers.add(
    `pyproject.toml does not say which files are the package, and there is no ${module}/__init__.py`,
  );
  return undefined;
}

/** What may stand at each key of a table: anything, what a test says, or a table of which the same is said. */
export interface KnownKeys {
  readonly [key: string]: true | ((value: TomlValue) => boolean) | KnownKeys;
}

/** Keys at which anything may stand. */
export function keys(names: string): KnownKeys {
  return Object.fromEntries(names.split(' ').map((name) => [name, true]));
}

/** Refuses what stands in the table of that dotted name, but for what is known. */
export function refuseOthers({ manifest }: PythonProject, name: string, known: KnownKeys, reading: Reading): void {
  const table = valueAt(manifest, name);
  if (table !== undefined) refuseIn(table, name, known, reading);
}

function refuseIn(value: TomlValue, name: string, known: KnownKeys, reading: Reading): void {
  if (!isTable(value)) {
    reading.blockers.add(`pyproject.toml has a ${name} that is no table`);
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    const own = Object.hasOwn(known, key) ? known[key] : undefined;
    if (typeof own === 'object') refuseIn(one, `${name}.${key}`, own, reading);
    else if (own === undefined || (own !== true && !own(one)))
      reading.blockers.add(`pyproject.toml has ${placeOf(name, key, one)}`);
  }
}

/** A table by the header that most likely says so: `[tool.hatch.build.hooks.custom]`. */
function placeOf(name: string, key: string, value: TomlValue): string {
  if (!isTable(value)) return isList(value) && value.some(isTable) ? `[${name}.${key}]` : `\`${key}\` in [${name}]`;
  const [[own, inner] = ['', ''], ...others] = Object.entries(value);
  return isTable(inner) && others.length === 0 ? placeOf(`${name}.${key}`, own, inner) : `[${name}.${key}]`;
}
