import path from 'node:path';
import { bakeFilesIn, bakeMovesContext, readBakeFiles } from './bake.js';
import { foldersAbove } from './choose-context.js';
import { composeFilesIn, movesContexts, readComposeFiles } from './compose.js';
import type { KnownBuild } from './known-build.js';
import {
  type WorkflowFile,
  workflowBuilds,
  workflowFiles,
  workflowMayBuild,
  workflowMovesContext,
  workflowNames,
} from './workflow.js';

/**
 * Reads what compose files, bake files and workflows build, each once, and only when it is asked for. `top` is the root of the
 * repository or what takes its place; all paths are absolute.
 */
export interface KnownBuilds {
  /**
   * One function per kind of file, the kind that counts most first. Each gives the builds of a Dockerfile; for compose and bake those
   * of the nearest folder at or above it that has any.
   */
  readonly kinds: readonly ((dockerfile: string, top: string) => Promise<readonly KnownBuild[]>)[];
  /** Whether a file could give a Dockerfile another context than its folder. Cheap, and true in doubt. */
  mayMove(dockerfile: string, top: string): boolean;
  /** All builds that files at or above the folder describe, and the workflows; those of one Dockerfile where it is given. */
  around(folder: string, top: string, dockerfile?: string): Promise<readonly KnownBuild[]>;
}

/** `namesIn` gives the names in a folder where they have been listed for other ends. */
export function createKnownBuilds(namesIn?: (folder: string) => readonly string[]): KnownBuilds {
  const composeFiles = (folder: string) => composeFilesIn(folder, namesIn?.(folder));
  const bakeFiles = (folder: string) => bakeFilesIn(folder, namesIn?.(folder));
  const composeIn = once((folder: string) => readComposeFiles(composeFiles(folder)));
  const bakeIn = once((folder: string, top: string) => readBakeFiles(bakeFiles(folder), foldersAbove(folder, top)));
  const workflows = once((top: string) => workflowFiles(top));
  const builtBy = new Map<WorkflowFile, Promise<readonly KnownBuild[]>>();
  const built = async (top: string, isAsked: (file: WorkflowFile) => boolean) => {
    const all = workflows(top)
      .filter(isAsked)
      .map((file) => {
        const builds = builtBy.get(file) ?? workflowBuilds(file, top);
        builtBy.set(file, builds);
        return builds;
      });
    return (await Promise.all(all)).flat();
  };
  const isMovedByCompose = once((folder: string) => composeFiles(folder).some(movesContexts));
  return {
    kinds: [
      (dockerfile, top) => nearest(dockerfile, top, composeIn),
      (dockerfile, top) => nearest(dockerfile, top, bakeIn),
      async (dockerfile, top) => {
        const inner = relativeTo(top, dockerfile);
        const found = await built(top, (file) => workflowMayBuild(file, inner));
        return found.filter((build) => build.dockerfile === dockerfile);
      },
    ],
    mayMove(dockerfile, top) {
      const inner = relativeTo(top, dockerfile);
      return (
        foldersUpTo(path.dirname(dockerfile), top).some(
          (folder) => isMovedByCompose(folder) || bakeFiles(folder).some((file) => bakeMovesContext(file, inner)),
        ) || workflows(top).some((file) => workflowMovesContext(file, inner))
      );
    },
    async around(folder, top, dockerfile) {
      const inner = dockerfile === undefined ? undefined : relativeTo(top, dockerfile);
      const folders = foldersUpTo(folder, top);
      const composed = await Promise.all(folders.map((one) => composeIn(one)));
      const baked = folders.flatMap((one) => bakeIn(one, top));
      const steps = await built(top, (file) => inner === undefined || workflowMayBuild(file, inner));
      const all = [...composed.flat(), ...baked, ...steps];
      return dockerfile === undefined ? all : all.filter((build) => build.dockerfile === dockerfile);
    },
  };
}

function relativeTo(top: string, file: string): string {
  return path.relative(top, file).split(path.sep).join('/');
}

/** The files that `KnownBuilds` reads for a Dockerfile, and those with variables beside compose files, there or not. Absolute. */
export function buildFilesAbove(dockerfile: string, top: string): readonly string[] {
  const below = foldersUpTo(path.dirname(dockerfile), top).flatMap((folder) => {
    const compose = composeFilesIn(folder);
    const variables = compose.length === 0 ? [] : [path.join(folder, '.env')];
    return [...compose, ...variables, ...bakeFilesIn(folder)];
  });
  return [...below, ...workflowNames(top)];
}

/** The builds of the Dockerfile from the nearest folder at or above it that has any. */
async function nearest(
  dockerfile: string,
  top: string,
  buildsIn: (folder: string, top: string) => readonly KnownBuild[] | Promise<readonly KnownBuild[]>,
): Promise<readonly KnownBuild[]> {
  for (const folder of foldersUpTo(path.dirname(dockerfile), top)) {
    const found = (await buildsIn(folder, top)).filter((build) => build.dockerfile === dockerfile);
    if (found.length > 0) return found;
  }
  return [];
}

function foldersUpTo(folder: string, top: string): readonly string[] {
  return [folder, ...foldersAbove(folder, top)];
}

/** Remembers what a function gave for its first argument. */
function once<Arguments extends readonly [string, ...string[]], Value>(
  make: (...given: Arguments) => Value,
): (...given: Arguments) => Value {
  const known = new Map<string, Value>();
  return (...given) => {
    const value = known.has(given[0]) ? (known.get(given[0]) as Value) : make(...given);
    known.set(given[0], value);
    return value;
  };
}
