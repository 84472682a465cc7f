import type { Build } from '../build.js';
import { type Install, installsInStage } from '../installs.js';
import { member, parseJson } from '../manifests/reading.js';

/**
 * A variable that the Dockerfile names with which Composer takes another manifest, or installs into other folders
 * (https://getcomposer.org/doc/03-cli.md#environment-variables).
 */
export function composerVariable({ file }: Pick<Build, 'file'>): string | undefined {
  return /\b(COMPOSER(?:_VENDOR_DIR|_BIN_DIR)?)(?:=|[ \t]+\S)/.exec(file.text)?.[1];
}

/** Folders but the home in which it keeps settings and downloads; undefined where one is not known. */
export function composerHomes({ variable }: Build, { run, command }: Install): readonly string[] | undefined {
  const names = ['COMPOSER_HOME', 'COMPOSER_CACHE_DIR'];
  if (command.assignments.some(({ name }) => names.includes(name))) return undefined;
  const homes = names.flatMap((name) => variable(run, name) ?? []);
  return homes.every((path) => path.startsWith('/')) ? homes : undefined;
}

/**
 * What it writes into `vendor/composer/installed.php` of the project itself, which `RootPackageLoader` asks Git for where the manifest does
 * not say it, stays: no later install writes it anew.
 */
export function keepsVersion(build: Build, { stage, run, command }: Install, manifest: string | undefined): boolean {
  if (member(parseJson(manifest), 'version') !== undefined || build.variable(run, 'COMPOSER_ROOT_VERSION'))
    return false;
  const isLater = (one: Install) =>
    one.run === run ? one.command.span.start > command.span.start : one.run.index > run.index;
  return !installsInStage(build, stage).some(
    (one) => one.manager.name === 'composer' && one.kind === 'dependencies' && isLater(one),
  );
}
