import { baseName } from '../syntax/go-path.js';
import type { BuildContext } from './context.js';
import type { Landing } from './landing.js';
import type { ImageFiles } from './manifests/cargo.js';
import { relativeTo } from './path.js';

/** The files that COPYs have brought from the context, by their paths in the image; the last COPY counts. */
export function imageFiles(context: BuildContext, landings: readonly Landing[]): ImageFiles {
  const origin = (path: string) => {
    for (const landing of landings.toReversed()) {
      const found = landing.contextPathOf(path);
      if (found !== undefined && context.entry(found)?.type === 'file' && !context.ignored(found)) return found;
    }
    return undefined;
  };
  return {
    isFile: (path) => origin(path) !== undefined,
    read(path) {
      const found = origin(path);
      return found === undefined ? undefined : context.read(found);
    },
    list(folder) {
      const names = landings.flatMap((landing) => {
        const found = landing.contextPathOf(folder);
        const entries = found === undefined ? [] : context.children(found);
        const below = relativeTo(folder, landing.target)?.split('/')[0] || [];
        return entries
          .filter(({ path }) => landing.imagePathOf(path) !== undefined)
          .map(({ path }) => baseName(path))
          .concat(below);
      });
      return [...new Set(names)].sort();
    },
  };
}
