import { createMemo } from '../../syntax/memo.js';
import type { BuildContext } from '../context.js';
import { inFolder, member, parseJson } from './reading.js';

const known = createMemo<BuildContext, Map<string, ReadonlyMap<string, boolean>>>();

/** More than any project has. */
const mostPackages = 50_000;

/**
 * The packages in the `node_modules` of some folders of the context, sent or not, as `name@version`, and whether an install runs a
 * script of them. Of two with one name and version either counts.
 */
export function installedPackages(context: BuildContext, folders: readonly string[]): ReadonlyMap<string, boolean> {
  const byFolders = known.get(context) ?? new Map<string, ReadonlyMap<string, boolean>>();
  known.set(context, byFolders);
  const key = folders.join('\0');
  let found = byFolders.get(key);
  if (!found) {
    found = packagesBelow(context, folders);
    byFolders.set(key, found);
  }
  return found;
}

function packagesBelow(context: BuildContext, folders: readonly string[]): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  const open = folders.map((folder) => inFolder(folder, 'node_modules'));
  for (let at = open.pop(); at !== undefined && found.size < mostPackages; at = open.pop()) {
    for (const { path, type } of context.children(at)) {
      if (type !== 'directory') continue;
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (name === '.pnpm') open.push(...context.children(path).map((one) => inFolder(one.path, 'node_modules')));
      else if (name.startsWith('@')) open.push(path);
      else if (!name.startsWith('.')) {
        note(context, path, found);
        open.push(inFolder(path, 'node_modules'));
      }
    }
  }
  return found;
}

function note(context: BuildContext, folder: string, found: Map<string, boolean>): void {
  const manifest = parseJson(context.read(inFolder(folder, 'package.json')));
  const [name, version] = [member(manifest, 'name'), member(manifest, 'version')];
  if (typeof name !== 'string' || typeof version !== 'string') return;
  const scripts = member(manifest, 'scripts');
  const hasScript = ['preinstall', 'install', 'postinstall'].some((one) => member(scripts, one) !== undefined);
  const compiles =
    member(manifest, 'gypfile') !== false && context.entry(inFolder(folder, 'binding.gyp')) !== undefined;
  const key = `${name}@${version}`;
  found.set(key, (found.get(key) ?? false) || hasScript || compiles);
}
