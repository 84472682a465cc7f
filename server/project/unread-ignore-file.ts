import { type Dirent, readdirSync } from 'node:fs';
import path from 'node:path';
import type { ContextChoice } from './choose-context.js';
import { kindOfName } from './dockerfile-name.js';
import type { ContextFinder } from './find-context.js';

/**
 * Why no known build reads the `.dockerignore` of a folder (absolute), as a sentence for the user: all its Dockerfiles are built
 * with other contexts, and BuildKit reads the ignore file at the root of the context or beside the Dockerfile under its name
 * (https://docs.docker.com/build/concepts/context/#filename-and-location). Undefined where a build reads it, or may: a Dockerfile
 * here or right below has no context but a guess, or a known build has the folder as its context. `choose` gives the context of a Dockerfile.
 */
export async function unreadIgnoreFile(
  folder: string,
  finder: ContextFinder,
  choose: (dockerfile: string) => Promise<ContextChoice>,
): Promise<string | undefined> {
  const entries = entriesOf(folder);
  const dockerfiles = dockerfilesOf(folder, entries);
  if (dockerfiles.length === 0) return undefined;
  const contexts = new Map<string, ContextChoice>();
  for (const dockerfile of dockerfiles) {
    const choice = await choose(dockerfile);
    if (choice.origin === 'folder' || !choice.plausible || choice.folder === folder) return undefined;
    contexts.set(dockerfile, choice);
  }
  const builds = await finder.buildsAround(folder);
  if (builds.some(({ context }) => context === folder)) return undefined;
  const known = new Set(builds.map(({ dockerfile }) => dockerfile));
  const below = entries.filter((one) => one.isDirectory()).map(({ name }) => path.join(folder, name));
  if (below.some((one) => dockerfilesOf(one, entriesOf(one)).some((dockerfile) => !known.has(dockerfile))))
    return undefined;
  const [[dockerfile, choice] = []] = contexts;
  if (dockerfile === undefined || !choice) return undefined;
  const context = path.relative(folder, choice.folder).split(path.sep).join('/');
  return `${path.basename(dockerfile)} is built with ${context} as its context (${choice.origin}), so no known build reads this file`;
}

function dockerfilesOf(folder: string, entries: readonly Dirent[]): readonly string[] {
  const found = entries.filter(
    (one) => !one.isDirectory() && /^(?:dockerfile|perhaps)$/.test(kindOfName(one.name) ?? ''),
  );
  return found.map(({ name }) => path.join(folder, name));
}

/** None where the folder cannot be read. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
