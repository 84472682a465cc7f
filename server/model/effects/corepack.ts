import { baseName, parentOf } from '../../syntax/go-path.js';
import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import type { Dockerfile } from '../../syntax/tree.js';
import type { Build } from '../build.js';
import type { Project } from '../install-project.js';
import type { Install } from '../installs.js';
import { inFolder, member, parseJson } from '../manifests/reading.js';
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
  const isNamed = (path: string) => member(parseJson(context.read(path)), 'packageManager') !== undefined;
  const isAbove = (path: string) => relativeTo(`/${parentOf(path)}`, `/${folder}`) !== undefined;
  const manifests = [...reading.files].filter((path) => baseName(path) === 'package.json' && isAbove(path));
  const names = manifests.some(isNamed);
  // `loadSpec` of Corepack goes upwards until a manifest names one.
  const other = names ? undefined : manifestsAbove(folder).find((path) => !context.ignored(path) && isNamed(path));
  if (other !== undefined) return [`Corepack takes the version that ${other} names`];
  if (['COREPACK_ENABLE_AUTO_PIN', 'COREPACK_ENABLE_PROJECT_SPEC'].some((name) => variable(run, name) === '0'))
    return [];
  return names
    ? []
    : ['Corepack may write `packageManager` into package.json, and the COPY behind it brings the old one back'];
}

function manifestsAbove(folder: string): readonly string[] {
  const found: string[] = [];
  for (let at = folder; at !== ''; ) {
    at = parentOf(at);
    found.push(inFolder(at, 'package.json'));
  }
  return found;
}

/** Anywhere: a stage below may switch it on, and one that is copied from, too. */
function mentionsCorepack({ instructions }: Dockerfile): boolean {
  return instructions.some((one) => /\bcorepack\b/i.test(textWithHeredocs(one)));
}
