import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Build } from '../model/build.js';
import { type ContextChoice, chooseContext, fits, foldersAbove } from './choose-context.js';
import { type ComposeBuild, composeFilesIn, movesContexts, readComposeFiles } from './compose.js';
import { contextDemand, createFit } from './context-fit.js';
import { type GitIgnore, openGitIgnore, repositoryRoot } from './git-ignore.js';

export interface ContextWish {
  /** Folder given on the command line, absolute. */
  readonly option?: string | undefined;
  /** Folder from the config, absolute. */
  readonly configured?: string | undefined;
}

/** Finds the build contexts of Dockerfiles; remembers compose files and repository roots, so make a new one when files change. */
export interface ContextFinder {
  /** `dockerfile` is absolute and need not exist. */
  find(dockerfile: string, build: Build, wish?: ContextWish): Promise<ContextChoice>;
}

/**
 * `cwd` (absolute) is the highest folder that is looked at outside a repository. `namesIn` is for callers that have the folders
 * listed for other ends too; it gives the names in a folder (absolute), none where it cannot be read.
 */
export function createContextFinder(cwd: string, namesIn?: (folder: string) => readonly string[]): ContextFinder {
  const roots = new Map<string, string | undefined>();
  const composeOf = new Map<string, Promise<readonly ComposeBuild[]>>();
  const rootOf = (folder: string): string | undefined =>
    remember(roots, folder, () => {
      if (existsSync(path.join(folder, '.git'))) return folder;
      const parent = path.dirname(folder);
      return parent === folder ? undefined : rootOf(parent);
    });
  const topOf = (folder: string) => rootOf(folder) ?? topOutside(folder, cwd);
  const composeFiles = (folder: string) => composeFilesIn(folder, namesIn?.(folder));
  const composeIn = (folder: string) => remember(composeOf, folder, () => readComposeFiles(composeFiles(folder)));
  const gits = new Map<string, GitIgnore | undefined>();
  const gitOf = (folder: string) => {
    const root = rootOf(folder);
    return root === undefined ? undefined : remember(gits, root, () => openGitIgnore(root));
  };
  const moves = new Map<string, boolean>();
  const movesIn = (folder: string) => remember(moves, folder, () => composeFiles(folder).some(movesContexts));
  return {
    async find(dockerfile, build, { option, configured } = {}) {
      const own = path.dirname(dockerfile);
      const top = topOf(own);
      const demand = contextDemand(build);
      const fitOf = createFit(
        demand,
        () => gitOf(top),
        (folder) => (folder === own ? namesIn?.(own) : undefined),
      );
      const isGiven = option !== undefined || configured !== undefined;
      const isSettled = isGiven || (fits(fitOf(own)) && ![own, ...foldersAbove(own, top)].some(movesIn));
      const compose = isSettled ? [] : await nearestCompose(dockerfile, top, composeIn);
      return chooseContext({ dockerfile, demand, fitOf, option, configured, compose, top });
    },
  };
}

/** The compose files at or above a Dockerfile, up to `top`, and the files with variables beside them, there or not. Absolute. */
export function composeFilesAbove(dockerfile: string, top: string): readonly string[] {
  const own = path.dirname(dockerfile);
  return [own, ...foldersAbove(own, top)].flatMap((folder) => {
    const files = composeFilesIn(folder);
    return files.length === 0 ? [] : [...files, path.join(folder, '.env')];
  });
}

/** Stages of a Dockerfile (absolute) that compose files at or above it name as what they build; outside a repository not above `cwd`. */
export async function composeTargets(dockerfile: string, cwd: string): Promise<readonly string[]> {
  const own = path.dirname(dockerfile);
  const top = repositoryRoot(own) ?? topOutside(own, cwd);
  const folders = [own, ...foldersAbove(own, top)];
  const found = await Promise.all(folders.map((folder) => readComposeFiles(composeFilesIn(folder))));
  return found.flat().flatMap((build) => (build.dockerfile === dockerfile ? (build.target ?? []) : []));
}

/** Build sections for the Dockerfile from the nearest folder at or above it that has any. */
async function nearestCompose(
  dockerfile: string,
  top: string,
  composeIn: (folder: string) => Promise<readonly ComposeBuild[]>,
): Promise<readonly ComposeBuild[]> {
  for (let folder = path.dirname(dockerfile); ; folder = path.dirname(folder)) {
    const found = (await composeIn(folder)).filter((build) => build.dockerfile === dockerfile);
    if (found.length > 0 || folder === top || path.dirname(folder) === folder) return found;
  }
}

/** Outside a repository. */
function topOutside(folder: string, cwd: string): string {
  const relative = path.relative(cwd, folder);
  const outside = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  return outside ? folder : cwd;
}

function remember<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.get(key);
  if (value !== undefined || known.has(key)) return value as Value;
  const made = make();
  known.set(key, made);
  return made;
}
