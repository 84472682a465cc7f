import { type Area, entry, foldersAbove, tree } from '../../model/effects/area.js';
import type { CargoProject } from '../../model/manifests/cargo.js';
import { relativeTo } from '../../model/path.js';
import { parentOf } from '../../syntax/go-path.js';

/** Sources without code that stand for those of a project, and what has to be made for them. As words, seen from the folder of the build. */
export interface Stubs {
  readonly libraries: readonly string[];
  readonly programs: readonly string[];
  readonly folders: readonly string[];
  /** Some folder lies in one that is made for it. */
  readonly isDeep: boolean;
  /** Folders that are made and files outside of these. */
  readonly removed: readonly string[];
  /** The same as areas of the image. */
  readonly areas: readonly Area[];
  /** Paths of the image of the files. */
  readonly files: ReadonlySet<string>;
}

/** More stubs make no step that anybody would read. */
const mostStubs = 24;

/** Top folders that images have, in which nothing may be made and removed. */
const usual =
  /^\/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|s?bin|srv|sys|tmp|usr(?:\/(?:local(?:\/\w+)?|s?bin|lib\w*|share|src|include|games))?|var(?:\/\w+)?)$/;

/** `there`: files of the project that are there when the step runs. Undefined where the words would not be plain or too many. */
export function stubsOf({ packages }: CargoProject, there: readonly string[], directory: string): Stubs | undefined {
  const targets = packages.flatMap((one) => one.targets);
  const made = new Set(there.flatMap((path) => foldersAbove(path)));
  const parents = targets
    .map(({ path }) => parentOf(path) || '/')
    .filter((folder) => !made.has(folder) && folder !== '/');
  const tops = new Set(
    parents.map((folder) => [...foldersAbove(folder), folder].find((one) => !made.has(one)) ?? folder),
  );
  const loose = targets.filter(({ path }) => made.has(parentOf(path)) || !path.includes('/', 1));
  const word = (path: string) => relativeTo(directory, path) ?? path;
  const words = (kind: string) =>
    targets
      .filter((one) => one.kind === kind)
      .map(({ path }) => word(path))
      .sort();
  const all = [...tops, ...targets.map(({ path }) => path)];
  if (targets.length > mostStubs || !all.every((path) => /^[\w./@+-]+$/.test(path) && !usual.test(path)))
    return undefined;
  // Only leaves need to be named.
  const leaves = [...new Set(parents)].filter((one) => !parents.some((other) => other.startsWith(`${one}/`)));
  return {
    libraries: words('library'),
    programs: words('program'),
    folders: leaves.map(word).sort(),
    isDeep: leaves.some((folder) => !tops.has(folder)),
    removed: [...tops, ...loose.map(({ path }) => path)].map(word).sort(),
    areas: [...[...tops].map(tree), ...loose.map(({ path }) => entry(path))],
    files: new Set(targets.map(({ path }) => path)),
  };
}

/** The commands in front of the build, and the one behind it. Without `-p`, `mkdir` fails where something is there already. */
export function stubWords(
  { folders, isDeep, libraries, programs, removed }: Stubs,
  makesFolders: boolean,
): { readonly before: readonly string[]; readonly after: string } {
  const mkdir = isDeep || makesFolders ? 'mkdir -p' : 'mkdir';
  const last = programs.at(-1) ?? '';
  const main = `echo 'fn main() {}'`;
  return {
    before: [
      ...(folders.length > 0 ? [[mkdir, ...folders].join(' ')] : []),
      ...(libraries.length > 0 ? [['touch', ...libraries].join(' ')] : []),
      ...(programs.length === 1 ? [`${main} > ${last}`] : []),
      ...(programs.length > 1 ? [`${main} | tee ${programs.slice(0, -1).join(' ')} > ${last}`] : []),
    ],
    after: `rm${folders.length > 0 ? ' -r' : ''} ${removed.join(' ')}`,
  };
}
