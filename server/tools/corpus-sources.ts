import path from 'node:path';
import type { Source } from '../core/engine.js';
import { buildOf } from '../model/build.js';
import { readTextFile } from '../project/files.js';
import type { ContextFinder } from '../project/find-context.js';
import { openContext } from '../project/open-context.js';
import { parseDockerfile } from '../syntax/dockerfile.js';

/**
 * A Dockerfile or ignore file (absolute path) on disk together with the build context it most likely has; `shown` is its path in
 * the result. A string says why the file cannot be read.
 */
export async function openSource(file: string, shown: string, finder: ContextFinder): Promise<Source | string> {
  const read = readTextFile(file);
  if ('error' in read) return read.error;
  const kind = file.endsWith('.dockerignore') ? 'dockerignore' : 'dockerfile';
  const folder = path.dirname(file);
  // A plain `.dockerignore` belongs to its folder, `api.dockerignore` to the Dockerfile `api`.
  const dockerfile = file.endsWith(`${path.sep}.dockerignore`) ? undefined : file.replace(/\.dockerignore$/, '');
  const choice =
    dockerfile === undefined
      ? ({ folder, origin: 'folder', plausible: true } as const)
      : await finder.find(dockerfile, buildOf(parseDockerfile(textOf(dockerfile))), {});
  const { context, contextWith } = openContext({ choice, dockerfile, cwd: folder });
  return { path: shown, text: read.text, kind, context, contextWith };
}

function textOf(file: string): string {
  const read = readTextFile(file);
  return 'error' in read ? '' : read.text;
}
