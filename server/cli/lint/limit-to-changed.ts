import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { FileResult } from '../../core/engine.js';
import { folderSource } from '../../project/build-context.js';
import { CliError } from '../io.js';
import { keepChanged } from './keep-changed.js';
import type { Place } from './lint-files.js';

/** Only what changed since a Git revision; throws where Git cannot tell. Standard input is kept whole. */
export async function limitToChanged(
  results: readonly FileResult[],
  revision: string,
  places: ReadonlyMap<string, Place>,
  cwd: string,
): Promise<readonly FileResult[]> {
  const { changedSince } = await import('../../project/git-files.js');
  const changed = await changedSince(cwd, revision).catch((error: unknown) => {
    throw new CliError(`--since ${revision}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const locate = (result: FileResult, inner: string | undefined): string | undefined => {
    const place = places.get(result.path);
    if (inner !== undefined) return place?.root === undefined ? undefined : realPath(path.join(place.root, inner));
    if (result.kind === 'config') return realPath(path.resolve(cwd, result.path));
    return place?.file === undefined ? undefined : realPath(place.file);
  };
  const read = (result: FileResult, inner: string): string | undefined => {
    const root = places.get(result.path)?.root;
    return root === undefined ? undefined : folderSource(root).read(inner);
  };
  return keepChanged(results, changed, locate, read);
}

function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}
