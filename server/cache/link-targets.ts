import type { BuildContext } from '../model/context.js';
import { cleanInside, parentOf } from '../syntax/go-path.js';

const mostLinks = 255;

/**
 * Paths of the context that a source leads to by way of symbolic links, as they are now: where each link points, with what is left
 * of the source. None where there is no link on the way. Links that lead out of the context end at its root, as in the build.
 */
export function linkTargets(context: BuildContext, source: string): readonly string[] {
  const found: string[] = [];
  let path = cleanInside(source);
  for (let count = 0; count < mostLinks; count++) {
    const next = firstLink(context, path);
    if (next === undefined) return found;
    path = next;
    found.push(path);
  }
  return found;
}

function firstLink(context: BuildContext, path: string): string | undefined {
  for (let end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
    const at = end === -1 ? path : path.slice(0, end);
    const entry = at === '' ? undefined : context.entry(at);
    if (entry?.type === 'symlink' && entry.link !== undefined) {
      const target = entry.link.startsWith('/') ? entry.link : `${parentOf(at)}/${entry.link}`;
      return cleanInside(end === -1 ? target : `${target}/${path.slice(end + 1)}`);
    }
    if (end === -1) return undefined;
  }
}
