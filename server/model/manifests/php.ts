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
    if (typeof url !== 'string' || url === '' || /^(?!file:)[a-z+.-]+:\/\//i.test(url)) continue;
    if (member(one, 'type') === 'path') readPath(url, folder, reading);
    else if (isHere(url, folder, reading)) reading.blockers.add(`composer.json names the package source ${url}`);
  }
  const script = Object.keys(member(manifest, 'scripts') ?? {}).find((name) => early.test(name));
  if (script !== undefined)
    reading.doubts.add(
      /^pre-|^init$|^command$/.test(script)
        ? `the \`${script}\` script finds the packages installed`
        : `the \`${script}\` script no longer runs when packages are installed`,
    );
  const config = member(manifest, 'config');
  const moved = ['vendor-dir', 'bin-dir'].find((key) => member(config, key) !== undefined);
  if (moved !== undefined) reading.doubts.add(`composer.json sets ${moved}, where the sources may bring files`);
  refuseArchives(folder, reading);
  judgePlugins(member(config, 'allow-plugins'), folder, reading);
  return true;
}

/**
 * Scripts for what happens to packages, and those that come before it (https://getcomposer.org/doc/articles/scripts.md); `create-project` alone
 * runs `post-root-package-install`.
 */
const early =
  /(?<!-root)-package-|-operations-|-file-download$|-dependencies-solving$|^pre-(?:install|update|command|pool)-|^(?:init|command)$/;

/** An address without `https://` is one of the network where nothing of that name is here. */
function isHere(url: string, folder: string, { context }: Reading): boolean {
  return /^(?:\.|\/|file:)/.test(url) || (!/:\/\//.test(url) && context.entry(inFolder(folder, url)) !== undefined);
}

/** Packages whose archives lie in the repository. */
function refuseArchives(folder: string, reading: Reading): void {
  const text = reading.context.read(inFolder(folder, 'composer.lock')) ?? '';
  for (const [, dist = ''] of text.matchAll(/"dist":\s*(\{[^{}]*\})/g)) {
    const parsed = parseJson(dist);
    const url = member(parsed, 'url');
    if (typeof url === 'string' && member(parsed, 'type') !== 'path' && isHere(url, folder, reading))
      reading.blockers.add(`composer.lock names the archive ${url}`);
  }
}

/** Before 2.2 Composer ran all plugins; from then on it runs those that are allowed, and stops at others. */
function judgePlugins(plugins: unknown, folder: string, reading: Reading): void {
  const allowed =
    plugins === true ? ['all'] : Object.entries(plugins ?? {}).flatMap(([name, on]) => (on === true ? [name] : []));
  const [unknown] = allowed.filter((name) => !harmlessPlugins.has(name));
  if (unknown !== undefined)
    reading.doubts.add(`the Composer plugin ${unknown} would run before the sources are there`);
  if (plugins !== undefined) return;
  reading.judgeLater(() => {
    const lock = reading.context.read(inFolder(folder, 'composer.lock')) ?? '';
    if (/"type":\s*"composer-(?:plugin|installer)"/.test(lock))
      reading.doubts.add('Composer before 2.2 would run the plugins of composer.lock before the sources are there');
  });
}

/** Plugins that look at packages only, or do all of it again behind the sources. */
const harmlessPlugins = new Set([
  'php-http/discovery',
  'pestphp/pest-plugin',
  'phpstan/extension-installer',
  'composer/package-versions-deprecated',
  'ergebnis/composer-normalize',
  'kylekatarnls/update-helper',
  'infection/extension-installer',
  'bamarni/composer-bin-plugin',
]);

/** A path repository is linked, so its manifest is enough, unless it is mirrored. */
function readPath(url: string, folder: string, reading: Reading): void {
  for (const one of foldersMatching(reading, folder, url)) reading.add(inFolder(one, 'composer.json'));
  reading.doubts.add(`composer.json links the packages in ${url}, of which only composer.json is there then`);
}
