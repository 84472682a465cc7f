import { parentOf } from '../../syntax/go-path.js';
import type { Install } from '../installs.js';
import { addPatterns, inFolder, type Reading } from './reading.js';

/** What Maven reads before it looks at a source: the pom, its modules and parents in this repository, `.mvn`. */
export function readMaven(install: Install, folder: string, reading: Reading): boolean {
  const named = install.options.find(({ name }) => name === '-f' || name === '--file')?.value;
  const place = inFolder(folder, named ?? '');
  const pom = reading.context.entry(place)?.type === 'directory' ? inFolder(place, 'pom.xml') : place;
  const seen = new Set<string>();
  const modules = readPom(pom, reading, seen);
  if (modules === undefined) return false;
  addPatterns(reading, folder, install.manager.settings);
  for (const { name, value } of install.options) {
    if ((name === '-s' || name === '--settings') && value !== undefined && !value.startsWith('/'))
      reading.add(inFolder(folder, value));
  }
  if (modules > 0)
    reading.doubts.add('the modules that depend on each other are not built yet, so Maven may not find them');
  return true;
}

/** Number of modules; undefined where the pom is not there. */
function readPom(path: string, reading: Reading, seen: Set<string>): number | undefined {
  const text = reading.read(path)?.replaceAll(/<!--[\s\S]*?-->/g, '');
  if (text === undefined) return undefined;
  seen.add(path);
  const parent = /<parent>[\s\S]*?<\/parent>/.exec(text)?.[0];
  const relative =
    parent === undefined
      ? undefined
      : (/<relativePath>([^<]+)</.exec(parent)?.[1] ?? (/<relativePath/.test(parent) ? undefined : '../pom.xml'));
  const next = [...text.matchAll(/<module>\s*([^<]+?)\s*<\/module>/g)].map((match) => match[1] ?? '');
  let count = next.length;
  for (const name of [...next, ...(relative === undefined ? [] : [relative])]) {
    const place = inFolder(parentOf(path), name);
    const pom = place.endsWith('.xml') ? place : inFolder(place, 'pom.xml');
    if (!seen.has(pom)) count += readPom(pom, reading, seen) ?? 0;
  }
  return count;
}

/** What Gradle reads to configure the build: settings, build files of all projects, catalogs, wrapper. */
export function readGradle({ manager }: Install, folder: string, reading: Reading): boolean {
  if (!addPatterns(reading, folder, manager.manifests)) return false;
  addPatterns(reading, folder, [...manager.lockfiles, ...manager.settings]);
  const settings = ['settings.gradle', 'settings.gradle.kts']
    .map((name) => reading.context.read(inFolder(folder, name)) ?? '')
    .join('\n');
  for (const match of settings.matchAll(/["']:?([\w.-]+(?::[\w.-]+)*)["']/g)) {
    addPatterns(reading, inFolder(folder, (match[1] ?? '').replaceAll(':', '/')), [
      'build.gradle',
      'build.gradle.kts',
      'gradle.properties',
      'gradle.lockfile',
    ]);
  }
  for (const match of settings.matchAll(/includeBuild[\s(]+["']([^"']+)["']/g))
    reading.add(inFolder(folder, match[1] ?? ''));
  reading.doubts.add('build scripts may read other files');
  return true;
}
