import type { ContextEntry, ContextSource } from '../model/context.js';
import { rememberInstalled } from '../model/installed-packages.js';
import { folderSource } from './build-context.js';

/** So many folders are remembered; neighbouring Dockerfiles mostly share their context. */
const KEPT = 4;

/**
 * Gives the source of a folder (absolute). The Dockerfiles of one context share it, so its folders are listed once; for changed
 * files make a new function.
 */
export function createSources(): (folder: string) => ContextSource {
  const known = new Map<string, ContextSource>();
  return (folder) => {
    const source = known.get(folder) ?? listOnce(folderSource(folder));
    // The one used last moves to the end, and the one not used for longest is forgotten.
    known.delete(folder);
    known.set(folder, source);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    return source;
  };
}

function listOnce(source: ContextSource): ContextSource {
  const listings = new Map<string, readonly ContextEntry[]>();
  return {
    list(folder) {
      const entries = listings.get(folder) ?? source.list(folder);
      listings.set(folder, entries);
      return entries;
    },
    read: (file) => source.read(file),
    gitIgnored: (path) => source.gitIgnored(path),
    packageFacts: () => source.packageFacts?.(),
    remoteFacts: () => source.remoteFacts?.(),
    installedPackages: rememberInstalled(source),
  };
}
