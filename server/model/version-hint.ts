import { versionFiles } from '../knowledge/version-files.js';
import { parseToml, valueAt } from '../syntax/toml.js';
import type { BuildContext } from './context.js';

export interface VersionHint {
  readonly version: string;
  /** Of the file that says so, in the context. */
  readonly path: string;
}

/** The version that the project itself names for an image, in the Dockerfile's folder or in the context's root. */
export function versionHint(repository: string, context: BuildContext): VersionHint | undefined {
  const folder = context.dockerfile?.replace(/[^/]*$/, '') ?? '';
  for (const { image, file, key, pattern } of versionFiles) {
    if (image !== repository) continue;
    for (const path of new Set([`${folder}${file}`, file])) {
      const text = context.read(path) ?? '';
      const value = key === undefined ? text : valueAt(parseToml(text) ?? {}, key);
      const version = pattern.exec(typeof value === 'string' ? value : '')?.[1];
      if (version !== undefined) return { version, path };
    }
  }
  return undefined;
}
