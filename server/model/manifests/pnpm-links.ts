import { inFolder, type Reading } from './reading.js';

/**
 * Archives and folders of the repository that a lockfile of pnpm names, whoever asks for them: dependencies, overrides, catalogs, or a
 * setting that has workspaces injected. An archive is noted, a folder that pnpm copies refused, and those that it links are returned.
 * https://github.com/pnpm/spec/blob/master/lockfile/9.0.md
 */
export function readPnpmLinks(root: string, reading: Reading): readonly string[] {
  const path = inFolder(root, 'pnpm-lock.yaml');
  const text = reading.files.has(path) ? (reading.context.read(path) ?? '') : '';
  for (const [, folder = ''] of text.matchAll(/^ {4}resolution: \{[^}]*\bdirectory: ([^\s,}]+)/gm))
    reading.blockers.add(`pnpm copies the folder ${inFolder(root, folder)} of this repository`);
  for (const [, archive = ''] of text.matchAll(/\btarball: file:([^\s,}]+)/g))
    if (!reading.add(inFolder(root, archive))) reading.doubts.add(`pnpm-lock.yaml names the archive ${archive}`);
  const linked = new Set<string>();
  let inImporters = false;
  let importer = root;
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) inImporters = line.startsWith('importers:');
    const [, project] = /^ {2}(\S+):\s*$/.exec(line) ?? [];
    if (!inImporters) importer = root;
    else if (project !== undefined) importer = inFolder(root, project.replace(/^'(.*)'$/, '$1'));
    const [, target] = /:\s'?link:([^\s'(]+)/.exec(line) ?? [];
    if (target !== undefined) linked.add(inFolder(importer, target));
  }
  return [...linked];
}
