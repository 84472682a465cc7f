import { baseName, cleanPath, parentOf } from '../../syntax/go-path.js';
import { ignoreMatcher } from '../../syntax/ignore-matcher.js';
import { compilePathPattern, hasWildcard } from '../../syntax/path-match.js';
import { isRemoteSource } from '../../syntax/remote-source.js';
import type { TransferInstruction } from '../../syntax/tree.js';
import type { Build, Stage } from '../build.js';
import type { BuildContext, ContextEntry } from '../context.js';
import { joinPath, relativeTo } from '../path.js';
import { type Area, areasMeet, entry, tree } from './area.js';
import { knownCwd } from './known-cwd.js';

/** Where one source of a COPY or ADD lands, the files counted that it does not have yet. */
export interface Mapping {
  /** In the image. */
  readonly image: string;
  /** In the context, or in what `origin` names. */
  readonly source: string;
  /** `tree`: the source or what is in it lands at `image` and below. `names`: what matches lands in the folder `image`. */
  readonly kind: 'tree' | 'file' | 'names';
  /** Of `names`: which names of files may land; undefined for all, with what is below them. */
  readonly matches: ((name: string) => boolean) | undefined;
  /** Of `names` where all may land: what lands now at a path below `image`, at '' the folders that are opened; `?…` may. */
  readonly found?: (path: string) => readonly string[];
}

/** What a COPY or ADD may put into the image, today's files and those that later commits may bring. */
export interface Copied {
  readonly mappings: readonly Mapping[];
  /** `context`, or what else it copies from. */
  readonly origin: string;
  /** Owner and mode that it gives; equal text, equal look. */
  readonly look: string;
  /** Whether it may put a file at, or where the area says so below, a path. What the ignore file keeps away it cannot. */
  mayBring(area: Area): boolean;
  /** Whether it may have something at a path now, kept away or not. */
  hasNow(path: string): boolean;
  /** Whether a path now has something of the project: of the context, in a repository, and nothing that Git ignores. */
  hasSource(path: string): boolean;
  /** The path of the source that lands at a path of the image, there or not; undefined where none or more than one does. */
  sourceOf(path: string): string | undefined;
  /** Mode that a folder of the context gets which lands below the destination, there before or not; undefined where none does. */
  folderMode(path: string): number | undefined;
  /** Symbolic links that it puts into the image, by where they land: what is written below one lands elsewhere. */
  links(): readonly string[];
  /** A folder that files land in where it is there; else one takes its name (fsutil copy/copy.go, `prepareTargetDir`). */
  readonly enters: string | undefined;
}

/** Undefined where a variable, or the base image, decides where it lands. `context` must be that of the build. */
export function copiedBy(
  build: Build,
  stage: Stage,
  instruction: TransferInstruction,
  context: BuildContext,
): Copied | undefined {
  const word = instruction.destination && build.expand(instruction, instruction.destination.text);
  const cwd = knownCwd(build, stage, instruction);
  if (word === undefined || /^[A-Za-z]:|\\/.test(word) || (cwd === undefined && !word.startsWith('/')))
    return undefined;
  const target = joinPath(cwd ?? '/', word);
  const isFolder = /(?:^|\/)\.{0,2}$/.test(word) || isAboveStart(build, stage, target);
  // Without a slash, BuildKit lets each source become a file of that name in turn (dockerfile2llb/convert.go, `dispatchCopy`).
  const areSeveral = instruction.sources.length + instruction.heredocs.length > 1;
  const folder = isFolder || areSeveral || (cwd !== undefined && relativeTo(target, cwd) !== undefined);
  const from = instruction.flags.find(({ name }) => name === 'from')?.value;
  const place: Place = {
    target,
    folder,
    add: instruction.keyword === 'ADD',
    context,
    parents: hasParents(instruction),
  };
  const mappings: Mapping[] = [];
  for (const { text } of instruction.sources) {
    const source = build.expand(instruction, text);
    if (source === undefined) return undefined;
    mappings.push(...(from === undefined ? fromContext(source, place) : [whole(target, cleanPath(`/${source}`))]));
  }
  for (const { name } of instruction.heredocs) mappings.push(...fileMappings(`<<${name}`, name, place));
  const origin = from === undefined ? 'context' : `from ${from}`;
  let known: readonly string[] | undefined;
  const links = () => {
    known ??= from === undefined ? mappings.flatMap((one) => linksOf(one, context)) : [];
    return known;
  };
  const chmod = folderModeOf(build, instruction);
  const sourceOf = (path: string) => single(mappings.flatMap((one) => sourceAt(one, path) ?? []));
  const all: Copied = {
    mappings,
    origin,
    look: lookOf(build, instruction),
    mayBring: (area) =>
      mappings.some((one) => brings(one, area, from === undefined ? context : undefined)) ||
      links().some((link) => areasMeet(tree(link), area)),
    hasNow(path) {
      if (from === undefined && mappings.every((one) => landsNot(one, path))) return false;
      const source = from === undefined ? sourceOf(path) : undefined;
      return source === undefined || /^[?<]/.test(source) || context.entry(source) !== undefined;
    },
    hasSource(path) {
      const source = from === undefined && all.hasNow(path) ? sourceOf(path) : undefined;
      const found = source === undefined || /^[?<]/.test(source) ? undefined : context.entry(source);
      return (
        found !== undefined && context.gitIgnored(found.type === 'directory' ? `${found.path}/` : found.path) === false
      );
    },
    sourceOf,
    folderMode(path) {
      const isBelow = mappings.some(({ image, kind }) => kind !== 'file' && relativeTo(image, path));
      const source = from === undefined && isBelow && all.hasNow(path) ? sourceOf(path) : undefined;
      const found = source === undefined || /^[?<]/.test(source) ? undefined : context.entry(source);
      if (found?.type !== 'directory' || context.absent(`${found.path}/`)) return undefined;
      return chmod ?? (found.mode ?? 0o755) & 0o7777;
    },
    links,
    enters: !isFolder && (from !== undefined || mappings.some(({ kind }) => kind !== 'tree')) ? target : undefined,
  };
  return withoutFiles(all, excludedPaths(instruction, all) ?? []);
}

/** The stage starts in the folder, or below it. */
function isAboveStart(build: Build, stage: Stage, folder: string): boolean {
  const cwd = knownCwd(build, stage, stage.instructions[0] ?? stage.from);
  return cwd !== undefined && relativeTo(folder, cwd) !== undefined;
}

/** The same without some single files, by their paths in the image. */
export function withoutFiles(copied: Copied, paths: readonly string[]): Copied {
  if (paths.length === 0) return copied;
  const left = new Set(paths);
  return {
    ...copied,
    mayBring: (area) => !(left.has(area.path) && !area.below) && copied.mayBring(area),
    hasNow: (path) => !left.has(path) && copied.hasNow(path),
    hasSource: (path) => !left.has(path) && copied.hasSource(path),
  };
}

/**
 * Where the files would land that `--exclude` keeps out, if each names one file of the one folder that is copied, as BuildKit reads such
 * a pattern: relative to that folder (docs.docker.com/reference/dockerfile/#copy---exclude). Undefined where one may mean more.
 */
export function excludedPaths(
  { flags, sources }: Pick<TransferInstruction, 'flags' | 'sources'>,
  { mappings }: Pick<Copied, 'mappings'>,
): readonly string[] | undefined {
  const patterns = flags.flatMap(({ name, value }) => (name === 'exclude' ? [value ?? ''] : []));
  const [only] = mappings;
  if (patterns.length === 0) return [];
  if (sources.length !== 1 || mappings.length !== 1 || only?.kind !== 'tree' || only.source.startsWith('?'))
    return undefined;
  if (!patterns.every((pattern) => isPlainPattern(pattern))) return undefined;
  return patterns.map((pattern) => joinPath(only.image, pattern));
}

/** A pattern that stands for one path, however it is read. */
export function isPlainPattern(pattern: string): boolean {
  return /^[\w@+-][\w.@+-]*(?:\/[\w@+-][\w.@+-]*)*$/.test(pattern);
}

function linksOf({ kind, source, image }: Mapping, context: BuildContext): string[] {
  if (kind === 'file') return context.entry(source)?.type === 'symlink' ? [image] : [];
  if (source.startsWith('?')) return [];
  const links: string[] = [];
  for (const { path, type } of context.walk({ from: source }))
    if (type === 'symlink') links.push(joinPath(image, source === '' ? path : path.slice(source.length + 1)));
  return links;
}

interface Place {
  readonly target: string;
  /** The destination is a folder for certain. */
  readonly folder: boolean;
  readonly add: boolean;
  readonly parents: boolean;
  readonly context: BuildContext;
}

function hasParents({ flags }: TransferInstruction): boolean {
  return flags.some(({ name, value }) => name === 'parents' && value !== 'false');
}

function whole(image: string, source: string): Mapping {
  return { image, source, kind: 'tree', matches: undefined };
}

function fromContext(source: string, place: Place): readonly Mapping[] {
  const { target, context } = place;
  if (place.add && isRemoteSource(source)) {
    const name = /^https?:\/\/[^/?#]+\/(?:[^?#]*\/)?([\w@+-][\w.@+-]*)$/i.exec(source)?.[1];
    // One that ends in `.git` is a repository, and so may one with a fragment be.
    return name === undefined || name.endsWith('.git')
      ? [whole(target, `?${source}`)]
      : fileMappings(`?${source}`, name, place);
  }
  const path = cleanPath(`/${source}`).slice(1);
  if (place.parents) return [whole(target, '')];
  if (hasWildcard(path)) return wildcardMappings(path, place);
  const there = context.entry(path);
  if (there?.type === 'directory') return [whole(target, path)];
  if (there?.type !== 'file' || (place.add && isArchive(path))) return [whole(target, `?${path}`)];
  return fileMappings(path, baseName(path), place);
}

/** What BuildKit unpacks by its bytes; names say the same in practice. */
function isArchive(path: string): boolean {
  return /\.(?:tar|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst)$/i.test(path);
}

function fileMappings(source: string, name: string, { target, folder }: Place): readonly Mapping[] {
  const at = (image: string): Mapping => ({ image, source, kind: 'file', matches: undefined });
  const inside = at(joinPath(target, name));
  return folder ? [inside] : [at(target), inside];
}

/** A folder that matches lands with its contents only, so that any name may come; a pattern such as `*.json` matches none. */
function wildcardMappings(path: string, { target, context, add }: Place): readonly Mapping[] {
  const home = parentOf(path);
  const pattern = compilePathPattern(baseName(path));
  const mayBeFolder =
    hasWildcard(home) ||
    !/\.\w+\*?$/.test(baseName(path)) ||
    (add && isArchive(path)) ||
    !pattern ||
    context.children(home).some((one) => one.type !== 'file' && pattern.matches(baseName(one.path)));
  if (mayBeFolder && (hasWildcard(home) || !pattern))
    return [{ image: target, source: '?', kind: 'names', matches: undefined }];
  if (mayBeFolder) {
    const matched = () => context.children(home).filter((one) => pattern.matches(baseName(one.path)));
    const found = (path: string) => matched().flatMap((one) => landingAt(one, path, { context, add }));
    return [{ image: target, source: home, kind: 'names', matches: undefined, found }];
  }
  return [{ image: target, source: home, kind: 'names', matches: (name) => pattern.matches(name) }];
}

/** What of one that a pattern matches lands at a path below the destination. */
function landingAt(
  { path, type }: ContextEntry,
  place: string,
  { context, add }: Pick<Place, 'context' | 'add'>,
): readonly string[] {
  if (type === 'directory') return place === '' || context.entry(`${path}/${place}`) ? [sourcePath(path, place)] : [];
  if (type !== 'file' || (add && isArchive(path))) return [`?${path}`];
  return baseName(path) === place ? [path] : [];
}

/** A pattern whose matches are known brings nothing there now. */
function landsNot({ image, found }: Mapping, path: string): boolean {
  const rest = relativeTo(image, path);
  return found !== undefined && rest !== undefined && rest !== '' && found(rest).length === 0;
}

function brings({ image, source, kind, matches }: Mapping, area: Area, context: BuildContext | undefined): boolean {
  if (kind === 'file') return areasMeet(entry(image), area) && !isKeptAway(context, source, entry(''));
  const rest = relativeTo(image, area.path);
  if (rest === undefined) return area.below && relativeTo(area.path, image) !== undefined;
  // Of a folder only what is in it is copied.
  if (rest === '') return area.below || context === undefined || source.startsWith('?');
  if (matches && (rest.includes('/') || !matches(rest))) return false;
  return !isKeptAway(context, sourcePath(source, rest), area);
}

function sourcePath(source: string, rest: string): string {
  return source === '' ? rest : rest === '' ? source : `${source}/${rest}`;
}

/** The ignore file keeps the path, and where the area asks for it all below, from being sent, there or not. */
function isKeptAway(context: BuildContext | undefined, path: string, { below }: Pick<Area, 'below'>): boolean {
  if (context?.absent(below ? `${path}/` : path) && !path.startsWith('?')) return true;
  if (!context?.ignoreFile || path.startsWith('?') || !context.ignored(path)) return false;
  return !below || ignoreMatcher(context.ignoreFile.file).prunes(path);
}

function sourceAt({ image, source, kind, matches, found }: Mapping, path: string): string | undefined {
  const rest = relativeTo(image, path);
  if (rest === undefined || (kind === 'file' && rest !== '')) return undefined;
  if (matches && rest !== '' && (rest.includes('/') || !matches(rest))) return undefined;
  const [first = sourcePath(source, rest), ...more] = found?.(rest) ?? [];
  if (more.length > 0 || (found && rest === '' && first !== source)) return '?';
  return kind === 'file' ? source : first;
}

function single(found: readonly string[]): string | undefined {
  const [first] = found;
  return found.every((one) => one === first) ? first : undefined;
}

/** Whether two COPYs may put different things at one place, so that the later one wins. */
export function copiesClash(a: Copied, b: Copied): boolean {
  return a.mappings.some((one) =>
    b.mappings.some((other) => {
      const [area, otherArea] = [areaOf(one), areaOf(other)];
      if (!areasMeet(area, otherArea) || !a.mayBring(otherArea) || !b.mayBring(area)) return false;
      const inner = relativeTo(one.image, other.image) === undefined ? one.image : other.image;
      const [from, to] = [sourceAt(one, inner), sourceAt(other, inner)];
      const same = from !== undefined && from === to && !from.startsWith('?');
      return !same || a.origin !== b.origin || a.look !== b.look || isBelowLink(a, otherArea) || isBelowLink(b, area);
    }),
  );
}

function isBelowLink(copied: Copied, { path }: Area): boolean {
  return copied.links().some((link) => relativeTo(link, path));
}

function areaOf({ image, kind }: Mapping): Area {
  return kind === 'file' ? entry(image) : tree(image);
}

/** `--chown` and `--chmod`, the ways of writing root's taken for one. */
function lookOf(build: Build, instruction: TransferInstruction): string {
  const value = (name: string) => {
    const written = instruction.flags.find((flag) => flag.name === name)?.value ?? '';
    return build.expand(instruction, written) ?? written;
  };
  return [ownerText(value('chown')), value('chmod')].join(' ').trim();
}

/** What `--chmod` makes of a folder: all that it may, where that is not a plain number. */
function folderModeOf(build: Build, instruction: TransferInstruction): number | undefined {
  const written = instruction.flags.find(({ name }) => name === 'chmod')?.value;
  if (written === undefined) return undefined;
  const mode = build.expand(instruction, written) ?? '';
  return /^[0-7]{1,5}$/.test(mode) ? Number.parseInt(mode, 8) : mode === 'u=rwX,go=rX' ? 0o755 : 0o7777;
}

/** One text for all ways of writing root's. */
export function ownerText(owner: string): string {
  return /^(?:|0|root|0:0|root:root|0:root|root:0)$/.test(owner) ? 'root' : owner;
}
