import { plainImages } from '../../knowledge/plain-images.js';
import { type SteadyInstall, steadyInstalls } from '../../knowledge/steady-installs.js';
import { baseName, parentOf } from '../../syntax/go-path.js';
import { mountsOf } from '../../syntax/mounts.js';
import { hasOption } from '../arguments.js';
import type { Build } from '../build.js';
import { rootImageOf } from '../caches.js';
import type { BuildContext } from '../context.js';
import { isBrought, type Project, projectOf } from '../install-project.js';
import type { Install } from '../installs.js';
import type { Landing } from '../landing.js';
import { type Berry, berryIn } from '../manifests/berry.js';
import { outputsOf, writesLocks } from '../manifests/dotnet.js';
import { areScriptsHarmless, isTrustKnown } from '../manifests/install-scripts.js';
import { checkedOut } from '../manifests/python-sources.js';
import { inFolder, parseJson } from '../manifests/reading.js';
import { mayInstallExecutables } from '../manifests/shards.js';
import { isYarnLockSteady } from '../manifests/yarn-entries.js';
import { installsItself } from '../manifests.js';
import { joinPath } from '../path.js';
import { mayBeOldPoetry } from '../poetry.js';
import { type Area, entry, isSystem, tree } from './area.js';
import { type Acceptance, type CommandEffects, mayDoAnything } from './command-effects.js';
import { composerHomes, composerVariable, keepsVersion } from './composer-effects.js';
import { pinnedByCorepack } from './corepack.js';
import { homeFolders, strayHomeFile } from './home.js';
import { ownModules } from './own-modules.js';
import { strangeSetting, toldBy } from './project-settings.js';
import { settingsBeside } from './written-settings.js';

/**
 * What an install of the project's dependencies reads and writes, from its manifests in the context. `landings` are those of the
 * stage before it, `home` that of the user who runs it.
 */
export function installEffects(
  build: Build,
  context: BuildContext,
  install: Install,
  landings: readonly Landing[],
  home: string | undefined,
  acceptance: Acceptance,
): CommandEffects {
  if (!rowOf(build, install, install.manager.name)) return unknown('may read or write any file');
  const project = projectOf(build, install, landings, context);
  if (!project) return unknown('reads manifests that are not known to come from the build context');
  const { reading } = project;
  const berry = install.manager.name === 'yarn' ? berryIn(project) : undefined;
  const row = rowOf(build, install, berry ? 'yarn-berry' : install.manager.name);
  if (!row) return unknown('may read or write any file');
  const places = placesNear(install, landings);
  const doubts = [
    ...reading.doubts,
    ...(berry ? [] : ownDoubts(install, project)),
    ...pinnedByCorepack(build, install, project),
    ...unseen(build, install, project, places),
    ...toldBy(build, install, project, landings),
  ];
  if (
    reading.relied.size > 0 &&
    install.manager.name === 'npm' &&
    row.lockedBy.length > 0 &&
    isLocked(build, install, row)
  )
    doubts.push('without a lockfile it is open which install scripts would run before the sources are there');
  const isLikely = acceptance === 'likely';
  const settings = settingsBeside(build, install, project, home);
  const [doubt] = [
    ...reading.blockers,
    ...reading.obstacles,
    ...ownBlockers(build, install, project, landings),
    ...(berry ? blockersOf(berry) : []),
    ...settings.strange,
    ...(isLikely ? [] : doubts),
  ];
  if (doubt !== undefined) return unknown(`may read any file: ${doubt}`);
  const stray = home === undefined ? strayHomeFile(landings, reading.files) : undefined;
  if (stray !== undefined && !isLikely)
    return unknown(`may read any file: its home folder is not known, and ${stray} may lie in it`);
  if (stray !== undefined) doubts.push(`its home folder is not known, and ${stray} might lie in it`);
  const files = [...reading.files].flatMap(places);
  const folders = manifestFolders(install, files);
  const made = madeFolders(build, install, project, row, berry);
  const beside: readonly Area[] = folders.flatMap((folder) => made.map((name) => tree(joinPath(folder, name))));
  const targets = targetsOf(build, install, row);
  if (!targets) return unknown('writes into a folder that is not known');
  const writes = [...beside, ...targets.map(tree), ...settings.writes];
  const isKept = berry?.immutable || isLocked(build, install, row) || isSteady(install, project);
  const mayRewrite = row.lockedBy.length > 0 ? !isKept : writesLocks(install, reading);
  const own = [...reading.files].filter((path) => mayRewrite && install.manager.lockfiles.includes(baseName(path)));
  const lockfiles = [...own, ...(install.manager.name === 'npm' ? yarnLocks(reading) : [])];
  const rewrites = [...new Set(lockfiles.flatMap(places))];
  const isUnlocked = own.flatMap(places).length === 0 && row.lockedBy.length > 0 && !isKept;
  const first = isUnlocked
    ? folders.flatMap((folder) => install.manager.lockfiles.map((name) => entry(joinPath(folder, name))))
    : [];
  const [broad] = lockfiles.filter((path) => isBroughtWithOthers(path, landings));
  if (rewrites.length > 0 && isLikely && broad !== undefined)
    doubts.push(`it may write ${broad} anew, and the COPY behind it brings the old one back`);
  else writes.push(...rewrites.map(entry), ...first);
  for (const name of home === undefined || isSystem(entry(joinPath(home, '.cache'))) ? [] : homeFolders)
    writes.push(tree(joinPath(home ?? '/', name)));
  if (install.manager.name === 'bundler' && !isKept) writes.push(...gemCaches(reading).flatMap(places).map(tree));
  if (install.manager.name === 'composer') writes.push(...(composerHomes(build, install) ?? []).map(tree));
  const looksFor = namesLookedFor(install, folders, [...reading.missing]);
  const found = looksFor.filter(({ path }) =>
    landings.some((landing) => landing.contextPathOf(path) !== undefined && !files.includes(path)),
  );
  return {
    reads: [...files.map(entry), ...[...reading.folders].flatMap(places).map(tree), ...found, ...settings.reads],
    writes,
    folders: checkedOut(install, reading),
    system: true,
    web: false,
    accounts: 'none',
    network: true,
    unknown: undefined,
    loose: isLikely ? [...beside, ...first] : [],
    looksFor: [...looksFor, ...ownModules(install.command, install.directory)],
    rewrites,
    projects: folders.map(tree),
    caveats: isLikely ? doubts : [],
    variables: isLikely ? 'probably-most' : 'any',
  };
}

/** npm 7 and later write a lockfile of Yarn anew whatever they are told (`Shrinkwrap.save` of @npmcli/arborist). */
function yarnLocks({ files }: Project['reading']): readonly string[] {
  return [...files].filter((path) => baseName(path) === 'yarn.lock');
}

/** Bundler brings them up to date unless it is frozen (`CLI::Install`). */
function gemCaches({ folders }: Project['reading']): readonly string[] {
  return [...folders].filter((path) => /(?:^|\/)vendor\/cache$/.test(path));
}

/** Manifests, lockfiles and settings without wildcards, and `more`, in all the folders. */
function namesLookedFor({ manager }: Install, folders: readonly string[], more: readonly string[]): readonly Area[] {
  const names = [...manager.manifests, ...manager.lockfiles, ...manager.settings].filter((name) => !name.includes('*'));
  return folders.flatMap((folder) => [...names, ...more].map((name) => tree(joinPath(folder, name))));
}

/** Folders beside the manifests that it writes. */
function madeFolders(
  build: Build,
  install: Install,
  { folder, reading }: Project,
  row: SteadyInstall,
  berry: Berry | undefined,
): readonly string[] {
  if (berry?.globalCache === false) return [...row.writes, '.yarn/cache'];
  const { file } = build;
  const { manager, stage } = install;
  if (isSystemWide(build, install)) return [];
  if (manager.name === 'shards') return mayInstallExecutables(install, folder, reading) ? row.writes : ['lib'];
  if (manager.name !== 'bundler') return [...row.writes, ...outputsOf(manager.name, reading)];
  // https://bundler.io/man/bundle-config.1.html: without settings gems go where those of Ruby are.
  const isSet =
    /\bBUNDLE_(?!WITH|JOBS|RETRY|FROZEN|SILENCE)|\bbundler? config\b[^&;|\n]*\b(?:path|deployment|system)\b/.test(
      file.text,
    ) || [...reading.files].some((path) => path.includes('.bundle/'));
  if (isSet || !plainImages.has(rootImageOf(stage) ?? '')) return row.writes;
  return /\bBUNDLE_|\bbundler? config\b/.test(file.text) ? ['.bundle'] : [];
}

/** The folders that options of it, or variables, name; undefined where one is not known. */
function targetsOf(
  build: Build,
  { options, directory, run, command }: Install,
  { into }: SteadyInstall,
): readonly string[] | undefined {
  const found: string[] = [];
  const variables = (into?.variables ?? []).flatMap((name) => {
    const own = command.assignments.find((one) => one.name === name);
    return own || build.variable(run, name) !== undefined
      ? [{ name, value: own ? own.value : build.variable(run, name) }]
      : [];
  });
  for (const { name, value } of [...options, ...variables]) {
    if (!into?.options.includes(name) && !into?.variables?.includes(name)) continue;
    if (value === undefined || value === '' || value.startsWith('~')) return undefined;
    if (!value.startsWith('/') && directory === undefined) return undefined;
    found.push(joinPath(directory ?? '/', value));
  }
  return found;
}

/** It makes no environment: https://pipenv.pypa.io/en/latest/cli.html, https://docs.astral.sh/uv/pip/environments/ */
function isSystemWide(build: Build, { manager, options, shape, run }: Install): boolean {
  const isAsked = options.some(({ name }) => name === '--system');
  if (manager.name === 'pipenv') return isAsked;
  if (manager.name !== 'uv' || !shape.words.startsWith('pip ')) return false;
  return isAsked || /^(?:1|true)$/i.test(build.variable(run, 'UV_SYSTEM_PYTHON') ?? '');
}

/**
 * Where files of the context lie for it: of copies in several folders those below its own top folder count, or below one that a word of it
 * names, if there are some.
 */
function placesNear(
  { directory = '/', command }: Install,
  landings: readonly Landing[],
): (path: string) => readonly string[] {
  const top = (path: string) => path.split('/')[1] ?? '';
  const named = command.args.flatMap(({ value = '' }) => /^(?:-[^=/]*=?)?(\/.*)$/.exec(value)?.[1] ?? []);
  const tops = new Set([directory, ...named].map(top));
  return (path) => {
    const all = landings.flatMap((landing) => landing.imagePathOf(path) ?? []);
    const near = all.filter((place) => tops.has(top(place)));
    return near.length > 0 ? near : all;
  };
}

/** Some COPY brings it that does not name it. */
function isBroughtWithOthers(path: string, landings: readonly Landing[]): boolean {
  return landings.some(
    ({ taken, transfer }) => taken.has(path) && transfer.sources.every((source) => source.path !== path),
  );
}

function unknown(why: string): CommandEffects {
  return { ...mayDoAnything, unknown: why };
}

function rowOf(build: Build, install: Install, manager: string): SteadyInstall | undefined {
  const words = install.operands.map(({ value }) => value ?? '?').join(' ');
  if (install.kind !== 'dependencies' || (install.local && !install.shape.paths) || words.includes('?'))
    return undefined;
  return steadyInstalls.find(
    (row) =>
      row.manager === manager &&
      row.words.some((start) => words === start || (start !== '' && words.startsWith(`${start} `))) &&
      row.needs.every((name) => hasOption(install, [name])) &&
      !hasOption(install, row.not) &&
      !(manager === 'pip' && install.options.some(({ name }) => mayMean(name, row))) &&
      install.options.filter(({ name }) => install.manager.directoryOptions?.includes(name)).length <= 1 &&
      (row.into?.needed !== true || hasOption(install, row.into.options)) &&
      !(manager === 'yarn' && build.variable(install.run, 'YARN_VERSION')?.match(/^[2-9]/)),
  );
}

/** optparse takes the beginning of a long option for it, and several short ones in one word: `--targ`, `-qt`. */
function mayMean(name: string, { not, into }: SteadyInstall): boolean {
  return [...not, ...(into?.options ?? [])].some((full) =>
    full.startsWith('--')
      ? name.startsWith('--') && name !== full && name !== '--pre' && full.startsWith(name)
      : /^-[A-Za-z]{2,}$/.test(name) && name.includes(full.slice(1), 2),
  );
}

function isLocked(build: Build, { run, command, ...install }: Install, { lockedBy }: SteadyInstall): boolean {
  if (install.options.some(({ name, value }) => isUnlocking(name, value))) return false;
  return lockedBy.some((name) => {
    if (!name.startsWith('$')) return hasOption({ options: install.options, operands: install.operands }, [name]);
    const own = command.assignments.find((one) => one.name === name.slice(1))?.value;
    const value = own ?? build.variable(run, name.slice(1));
    return value !== undefined && (name === '$npm_config_package_lock') === /^(?:false|0|)$/.test(value);
  });
}

/** `--no-frozen-lockfile`, `--frozen-lockfile=false`; what it stands against is the variable that tells of CI. */
function isUnlocking(name: string, value: string | undefined): boolean {
  if (/^--(?:frozen-lockfile|immutable|locked|frozen)$/.test(name)) return value !== undefined && value !== 'true';
  return /^--no-(?:frozen-lockfile|immutable|lockfile)$/.test(name);
}

/** The lockfile already is what the install would write. */
function isSteady(install: Install, { context, reading }: Project): boolean {
  const lockfile = [...reading.files].find((path) => baseName(path) === 'yarn.lock');
  if (install.manager.name !== 'yarn' || lockfile === undefined) return false;
  if (hasOption(install, ['--force', '--flat', '--update-checksums', '--no-lockfile'])) return false;
  const manifests = [...reading.files].filter((path) => baseName(path) === 'package.json');
  const parsed = manifests.map((path) => parseJson(context.read(path)));
  return isYarnLockSteady(context.read(lockfile) ?? '', parsed);
}

/** What keeps the readings of manifests from being the whole truth. */
function ownDoubts(install: Install, { folder, reading }: Project): string[] {
  const { name } = install.manager;
  if ((name === 'yarn' || name === 'bun') && !install.scripts && !hasOption(install, ['--ignore-scripts']))
    return [`${name} may not heed the variable that forbids install scripts`];
  if (name !== 'bun' || !install.scripts) return [];
  return !isTrustKnown(install, folder, reading) && !areScriptsHarmless(install, folder, reading)
    ? ['bun runs the install scripts of packages that it trusts by itself']
    : [];
}

/** A file that tells of install scripts, or forbids them, tells nothing where the install does not see it. */
function unseen(
  build: Build,
  { run }: Install,
  { reading }: Project,
  places: (path: string) => readonly string[],
): string[] {
  const mounted = mountsOf(build.file, run).mounts.some(({ type, from }) => type === 'bind' && from === undefined);
  const path = mounted ? undefined : [...reading.relied].find((one) => places(one).length === 0);
  return path === undefined ? [] : [`${path}, which tells of install scripts or forbids them, is not copied before it`];
}

function ownBlockers(
  build: Build,
  install: Install,
  { context, folder, reading }: Project,
  landings: readonly Landing[],
): string[] {
  const { manager } = install;
  const read = (name: string) => context.read(inFolder(folder, name));
  const doubts: string[] = [];
  if ([...reading.files].some((path) => context.entry(path)?.type === 'symlink'))
    doubts.push('a manifest is a symbolic link');
  for (const path of reading.files) {
    if (!/^(?:\.(?:npm|yarn)rc|pnpm-workspace\.yaml|bunfig\.toml)$/.test(baseName(path))) continue;
    const strange = strangeSetting(manager.name, (name) => (name === baseName(path) ? context.read(path) : undefined));
    if (strange !== undefined) doubts.push(strange);
  }
  const text = read('pyproject.toml');
  if (manager.name === 'bundler' && hasOtherGemfile(build, install))
    doubts.push('BUNDLE_GEMFILE may name another Gemfile');
  if (text !== undefined && (installsItself(install, text) || mayBeOldPoetry(build.file.text, install)))
    doubts.push('it installs the project itself');
  const shards = manager.name === 'shards' ? /\bSHARDS_\w+|\bCRYSTAL(?=[= ])/.exec(build.file.text)?.[0] : undefined;
  if (shards !== undefined) doubts.push(`${shards} changes what it does`);
  // `swift-build --help`, `CoreCommands/Options.swift`, `Basics/Environment`
  if (manager.name === 'swift' && /\b(?:SWIFTPM_\w+|SWIFT_EXEC\w*)\b/.test(build.file.text))
    doubts.push('a variable may name other folders or programs');
  if (manager.name === 'composer') {
    const variable = composerHomes(build, install) ? composerVariable(build) : 'COMPOSER_HOME';
    if (variable !== undefined) doubts.push(`${variable} may name another manifest or folder`);
    if (isBrought(landings, '.git') && keepsVersion(build, install, read('composer.json')))
      doubts.push('it writes down the version of the project that Git knows, and .git is not there yet');
  }
  return doubts;
}

/** Something says where the Gemfile is, other than that it is the one of the folder. */
function hasOtherGemfile({ file, variable }: Build, { run, command, directory = '/' }: Install): boolean {
  if (!/\bBUNDLE_GEMFILE\b/.test(file.text)) return false;
  const own = command.assignments.find(({ name }) => name === 'BUNDLE_GEMFILE');
  const value = own ? own.value : variable(run, 'BUNDLE_GEMFILE');
  return value === undefined || joinPath(directory, value) !== joinPath(directory, 'Gemfile');
}

function blockersOf({ usesModules, globalCache, strange }: Berry): string[] {
  if (strange !== undefined) return [strange];
  if (!usesModules) return ['Yarn 2 and later keeps more than node_modules, unless nodeLinker says so'];
  return globalCache === undefined ? ['.yarnrc.yml moves the cache'] : [];
}

/** Folders of the image in which manifests lie, and the one in which the install runs. */
function manifestFolders({ manager, directory }: Install, files: readonly string[]): readonly string[] {
  const folders = new Set(directory === undefined ? [] : [directory]);
  // All packages of a repository are built in the folder of the one that is asked for.
  if (manager.name === 'swift') return [...folders];
  for (const path of files) {
    const name = baseName(path);
    if (manager.manifests.includes(name) || manager.lockfiles.includes(name)) folders.add(parentOf(path) || '/');
  }
  return [...folders];
}
