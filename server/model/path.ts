import { cleanPath } from '../syntax/go-path.js';

/** `path` against an absolute folder; an absolute `path` stands for itself. */
export function joinPath(folder: string, path: string): string {
  if (path.startsWith('/')) return cleanPath(path);
  return cleanPath(folder === '/' ? `/${path}` : `${folder}/${path}`);
}

/** `path` as seen from `folder`, both absolute and clean: '' is the folder itself; undefined where it lies outside. */
export function relativeTo(folder: string, path: string): string | undefined {
  if (path === folder) return '';
  const prefix = folder === '/' ? '/' : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}
