import { trustedByBun } from '../../knowledge/bun-trusted.js';
import { selfContainedInstallScripts } from '../../knowledge/install-scripts.js';
import { stagesDown } from '../caches.js';
import type { Install } from '../installs.js';
import { type LockedPackage, packageKey } from '../package-facts.js';
import { builtByPnpm, isForOthers, type LockSetting, lockedPackages } from './locked-packages.js';
import { isNxIdle } from './nx.js';
import { hasOldNpm } from './old-npm.js';
import { hasRecentPnpm, mayHaveOtherPnpm } from './other-pnpm.js';
import { inFolder, member, parseJson, type Reading, stringEntries, strings } from './reading.js';
import { yamlKeys, yamlList } from './yaml-lines.js';

/** Their install scripts read a schema, which `addPrismaSchema` has found. */
const ofPrisma = /^(?:@prisma\/(?:client|engines)|prisma)$/;

/** Settings that install scripts look for from their own folder upwards. They may load any file. */
const settingsOf: ReadonlyMap<string, RegExp> = new Map([
  // `getConfiguration` of puppeteer 19 and later, with cosmiconfig
  ['puppeteer', /^(?:\.puppeteerrc(?:\..*)?|puppeteer\.config\..*)$/],
]);

/**
 * Install scripts of dependencies run with the project around them and may read it. npm's lockfile names the packages that have some,
 * older ones of pnpm those that have to be built; pnpm from version 10 on and bun run only those that the manifest names. Where neither
 * tells, installed packages and what somebody found out about packages may.
 */
export function judgeDependencies(install: Install, root: string, folders: readonly string[], reading: Reading): void {
  const { context } = reading;
  const manifests = folders.map((folder) => parseJson(context.read(inFolder(folder, 'package.json'))));
  if (!install.scripts || install.manager.name === 'deno' || !manifests.some(hasDependencies)) return;
  if (reading.isApart()) return;
  const text = (name: string) => context.read(inFolder(root, name));
  const names =
    namesOf(install, text, mayRunIn([root, ...folders], reading), takesOthers(install, text)) ??
    trustedNames(install, root, folders, reading);
  const lockfiles = ['npm-shrinkwrap.json', ...install.manager.lockfiles];
  // Older pnpm names optional packages without having looked into them; what is trusted need not have a script.
  if (names !== undefined) judgeNames(names, root, reading, install.manager.name === 'npm');
  else if (lockfiles.every((name) => context.entry(inFolder(root, name)) === undefined))
    reading.doubts.add('without a lockfile it is open which install scripts would run before the sources are there');
  else judgePackages(dependencyScripts(install, root, folders, reading), root, reading);
  for (const name of [...lockfiles, '.yarnrc.yml'])
    if (context.entry(inFolder(root, name))) reading.relied.add(inFolder(root, name));
}

/**
 * Of bun, where the manifest trusts no package by name: those of its own list that are locked, and may have install scripts. Undefined
 * where the lockfile cannot be read. A list of another version might have more.
 */
function trustedNames(
  install: Install,
  root: string,
  folders: readonly string[],
  reading: Reading,
): readonly string[] | undefined {
  const { context } = reading;
  const { manager } = install;
  if (manager.name !== 'bun' || context.entry(inFolder(root, 'bun.lockb')) !== undefined) return undefined;
  const text = (name: string) => context.read(inFolder(root, name));
  const setting: LockSetting = { manifests: [], oldNpm: false, takesOthers: takesOthers(install, text) };
  const locked = lockedPackages('bun', text, setting);
  const mayRun = mayRunIn([root, ...folders], reading);
  const names = locked?.filter((one) => trustedByBun.has(one.name) && mayRun(one)).map(({ name }) => name);
  return names && [...new Set(names)];
}

/** Whether a package may have an install script that reads more than itself, so far as anybody has found out. */
function mayRunIn(folders: readonly string[], { context }: Reading): (one: LockedPackage) => boolean {
  let installed: ReadonlyMap<string, boolean> | undefined;
  return (one) => {
    if (isSelfContained(one.name)) return false;
    installed ??= context.installedPackages([...new Set(folders)]);
    const own = installed.get(`${one.name}@${one.version}`);
    return (own ?? (one.origin === 'registry' ? context.packageFacts()?.hasInstallScript(one) : undefined)) !== false;
  };
}

/** Whether it is known which packages bun trusts. */
export function isTrustKnown(install: Install, root: string, reading: Reading): boolean {
  const manifest = parseJson(reading.context.read(inFolder(root, 'package.json')));
  return (
    member(manifest, 'trustedDependencies') !== undefined || trustedNames(install, root, [root], reading) !== undefined
  );
}

/** What is known of the install scripts that run. */
interface DependencyScripts {
  readonly names: readonly string[];
  /** Packages of which it is not known. */
  readonly open: readonly LockedPackage[];
}

/** Undefined where nothing tells which packages are installed, or nobody has asked about any. */
function dependencyScripts(
  install: Install,
  root: string,
  folders: readonly string[],
  { context }: Reading,
): DependencyScripts | undefined {
  const facts = context.packageFacts();
  const homes = [...new Set([root, ...folders])];
  const isInstalled = homes.some((folder) => context.entry(inFolder(folder, 'node_modules'))?.type === 'directory');
  if (!facts && !isInstalled) return undefined;
  const text = (name: string) => context.read(inFolder(root, name));
  const setting: LockSetting = {
    manifests: homes.map((folder) => parseJson(context.read(inFolder(folder, 'package.json')))),
    oldNpm: install.manager.name === 'npm' && hasOldNpm(install),
    takesOthers: takesOthers(install, text),
  };
  const locked = lockedPackages(install.manager.name, text, setting);
  if (!locked) return undefined;
  const installed = isInstalled ? context.installedPackages(homes) : new Map<string, boolean>();
  const has = (one: LockedPackage) => {
    if (one.origin === 'elsewhere') return undefined;
    const own = installed.get(`${one.name}@${one.version}`);
    return own ?? (one.origin === 'registry' ? facts?.hasInstallScript(one) : undefined);
  };
  const doubtful = unique(locked).filter((one) => one.origin === 'elsewhere' || !isSelfContained(one.name));
  const judged = doubtful.map((one) => ({ one, has: has(one) }));
  return {
    names: judged.flatMap(({ one, has }) => (has === true ? [one.name] : [])),
    open: judged.flatMap(({ one, has }) => (has === undefined ? [one] : [])),
  };
}

/** Whether it is known that no install script of the packages in a lockfile of that folder reads anything of the project. */
export function areScriptsHarmless(install: Install, root: string, reading: Reading): boolean {
  const scripts = dependencyScripts(install, root, [root], reading);
  if (!scripts || scripts.open.length > 0) return false;
  const doubts = new Set<string>();
  judgeNames(scripts.names, root, { ...reading, doubts });
  return doubts.size === 0;
}

function unique(packages: readonly LockedPackage[]): readonly LockedPackage[] {
  return [...new Map(packages.map((one) => [`${one.origin} ${packageKey(one)}`, one])).values()];
}

function judgePackages(scripts: DependencyScripts | undefined, root: string, reading: Reading): void {
  const { doubts } = reading;
  if (!scripts) doubts.add('install scripts of dependencies would run before the sources are there');
  else if (scripts.open.length > 0) doubts.add(openText(scripts.open));
  if (scripts) judgeNames(scripts.names, root, reading);
}

/** Those that nobody can ask for come first. */
function openText(open: readonly LockedPackage[]): string {
  const first = open.find(({ origin }) => origin === 'elsewhere') ?? open[0];
  const name = first?.name ?? '';
  if (first?.origin === 'elsewhere')
    return `${name} is no package of a registry, and an install script of it would run before the sources are there`;
  const [more, have] =
    open.length > 1 ? [` and ${open.length - 1} more`, 'have install scripts'] : ['', 'has an install script'];
  return `it is not known whether ${name}${more} ${have}, which would run before the sources are there`;
}

/** Packages whose install scripts run; undefined where that is not known. */
function namesOf(
  install: Install,
  text: (name: string) => string | undefined,
  mayRun: (one: LockedPackage) => boolean,
  others: boolean,
): readonly string[] | undefined {
  const manager = install.manager.name;
  const manifest = parseJson(text('package.json'));
  if (manager === 'npm') return ofNpm(text('npm-shrinkwrap.json') ?? text('package-lock.json'), others);
  if (manager === 'bun') {
    const trusted = member(manifest, 'trustedDependencies');
    return trusted === undefined ? undefined : strings(trusted);
  }
  if (manager === 'yarn') {
    const isOff = !install.insistsOnScripts && /^enableScripts:\s*false\s*$/m.test(text('.yarnrc.yml') ?? '');
    return isOff ? builtByBerry(text) : undefined;
  }
  if (manager !== 'pnpm') return undefined;
  const trusted = mayHaveOtherPnpm(install)
    ? undefined
    : trustedByPnpm(manifest, hasRecentPnpm(install, manifest), text('pnpm-workspace.yaml'), text('.npmrc'));
  return (
    trusted ??
    builtByPnpm(text('pnpm-lock.yaml'), others)
      ?.filter(mayRun)
      .map(({ name }) => name)
  );
}

/** Packages whose scripts Yarn 2 and later run although settings forbid them: https://yarnpkg.com/configuration/manifest#dependenciesMeta */
export function builtByBerry(text: (name: string) => string | undefined): readonly string[] {
  const meta = member(parseJson(text('package.json')), 'dependenciesMeta');
  return Object.entries(meta ?? {}).flatMap(([key, value]) =>
    member(value, 'built') === true ? [key.replace(/(?<!^)@.*$/, '')] : [],
  );
}

/** An option, a setting or a variable has it install packages that are for other systems. */
function takesOthers({ options, stage }: Install, text: (name: string) => string | undefined): boolean {
  if (options.some(({ name }) => /^(?:-f|--force|--os|--cpu|--libc)$/.test(name))) return true;
  if (/^\s*(?:force|os|cpu|libc)\s*=/m.test(text('.npmrc') ?? '')) return true;
  const settings = ['package.json', 'pnpm-workspace.yaml', '.yarnrc.yml'].map((name) => text(name) ?? '');
  if (settings.some((one) => /supportedArchitectures/.test(one))) return true;
  return stagesDown(stage).some(({ instructions }) =>
    instructions.some(
      (one) =>
        (one.keyword === 'ENV' || one.keyword === 'ARG') &&
        one.pairs.some(({ key }) => /^npm_config_(?:force|os|cpu|libc)$/i.test(key)),
    ),
  );
}

function hasDependencies(manifest: unknown): boolean {
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].some(
    (key) => stringEntries(member(manifest, key)).length > 0,
  );
}

function isSelfContained(name: string): boolean {
  return selfContainedInstallScripts.has(name) && !settingsOf.has(name);
}

/** `areKnown`: the packages have install scripts for certain. */
function judgeNames(names: readonly string[], root: string, reading: Reading, areKnown = true): void {
  const { doubts, context, brings } = reading;
  const isKnown = (name: string) =>
    selfContainedInstallScripts.has(name) ||
    ofPrisma.test(name) ||
    name === 'husky' ||
    (name === 'nx' && isNxIdle(root, reading));
  const other = names.find((name) => !isKnown(name));
  if (other !== undefined)
    doubts.add(
      areKnown
        ? `the install script of ${other} would run before the sources are there`
        : `an install script of ${other} might run before the sources are there`,
    );
  const files = context.children(root).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  for (const name of names) {
    const file = files.find((one) => settingsOf.get(name)?.test(one));
    if (file !== undefined) doubts.add(`the install script of ${name} loads ${file}`);
    if (name === 'husky' && brings('.git'))
      doubts.add('the install script of husky sets up Git hooks, and .git is not there yet');
  }
}

/** Packages with `hasInstallScript`, which npm writes since lockfile version 2. Most lockfiles have none and need no parsing. */
function ofNpm(lockfile: string | undefined, others: boolean): readonly string[] | undefined {
  if (lockfile === undefined) return undefined;
  if (/^[^{]*\{[^{}]*"lockfileVersion"\s*:\s*[23]\b/.test(lockfile) && !lockfile.includes('"hasInstallScript"'))
    return [];
  const packages = member(parseJson(lockfile), 'packages');
  if (typeof packages !== 'object' || packages === null) return undefined;
  return Object.entries(packages).flatMap(([path, entry]) => {
    const at = path.lastIndexOf('node_modules/');
    const isOther = !others && isForOthers(strings(member(entry, 'os')));
    return at !== -1 && !isOther && member(entry, 'hasInstallScript') === true
      ? [path.slice(at + 'node_modules/'.length)]
      : [];
  });
}

/**
 * With one of them pnpm runs more scripts than it is told the names of; with `neverBuiltDependencies`, be it empty, all others
 * (https://github.com/pnpm/pnpm/blob/v10/pkg-manager/core/src/install/extendInstallOptions.ts).
 */
const allowing = ['dangerouslyAllowAllBuilds', 'onlyBuiltDependenciesFile', 'neverBuiltDependencies'];

function trustedByPnpm(
  manifest: unknown,
  isRecent: boolean,
  workspace?: string,
  settings?: string,
): readonly string[] | undefined {
  const version = /^pnpm@(\d+)/.exec(String(member(manifest, 'packageManager') ?? ''))?.[1];
  if (!isRecent && (version === undefined || Number(version) < 10)) return undefined;
  const pnpm = member(manifest, 'pnpm');
  if (allowing.some((key) => member(pnpm, key) !== undefined)) return undefined;
  if (/^\s*(?:dangerously-allow-all-builds|only-built-dependencies|never-built-dependencies)/m.test(settings ?? ''))
    return undefined;
  const keys = yamlKeys(workspace ?? '');
  if (keys?.some((key) => allowing.includes(key))) return undefined;
  const listed = yamlList(workspace ?? '', 'onlyBuiltDependencies');
  const allowed = allowedBuilds(workspace ?? '');
  if (!keys || !listed || !allowed) return undefined;
  const named = [...strings(member(pnpm, 'onlyBuiltDependencies')), ...listed, ...allowed];
  return named.map((name) => name.replace(/(?<!^)@.*$/, ''));
}

/** Keys of `allowBuilds` (`nx@21.0.0 || 21.0.1: true`) that are true; undefined where a line is not understood. */
function allowedBuilds(workspace: string): readonly string[] | undefined {
  const lines = workspace.replace(/^\uFEFF/, '').split(/\r?\n/);
  const start = lines.findIndex((line) => /^["']?allowBuilds["']?\s*:/.test(line));
  if (start === -1) return [];
  if (!/^["']?allowBuilds["']?\s*:\s*(?:#.*)?$/.test(lines[start] ?? '')) return undefined;
  const names: string[] = [];
  for (const line of lines.slice(start + 1)) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    if (/^\S/.test(line)) break;
    const item = /^\s+(?:"([^"]+)"|'([^']+)'|([^\s"'#][^"'#:]*))\s*:\s*(true|false)\s*(?:#.*)?$/.exec(line);
    if (!item) return undefined;
    if (item[4] === 'true') names.push(item[1] ?? item[2] ?? item[3] ?? '');
  }
  return names;
}
