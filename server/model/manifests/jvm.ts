import { parentOf } from '../../syntax/go-path.js';
import type { Install } from '../installs.js';
import { readPlaces } from './maven-places.js';
import { addPatterns, inFolder, type Reading } from './reading.js';

/** What Maven reads before it looks at a source: the pom, its modules and parents in this repository, `.mvn`. */
export function readMaven(install: Install, folder: string, reading: Reading): boolean {
  const place = inFolder(folder, install.manifestArguments[0] ?? '');
  const start = reading.context.entry(place)?.type === 'directory' ? inFolder(place, 'pom.xml') : place;
  const poms = readPoms(start, reading);
  if (poms.size === 0) return false;
  addPatterns(reading, folder, install.manager.settings);
  for (const { name, value } of install.options) {
    if ((name === '-s' || name === '--settings') && value !== undefined && !value.startsWith('/'))
      reading.add(inFolder(folder, value));
  }
  readPlaces(poms, folder, reading);
  const extended = [...poms].find(([, text]) => /<extensions>\s*(?:true|<extension>)/.test(text))?.[0];
  const extensions = inFolder(folder, '.mvn/extensions.xml');
  if (extended !== undefined || reading.files.has(extensions) || reading.context.entry(extensions))
    reading.doubts.add(`an extension of Maven in ${extended ?? extensions} may read other files`);
  const between = poms.size > 1 ? dependencyBetween([...poms.values()]) : undefined;
  if (between !== undefined) {
    reading.obstacles.add(
      `other modules depend on the module ${between}, which \`dependency:go-offline\` cannot find before it is built`,
    );
  }
  return true;
}

/** A module of the build that another one depends on. */
function dependencyBetween(poms: readonly string[]): string | undefined {
  const own = new Set(poms.map(coordinatesOf));
  for (const pom of poms) {
    const group = coordinatesOf(pom).split(':')[0] ?? '';
    for (const [, text = ''] of pom.matchAll(/<dependency>([\s\S]*?)<\/dependency>/g)) {
      const name = element(text, 'artifactId') ?? '';
      const of = (element(text, 'groupId') ?? '').replace(/^\$\{(?:project|pom)\.groupId\}$/, group);
      if (own.has(`${of}:${name}`)) return name;
    }
  }
  return undefined;
}

/** `group:artifact` of a pom; the group may be that of its parent. */
function coordinatesOf(pom: string): string {
  const parent = /<parent>[\s\S]*?<\/parent>/.exec(pom)?.[0] ?? '';
  const head = pom
    .replace(parent, '')
    .replace(/<(?:dependencies|dependencyManagement|build|profiles|reporting)>[\s\S]*$/, '');
  return `${element(head, 'groupId') ?? element(parent, 'groupId') ?? ''}:${element(head, 'artifactId') ?? ''}`;
}

function element(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<]+?)\\s*<`).exec(text)?.[1];
}

/** The pom and those of its modules and parents that are in the context, by path. */
function readPoms(start: string, reading: Reading): Map<string, string> {
  const poms = new Map<string, string>();
  const open = [start];
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const text = poms.has(path) ? undefined : reading.read(path)?.replaceAll(/<!--[\s\S]*?-->/g, '');
    if (text === undefined) continue;
    poms.set(path, text);
    const parent = /<parent>[\s\S]*?<\/parent>/.exec(text)?.[0] ?? '<relativePath/>';
    const relative =
      /<relativePath>\s*([^<]*?[^<\s])\s*</.exec(parent)?.[1] ??
      (parent.includes('<relativePath') ? undefined : '../pom.xml');
    const modules = [...text.matchAll(/<module>\s*([^<]+?)\s*<\/module>/g)].map((match) => match[1] ?? '');
    for (const name of relative === undefined ? modules : [...modules, relative]) {
      const place = inFolder(parentOf(path), name);
      open.push(place.endsWith('.xml') ? place : inFolder(place, 'pom.xml'));
    }
  }
  return poms;
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
