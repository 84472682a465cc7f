import { homeFolders, homeNames, sharedFolders, systemFolders, webFolders } from '../../knowledge/system-paths.js';
import { parentOf } from '../../syntax/go-path.js';
import { relativeTo } from '../path.js';

/** A part of the image's file system: a path (absolute, clean), and what lies below it where `below` says so. */
export interface Area {
  readonly path: string;
  readonly below: boolean;
}

/** A path with all that lies below it. */
export function tree(path: string): Area {
  return { path, below: true };
}

/** A file, or a folder itself. */
export function entry(path: string): Area {
  return { path, below: false };
}

/** Whether some path is in both. */
export function areasMeet(a: Area, b: Area): boolean {
  if (a.path === b.path) return true;
  return (a.below && relativeTo(a.path, b.path) !== undefined) || (b.below && relativeTo(b.path, a.path) !== undefined);
}

/**
 * Whether the area holds something of the distribution, of languages and their package managers, or of a user's settings: paths that
 * programs read and write without being told to. Linux paths; where a project keeps its own files is free, and so is what web servers
 * serve: see `isWeb`.
 */
export function isSystem({ path, below }: Area): boolean {
  if (path === '/') return below;
  if (webFolders.some((folder) => relativeTo(folder, path) !== undefined)) return false;
  const [, top = '', ...rest] = path.split('/');
  if (below && (homeFolders.test(path) || sharedFolders.some(({ folder }) => relativeTo(path, folder) !== undefined)))
    return true;
  for (const { folder, system } of sharedFolders) {
    const inside = relativeTo(folder, path);
    if (inside) {
      const [name = '', next] = inside.split('/');
      if (system.test(name)) return true;
      return folder === '/home' && next !== undefined && homeNames.test(next);
    }
  }
  if (top === 'root') return rest[0] !== undefined && homeNames.test(rest[0]);
  return systemFolders.has(top);
}

/** Whether the area holds something that web servers serve. */
export function isWeb(area: Area): boolean {
  return webFolders.some((folder) => areasMeet(tree(folder), area));
}

/** `/a/b/c` → `/a`, `/a/b`: the folders above, the root left out, the outermost first. */
export function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = parentOf(path); at !== '' && at !== '/'; at = parentOf(at)) folders.push(at);
  return folders.reverse();
}
