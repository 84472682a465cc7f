import type { Build } from '../build.js';
import type { Install } from '../installs.js';

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
