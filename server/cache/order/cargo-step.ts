import type { Build, Stage } from '../../model/build.js';
import { cachePlacesOf, effectiveUser, stagesDown, startsFromKnownImage } from '../../model/caches.js';
import { type CargoCommand, cargoCommand } from '../../model/cargo-command.js';
import type { BuildContext } from '../../model/context.js';
import { type Area, entry, tree } from '../../model/effects/area.js';
import { imageFiles } from '../../model/image-files.js';
import { type Install, installsIn } from '../../model/installs.js';
import type { Landing } from '../../model/landing.js';
import { type CargoProject, cargoProject, type ImageFiles } from '../../model/manifests/cargo.js';
import { areStrangeFlags, type CargoConfig, cargoConfig } from '../../model/manifests/cargo-config.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { isTakenFrom } from '../../model/taken-from.js';
import { parentOf } from '../../syntax/go-path.js';
import { mountsOf } from '../../syntax/mounts.js';
import { parseShell } from '../../syntax/shell.js';
import { lineEnding } from '../../syntax/text.js';
import { earlierRuns } from './cargo-earlier.js';
import { isFinished, type Leftovers, looksInto, removesLater } from './cargo-leftovers.js';
import { stubsOf, stubWords } from './cargo-stubs.js';
import { namesProject } from './cargo-variables.js';
import { hasOldCargo, isStrangeToolchain, readsLock } from './cargo-versions.js';
import type { DownloadOptions } from './downloads.js';
import type { Warm } from './warm.js';

/** A RUN that compiles the dependencies of a project. */
export interface CargoStep {
  /** The script of a RUN in the folder of the build. */
  readonly script: string;
  readonly caveats: readonly string[];
  readonly warm: Warm;
}

/**
 * The step that compiles what a project depends on from its manifests and sources without code, so that the build behind it only has
 * to compile the project itself. What it makes of the stubs must go: Cargo takes a crate for built where its sources are older than what
 * it made (https://doc.rust-lang.org/cargo/reference/build-cache.html), and those that COPY brings are as old as the checkout.
 *
 * Tried with Cargo 1.95, sources of 2020 and local stand-ins for crates of a registry, for one package with a library, programs, a build
 * script, features, explicit targets, `--locked`, `--bin`, `--target`, both profiles and `cargo install --path`; for a workspace with a
 * procedural macro, `links`, build scripts, a dependency outside of it, `-p` and a profile of its own: behind the step only the packages
 * of the repository were compiled, and every program was byte for byte that of a plain build. Without `cargo clean -p` the stub was
 * shipped; with it for some of the packages the build failed. What `cargo clean -p` does not find: a platform that only
 * `CARGO_BUILD_TARGET` or `build.target` name.
 */
export function cargoStep(
  build: Build,
  install: Install,
  landings: readonly Landing[],
  context: BuildContext,
  options: DownloadOptions,
): CargoStep | undefined {
  const { stage, run } = install;
  const found = isOrdinary(build, install) && context.plausible ? lookAt(build, install, landings, context) : undefined;
  if (!found) return undefined;
  const { command, project, left, seen, reads, settings, lock, stubs, earlier } = found;
  const taken = isTaken(build, stage, left, options) || looksInto(build, run, stage, left);
  if (taken && removesLater(build, run, stage)) return undefined;
  const caveats = [
    ...(taken ? ['the image may hold more than the build needs'] : []),
    ...earlier.doubts,
    ...lock.doubts,
    ...settings.doubts,
  ];
  if (caveats.length > 0 && options.acceptance !== 'likely') return undefined;
  const words = stubWords(stubs, earlier.makesFolders);
  const names = project.packages.map(({ name }) => name).sort();
  const clean = ['cargo clean', ...command.clean, ...names.map((name) => `-p ${name}`)].join(' ');
  const warming = command.warming(relativeTo(install.directory ?? '/', left.target) ?? left.target);
  return {
    script: scriptOf([...words.before, warming, clean, words.after], lineEnding(build.file.text)),
    caveats,
    warm: {
      does: {
        reads: [...reads.map(entry), ...settings.vendored.map(tree)],
        looksFor: seen.map(entry),
        writes: [tree(left.target), ...lock.writes],
      },
      empty: stubs.areas,
      safe: whySafe(command, names, caveats),
    },
  };
}

/** Undefined where something is not understood or stands against it. */
function lookAt(build: Build, install: Install, landings: readonly Landing[], context: BuildContext) {
  const { run, directory } = install;
  const command = cargoCommand(build.file, install);
  if (!command || directory === undefined) return undefined;
  const files = imageFiles(context, landings);
  const start = startOf(files, directory, command);
  const project = start === undefined ? undefined : cargoProject(files, start, command.programs);
  const places = cachePlacesOf(build, install);
  const home = places?.flatMap(({ path }) => (path.endsWith('/registry') ? [parentOf(path)] : []))[0];
  if (!project || start === undefined || home === undefined || isBelow(home, project.root)) return undefined;
  const seen = seenBy(files, [directory, start, ...project.packages.map(({ folder }) => folder)], home);
  const settings = settingsOf(build, install, files, seen, project.root);
  const lock = lockOf(files, project, command);
  if (
    !settings ||
    !lock ||
    (command.unlocked && !readsLock(build, install, files, project.root, seen)) ||
    bringsProject(build, install, project)
  )
    return undefined;
  const reads = [...new Set([...seen.filter((path) => files.isFile(path)), ...project.manifests])];
  // The folder that the script goes to must be there before the sources are.
  if (build.stateBefore(run).cwd !== directory && !reads.some((path) => isBelow(path, directory))) return undefined;
  const stubs = stubsOf(project, [...reads, ...settings.vendored.map((path) => `${path}/x`)], directory);
  const earlier = stubs && earlierRuns(build, install, context, landings, stubs);
  const left: Leftovers = { target: joinPath(project.root, 'target'), folder: command.folder, home };
  return stubs && earlier && { command, project, left, seen, reads, settings, lock, stubs, earlier };
}

function isBelow(path: string, folder: string): boolean {
  return relativeTo(folder, path) !== undefined;
}

/** A project in a shell that has `mkdir` and `echo`, built as root, with a Cargo that is new enough and not told to do otherwise. */
function isOrdinary(build: Build, { run, stage }: Install): boolean {
  const { language } = parseShell(build.file, run, build.stateBefore(run).shell);
  if (language !== 'shell' || build.file.escape !== '\\' || !startsFromKnownImage(stage)) return false;
  if (!effectiveUser(build, run, stage)?.root || hasOldCargo(stage)) return false;
  if (strange.test(build.file.text)) return false;
  const { mounts } = mountsOf(build.file, run);
  if (mounts.some(({ type }) => type !== 'secret' && type !== 'ssh')) return false;
  const own = stagesDown(stage).flatMap(({ instructions }) => instructions.filter(({ index }) => index < run.index));
  if (own.some((one) => (one.keyword === 'COPY' || one.keyword === 'ADD') && one.heredocs.length > 0)) return false;
  return !own.some((one) => one.keyword === 'RUN' && installsIn(build, one).some(isOfProject));
}

/** Cargo has built or fetched before: the author has a way of his own. */
function isOfProject({ manager, kind }: Install): boolean {
  return manager.name === 'cargo' && kind !== 'packages';
}

/**
 * What moves Cargo's folders, puts a program before the compiler or sets what `cargo clean` does not look at; and tools that keep the
 * dependencies themselves. https://doc.rust-lang.org/cargo/reference/environment-variables.html
 */
const strange =
  /CARGO_TARGET_DIR|CARGO_BUILD_(?!JOBS|RUSTFLAGS|INCREMENTAL)|RUSTC_(?:WORKSPACE_)?WRAPPER|\bRUSTC\b|CARGO_UNSTABLE|RUSTUP_TOOLCHAIN|sccache|cachepot|cargo[ -]chef|(?:target|build)-dir|\[\s*(?:build|unstable|patch)\b/;

/** The folder of the manifest that Cargo works on. */
function startOf(files: ImageFiles, directory: string, { path, manifest }: CargoCommand): string | undefined {
  const hasManifest = (folder: string) => files.isFile(joinPath(folder, 'Cargo.toml'));
  if (manifest !== undefined)
    return /(?:^|\/)Cargo\.toml$/.test(manifest) ? parentOf(joinPath(directory, manifest)) || '/' : undefined;
  if (path !== undefined) return hasManifest(joinPath(directory, path)) ? joinPath(directory, path) : undefined;
  return [directory, ...above(directory)].find(hasManifest);
}

function above(folder: string): readonly string[] {
  if (folder === '/') return [];
  const parent = parentOf(folder) || '/';
  return [parent, ...above(parent)];
}

const named = [
  'Cargo.toml',
  'Cargo.lock',
  'rust-toolchain.toml',
  'rust-toolchain',
  ...['config.toml', 'config', 'credentials.toml', 'credentials'].map((name) => `.cargo/${name}`),
];

/** Files that Cargo and rustup look for in folders and those above. */
function seenBy(files: ImageFiles, folders: readonly string[], home: string | undefined): readonly string[] {
  const all = new Set(folders.flatMap((folder) => [folder, ...above(folder)]));
  const own = [...all].flatMap((folder) => named.map((name) => joinPath(folder, name)));
  const global = ['config.toml', 'config'].map((name) => joinPath(home ?? '/', name));
  return [...own, ...global.filter((path) => files.isFile(path))];
}

interface Settings {
  readonly vendored: readonly string[];
  readonly doubts: readonly string[];
}

function settingsOf(
  build: Build,
  install: Install,
  files: ImageFiles,
  seen: readonly string[],
  root: string,
): Settings | undefined {
  const { run, command } = install;
  const configs: CargoConfig[] = [];
  const vendored: string[] = [];
  const named: string[] = [];
  for (const path of seen) {
    const text = files.isFile(path) ? (files.read(path) ?? '=') : undefined;
    if (text === undefined) continue;
    if (/\/rust-toolchain(?:\.toml)?$/.test(path) && isStrangeToolchain(text)) return undefined;
    if (!/\/config(?:\.toml)?$/.test(path)) continue;
    const config = cargoConfig(text);
    if (!config) return undefined;
    configs.push(config);
    const above = parentOf(parentOf(path)) || '/';
    vendored.push(...config.vendored.map((folder) => joinPath(above, folder)));
    named.push(...config.named.map((place) => joinPath(above, place)));
  }
  if (namesProject(build, install, files, root, named)) return undefined;
  // Where the crates lie in a folder, it must be one that a COPY brings.
  if (vendored.some((folder) => files.list(folder).length === 0)) return undefined;
  const names = new Set(build.file.text.match(/\b\w*RUSTFLAGS\b/g) ?? []);
  const flags = [...names].map(
    (name) => command.assignments.find((one) => one.name === name)?.value ?? build.variable(run, name),
  );
  const all = [...configs.map(({ rustflags }) => rustflags), ...flags];
  if (all.some((text) => text === undefined || areStrangeFlags(text))) return undefined;
  const native = all.some((text) => /target-cpu=native/.test(text ?? ''));
  const doubt = 'target-cpu=native compiles for the machine on which a step runs, and steps may run on several';
  return { vendored, doubts: native ? [doubt] : [] };
}

/** Crates whose build scripts look for files of the project that uses them. */
const searching = /^name = "(?:embuild|esp-idf-sys)"$/m;

/** What `Cargo.lock` tells; undefined where there is nothing to be gained, or names are not clear. */
function lockOf(files: ImageFiles, { root, packages }: CargoProject, { locked, unlocked }: CargoCommand) {
  const path = joinPath(root, 'Cargo.lock');
  const text = files.read(path);
  if (text === undefined) {
    if (locked || files.isFile(path)) return undefined;
    const why = unlocked ? 'the step makes a Cargo.lock' : 'the versions stay those of the day on which the step ran';
    return { doubts: [`no Cargo.lock is copied: ${why}`], writes: [entry(path)] as readonly Area[] };
  }
  const names = text.match(/^name = ".*"$/gm) ?? [];
  // One that only the tests of a package outside of the workspace use is not in it, and `cargo clean -p` fails (tried with Cargo 1.95).
  const isOne = packages.every(({ name }) => names.filter((one) => one === `name = "${name}"`).length === 1);
  if (!/^source = "/m.test(text) || !isOne || searching.test(text)) return undefined;
  return { doubts: [], writes: [] as readonly Area[] };
}

/** A COPY of another stage or image brings the project itself, or a part of it. */
function bringsProject(build: Build, { run, stage }: Install, { root, packages }: CargoProject): boolean {
  const folders = [root, ...packages.map(({ folder }) => folder)];
  return stagesDown(stage).some(({ instructions }) =>
    instructions.some((one) => {
      if ((one.keyword !== 'COPY' && one.keyword !== 'ADD') || one.index > run.index) return false;
      const isForeign =
        one.flags.some(({ name }) => name === 'from') ||
        one.sources.some(({ text }) => /:\/\/|^git@|\.(?:tar|t?gz|xz|bz2)/.test(text));
      const word = isForeign || !instructions.includes(run) ? build.expand(one, one.destination?.text ?? '') : '?';
      if (word === '?') return false;
      const place = word === undefined ? '/' : joinPath(build.stateBefore(one).cwd ?? '/', word);
      return /\/\.cargo(?:\/|$)/.test(place) || folders.some((folder) => relativeTo(place, folder) !== undefined);
    }),
  );
}

/** https://doc.rust-lang.org/cargo/guide/cargo-home.html */
function isTaken(build: Build, stage: Stage, left: Leftovers, { targets }: DownloadOptions): boolean {
  const caches = ['registry', 'git', '.package-cache', '.global-cache'].map((name) => tree(joinPath(left.home, name)));
  return isTakenFrom(build, stage, [tree(left.target), ...caches], targets, (path) => isFinished(left, path));
}

/** Longer scripts stand on several lines. */
const longest = 130;

function scriptOf(commands: readonly string[], eol: string): string {
  const line = commands.join(' && ');
  return line.length <= longest ? line : commands.join(` \\${eol}    && `);
}

function whySafe({ unlocked }: CargoCommand, names: readonly string[], caveats: readonly string[]): readonly string[] {
  const own = names.length > 3 ? 'the packages of the repository' : names.join(', ');
  return [
    'the build finds its dependencies compiled: for Cargo their version, features and flags count, not the sources of the project',
    `all that was made of the empty sources is removed, so ${own} ${names.length === 1 ? 'is' : 'are'} compiled anew`,
    ...(unlocked ? ['without --locked the build looks for versions again, and compiles what has changed since'] : []),
    ...(caveats.length === 0 ? ['what the step leaves is in no image'] : []),
  ];
}
