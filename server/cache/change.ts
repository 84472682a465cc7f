import type { BuildContext, ContextEntry } from '../model/context.js';
import { cleanInside } from '../syntax/go-path.js';
import type { FileChange, Side } from './side.js';

/**
 * What differs between two contexts as they are sent: an entry that a changed ignore file now keeps away counts as deleted. A file
 * without an identity on one side counts as changed. Linear in both; nothing where a context is not known.
 */
export function compareContexts(before: Side, after: Side): readonly FileChange[] {
  if (!before.context || !after.context) return [];
  const old = new Map<string, ContextEntry>();
  for (const entry of before.context.walk()) old.set(entry.path, entry);
  const changes: FileChange[] = [];
  for (const entry of after.context.walk()) {
    const other = old.get(entry.path);
    old.delete(entry.path);
    const kind = other ? differenceOf(before, after, other, entry) : 'added';
    if (kind) changes.push({ path: entry.path, kind, folder: entry.type === 'directory' });
  }
  for (const { path, type } of old.values()) changes.push({ path, kind: 'deleted', folder: type === 'directory' });
  return changes;
}

function differenceOf(before: Side, after: Side, old: ContextEntry, now: ContextEntry): FileChange['kind'] | undefined {
  if (old.type !== now.type) return 'type';
  if (old.mode !== undefined && now.mode !== undefined && old.mode !== now.mode && now.type !== 'symlink')
    return 'mode';
  if (now.type === 'symlink') return old.link === now.link ? undefined : 'content';
  if (now.type !== 'file') return undefined;
  if (old.size >= 0 && now.size >= 0 && old.size !== now.size) return 'content';
  const [a, b] = [before.identity?.(old.path), after.identity?.(now.path)];
  return a !== undefined && a === b ? undefined : 'content';
}

/**
 * The changes that an edit of the named paths makes: a folder means every file below it, a path that is not there was deleted.
 * What the ignore file keeps away makes none. Paths are relative to the context.
 */
export function changesOf(context: BuildContext, paths: readonly string[]): readonly FileChange[] {
  const changes = new Map<string, FileChange>();
  const add = (path: string, kind: FileChange['kind'], folder = false) => changes.set(path, { path, kind, folder });
  for (const given of paths) {
    const path = cleanInside(given);
    const entry = context.entry(path);
    if (entry?.type === 'directory') {
      for (const below of context.walk({ from: path })) if (below.type !== 'directory') add(below.path, 'content');
    } else if (!context.ignored(path)) add(path, entry ? 'content' : 'deleted');
  }
  return [...changes.values()];
}
