import { isTable, parseToml, type TomlTable, type TomlValue } from '../../syntax/toml.js';

/** What a `.cargo/config.toml` says that a build from empty sources has to know. */
export interface CargoConfig {
  /** Folders of vendored crates, as written: relative to the folder that holds `.cargo`. */
  readonly vendored: readonly string[];
  readonly rustflags: string;
  /** Paths that it gives to variables, relative to the same folder or absolute. */
  readonly named: readonly string[];
}

/**
 * https://doc.rust-lang.org/cargo/reference/config.html. Undefined where it moves what Cargo writes, puts another program in the place of the
 * compiler, or has something that is not known to do neither. `cargo clean -p` looks only at the target that an option names, not
 * at `build.target` (tried with Cargo 1.95).
 */
export function cargoConfig(text: string): CargoConfig | undefined {
  const table = parseToml(text);
  if (!table || Object.keys(table).some((key) => !harmless.has(key))) return undefined;
  const build = isTable(table.build) ? table.build : {};
  if (Object.keys(build).some((key) => !harmlessOfBuild.has(key))) return undefined;
  const targets = Object.entries(isTable(table.target) ? table.target : {}).flatMap(([platform, value]) =>
    /-(?:apple|pc-windows)-/.test(platform) ? [] : [value],
  );
  if (!targets.every(isPlainTarget)) return undefined;
  const sources = isTable(table.source) ? Object.values(table.source).filter(isTable) : [];
  if (sources.some((source) => source['local-registry'] !== undefined) || namesFiles(table)) return undefined;
  const vendored = sources.flatMap(({ directory }) => (directory === undefined ? [] : [flat(directory)]));
  const flags = [build, ...targets.filter(isTable)].map(({ rustflags }) => flat(rustflags)).join(' ');
  const variables = Object.values(isTable(table.env) ? table.env : {});
  const named = variables.flatMap((one) =>
    isTable(one) && one.relative === true
      ? [flat(one.value)]
      : [flat(isTable(one) ? one.value : one)].filter(isAbsolute),
  );
  return { vendored, rustflags: flags, named };
}

const harmless = new Set(
  'alias build env future-incompat-report cargo-new http net profile registries registry source target term install'.split(
    ' ',
  ),
);
const harmlessOfBuild = new Set(['jobs', 'rustflags', 'incremental', 'rustdocflags', 'warnings']);

/** Certificates or programs that give credentials may be files of the project. */
function namesFiles({ http, registry, registries }: TomlTable): boolean {
  const all = [http, registry, registries].map((table) => JSON.stringify(table ?? {}));
  return all.some((text) => /"(?:cainfo|[\w-]*credential-providers?)":/.test(text));
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}

/** A linker of the system, no script of the project. */
function isPlainTarget(value: TomlValue): boolean {
  if (!isTable(value) || Object.keys(value).some((key) => !['linker', 'rustflags', 'ar', 'runner'].includes(key)))
    return false;
  return /^(?:[\w.+-]+|\/usr\/[\w./+-]+)?$/.test(flat(value.linker));
}

function flat(value: TomlTable[string] | undefined): string {
  if (Array.isArray(value)) return value.map((one: TomlValue) => flat(one)).join(' ');
  return typeof value === 'string' ? value : '';
}

/**
 * Flags of the compiler with which a source without code may fail, or which name files of the project: lints that fail, scripts and
 * programs for the linker, profiles.
 */
export function areStrangeFlags(flags: string): boolean {
  return /(?:^|[\s"'=])(?:-D|-F|--deny|--forbid)|-T|\.ld\b|(?:^|[\s=])\.{0,2}\/(?!usr\/)|@|profile-(?:use|generate)|instrument-coverage|-Z/.test(
    flags,
  );
}
