import { parentOf } from '../../syntax/go-path.js';
import type { Install } from '../installs.js';
import { addPatterns, foldersMatching, inFolder, type Reading } from './reading.js';

/** What a manager reads by its row of the table; false where no manifest is there. */
export function readByTable({ manager, manifestArguments }: Install, folder: string, reading: Reading): boolean {
  for (const path of manifestArguments) if (path !== undefined) reading.add(inFolder(folder, path));
  const found = addPatterns(reading, folder, manager.manifests);
  addPatterns(reading, folder, [...manager.lockfiles, ...manager.settings]);
  return found || reading.files.size > 0;
}

export function readPub(install: Install, folder: string, reading: Reading): boolean {
  if (!readByTable(install, folder, reading)) return false;
  const open = [folder];
  const seen = new Set(open);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const text = reading.read(inFolder(at, 'pubspec.yaml')) ?? '';
    const workspace = /^workspace:\s*\n((?:\s+-.*\n?|\s*#.*\n|\s*\n)+)/m.exec(text)?.[1] ?? '';
    const named = [
      ...text.matchAll(/^\s+path:\s*["']?([./][^\s"'#]*|\w[\w/.-]*\/[\w/.-]*)/gm),
      ...workspace.matchAll(/-\s*["']?([^\s"'#]+)/g),
    ];
    for (const path of named.map((match) => inFolder(at, match[1] ?? ''))) {
      if (!seen.has(path) && reading.context.entry(inFolder(path, 'pubspec.yaml'))) open.push(path);
      seen.add(path);
    }
  }
  if (install.command.name === 'flutter')
    reading.doubts.add('flutter pub get also writes files for the plugins into the folders of the platforms');
  return true;
}

/** `*.cabal` and `package.yaml` of the packages that `stack.yaml` or `cabal.project` names. */
export function readHaskell(install: Install, folder: string, reading: Reading): boolean {
  if (!readByTable(install, folder, reading)) return false;
  const lists = ['stack.yaml', 'cabal.project']
    .map((name) => reading.context.read(inFolder(folder, name)) ?? '')
    .join('\n');
  const block = /^packages:((?:.*\n?)(?:[ \t-].*\n?)*)/m.exec(lists)?.[1] ?? '';
  for (const match of block.matchAll(/[\w./*-]+/g)) {
    const path = match[0].endsWith('.cabal') ? parentOf(match[0]) : match[0].replace(/^-+$/, '.');
    for (const one of foldersMatching(reading, folder, path)) addPatterns(reading, one, ['*.cabal', 'package.yaml']);
  }
  reading.doubts.add('a package description may read other files');
  return true;
}

export function readConan(install: Install, folder: string, reading: Reading): boolean {
  const place = inFolder(folder, install.manifestArguments[0] ?? '');
  const home = reading.context.entry(place)?.type === 'directory' ? place : parentOf(place);
  if (!readByTable({ ...install, manifestArguments: [] }, home, reading)) return false;
  if (!reading.files.has(inFolder(home, 'conanfile.txt'))) reading.doubts.add('conanfile.py may read other files');
  return true;
}
