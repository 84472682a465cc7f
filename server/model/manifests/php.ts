import type { Install } from '../installs.js';
import { addPatterns, foldersMatching, inFolder, member, parseJson, type Reading } from './reading.js';

/** What Composer reads; scripts and the autoloader are kept for the install that comes after the sources. */
export function readPhp({ manager }: Install, folder: string, reading: Reading): boolean {
  if (!addPatterns(reading, folder, manager.manifests)) return false;
  addPatterns(reading, folder, [...manager.lockfiles, ...manager.settings]);
  const manifest = parseJson(reading.context.read(inFolder(folder, 'composer.json')));
  const repositories = member(manifest, 'repositories');
  for (const one of typeof repositories === 'object' && repositories !== null ? Object.values(repositories) : []) {
    const url = member(one, 'url');
    if (typeof url !== 'string' || /^[a-z]+:\/\//i.test(url)) continue;
    if (member(one, 'type') === 'path') readPath(url, folder, reading);
    else reading.add(inFolder(folder, url));
  }
  const script = Object.keys(member(manifest, 'scripts') ?? {}).find((name) => /-package-|-operations-/.test(name));
  if (script !== undefined) reading.doubts.add(`the \`${script}\` script no longer runs when packages are installed`);
  const plugins = member(member(manifest, 'config'), 'allow-plugins');
  const allowed =
    plugins === true ? ['all'] : Object.entries(plugins ?? {}).flatMap(([name, on]) => (on === true ? [name] : []));
  const unknown = allowed.filter((name) => !harmlessPlugins.has(name));
  if (unknown.length > 0) reading.doubts.add(`the Composer plugin ${unknown[0]} runs before the sources are there`);
  return true;
}

/** Plugins that look at packages only. */
const harmlessPlugins = new Set([
  'php-http/discovery',
  'pestphp/pest-plugin',
  'phpstan/extension-installer',
  'dealerdirect/phpcodesniffer-composer-installer',
  'composer/package-versions-deprecated',
  'ergebnis/composer-normalize',
  'kylekatarnls/update-helper',
  'infection/extension-installer',
  'bamarni/composer-bin-plugin',
]);

/** A path repository is linked, so its manifest is enough, unless it is mirrored. */
function readPath(url: string, folder: string, reading: Reading): void {
  for (const one of foldersMatching(reading.context, folder, url)) reading.add(inFolder(one, 'composer.json'));
  reading.doubts.add(`composer.json links the packages in ${url}, of which only composer.json is there then`);
}
