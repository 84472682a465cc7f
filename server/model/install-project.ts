import { parentOf } from '../syntax/go-path.js';
import { mountsOf } from '../syntax/mounts.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';
import type { Install } from './installs.js';
import type { Landing } from './landing.js';
import { isSent } from './manifests/reading.js';
import { manifestsOf, type Reading } from './manifests.js';
import { mayHaveGit } from './missing-program.js';
import { joinPath, relativeTo } from './path.js';

/** The project in the context that an install works on. */
export interface Project {
  readonly context: BuildContext;
  /** Context folder that the install's folder stands for. */
  readonly folder: string;
  readonly reading: Reading;
}

/** Finds the context folder that the install's folder stands for by the manifests that were copied there. */
export function projectOf(
  build: Build,
  install: Install,
  landings: readonly Landing[],
  context: BuildContext,
): Project | undefined {
  const { directory, manifestArguments } = install;
  if (directory === undefined || !context.plausible) return undefined;
  const origin = (path: string) => originOf(path, landings) ?? mounted(build, install, path);
  const named = manifestArguments.map((path) => (path === undefined ? undefined : origin(joinPath(directory, path))));
  const [first] = named;
  if (named.includes(undefined)) return undefined;
  const isThere = origin(directory) !== undefined || build.stateBefore(install.run).cwd === directory;
  const places = isThere ? upwards(directory, install.manager.name) : [directory];
  const folders =
    first === undefined ? foldersWithManifest(install, places, origin) : [origin(directory) ?? parentOf(first)];
  for (const folder of folders) {
    const own = { ...install, manifestArguments: named.map((path) => `/${path}`) };
    const reading = manifestsOf(own, context, folder, {
      isApart: (files) => isApart(directory, landings, files),
      mayHaveGit: () => mayHaveGit(build, install.stage, install.run),
      brings: (path) => isSent(context, path) && isBrought(landings, path),
    });
    if (reading) return { context, folder, reading };
  }
  return undefined;
}

/** Some COPY brings a path of the context, with others or by its name. */
export function isBrought(landings: readonly Landing[], path: string): boolean {
  return landings.some(
    ({ imagePathOf, transfer }) =>
      imagePathOf(path) !== undefined || transfer.sources.some((source) => source.path === path),
  );
}

/** All that was copied there and near is these files; the rest went to another folder of the root. */
function isApart(directory: string, landings: readonly Landing[], files: ReadonlySet<string>): boolean {
  const top = (path: string) => path.split('/')[1] ?? '';
  if (top(directory) === '') return false;
  return landings.every(({ target, taken }) => {
    // Node looks for modules in the folders above, too.
    if (!['', 'node_modules', top(directory)].includes(top(target))) return true;
    let number = 0;
    for (const { path, type } of taken.entries) {
      if (type !== 'directory' && !files.has(path)) return false;
      if (++number > mostManifests) return false;
    }
    return true;
  });
}

/** A COPY of more files brings sources. */
const mostManifests = 200;

/** The path of the context whose file or folder stands at a path of the image: that of the last transfer. */
function originOf(path: string, landings: readonly Landing[]): string | undefined {
  for (const landing of landings.toReversed()) {
    const found = landing.contextPathOf(path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function foldersWithManifest(
  { manager }: Install,
  places: readonly string[],
  origin: (path: string) => string | undefined,
): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const at of places) {
    for (const name of manager.manifests) {
      const found = name.includes('*') ? undefined : origin(joinPath(at, name));
      if (found !== undefined) folders.add(parentOf(found));
    }
    const whole = origin(at);
    if (whole !== undefined) folders.add(whole);
  }
  return folders;
}

/** Go and uv look for their manifest in the folders above too. */
function upwards(directory: string, manager: string): string[] {
  const found = [directory];
  if (!['go', 'uv', 'poetry', 'pdm', 'cargo'].includes(manager)) return found;
  for (let at = directory; at !== '/' && at !== ''; ) {
    at = parentOf(at) || '/';
    found.push(at);
  }
  return found;
}

/** The context path that a bind mount of the RUN shows at a path. */
function mounted(build: Build, { run }: Install, path: string): string | undefined {
  const { cwd } = build.stateBefore(run);
  for (const { type, from, source, target } of mountsOf(build.file, run).mounts) {
    if (type !== 'bind' || from !== undefined || target === undefined) continue;
    const rest = relativeTo(joinPath(cwd ?? '/', target), path);
    if (rest !== undefined) return joinPath(`/${source ?? ''}`, rest === '' ? '.' : rest).slice(1);
  }
  return undefined;
}
