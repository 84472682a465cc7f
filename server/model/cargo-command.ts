import type { ShellWord } from '../syntax/shell.js';
import type { Dockerfile } from '../syntax/tree.js';
import type { Install } from './installs.js';

/** A `cargo build` or `cargo install --path` whose words are all understood. */
export interface CargoCommand {
  /** With its variables, on one line; for a build from empty sources what it installs goes below `target` instead. */
  warming(target: string): string;
  /** Options with which `cargo clean` means the same project, profile and platform, and asks the network no other way. */
  readonly clean: readonly string[];
  /** Folder of the project, or its manifest, as written; undefined where Cargo looks for it. */
  readonly path: string | undefined;
  readonly manifest: string | undefined;
  /** Folder below `target` in which the finished programs lie. */
  readonly folder: string;
  /** Programs that it names. */
  readonly programs: readonly string[];
  /** It wants a `Cargo.lock`. */
  readonly locked: boolean;
  /** It looks for versions again, whatever `Cargo.lock` says. */
  readonly unlocked: boolean;
}

/** https://doc.rust-lang.org/cargo/commands/cargo-build.html, cargo-install.html: what they build is the same for all of these. */
const switches = new Set(
  '--release -r --locked --frozen --offline --all-features --no-default-features --bins --lib --workspace --all -v -vv --verbose -q --quiet --force -f --no-track --debug --keep-going'.split(
    ' ',
  ),
);
const valued = new Set(
  '--profile --target --features -F --bin -p --package --exclude --manifest-path -j --jobs --color --config --root --path'.split(
    ' ',
  ),
);

/** Undefined where a word is not known to mean the same for a build from empty sources. */
export function cargoCommand(file: Dockerfile, install: Install): CargoCommand | undefined {
  const { command } = install;
  const verb = command.args[0]?.value;
  const isInstall = verb === 'install';
  const words = isInstall || verb === 'build' || verb === 'b' ? readWords(command.args.slice(1)) : undefined;
  if (!words) return undefined;
  const { values, kept } = words;
  const one = (name: string) => values.get(name)?.at(-1);
  const target = one('--target');
  if (!isHosted(target) || (values.get('--target')?.length ?? 0) > 1) return undefined;
  if (!(values.get('--config') ?? []).every((value) => /^(?:net|http|registry|registries|term)\./.test(value)))
    return undefined;
  const isRelease = values.has('--release') || values.has('-r') || (isInstall && !values.has('--debug'));
  const profile = one('--profile') ?? (isRelease ? 'release' : 'dev');
  const path = one('--path')?.replace(/(?:^|\/)\.?\/*$/, '') || undefined;
  const manifest = one('--manifest-path') ?? (path === undefined ? undefined : `${path}/Cargo.toml`);
  const head = file.text.slice(command.span.start, command.nameSpan.end).replaceAll(/[ \t]*\\\r?\n\s*/g, ' ');
  if (/[`\n]|\$\(|\$\{?PWD\b/.test(head) || command.assignments.some(({ name }) => name === 'PATH')) return undefined;
  const isLocked = values.has('--locked') || values.has('--frozen');
  return {
    warming: (folder) => [head, verb, ...kept, ...(isInstall ? ['--root', folder] : [])].join(' '),
    clean: [
      ...(one('--profile') !== undefined ? ['--profile', profile] : isRelease ? ['--release'] : []),
      ...(target === undefined ? [] : ['--target', target]),
      ...(manifest === undefined ? [] : ['--manifest-path', manifest]),
      ...(values.get('--config') ?? []).flatMap((value) => ['--config', value]),
      ...(values.has('--offline') || values.has('--frozen') ? ['--offline'] : []),
    ],
    path: isInstall ? (path ?? '.') : undefined,
    manifest: isInstall ? undefined : manifest,
    folder: [...(target === undefined ? [] : [target]), folders[profile] ?? profile].join('/'),
    programs: values.get('--bin') ?? [],
    locked: isLocked,
    unlocked: isInstall && !isLocked,
  };
}

/** Values by option, and the words as written but for those that say where to install. */
function readWords(
  words: readonly ShellWord[],
): { readonly values: ReadonlyMap<string, readonly string[]>; readonly kept: readonly string[] } | undefined {
  const values = new Map<string, string[]>();
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const start = at;
    const word = words[at]?.value;
    if (word === undefined || !isPlain(word)) return undefined;
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals === -1 ? word : word.slice(0, equals);
    if (!switches.has(name) && !valued.has(name)) return undefined;
    const value = equals !== -1 ? word.slice(equals + 1) : valued.has(name) ? words[++at]?.value : '';
    if (value === undefined || !isPlain(value)) return undefined;
    values.set(name, [...(values.get(name) ?? []), value]);
    if (name !== '--root') kept.push(...words.slice(start, at + 1).map(({ text }) => text));
  }
  return { values, kept };
}

/** https://doc.rust-lang.org/cargo/guide/build-cache.html */
const folders: Readonly<Record<string, string>> = { dev: 'debug', test: 'debug', bench: 'release' };

/** A platform that has a standard library and an operating system: elsewhere `fn main() {}` may not link. */
function isHosted(target: string | undefined): boolean {
  return target === undefined || /^[\w.]+-(?:\w+-)?linux-(?:gnu|musl)\w*$/.test(target);
}

function isPlain(word: string): boolean {
  return /^[\w./,:@=+ -]*$/.test(word);
}
