import type { ContextEntry, ContextSource } from './context.js';

/** A source with some files written over it: path → new text. Folders on the way exist. */
export function overlaySource(base: ContextSource, files: ReadonlyMap<string, string>): ContextSource {
  const byFolder = new Map<string, Map<string, ContextEntry>>();
  const put = (folder: string, entry: ContextEntry) => {
    const entries = byFolder.get(folder) ?? new Map<string, ContextEntry>();
    entries.set(entry.path, entry);
    byFolder.set(folder, entries);
  };
  for (const [path, text] of files) {
    const size = new TextEncoder().encode(text).length;
    put(parentOf(path), { path, type: 'file', size, mode: 0o644, link: undefined });
    for (let folder = parentOf(path); folder; folder = parentOf(folder)) {
      put(parentOf(folder), { path: folder, type: 'directory', size: 0, mode: 0o755, link: undefined });
    }
  }
  return {
    list(folder) {
      const entries = base.list(folder);
      const added = byFolder.get(folder);
      if (!added) return entries;
      const known = new Map(entries.map((entry) => [entry.path, entry]));
      for (const [path, entry] of added) {
        const old = known.get(path);
        // What is written to a link goes where it leads.
        if (old?.type === 'symlink' && entry.type === 'file') continue;
        known.set(path, old?.type === entry.type ? { ...entry, mode: old.mode } : entry);
      }
      return [...known.values()];
    },
    read: (path) => files.get(path) ?? base.read(path),
    gitIgnored: (path) => base.gitIgnored(path),
    packageFacts: () => base.packageFacts?.(),
    remoteFacts: () => base.remoteFacts?.(),
    ...(base.installedPackages
      ? { installedPackages: (folders) => base.installedPackages?.(folders) ?? new Map() }
      : {}),
  };
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}
