import type { ContextSource } from './context.js';
import { inFolder, member, parseJson } from './manifests/reading.js';

/** More than any project has. */
const mostPackages = 50_000;

/**
 * The packages in the `node_modules` of some folders of a source as `name@version`, and whether an install runs a script of them. Of
 * two with one name and version either counts. Each set of folders is read once.
 */
export function rememberInstalled(source: ContextSource): (folders: readonly string[]) => ReadonlyMap<string, boolean> {
  const known = new Map<string, ReadonlyMap<string, boolean>>();
  return (folders) => {
    const key = folders.join('\0');
    const found = known.get(key) ?? packagesBelow(source, folders);
    known.set(key, found);
    return found;
  };
}

function packagesBelow(source: ContextSource, folders: readonly string[]): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  const open = folders.map((folder) => inFolder(folder, 'node_modules'));
  for (let at = open.pop(); at !== undefined && found.size < mostPackages; at = open.pop()) {
    for (const { path, type } of source.list(at)) {
      if (type !== 'directory') continue;
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (name === '.pnpm') open.push(...source.list(path).map((one) => inFolder(one.path, 'node_modules')));
      else if (name.startsWith('@')) open.push(path);
      else if (!name.startsWith('.')) {
        const names = source.list(path).map((one) => one.path.slice(path.length + 1));
        if (names.includes('package.json')) note(source, path, names.includes('binding.gyp'), found);
        if (names.includes('node_modules')) open.push(inFolder(path, 'node_modules'));
      }
    }
  }
  return found;
}

function note(source: ContextSource, folder: string, hasGyp: boolean, found: Map<string, boolean>): void {
  const manifest = parseJson(source.read(inFolder(folder, 'package.json')));
  const [name, version] = [member(manifest, 'name'), member(manifest, 'version')];
  if (typeof name !== 'string' || typeof version !== 'string') return;
  const scripts = member(manifest, 'scripts');
  const hasScript = ['preinstall', 'install', 'postinstall'].some((one) => member(scripts, one) !== undefined);
  const key = `${name}@${version}`;
  found.set(key, (found.get(key) ?? false) || hasScript || (hasGyp && member(manifest, 'gypfile') !== false));
}
