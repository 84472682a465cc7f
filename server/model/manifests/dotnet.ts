import { baseName, parentOf } from '../../syntax/go-path.js';
import type { Install } from '../installs.js';
import { addPatterns, inFolder, type Reading } from './reading.js';

/** More projects make no readable Dockerfile. */
const mostProjects = 60;

/** What `dotnet restore` reads: the solution or project named, all it refers to, and the settings in the folders above them. */
export function readDotnet(install: Install, folder: string, reading: Reading): boolean {
  const named = install.manifestArguments;
  const start = named.length > 0 ? named.map((path) => path && inFolder(folder, path)) : [inside(folder, reading)];
  const found = start.map((path) => {
    if (path === undefined) return false;
    const file = reading.context.entry(path)?.type === 'directory' ? inside(path, reading) : path;
    return file !== undefined && readProjects(file, reading);
  });
  addSettings(folder, install, reading);
  return found.every(Boolean);
}

/** The solution or project that a folder holds; solutions first, as MSBuild would complain about both. */
function inside(folder: string, { context }: Reading): string | undefined {
  const files = context.children(folder).filter(({ type }) => type !== 'directory');
  const find = (extension: RegExp) => files.filter(({ path }) => extension.test(path));
  const solutions = find(/\.slnx?$/i);
  const found = solutions.length > 0 ? solutions : find(/\.(?:cs|fs|vb)proj$/i);
  return found.length === 1 ? found[0]?.path : undefined;
}

function readProjects(start: string, reading: Reading): boolean {
  const open = [start];
  const seen = new Set(open);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const text = reading.read(path);
    if (text === undefined) {
      if (path === start) return false;
      continue;
    }
    addPatterns(reading, parentOf(path), ['packages.lock.json', 'packages.config', 'paket.references']);
    // The common targets import it.
    reading.add(`${path}.user`);
    for (const next of referencesOf(text, path, reading)) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  if (/\.slnf$/i.test(start)) reading.obstacles.add(`${start} names a solution, which is not read`);
  if (seen.size > mostProjects) reading.obstacles.add(`it restores ${seen.size} projects, too many to copy one by one`);
  return true;
}

/** Files of the SDK and of packages, and those above that count anyway. */
const toolImports =
  /^\$\((?:\[MSBuild\]::GetPathOfFileAbove\(|\[MSBuild\]::GetDirectoryNameOfFileAbove\(|MSBuild(?:Extensions|Tools|SDKs|Bin)\w*Path|VSTools|NuGet|Pkg|VCTargets|BaseIntermediate|MSBuildProjectExtensions|CodeAnalysis|TargetFramework)/i;

/** Projects that a solution or a project names, and files it imports. */
function referencesOf(text: string, path: string, reading: Reading): string[] {
  const home = parentOf(path);
  if (/\$\(\[System\.IO\.File\]::Read/.test(text)) reading.doubts.add(`${path} reads other files`);
  const at = (name: string | undefined) => inFolder(home, (name ?? '').replaceAll('\\', '/'));
  if (/\.sln$/i.test(path)) {
    return [...text.matchAll(/^Project\([^)]*\)\s*=\s*"[^"]*",\s*"([^"]+\.\w*proj)"/gm)].map((match) => at(match[1]));
  }
  if (/\.slnx$/i.test(path)) return attributesOf(text, 'Project', 'Path').map(at);
  const projects = attributesOf(text, 'ProjectReference', 'Include').flatMap((names) => names.split(';'));
  const references = [
    ...projects.map((name) => ['ProjectReference', name.trim()] as const),
    ...attributesOf(text, 'Import', 'Project').map((name) => ['Import', name] as const),
  ];
  return references.flatMap(([kind, name]) => {
    if (name === '') return [];
    const literal = name.replace(/^\$\(MSBuildThisFileDirectory\)[/\\]*/, '');
    if (!literal.includes('$(') && !literal.includes('*'))
      return reading.context.entry(at(literal)) ? [at(literal)] : [];
    if (kind === 'ProjectReference') reading.doubts.add(`${path} refers to ${name}`);
    else if (!toolImports.test(literal)) reading.doubts.add(`${path} imports ${name}`);
    return [];
  });
}

/** Values of an attribute of all elements of a name, but for those in comments. */
function attributesOf(text: string, element: string, attribute: string): readonly string[] {
  const tags = new RegExp(`<${element}(?=\\s)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)`, 'gi');
  const value = new RegExp(`\\s${attribute}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i');
  return [...text.replaceAll(/<!--[\s\S]*?-->/g, '').matchAll(tags)].flatMap(([, attributes = '']) => {
    const [, double, single] = value.exec(attributes) ?? [];
    return (double ?? single)?.replaceAll(/&(amp|apos|quot|lt|gt);/g, (_, name: string) => entities[name] ?? '') ?? [];
  });
}

const entities: Readonly<Record<string, string>> = { amp: '&', apos: "'", quot: '"', lt: '<', gt: '>' };

/** `Directory.*.props`, `nuget.config` and `global.json` count for every folder below theirs. */
function addSettings(folder: string, { manager, options }: Install, reading: Reading): void {
  const folders = new Set<string>();
  for (const path of [folder, ...[...reading.files].map(parentOf)]) {
    for (let at = path; !folders.has(at); at = parentOf(at)) folders.add(at);
  }
  for (const one of folders) addPatterns(reading, one, manager.settings);
  const told = options.flatMap(({ name, value }) =>
    name === '--configfile' && value !== undefined ? inFolder(folder, value) : [],
  );
  for (const path of told) reading.add(path);
  const isSettings = (path: string) => /(?:^|\/)nuget\.config$/i.test(path) || told.includes(path);
  // A set that grows is walked to its end.
  for (const path of reading.files) {
    const text = reading.context.read(path) ?? '';
    if (/\.(?:props|targets)$/i.test(path)) for (const next of referencesOf(text, path, reading)) reading.add(next);
    if (isSettings(path)) addSources(text, path, reading);
    if (isSettings(path) && /key\s*=\s*"(?:globalPackagesFolder|repositoryPath)"/i.test(text))
      reading.doubts.add(`${path} moves the folder of the packages`);
    if (/proj(?:\.user)?$|\.(?:props|targets)$/i.test(path)) addDoubts(text, path, reading);
  }
}

/** Folders of packages that `nuget.config` names as sources: a restore fails without them. */
function addSources(text: string, path: string, reading: Reading): void {
  for (const value of packageSources(text))
    if (!/^https?:/i.test(value)) reading.doubts.add(`${path} names the package source ${value}`);
}

/** Addresses and folders that a `NuGet.Config` names as sources of packages. */
export function packageSources(text: string): readonly string[] {
  const sources =
    /<packageSources>([\s\S]*?)<\/packageSources>/i.exec(text.replaceAll(/<!--[\s\S]*?-->/g, ''))?.[1] ?? '';
  return attributesOf(sources, 'add', 'value');
}

/** What a restore may look at besides the files that it surely reads. */
function addDoubts(text: string, path: string, reading: Reading): void {
  if (/<Restore(?:AdditionalProject)?Sources>(?!\s*https?:[^<;]*\s*<)/i.test(text))
    reading.doubts.add(`${path} names package sources`);
  if (/\b(?:Before|After)Targets\s*=\s*["'][^"']*\b_?\w*(?:Restore|CollectPackage)/i.test(text))
    reading.doubts.add(`${path} runs something when packages are restored`);
  if (/<RestorePackagesPath>/i.test(text)) reading.doubts.add(`${path} moves the folder of the packages`);
  const odd =
    /<(RestoreConfigFile|NuGetLockFilePath|Restore(?:AdditionalProject)?FallbackFolders|RestoreOutputPath|ArtifactsPath)>/.exec(
      text,
    )?.[1];
  if (odd !== undefined) reading.doubts.add(`${path} sets ${odd}`);
  for (const [, name = ''] of text.matchAll(/\bExists\s*\(\s*'([^']*)'\s*\)/gi)) {
    const found = placeAsked(name, path, reading);
    if (found !== undefined) reading.doubts.add(`${path} asks whether ${found} exists`);
  }
}

/**
 * A file or folder of the context that a condition asks for, and that no restore reads. In a file that projects import, a name means
 * one beside the project, but for some elements one beside that file (MSBuild `Evaluator.cs`, `GetCurrentDirectoryForConditionEvaluation`).
 */
function placeAsked(name: string, path: string, { context, files }: Reading): string | undefined {
  const [start = '', own, project] =
    /^(?:\$\((?:(MSBuildThisFileDirectory)|(MSBuildProjectDirectory|ProjectDir))\))?/.exec(name) ?? [];
  const rest = name.slice(start.length).replaceAll('\\', '/');
  const literal = start === '' ? rest : rest.replace(/^\/+/, '');
  if (literal === '' || literal.includes('$(')) return undefined;
  const isImported = !/proj$/i.test(path);
  const projects = isImported && !own ? [...files].filter((one) => /proj$/i.test(one)) : [];
  const bases = isImported && project ? projects : [path, ...projects];
  const isRead = (found: string) => files.has(found) || [...files].some((one) => one.startsWith(`${found}/`));
  return bases
    .map((base) => inFolder(parentOf(base), literal))
    .find((found) => context.entry(found) && !context.ignored(found) && !isRead(found));
}

/**
 * Whether a restore may write a `packages.lock.json` that is there anew: it does where the manifests ask for something else, unless it is
 * told not to (https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies).
 */
export function writesLocks(
  { manager, options }: Install,
  { context, files }: Pick<Reading, 'context' | 'files'>,
): boolean {
  const isAsked = options.some(({ name, value }) => name === '--locked-mode' || isLocking(name, value));
  if (manager.name !== 'dotnet' || isAsked) return false;
  const isLocked = (path: string) => locksAlways(context.read(path) ?? '');
  return [...files].some((lockfile) => {
    if (baseName(lockfile) !== 'packages.lock.json') return false;
    const folder = parentOf(lockfile);
    const projects = [...files].filter((path) => parentOf(path) === folder && /proj$/i.test(path));
    const settings = nearestAbove(folder, files);
    return !(projects.length > 0 && projects.every(isLocked)) && !settings.some(isLocked);
  });
}

/** `-p:RestoreLockedMode=true`, `/p:RestoreLockedMode=true` */
function isLocking(name: string, value: string | undefined): boolean {
  return /^(?:[-/]{1,2}p|--property):RestoreLockedMode$/i.test(name) && /^true$/i.test(value ?? '');
}

/** It says `RestoreLockedMode` without a condition. */
function locksAlways(text: string): boolean {
  const plain = text
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/<(PropertyGroup|Choose)\b[^>]*\sCondition[\s\S]*?<\/\1>|<Choose\b[\s\S]*?<\/Choose>/gi, '');
  return /<RestoreLockedMode\s*>\s*true\s*</i.test(plain);
}

/** MSBuild takes the nearest of each name. */
function nearestAbove(folder: string, files: ReadonlySet<string>): readonly string[] {
  return ['Directory.Build.props', 'Directory.Build.targets'].flatMap((name) => {
    for (let at = folder; ; at = parentOf(at)) {
      const path = inFolder(at, name);
      if (files.has(path)) return [path];
      if (at === '') return [];
    }
  });
}

/** Folders besides `obj` in which a restore leaves something (https://learn.microsoft.com/dotnet/core/sdk/artifacts-output). */
export function outputsOf(manager: string, { context, files }: Reading): readonly string[] {
  const isAsked = [...files].some((path) => /<UseArtifactsOutput>\s*true/i.test(context.read(path) ?? ''));
  return manager === 'dotnet' && isAsked ? ['artifacts'] : [];
}
