import { baseName, parentOf } from '../../syntax/go-path.js';
import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import type { Dockerfile } from '../../syntax/tree.js';
import type { Build } from '../build.js';
import type { Project } from '../install-project.js';
import type { Install } from '../installs.js';
import { member, parseJson } from '../manifests/reading.js';
import { relativeTo } from '../path.js';

/**
 * From 0.26 to 0.31 Corepack writes the version that it takes into a package.json that names none
 * (https://github.com/nodejs/corepack, `COREPACK_ENABLE_AUTO_PIN`).
 */
export function pinnedByCorepack(
  { file, variable }: Build,
  { manager, run }: Install,
  { context, folder, reading }: Project,
): string[] {
  if (!['yarn', 'pnpm'].includes(manager.name) || !mentionsCorepack(file)) return [];
  if (['COREPACK_ENABLE_AUTO_PIN', 'COREPACK_ENABLE_PROJECT_SPEC'].some((name) => variable(run, name) === '0'))
    return [];
  const isAbove = (path: string) => relativeTo(`/${parentOf(path)}`, `/${folder}`) !== undefined;
  const manifests = [...reading.files].filter((path) => baseName(path) === 'package.json' && isAbove(path));
  const names = manifests.some((path) => member(parseJson(context.read(path)), 'packageManager') !== undefined);
  return names
    ? []
    : ['Corepack may write `packageManager` into package.json, and the COPY behind it brings the old one back'];
}

/** Anywhere: a stage below may switch it on, and one that is copied from, too. */
function mentionsCorepack({ instructions }: Dockerfile): boolean {
  return instructions.some((one) => /\bcorepack\b/i.test(textWithHeredocs(one)));
}
