import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Build } from '../model/build.js';
import { type ContextChoice, chooseContext, fits } from './choose-context.js';
import { contextDemand, createFit } from './context-fit.js';
import { type GitIgnore, openGitIgnore } from './git-ignore.js';
import type { KnownBuild } from './known-build.js';
import { createKnownBuilds, type KnownBuilds } from './known-builds.js';

export interface ContextWish {
  /** Folder given on the command line, absolute. */
  readonly option?: string | undefined;
  /** Folder from the config, absolute. */
  readonly configured?: string | undefined;
}

/** Finds the build contexts of Dockerfiles; remembers what it has read and repository roots, so make a new one when files change. */
export interface ContextFinder {
  /** `dockerfile` is absolute and need not exist. */
  find(dockerfile: string, build: Build, wish?: ContextWish): Promise<ContextChoice>;
  /** Whether a file may give the Dockerfile (absolute) another context than its folder, as far as can be told without reading much. */
  mayMove(dockerfile: string): boolean;
  /** Stages of the Dockerfile (absolute) that compose and bake files at or above it, and workflows, name as what they build. */
  targetsOf(dockerfile: string): Promise<readonly string[]>;
  /** All builds that compose and bake files at or above the folder (absolute) describe, and workflows. */
  buildsAround(folder: string): Promise<readonly KnownBuild[]>;
}

/**
 * `cwd` (absolute) is the highest folder that is looked at outside a repository. `namesIn` is for callers that have the folders
 * listed for other ends too; it gives the names in a folder (absolute), none where it cannot be read.
 */
export function createContextFinder(cwd: string, namesIn?: (folder: string) => readonly string[]): ContextFinder {
  const roots = new Map<string, string | undefined>();
  const rootOf = (folder: string): string | undefined =>
    remember(roots, folder, () => {
      if (existsSync(path.join(folder, '.git'))) return folder;
      const parent = path.dirname(folder);
      return parent === folder ? undefined : rootOf(parent);
    });
  const topOf = (folder: string) => rootOf(folder) ?? topOutside(folder, cwd);
  const gits = new Map<string, GitIgnore | undefined>();
  const gitOf = (folder: string) => {
    const root = rootOf(folder);
    return root === undefined ? undefined : remember(gits, root, () => openGitIgnore(root));
  };
  const builds = createKnownBuilds(namesIn);
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
      const asksNothing = demand.literals.length === 0 && demand.wildcards.length === 0;
      const isOwn = fits(fitOf(own)) || (asksNothing && own === top);
      const isSettled = isGiven || (isOwn && !builds.mayMove(dockerfile, top));
      const isEnough = ({ context }: KnownBuild) => asksNothing || fits(fitOf(context));
      const known = isSettled ? [] : await knownUntil(isEnough, builds, dockerfile, top);
      return chooseContext({ dockerfile, demand, fitOf, option, configured, known, top });
    },
    mayMove: (dockerfile) => builds.mayMove(dockerfile, topOf(path.dirname(dockerfile))),
    async targetsOf(dockerfile) {
      const own = path.dirname(dockerfile);
      const found = await builds.around(own, topOf(own), dockerfile);
      return [...new Set(found.flatMap(({ target }) => target ?? []))];
    },
    buildsAround: (folder) => builds.around(folder, topOf(folder)),
  };
}

/** Builds of the Dockerfile, of further kinds of files only where none was enough before. */
async function knownUntil(
  isEnough: (build: KnownBuild) => boolean,
  { kinds }: KnownBuilds,
  dockerfile: string,
  top: string,
): Promise<readonly KnownBuild[]> {
  const found: KnownBuild[] = [];
  for (const buildsOf of kinds) {
    found.push(...(await buildsOf(dockerfile, top)));
    if (found.some(isEnough)) break;
  }
  return found;
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
