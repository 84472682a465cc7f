import { inFolder, type Reading } from './reading.js';
import { type TomlEntry, tomlStrings } from './toml-entries.js';

/** A `pyproject.toml` taken apart. */
export interface PythonProject {
  readonly entries: readonly TomlEntry[];
  /** Of the context. */
  readonly folder: string;
  /** Normalised as for a folder of the package: `my_app`. */
  readonly module: string;
}

export function entriesOf(entries: readonly TomlEntry[], table: string): readonly TomlEntry[] {
  return entries.filter((one) => one.table === table);
}

/** The strings of a key; undefined where it is not there, or has another value. */
export function stringsAt(entries: readonly TomlEntry[], key: string): readonly string[] | undefined {
  const found = entries.find((one) => one.key === key);
  return found && tomlStrings(found.value);
}

/** Notes a file that the build reads; it must be there. */
export function addFile(name: string | undefined, folder: string, reading: Reading): void {
  const path = name === undefined ? undefined : inFolder(folder, name);
  if (path === undefined || reading.context.entry(path)?.type !== 'file' || !reading.add(path))
    reading.blockers.add(`${name ?? 'a file'}, which pyproject.toml names, is not in the build context`);
}

/** What the project's table says is made at build time; an empty list where nothing is. */
export function dynamicOf({ entries }: PythonProject): readonly string[] {
  const project = entriesOf(entries, 'project');
  return project.some(({ key }) => key === 'dynamic') ? (stringsAt(project, 'dynamic') ?? ['its metadata']) : [];
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

/** Refuses what stands in tables that start so, but for what is known. */
export function refuseOthers(
  { entries }: PythonProject,
  tables: RegExp,
  isKnown: (entry: TomlEntry) => boolean,
  reading: Reading,
): void {
  for (const one of entries) {
    if (!tables.test(one.table) || isKnown(one)) continue;
    reading.blockers.add(
      `pyproject.toml has ${one.key === '' ? `[${one.table}]` : `\`${one.key}\` in [${one.table}]`}`,
    );
  }
}
