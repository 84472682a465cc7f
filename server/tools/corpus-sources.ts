import path from 'node:path';
import type { Source } from '../core/engine.js';
import { buildOf } from '../model/build.js';
import { createContext } from '../model/context.js';
import { overlaySource } from '../model/overlay.js';
import { folderSource } from '../project/build-context.js';
import { chooseContext } from '../project/choose-context.js';
import { composeFilesIn, readComposeFiles } from '../project/compose.js';
import { readTextFile } from '../project/files.js';
import { repositoryRoot } from '../project/git-ignore.js';
import { parseDockerfile } from '../syntax/dockerfile.js';

/**
 * A Dockerfile or ignore file on disk together with the build context it most likely has; `shown` is its path in the result.
 * A string says why the file cannot be read.
 */
export async function openSource(file: string, shown: string): Promise<Source | string> {
  const read = readTextFile(file);
  if ('error' in read) return read.error;
  const isIgnoreFile = file.endsWith('.dockerignore');
  const dockerfile = isIgnoreFile ? dockerfileOf(file) : file;
  const text = isIgnoreFile ? textOf(dockerfile) : read.text;
  const { folder, origin, plausible } = await contextOf(dockerfile, text);
  const source = folderSource(folder);
  const inside = path.relative(folder, dockerfile).split(path.sep).join('/');
  const contextWith = (changes: ReadonlyMap<string, string>) =>
    createContext({
      name: path.basename(folder),
      origin,
      plausible,
      dockerfile: inside.startsWith('../') ? undefined : inside,
      source: changes.size > 0 ? overlaySource(source, changes) : source,
    });
  return {
    path: shown,
    text: read.text,
    kind: isIgnoreFile ? 'dockerignore' : 'dockerfile',
    context: contextWith(new Map()),
    contextWith,
  };
}

/** `x/api.dockerignore` belongs to `x/api`; `.dockerignore` to whatever Dockerfile stands beside it. */
function dockerfileOf(ignoreFile: string): string {
  const name = path.basename(ignoreFile, '.dockerignore');
  return path.join(path.dirname(ignoreFile), name || 'Dockerfile');
}

function textOf(file: string): string {
  const read = readTextFile(file);
  return 'error' in read ? '' : read.text;
}

async function contextOf(dockerfile: string, text: string) {
  const own = path.dirname(dockerfile);
  const top = repositoryRoot(own) ?? own;
  const sections = await composeSections(top, own);
  return chooseContext({
    dockerfile,
    build: buildOf(parseDockerfile(text)),
    compose: sections.filter((section) => section.dockerfile === dockerfile),
    top,
  });
}

const sectionsOfFolder = new Map<string, ReturnType<typeof readComposeFiles>>();

/** Build sections of the compose files in a folder and in those above it, up to `top`; the nearest first. */
async function composeSections(top: string, folder: string) {
  const found = [];
  for (let at = folder; ; at = path.dirname(at)) {
    const known = sectionsOfFolder.get(at) ?? readComposeFiles(composeFilesIn(at));
    sectionsOfFolder.set(at, known);
    found.push(...(await known));
    if (at === top || path.dirname(at) === at) return found;
  }
}
