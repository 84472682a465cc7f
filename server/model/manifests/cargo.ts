import { parentOf } from '../../syntax/go-path.js';
import { isList, isTable, parseToml, stringsOf, type TomlTable, type TomlValue } from '../../syntax/toml.js';
import { joinPath, relativeTo } from '../path.js';

/** The files that a stage has before a RUN, as far as its COPYs from the context say it. Paths are those of the image. */
export interface ImageFiles {
  read(path: string): string | undefined;
  isFile(path: string): boolean;
  /** Names in a folder. */
  list(folder: string): readonly string[];
}

/** A source file that Cargo must find to read the manifest, or without which it would not build what the package depends on. */
export interface CargoTarget {
  readonly path: string;
  readonly kind: 'program' | 'library';
}

export interface CargoPackage {
  readonly name: string;
  readonly folder: string;
  readonly targets: readonly CargoTarget[];
}

/** A package or workspace with all packages of this repository that it is built from. */
export interface CargoProject {
  /** Folder that `target` and `Cargo.lock` lie in. */
  readonly root: string;
  readonly packages: readonly CargoPackage[];
  readonly manifests: readonly string[];
}

/** More packages make no step that anybody would read. */
const mostPackages = 12;

/**
 * The project that Cargo finds from a folder. Undefined where its manifests are not understood, or where a build from empty sources
 * might fail or mean something else than one from the real ones. `programs`: names of those that the command asks for.
 */
export function cargoProject(
  files: ImageFiles,
  start: string,
  programs: readonly string[] = [],
): CargoProject | undefined {
  const own = parseToml(files.read(joinPath(start, 'Cargo.toml')) ?? '=');
  const root = own && rootOf(files, start, own);
  const top = root === undefined ? undefined : parseToml(files.read(joinPath(root, 'Cargo.toml')) ?? '=');
  if (root === undefined || !top || hasPatches(top)) return undefined;
  const open = [root, ...membersOf(files, root, top), start];
  const found = new Map<string, CargoPackage | undefined>();
  for (let folder = open.shift(); folder !== undefined; folder = open.shift()) {
    if (found.has(folder)) continue;
    const table = folder === root ? top : parseToml(files.read(joinPath(folder, 'Cargo.toml')) ?? '=');
    if (!table || isStrange(table, top) || (folder !== root && isOfOther(table, folder, root))) return undefined;
    const targets = isTable(table.package) ? targetsOf(files, folder, table, programs) : [];
    if (!targets) return undefined;
    found.set(folder, isTable(table.package) ? { name: textOf(table.package.name), folder, targets } : undefined);
    for (const path of pathsIn(table, folder, top, root)) open.push(path);
    if (found.size > mostPackages + 1) return undefined;
  }
  const packages = [...found.values()].filter((one) => one !== undefined);
  const isPlain = packages.every(({ name, targets }) => /^[\w-]+$/.test(name) && targets.length > 0);
  const manifests = [...found.keys()].map((folder) => joinPath(folder, 'Cargo.toml'));
  return isPlain && packages.length > 0 && packages.length <= mostPackages ? { root, packages, manifests } : undefined;
}

/** https://doc.rust-lang.org/cargo/reference/workspaces.html: named by the package, or the first above that does not exclude it. */
function rootOf(files: ImageFiles, start: string, own: TomlTable): string | undefined {
  if (isTable(own.workspace)) return start;
  const named = isTable(own.package) ? own.package.workspace : undefined;
  if (named !== undefined) return joinPath(start, textOf(named));
  for (let at = start; at !== '/'; ) {
    at = parentOf(at) || '/';
    const text = files.read(joinPath(at, 'Cargo.toml'));
    const table = text === undefined ? {} : parseToml(text);
    if (!table) return undefined;
    if (!isTable(table.workspace)) continue;
    const excluded = (stringsOf(table.workspace.exclude) ?? []).some(
      (path) => relativeTo(joinPath(at, path), start) !== undefined,
    );
    return excluded ? start : at;
  }
  return start;
}

function membersOf(files: ImageFiles, root: string, top: TomlTable): readonly string[] {
  if (!isTable(top.workspace)) return [];
  const excluded = (stringsOf(top.workspace.exclude) ?? []).map((path) => joinPath(root, path));
  const folders = (stringsOf(top.workspace.members) ?? []).flatMap((pattern) => foldersLike(files, root, pattern));
  return folders.filter((folder) => excluded.every((one) => relativeTo(one, folder) === undefined));
}

/** Of a pattern only folders with a manifest, others must have one. */
function foldersLike(files: ImageFiles, root: string, pattern: string): readonly string[] {
  let found = [root];
  for (const segment of pattern.split('/').filter((one) => one !== '' && one !== '.')) {
    if (!/[*?[]/.test(segment)) found = found.map((folder) => joinPath(folder, segment));
    // A pattern that is not understood names a folder that is not there, and the project is refused.
    else if (!/^[\w.*-]+$/.test(segment) || segment.includes('**')) return [joinPath(root, pattern)];
    else {
      const like = new RegExp(`^${segment.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
      found = found.flatMap((folder) =>
        files
          .list(folder)
          .filter((name) => like.test(name) && !name.startsWith('.'))
          .map((name) => joinPath(folder, name)),
      );
    }
  }
  if (!/[*?[]/.test(pattern)) return found;
  return found.filter((folder) => files.isFile(joinPath(folder, 'Cargo.toml')));
}

/**
 * https://doc.rust-lang.org/cargo/reference/overriding-dependencies.html: a crate of the registry may then be built from a folder of this
 * repository, whose empty sources have nothing that it needs.
 */
function hasPatches(top: TomlTable): boolean {
  if (top.replace !== undefined || top['cargo-features'] !== undefined) return true;
  const sources = isTable(top.patch) ? Object.values(top.patch) : [];
  return sources.some(
    (source) => !isTable(source) || Object.values(source).some((one) => !isTable(one) || 'path' in one),
  );
}

/** Lints that find nothing in a source without a line of code; `missing_docs` and `unused_crate_dependencies` do. */
const quietLints =
  /^(?:unsafe_code|unsafe_op_in_unsafe_fn|unused_must_use|unused_imports|unused_variables|unused_mut|unused_results|unreachable_pub|dead_code|elided_lifetimes_in_paths|missing_debug_implementations|rust_2018_idioms|unexpected_cfgs|let_underscore_drop|keyword_idents|trivial_casts|trivial_numeric_casts)$/;

/** Features that are not stable, a build script in several parts, or lints that would fail for empty sources. */
function isStrange(table: TomlTable, top: TomlTable): boolean {
  if (table['cargo-features'] !== undefined || table.project !== undefined) return true;
  const { build, metabuild } = isTable(table.package) ? table.package : {};
  if ((build !== undefined && typeof build !== 'string' && build !== false) || metabuild !== undefined) return true;
  const own = isTable(table.lints) ? table.lints : {};
  const lints =
    own.workspace === true && isTable(top.workspace) && isTable(top.workspace.lints) ? top.workspace.lints : own;
  return Object.entries(isTable(lints.rust) ? lints.rust : {}).some(([name, value]) => {
    const level = isTable(value) ? value.level : value;
    return !(level === 'allow' || level === 'warn' || quietLints.test(name.replaceAll('-', '_')));
  });
}

/** It is a workspace of its own, or inherits from one that lies elsewhere. */
function isOfOther(table: TomlTable, folder: string, root: string): boolean {
  return (
    table.workspace !== undefined ||
    (relativeTo(root, folder) === undefined && /"workspace":/.test(JSON.stringify(table)))
  );
}

/** Folders of this repository that a package depends on. */
function pathsIn(table: TomlTable, folder: string, top: TomlTable, root: string): string[] {
  const shared = isTable(top.workspace) && isTable(top.workspace.dependencies) ? top.workspace.dependencies : {};
  const targets = isTable(table.target) ? Object.values(table.target).filter(isTable) : [];
  const names = ['dependencies', 'dev-dependencies', 'dev_dependencies', 'build-dependencies', 'build_dependencies'];
  return [table, ...targets].flatMap((one) =>
    names.flatMap((name) => {
      const list = one[name];
      return Object.entries(isTable(list) ? list : {}).flatMap(([key, spec]) => {
        if (!isTable(spec)) return [];
        const whole = spec.workspace === true ? shared[key] : spec;
        if (!isTable(whole) || whole.path === undefined) return [];
        return [joinPath(spec.workspace === true ? root : folder, textOf(whole.path))];
      });
    }),
  );
}

/** https://doc.rust-lang.org/cargo/reference/cargo-targets.html; undefined where a target has no file. */
function targetsOf(
  files: ImageFiles,
  folder: string,
  table: TomlTable,
  wanted: readonly string[],
): readonly CargoTarget[] | undefined {
  const found = new Map<string, CargoTarget['kind'] | 'missing'>();
  const isThere = (path: string) => files.isFile(joinPath(folder, path));
  const add = (path: string | undefined, kind: CargoTarget['kind']) =>
    found.set(
      path === undefined ? '?' : joinPath(folder, path),
      path !== undefined && isThere(path) ? kind : 'missing',
    );
  const { build, name, 'default-run': run } = isTable(table.package) ? table.package : {};
  if (typeof build === 'string') add(build, 'program');
  else if (build !== false && isThere('build.rs')) add('build.rs', 'program');
  const lib = isTable(table.lib) ? table.lib : undefined;
  if (lib || isThere('src/lib.rs')) add(lib?.path === undefined ? 'src/lib.rs' : textOf(lib.path), 'library');
  for (const [kind, place] of Object.entries(places)) {
    for (const one of listOf(table[kind])) {
      const own = textOf(one.name);
      const guesses = [`${place}/${own}.rs`, `${place}/${own}/main.rs`];
      if (kind === 'bin' && own === textOf(name)) guesses.unshift('src/main.rs');
      add(one.path === undefined ? guesses.find(isThere) : textOf(one.path), 'program');
    }
  }
  if (isThere('src/main.rs')) add('src/main.rs', 'program');
  const others = programsIn(files, folder);
  const isWanted = (path: string) =>
    [...wanted, textOf(run ?? '')].some((one) => path === `src/bin/${one}.rs` || path === `src/bin/${one}/main.rs`);
  for (const path of others) if (isWanted(path)) add(path, 'program');
  const hasProgram = isThere('src/main.rs') || listOf(table.bin).length > 0 || others.some(isWanted);
  if (!hasProgram && others[0] !== undefined) add(others[0], 'program');
  const targets = [...found].map(([path, kind]) => ({ path, kind }));
  return targets.every((one): one is CargoTarget => one.kind !== 'missing') ? targets : undefined;
}

/** Where a target lies that has a name and no path. */
const places: Readonly<Record<string, string>> = {
  bin: 'src/bin',
  example: 'examples',
  test: 'tests',
  bench: 'benches',
};

/** Programs that need no entry in the manifest, beside `src/main.rs`. */
function programsIn(files: ImageFiles, folder: string): readonly string[] {
  return files.list(joinPath(folder, 'src/bin')).flatMap((name) => {
    const path = name.endsWith('.rs') ? `src/bin/${name}` : `src/bin/${name}/main.rs`;
    return files.isFile(joinPath(folder, path)) ? [path] : [];
  });
}

function listOf(value: TomlValue | undefined): readonly TomlTable[] {
  return isList(value) ? value.filter(isTable) : [];
}

function textOf(value: TomlValue | undefined): string {
  return typeof value === 'string' ? value : '?';
}
