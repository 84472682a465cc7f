import { existsSync } from 'node:fs';
import path from 'node:path';
import { mergeBakeFiles, parseBakeFile } from './bake-file.js';
import { type BakeTarget, bakeTargets } from './bake-targets.js';
import { readTextFile } from './files.js';
import { isRemoteContext, type KnownBuild } from './known-build.js';
import { mayMean } from './written-path.js';

/** In the order in which bake reads them; what a later one says holds (https://docs.docker.com/build/bake/reference/#file-format). */
const NAMES = ['docker-bake.json', 'docker-bake.hcl', 'docker-bake.override.json', 'docker-bake.override.hcl'];

/** In UTF-16 units; nobody writes as much. */
const LARGEST = 1024 * 1024;

/** The files of a folder that `docker buildx bake` reads there when it is given none, apart from compose files. Absolute. */
export function bakeFilesIn(folder: string, names?: readonly string[]): string[] {
  const found = names ? NAMES.filter((name) => names.includes(name)) : NAMES;
  const files = found.map((name) => path.join(folder, name));
  return names ? files : files.filter((file) => existsSync(file));
}

/**
 * What the targets of some bake files of one folder build; remote contexts are left out, and so is what is not plain: see
 * `parseHcl`. Variables have their defaults. Paths start from where bake runs: that is the folder of the files, else the nearest of
 * `above` (absolute) from where the Dockerfile is found.
 */
export function readBakeFiles(files: readonly string[], above: readonly string[]): readonly KnownBuild[] {
  const read = files.flatMap((file) => {
    const text = readTextFile(file);
    const parsed = 'error' in text || text.text.length > LARGEST ? undefined : parseBakeFile(file, text.text);
    return parsed ? [parsed] : [];
  });
  const [first] = files;
  if (first === undefined || read.length === 0) return [];
  const bases = [path.dirname(first), ...above];
  return bakeTargets(mergeBakeFiles(read)).flatMap((target) => buildOf(target, first, bases) ?? []);
}

/**
 * Whether a bake file could give a Dockerfile (as seen from its folder, or one above) another context than its own folder, told
 * without parsing: only a `dockerfile` that is more than a plain file name does.
 */
export function bakeMovesContext(file: string, dockerfile: string): boolean {
  const read = readTextFile(file);
  if ('error' in read) return false;
  return [...read.text.matchAll(/\bdockerfile["']?\s*[:=]\s*("?)([^"\n]*)/g)].some(([, quote, word = '']) => {
    return quote === '' || (/[/$]/.test(word) && mayMean(word.replace('cwd://', ''), dockerfile));
  });
}

function buildOf(target: BakeTarget, file: string, bases: readonly string[]): KnownBuild | undefined {
  const { context, dockerfile } = target;
  if (isRemoteContext(context)) return undefined;
  const places = bases.map((base) => {
    const folder = path.resolve(base, context);
    return { base, folder, dockerfile: dockerfile === undefined ? undefined : dockerfileAt(dockerfile, folder, base) };
  });
  const place = dockerfile === undefined ? places[0] : places.find((one) => existsSync(one.dockerfile ?? one.folder));
  if (!place) return undefined;
  return {
    origin: 'bake',
    file,
    context: place.folder,
    dockerfile: place.dockerfile,
    target: target.target,
    args: target.args,
    additionalContexts: new Map(
      [...target.contexts].map(([name, text]) => [name, /^[\w-]+:/.test(text) ? text : path.resolve(place.base, text)]),
    ),
  };
}

/** `dockerfile` starts from the context, with `cwd://` from where bake runs (https://docs.docker.com/build/bake/reference/#targetdockerfile). */
function dockerfileAt(dockerfile: string, context: string, base: string): string {
  const own = /^cwd:\/\/(.*)/.exec(dockerfile)?.[1];
  return own === undefined ? path.resolve(context, dockerfile) : path.resolve(base, own);
}
