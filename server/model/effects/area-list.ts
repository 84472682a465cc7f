import { createMemo } from '../../syntax/memo.js';
import { type Area, foldersAbove, isSystem, isWeb } from './area.js';

/** What a list of areas is asked again and again: once for each pair of instructions. */
interface Known {
  readonly system: Area | undefined;
  readonly web: Area | undefined;
  readonly paths: ReadonlySet<string>;
  /** Paths of those that reach below. */
  readonly trees: ReadonlySet<string>;
  /** Folders in which one of them lies. */
  readonly above: ReadonlySet<string>;
}

const known = createMemo<readonly Area[], Known>();

function knownOf(areas: readonly Area[]): Known {
  const found = known.get(areas);
  if (found) return found;
  const read: Known = {
    system: areas.find(isSystem),
    web: areas.find(isWeb),
    paths: new Set(areas.map(({ path }) => path)),
    trees: new Set(areas.flatMap(({ path, below }) => (below ? [path] : []))),
    above: new Set(areas.flatMap(({ path }) => allAbove(path))),
  };
  known.set(areas, read);
  return read;
}

function allAbove(path: string): readonly string[] {
  return path === '/' ? [] : ['/', ...foldersAbove(path)];
}

/** The first that is of the system. */
export function systemArea(areas: readonly Area[]): Area | undefined {
  return knownOf(areas).system;
}

/** The first that web servers serve. */
export function webArea(areas: readonly Area[]): Area | undefined {
  return knownOf(areas).web;
}

/** Whether one has this very path. */
export function isNamed(areas: readonly Area[], path: string): boolean {
  return areas.length > 0 && knownOf(areas).paths.has(path);
}

/** The first area of a list that meets one of the others: see `areasMeet`. */
export function meetingArea(areas: readonly Area[], others: readonly Area[]): Area | undefined {
  if (areas.length === 0 || others.length === 0) return undefined;
  if (areas.length > others.length && !others.some((other) => meets(areas, other))) return undefined;
  return areas.find((area) => meets(others, area));
}

function meets(areas: readonly Area[], { path, below }: Area): boolean {
  const { paths, trees, above } = knownOf(areas);
  return (
    paths.has(path) || (below && above.has(path)) || (trees.size > 0 && allAbove(path).some((one) => trees.has(one)))
  );
}
