import { baseName, cleanInside, parentOf } from '../../syntax/go-path.js';
import { parseJsonc } from '../../syntax/jsonc.js';
import type { Install } from '../installs.js';
import { berryOf } from './berry.js';
import { judgeBunVariables } from './bun-env.js';
import { builtByBerry, judgeDependencies } from './install-scripts.js';
import { judgeScript } from './node-scripts.js';
import { hasOldNpm } from './old-npm.js';
import { readPnpmLinks } from './pnpm-links.js';
import { addPrismaSchema } from './prisma.js';
import {
  addPatterns,
  foldersMatching,
  inFolder,
  member,
  parseJson,
  type Reading,
  stringEntries,
  strings,
} from './reading.js';
import { yamlList } from './yaml-lines.js';

/** What npm, yarn, pnpm, bun and deno read for an install in a folder; false where there is no manifest. */
export function readNode(given: Install, folder: string, reading: Reading): boolean {
  const { manager } = given;
  if (!addPatterns(reading, folder, manager.manifests)) return false;
  const root = workspaceRoot(given, folder, reading);
  const read = (name: string) => reading.context.read(inFolder(root, name));
  const berry = manager.name === 'yarn' ? berryOf(read) : undefined;
  const mayBuild = berry !== undefined && builtByBerry(read).length > 0 && !skipsBuild(given);
  const mayRun = given.scripts && !settingsForbidScripts(given, root, reading);
  const install = { ...given, scripts: mayRun || mayBuild };
  for (const one of new Set([root, folder])) {
    addPatterns(reading, one, [...manager.manifests, ...manager.lockfiles, ...manager.settings]);
  }
  judgeAbove(given, root, reading);
  const members = workspaces(root, reading);
  if (manager.name === 'bun')
    for (const one of new Set([root, folder])) judgeBunVariables(one, install.scripts, reading);
  judgeHooks(root, reading);
  if (manager.name === 'yarn') addYarnPrograms(root, reading);
  if (manager.name === 'npm') addLockedArchives(root, reading);
  // npm 7 and later know the ranges of a lockfile of Yarn.
  if (manager.name === 'npm' && !hasOldNpm(given)) reading.add(inFolder(root, 'yarn.lock'));
  if (manager.name === 'pnpm') addLinked(root, [root, folder, ...members], reading);
  const own = berry ? { ...install, scripts: !skipsBuild(given) } : install;
  for (const one of new Set([root, folder, ...members])) readPackage(own, one, reading, berry !== undefined);
  addPrismaAbove([root, folder], members, reading);
  judgeWorkspaces([root, folder, ...members], reading);
  for (const one of members) if (areBinsLinked(install, one, reading)) addBins(one, reading);
  if (manager.name === 'deno') for (const one of members) addPatterns(reading, one, ['deno.json', 'deno.jsonc']);
  reading.judgeLater(() => judgeDependencies(install, root, [root, folder, ...members], reading));
  return true;
}

/** Yarn 2 and later run the scripts of workspaces whatever settings say (https://yarnpkg.com/configuration/yarnrc#enableScripts). */
function skipsBuild({ options }: Install): boolean {
  return options.some(({ name, value }) => name === '--mode' && value === 'skip-build');
}

/** Settings beside the lockfile that keep the scripts of dependencies from being run, and those of the project, but for Yarn 2 and later. */
function settingsForbidScripts(
  { manager, insistsOnScripts }: Install,
  root: string,
  { context, relied }: Reading,
): boolean {
  if (insistsOnScripts) return false;
  const read = (name: string) => context.read(inFolder(root, name)) ?? '';
  const says = (name: string, pattern: RegExp) => {
    const isSaid = pattern.test(read(name));
    if (isSaid) relied.add(inFolder(root, name));
    return isSaid;
  };
  if (manager.name === 'yarn' && berryOf(read)) return says('.yarnrc.yml', /^enableScripts:\s*["']?false\b/m);
  if (manager.name === 'yarn') return says('.yarnrc', /^"?--(?:install\.)?ignore-scripts"?\s+"?true"?\s*$/m);
  // From version 11 on pnpm takes only what concerns registries from `.npmrc`.
  const version = /^pnpm@(\d+)/.exec(String(member(parseJson(read('package.json')), 'packageManager') ?? ''))?.[1];
  if (manager.name === 'pnpm' && (version === undefined || Number(version) > 10)) return false;
  if (manager.name !== 'npm' && manager.name !== 'pnpm') return false;
  const isSaid = npmrcValue(read('.npmrc'), 'ignore-scripts') === 'true';
  if (isSaid) relied.add(inFolder(root, '.npmrc'));
  return isSaid;
}

/** The first word of the value that counts: the last one, above all sections. */
function npmrcValue(text: string, key: string): string | undefined {
  const top = text.split(/^\s*\[/m)[0] ?? '';
  return [...top.matchAll(new RegExp(`^\\s*["']?${key}["']?\\s*=[ \\t]*["']?([\\w-]*)`, 'gm'))].at(-1)?.[1];
}

/** The nearest folder upwards that has the lockfile or names workspaces; the folder itself where none does. */
function workspaceRoot({ manager }: Install, folder: string, { context }: Reading): string {
  for (let at = folder; ; at = parentOf(at)) {
    const here = (name: string) => context.entry(inFolder(at, name)) !== undefined;
    if (manager.lockfiles.some(here) || (manager.name === 'pnpm' && here('pnpm-workspace.yaml'))) return at;
    if (at === '') return folder;
  }
}

/** Folders above one with a lockfile of its own: it may be a workspace of one of them all the same, and yarn and pnpm look for settings there. */
function judgeAbove({ manager }: Install, root: string, reading: Reading): void {
  for (let at = root; at !== ''; ) {
    at = parentOf(at);
    const here = (name: string) => reading.context.entry(inFolder(at, name)) !== undefined;
    if (manager.name === 'pnpm' ? here('pnpm-workspace.yaml') : workspaces(at, reading).includes(root))
      reading.blockers.add(`${root} is a workspace of ${at === '' ? 'the folder above' : at}, too`);
    if (manager.name === 'yarn' && here('.yarnrc.yml')) reading.blockers.add('.yarnrc.yml lies in a folder above');
    if (manager.name === 'yarn') addPatterns(reading, at, ['.yarnrc', '.npmrc']);
  }
}

/** Folders of the workspaces that a root names, in `package.json`, `pnpm-workspace.yaml` or `deno.json`. */
function workspaces(root: string, reading: Reading): readonly string[] {
  const read = (name: string) => reading.context.read(inFolder(root, name));
  const named = member(parseJson(read('package.json')), 'workspaces');
  const ofDeno = member(parseJsonc(read('deno.json') ?? read('deno.jsonc') ?? ''), 'workspace');
  const ofPnpm = yamlList(read('pnpm-workspace.yaml') ?? '', 'packages');
  if (!ofPnpm) reading.doubts.add('pnpm-workspace.yaml is not understood');
  const patterns = [
    ...strings(named),
    ...strings(member(named, 'packages')),
    ...strings(ofDeno),
    ...strings(member(ofDeno, 'members')),
    ...(ofPnpm ?? []),
  ];
  const patches = /^patchedDependencies:[^\n]*\n((?:[ \t]+[^\n]*(?:\n|$)|\s*\n)*)/m.exec(
    read('pnpm-workspace.yaml') ?? '',
  )?.[1];
  for (const [, path = ''] of (patches ?? '').matchAll(/:[ \t]+["']?([^\s"'#]+)/g)) reading.add(inFolder(root, path));
  for (const patch of (read('pnpm-workspace.yaml') ?? '').match(/[\w@./-]+\.patch\b/g) ?? [])
    reading.add(inFolder(root, patch));
  const negative = new Set(
    patterns.filter((one) => one.startsWith('!')).flatMap((one) => foldersMatching(reading, root, one.slice(1))),
  );
  return patterns
    .filter((one) => !one.startsWith('!'))
    .flatMap((one) => foldersMatching(reading, root, one))
    .filter(
      (one) =>
        !negative.has(one) &&
        (ofDeno === undefined ? ['package.json'] : ['package.json', 'deno.json', 'deno.jsonc']).some(
          (name) => reading.context.entry(inFolder(one, name)) !== undefined,
        ),
    );
}

/** A workspace that a dependency names and that is not there shows that the context is only a part of the repository. */
function judgeWorkspaces(folders: readonly string[], reading: Reading): void {
  const manifests = [...new Set(folders)].map((one) => parseJson(reading.context.read(inFolder(one, 'package.json'))));
  const known = new Set(manifests.map((manifest) => member(manifest, 'name')));
  const keys = ['dependencies', 'devDependencies', 'optionalDependencies'];
  const all = manifests.flatMap((manifest) => keys.flatMap((key) => stringEntries(member(manifest, key))));
  const missing = all.find(([name, version]) => /^workspace:[*~^\d]/.test(version) && !known.has(name));
  if (missing) reading.obstacles.add(`its workspace ${missing[0]} is not in the build context that was found`);
}

function readPackage(install: Install, folder: string, reading: Reading, isBerry = false): void {
  const text = reading.read(inFolder(folder, 'package.json'));
  if (text === undefined) return;
  const manifest = parseJson(text);
  if (manifest === undefined) {
    reading.doubts.add('package.json cannot be read');
    return;
  }
  readDependencies(install, folder, manifest, reading);
  if (/"injected"\s*:\s*true/.test(text)) reading.blockers.add('pnpm copies the sources of an injected workspace');
  const scripts = new Map(stringEntries(member(manifest, 'scripts')));
  if (!install.scripts) return;
  if (!scripts.has('install') && !scripts.has('preinstall') && reading.context.entry(inFolder(folder, 'binding.gyp'))) {
    reading.blockers.add('binding.gyp makes it compile the sources of the project');
  }
  for (const name of isBerry ? lifecycleOfBerry : [...lifecycle, ...(lifecycleOf.get(install.manager.name) ?? [])]) {
    const script = scripts.get(name);
    if (script !== undefined) judgeScript({ name, script, scripts, folder, manifest, reading });
  }
}

/** The postinstall of @prisma/client looks in the folder where the install runs, whichever workspace asks for it (`INIT_CWD`). */
function addPrismaAbove(folders: readonly string[], members: readonly string[], reading: Reading): void {
  const manifestIn = (folder: string) => parseJson(reading.context.read(inFolder(folder, 'package.json')));
  const isAsked = members.some((one) =>
    dependencyKeys.some((key) => member(member(manifestIn(one), key), '@prisma/client') !== undefined),
  );
  if (isAsked) for (const one of new Set(folders)) addPrismaSchema(one, manifestIn(one), reading);
}

/** Yarn itself and its plugins, which `.yarnrc.yml` may look for anywhere. */
function addYarnPrograms(root: string, reading: Reading): void {
  const text = reading.context.read(inFolder(root, '.yarnrc.yml')) ?? '';
  for (const [, path = ''] of text.matchAll(/^(?:yarnPath|\s+(?:-\s+)?path):\s*["']?([^\s"'#]+)/gm))
    reading.add(inFolder(root, path));
}

/** Hooks of pnpm are read with the manifests; what they load is not. */
function judgeHooks(root: string, reading: Reading): void {
  for (const name of ['.pnpmfile.cjs', '.pnpmfile.mjs', 'pnpmfile.js']) {
    const text = reading.files.has(inFolder(root, name)) ? reading.context.read(inFolder(root, name)) : undefined;
    if (text !== undefined && /\b(?:require|import|readFile(?:Sync)?|__dirname|process)\b/.test(text))
      reading.doubts.add(`${name} may load other files`);
  }
}

/** The programs of a workspace are linked by the install where they are there, and are given the mode 755 (`fix-bin.js` of bin-links). */
function addBins(folder: string, reading: Reading): void {
  const manifest = parseJson(reading.context.read(inFolder(folder, 'package.json')));
  const bin = member(manifest, 'bin');
  if (member(member(manifest, 'directories'), 'bin') !== undefined)
    reading.doubts.add(`the install looks for programs in a folder that ${inFolder(folder, 'package.json')} names`);
  const paths = typeof bin === 'string' ? [bin] : stringEntries(bin).map(([, path]) => path);
  for (const path of paths.map((one) => inFolder(folder, one)))
    if (reading.add(path) && ((reading.context.entry(path)?.mode ?? 0) & 0o777) !== 0o755)
      reading.doubts.add(`the install makes ${path} executable, which the COPY behind it undoes`);
}

/** Folders that pnpm links and that are no workspaces. */
function addLinked(root: string, known: readonly string[], reading: Reading): void {
  for (const path of readPnpmLinks(root, reading))
    if (!known.includes(path) && reading.add(inFolder(path, 'package.json'))) addBins(path, reading);
}

/** The programs of a workspace get links: npm, Yarn and bun link all, pnpm those of workspaces that another one asks for. */
function areBinsLinked({ manager }: Install, folder: string, { context, files }: Reading): boolean {
  if (manager.name !== 'pnpm') return true;
  const name = member(parseJson(context.read(inFolder(folder, 'package.json'))), 'name');
  return [...files]
    .filter((path) => baseName(path) === 'package.json')
    .map((path) => parseJson(context.read(path)))
    .some((one) => dependencyKeys.some((key) => typeof name === 'string' && member(member(one, key), name)));
}

const dependencyKeys = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** Scripts that an install runs: https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-operation-order */
const lifecycle = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];

/** `BuildType` of https://github.com/yarnpkg/berry, `packages/plugin-pnp/sources/jsInstallUtils.ts` */
const lifecycleOfBerry = ['preinstall', 'install', 'postinstall'];

/** Those of one manager alone; https://pnpm.io/scripts#pnpmdevpreinstall */
const lifecycleOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['npm', ['dependencies']],
  ['pnpm', ['pnpm:devPreinstall']],
]);

function readDependencies(install: Install, folder: string, manifest: unknown, reading: Reading): void {
  const keys = [...dependencyKeys, 'resolutions', 'overrides'];
  const all = keys.flatMap((key) => stringEntries(member(manifest, key)));
  const nested = [member(manifest, 'overrides'), member(member(manifest, 'pnpm'), 'overrides')].flatMap((one) =>
    Object.values(typeof one === 'object' && one !== null ? one : {}),
  );
  if (nested.some((one) => typeof one === 'object' && /"(?:file|link|portal):/.test(JSON.stringify(one))))
    reading.doubts.add('an override names a folder of this repository');
  for (const [name, version] of all) {
    const local = /^(?:file|link|portal):(.+)$/.exec(version) ?? localPath.exec(version);
    if (local && /^(?:\/|~)/.test(local[1] ?? '')) reading.doubts.add(`the dependency ${name} is ${local[1]}`);
    else if (local) readLocal(install, name, { path: cleanInside(`${folder}/${local[1]}`), version }, reading);
    const patch = /#~?\/?(\.?[^#]*\.patch)/.exec(version.startsWith('patch:') ? version : '');
    if (patch?.[1]) reading.add(inFolder(folder, withBlanks(patch[1])));
    if (name === '@prisma/client' || name === 'prisma') addPrismaSchema(folder, manifest, reading);
  }
  for (const key of ['pnpm', '']) {
    const patched = member(key ? member(manifest, key) : manifest, 'patchedDependencies');
    for (const [, path] of stringEntries(patched)) reading.add(inFolder(folder, path));
  }
}

/** What npm takes for a path by its form, archives without a dot in front too, but `a/b.tgz` is a repository: https://github.com/npm/npm-package-arg */
const localPath = /^(\.{1,2}\/.+|~?\/.+|(?![^/]+\/[^/]+$)[^:]+\.(?:tgz|tar\.gz|tar))$/i;

/** Archives of this repository that a lockfile of npm names; a folder that it says this of is no link (`install-links`). */
function addLockedArchives(root: string, reading: Reading): void {
  for (const name of ['npm-shrinkwrap.json', 'package-lock.json']) {
    const text = reading.files.has(inFolder(root, name)) ? (reading.context.read(inFolder(root, name)) ?? '') : '';
    for (const [, path = ''] of text.matchAll(/"(?:resolved|version)":\s*"file:([^"]+\.(?:tgz|tar\.gz|tar))"/gi))
      if (!reading.add(inFolder(root, path))) reading.doubts.add(`${name} names the archive ${path}`);
    for (const [, path = ''] of text.matchAll(/"resolved":\s*"file:([^"]+)"/g))
      if (reading.context.entry(inFolder(root, path))?.type === 'directory')
        reading.blockers.add(`npm copies the folder ${inFolder(root, path)} of this repository`);
  }
}

function withBlanks(text: string): string {
  return text.replaceAll('%20', ' ');
}

/**
 * npm links a local folder, and runs its scripts (`rebuild.js` of @npmcli/arborist); pnpm links what is written as `link:`. All else copies
 * it as it is at that moment.
 */
function readLocal(
  install: Install,
  name: string,
  { path, version }: { readonly path: string; readonly version: string },
  reading: Reading,
): void {
  const { manager } = install;
  const manifest = inFolder(path, 'package.json');
  if (reading.context.entry(path)?.type !== 'directory') reading.add(path);
  else if (manager.name === 'npm') {
    if (reading.files.has(manifest)) return;
    readPackage(install, path, reading);
    addBins(path, reading);
  } else if (manager.name === 'yarn' || version.startsWith('file:'))
    reading.blockers.add(
      `the dependency ${name} is the folder ${path} of this repository, which ${manager.name} copies`,
    );
  else if (reading.add(manifest)) addBins(path, reading);
}
