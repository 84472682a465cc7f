import { selfContainedInstallScripts } from '../../knowledge/install-scripts.js';
import type { Install } from '../installs.js';
import { inFolder, member, parseJson, type Reading, stringEntries, strings } from './reading.js';

/** Their install scripts read a schema, which `addPrismaSchema` has found. */
const ofPrisma = /^(?:@prisma\/(?:client|engines)|prisma)$/;

/**
 * Install scripts of dependencies run with the project around them and may read it. npm's lockfile names the packages that have some;
 * pnpm from version 10 on and bun run only those that the manifest names. Other lockfiles do not tell.
 */
export function judgeDependencies(install: Install, root: string, folders: readonly string[], reading: Reading): void {
  if (
    !install.scripts ||
    !folders.some((folder) => hasDependencies(parseJson(reading.context.read(inFolder(folder, 'package.json')))))
  )
    return;
  const text = (name: string) => reading.context.read(inFolder(root, name));
  if (install.manager.name === 'deno') return;
  judgeNames(namesOf(install.manager.name, text), reading);
}

/** Packages whose install scripts run; undefined where that is not known. */
function namesOf(manager: string, text: (name: string) => string | undefined): readonly string[] | undefined {
  const manifest = parseJson(text('package.json'));
  if (manager === 'npm') return ofNpm(text('package-lock.json') ?? text('npm-shrinkwrap.json'));
  if (manager === 'bun') return strings(member(manifest, 'trustedDependencies'));
  return manager === 'pnpm' ? trustedByPnpm(manifest, text('pnpm-workspace.yaml')) : undefined;
}

function hasDependencies(manifest: unknown): boolean {
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].some(
    (key) => stringEntries(member(manifest, key)).length > 0,
  );
}

function judgeNames(names: readonly string[] | undefined, { doubts }: Reading): void {
  const other = names?.find((name) => !selfContainedInstallScripts.has(name) && !ofPrisma.test(name));
  if (names === undefined) doubts.add('install scripts of dependencies run before the sources are there');
  else if (other !== undefined) doubts.add(`the install script of ${other} runs before the sources are there`);
}

/** Packages with `hasInstallScript`, which npm writes since lockfile version 2. Most lockfiles have none and need no parsing. */
function ofNpm(lockfile: string | undefined): readonly string[] | undefined {
  if (lockfile === undefined) return undefined;
  if (/^[^{]*\{[^{}]*"lockfileVersion"\s*:\s*[23]\b/.test(lockfile) && !lockfile.includes('"hasInstallScript"'))
    return [];
  const packages = member(parseJson(lockfile), 'packages');
  if (typeof packages !== 'object' || packages === null) return undefined;
  return Object.entries(packages).flatMap(([path, entry]) => {
    const at = path.lastIndexOf('node_modules/');
    return at !== -1 && member(entry, 'hasInstallScript') === true ? [path.slice(at + 'node_modules/'.length)] : [];
  });
}

function trustedByPnpm(manifest: unknown, workspace: string | undefined): readonly string[] | undefined {
  const version = /^pnpm@(\d+)/.exec(String(member(manifest, 'packageManager') ?? ''))?.[1];
  if (version === undefined || Number(version) < 10) return undefined;
  if (
    workspace !== undefined &&
    /^(?:onlyBuiltDependencies|allowBuilds|dangerouslyAllowAllBuilds)\s*:/m.test(workspace)
  )
    return undefined;
  return strings(member(member(manifest, 'pnpm'), 'onlyBuiltDependencies'));
}
