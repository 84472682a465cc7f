import type { CacheFolder } from '../knowledge/package-managers.js';
import { rootImages } from '../knowledge/root-images.js';
import { officialName, parseImageReference } from '../syntax/image-ref.js';
import { createMemo } from '../syntax/memo.js';
import type { Mount } from '../syntax/mounts.js';
import { mountsOf } from '../syntax/mounts.js';
import { nameGlob } from '../syntax/name-glob.js';
import { parseShell } from '../syntax/shell.js';
import { textWithHeredocs } from '../syntax/text-with-heredocs.js';
import type { Instruction, RunInstruction } from '../syntax/tree.js';
import { hasOption } from './arguments.js';
import { baseImageOf } from './base-image.js';
import type { Build, Stage } from './build.js';
import type { Install } from './installs.js';
import { joinPath, relativeTo } from './path.js';

/** A cache folder of a package manager at its place in one RUN. */
export interface CachePlace {
  readonly folder: CacheFolder;
  /** Absolute and clean. */
  readonly path: string;
}

/** Who a RUN runs as. */
export interface EffectiveUser {
  readonly name: string;
  readonly root: boolean;
  /** Undefined where it is not known. */
  readonly home: string | undefined;
  /** Numeric, for the owner of a mount; undefined where it is not known. */
  readonly uid: string | undefined;
  readonly gid: string | undefined;
}

/** The folders in which an install keeps its downloads; undefined where the place depends on what is not known. */
export function cachePlacesOf(build: Build, install: Install): readonly CachePlace[] | undefined {
  const known = knownPlaces.get(install) ?? { places: findCachePlaces(build, install) };
  knownPlaces.set(install, known);
  return known.places;
}

const knownPlaces = createMemo<Install, { readonly places: readonly CachePlace[] | undefined }>();

function findCachePlaces(build: Build, install: Install): readonly CachePlace[] | undefined {
  const places: CachePlace[] = [];
  const own = effectiveUser(build, install.run, install.stage);
  const user = install.command.wrappers.some((name) => changesUser.test(name)) ? undefined : own;
  const image = rootReferenceOf(install.stage);
  for (const folder of install.manager.caches) {
    if (!folder.kinds.includes(install.kind)) continue;
    if (folder.variables.some(({ name }) => /^(?:GOPATH|CARGO_HOME)/.test(name)) && isUnknownImage(build, install))
      return undefined;
    if (folder.user && (!user || (folder.user === 'root') !== user.root)) {
      if (!user) return undefined;
      continue;
    }
    if (folder.images && !isAmong(folder.images, image)) continue;
    if (folder.unless.some((name) => (name.startsWith('-') ? hasOption(install, [name]) : isSet(build, install, name))))
      return undefined;
    const path = placeOf(build, install, folder, user);
    if (path === undefined) return undefined;
    places.push({ folder, path });
  }
  return places;
}

/** Programs that run another one as somebody else. */
const changesUser = /^(?:sudo|doas|su|runuser|gosu|su-exec|setpriv)$/;

const imagePatterns = new Map<readonly string[], readonly RegExp[]>();

function isAmong(images: readonly string[], image: string | undefined): boolean {
  if (image === undefined) return false;
  let patterns = imagePatterns.get(images);
  if (!patterns) {
    patterns = images.map((one) => nameGlob(one.includes(':') ? one : `${one}:*`));
    imagePatterns.set(images, patterns);
  }
  return patterns.some((pattern) => pattern.test(image));
}

/** Images that bring Go or Rust set these, elsewhere than `go` and `cargo` would by themselves. */
const ofImages = ['GOPATH', 'GOMODCACHE', 'CARGO_HOME'];

/** Of whatever registry. */
const distribution =
  /\/(?:alpine|almalinux|amazonlinux|archlinux|centos|debian|fedora|oraclelinux|rockylinux|ubuntu|ubi|ubi-minimal)$/;

/** It may set variables that nobody knows, and no instruction sets them. */
function isUnknownImage(build: Build, install: Install): boolean {
  return !startsFromKnownImage(install.stage) && !ofImages.some((name) => isSet(build, install, name));
}

/** The image at the bottom is an official one, or one of a distribution. */
export function startsFromKnownImage(stage: Stage): boolean {
  const image = rootImageOf(stage) ?? '?/?';
  return rootImages.has(image) || !image.includes('/') || distribution.test(image) || baseImageOf(image) !== undefined;
}

function placeOf(
  build: Build,
  install: Install,
  folder: CacheFolder,
  user: EffectiveUser | undefined,
): string | undefined {
  for (const { name, suffix } of folder.variables) {
    if (!isSet(build, install, name)) continue;
    const value = readVariable(build, install, name);
    return value?.startsWith('/') ? joinPath('/', `${value}${suffix}`) : undefined;
  }
  if (folder.path.startsWith('~/'))
    return user?.home === undefined ? undefined : joinPath(user.home, folder.path.slice(2));
  const variable = /^\$(\w+)(\/.*)?$/.exec(folder.path);
  if (!variable) return folder.path;
  const value = readVariable(build, install, variable[1] ?? '');
  return value?.startsWith('/') ? joinPath('/', `${value}${variable[2] ?? ''}`) : undefined;
}

/** Set for the command: before it, by `export` in the script, by ENV or ARG. */
function isSet(build: Build, { command, run }: Install, name: string): boolean {
  if (command.assignments.some((one) => one.name === name) || build.variable(run, name) !== undefined) return true;
  const text = textWithHeredocs(run);
  return text.includes(name) && setInText(name).test(text);
}

const patterns = new Map<string, RegExp>();

function setInText(name: string): RegExp {
  const pattern = patterns.get(name) ?? new RegExp(`(?:^|[\\s;&(])(?:export\\s+)?${name}=`);
  patterns.set(name, pattern);
  return pattern;
}

function readVariable(build: Build, { command, run }: Install, name: string): string | undefined {
  const own = command.assignments.find((one) => one.name === name);
  return own ? own.value : build.variable(run, name);
}

/** The image at the bottom of a stage with its tag, `latest` where none is written; undefined where it has only a digest. */
export function rootReferenceOf(stage: Stage): string | undefined {
  let base = stage.base;
  while (base.kind === 'stage') base = base.stage.base;
  const reference = base.kind === 'image' ? parseImageReference(base.image) : undefined;
  if (!reference) return undefined;
  const { tag = reference.digest === undefined ? 'latest' : '' } = reference;
  return `${officialName(reference)}:${tag}`;
}

/** The image at the bottom of a stage, as `docker.io` shortens it; one of a mirror of the official images by its own name. */
export function rootImageOf(stage: Stage): string | undefined {
  let base = stage.base;
  while (base.kind === 'stage') base = base.stage.base;
  if (base.kind !== 'image') return undefined;
  const known = rootNames.get(base) ?? { name: nameOf(base.image) };
  rootNames.set(base, known);
  return known.name;
}

const rootNames = createMemo<Stage['base'], { readonly name: string | undefined }>();

function nameOf(image: string): string | undefined {
  const reference = parseImageReference(image);
  return reference && officialName(reference);
}

const knownUsers = createMemo<RunInstruction, { readonly stage: Stage; readonly user: EffectiveUser | undefined }>();

/** The user of a RUN; undefined where the base image decides and is not known. */
export function effectiveUser(build: Build, run: RunInstruction, stage: Stage): EffectiveUser | undefined {
  const known = knownUsers.get(run);
  if (known?.stage === stage) return known.user;
  const user = findUser(build, run, stage);
  knownUsers.set(run, { stage, user });
  return user;
}

function findUser(build: Build, run: RunInstruction, stage: Stage): EffectiveUser | undefined {
  if (isWindows(stage)) return undefined;
  const written = build.stateBefore(run).user;
  const user = written ?? (startsAsRoot(build, run, stage) ? 'root' : undefined);
  if (user === undefined || user === '') return undefined;
  const [name = '', group] = user.split(':');
  const setHome = build.variable(run, 'HOME');
  if (name === 'root' || name === '0')
    return { name: 'root', root: true, home: setHome ?? '/root', uid: '0', gid: '0' };
  const facts = factsOf(stage);
  const uid = /^\d+$/.test(name) ? name : wellKnownUsers.get(`${rootImageOf(stage)}:${name}`);
  const gid =
    group !== undefined && /^\d+$/.test(group)
      ? group
      : wellKnownUsers.has(`${rootImageOf(stage)}:${name}`)
        ? uid
        : undefined;
  const home =
    setHome ??
    (facts?.user === name
      ? facts.home
      : wellKnownUsers.has(`${rootImageOf(stage)}:${name}`)
        ? `/home/${name}`
        : undefined);
  return { name, root: false, home, uid, gid };
}

/** An image of Windows, by its name or platform. */
function isWindows(stage: Stage): boolean {
  const [root = stage] = stagesDown(stage).toReversed();
  const platform = root.from.flags.find(({ name }) => name === 'platform')?.value ?? '';
  return (
    /^windows\b/i.test(platform) ||
    /\/windows\/|nanoserver|windowsservercore|servercore/i.test(root.from.image?.text ?? '')
  );
}

/** Users that images bring: https://github.com/nodejs/docker-node, https://github.com/oven-sh/bun/tree/main/dockerhub */
const wellKnownUsers: ReadonlyMap<string, string> = new Map([
  ['node:node', '1000'],
  ['oven/bun:bun', '1000'],
  ['gradle:gradle', '1000'],
]);

function factsOf(stage: Stage) {
  let base = stage.base;
  while (base.kind === 'stage') base = base.stage.base;
  return base.kind === 'image' ? baseImageOf(base.image) : undefined;
}

/** The image is known to start as root, or the stage installs distribution packages without sudo. */
function startsAsRoot(build: Build, run: RunInstruction, stage: Stage): boolean {
  const image = rootImageOf(stage);
  if (
    image !== undefined &&
    (rootImages.has(image) || (!image.includes('/') && !notRoot.has(image)) || baseImageOf(image))
  )
    return true;
  return stagesDown(stage).some((one) =>
    one.instructions.some(
      (instruction) => instruction.keyword === 'RUN' && instruction.index <= run.index && needsRoot(build, instruction),
    ),
  );
}

/** Official images that set a USER. */
const notRoot: ReadonlySet<string> = new Set([
  'elasticsearch',
  'kibana',
  'logstash',
  'solr',
  'jenkins',
  'sonarqube',
  'neo4j',
  'kong',
  'haproxy',
  'varnish',
  'flink',
]);

const systemManagers: ReadonlySet<string | undefined> = new Set([
  'apt-get',
  'apt',
  'apk',
  'dnf',
  'yum',
  'microdnf',
  'zypper',
  'pacman',
]);

function needsRoot(build: Build, run: RunInstruction): boolean {
  const { commands } = parseShell(build.file, run, build.stateBefore(run).shell);
  return commands.some(({ name, wrappers }) => wrappers.length === 0 && systemManagers.has(name));
}

/** A stage and those it is built from. */
export function stagesDown(stage: Stage): readonly Stage[] {
  const stages = [stage];
  for (let { base } = stage; base.kind === 'stage'; { base } = base.stage) stages.push(base.stage);
  return stages;
}

/** A stage and those that are built from it. */
export function stagesUp({ stages }: Build, stage: Stage): readonly Stage[] {
  return stages.filter((one) => stagesDown(one).includes(stage));
}

/** Where a mount of a RUN stands, absolute; undefined where a variable is not known. */
export function mountTarget(build: Build, run: Instruction, mount: Mount): string | undefined {
  const text = mount.target === undefined ? undefined : build.expand(run, mount.target);
  if (text === undefined || text === '') return undefined;
  if (text.startsWith('/')) return joinPath('/', text);
  const { cwd } = build.stateBefore(run);
  return cwd === undefined ? undefined : joinPath(cwd, text);
}

interface CacheMount {
  readonly mount: Mount;
  readonly target: string | undefined;
}

const noMounts: readonly CacheMount[] = [];

/** Whether some RUN of the file has a cache mount. */
export function hasCacheMounts({ file }: Build): boolean {
  return file.instructions.some(
    (one) => one.keyword === 'RUN' && mountsOf(file, one).mounts.some(({ type }) => type === 'cache'),
  );
}

/** The cache mounts of a RUN with their targets. */
export function cacheMountsOf(build: Build, run: RunInstruction): readonly CacheMount[] {
  const { mounts } = mountsOf(build.file, run);
  if (mounts.length === 0) return noMounts;
  return mounts
    .filter(({ type }) => type === 'cache')
    .map((mount) => ({ mount, target: mountTarget(build, run, mount) }));
}

/** True where the path is the folder or lies below it. */
export function isInside(path: string, folder: string): boolean {
  return relativeTo(folder, path) !== undefined;
}
