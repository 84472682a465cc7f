import { parentOf } from '../../syntax/go-path.js';
import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import {
  isList,
  parseToml,
  stringsOf,
  type TomlTable,
  type TomlValue,
  tableAt,
  tablesIn,
  valueAt,
} from '../../syntax/toml.js';
import { stagesDown } from '../caches.js';
import type { Install } from '../installs.js';
import { hasLocal } from './python-project.js';
import { refuseComputed, refuseLocalSources } from './python-sources.js';
import { addPatterns, foldersMatching, inFolder, type Reading } from './reading.js';

/** What Python's managers read for an install in a folder; false where the manifest is not found. */
export function readPython(install: Install, folder: string, reading: Reading): boolean {
  const { manager, manifestArguments } = install;
  if (manager.name === 'conda') return readConda(install, folder, reading);
  const named = manager.name === 'pip-tools' && manifestArguments.length === 0 ? manager.manifests : manifestArguments;
  if (named.length > 0) {
    readOptions(install, folder, reading);
    const found = named.map((file) => file !== undefined && readRequirements(file, folder, folder, reading));
    if (manager.name === 'uv') {
      readUvSettings(folder, reading);
      readUvAbove(folder, reading);
    }
    return found.every(Boolean);
  }
  if (manager.name === 'pip') return false;
  const root = lockFolder(install, folder, reading);
  for (const one of ['uv.toml', ...manager.lockfiles, ...manager.manifests]) refuseLocalSources(root, one, reading);
  if (!addPatterns(reading, root, manager.manifests)) return false;
  addPatterns(reading, root, [...manager.lockfiles, ...manager.settings]);
  readProject(install, root, reading);
  if (manager.name === 'uv') readUvAbove(root, reading);
  if (root !== folder && addPatterns(reading, folder, manager.manifests)) readProject(install, folder, reading);
  return true;
}

/** `uv pip` heeds the settings of the folder as well: indexes, constraints. */
function readUvSettings(folder: string, reading: Reading): void {
  for (const name of ['uv.toml', 'pyproject.toml']) {
    refuseLocalSources(folder, name, reading);
    const path = inFolder(folder, name);
    if (name === 'uv.toml' || /\[\s*tool\s*\.\s*uv\b/.test(reading.context.read(path) ?? '')) reading.add(path);
  }
}

/** uv looks for its settings and for a workspace in the folders above as well: https://docs.astral.sh/uv/concepts/configuration-files/ */
function readUvAbove(root: string, reading: Reading): void {
  for (let at = root; at !== ''; ) {
    at = parentOf(at);
    readUvSettings(at, reading);
    const path = inFolder(at, 'pyproject.toml');
    if (/\[\s*tool\s*\.\s*uv\s*\.\s*workspace\b/.test(reading.context.read(path) ?? ''))
      reading.blockers.add(`${root} may be a workspace of ${path}, too`);
  }
}

/** These managers look for their manifest upwards; the lockfile is that of the workspace. */
function lockFolder({ manager }: Install, folder: string, { context }: Reading): string {
  for (let at = folder; ; at = parentOf(at)) {
    if (manager.lockfiles.some((name) => context.entry(inFolder(at, name)))) return at;
    if (at === '') return folder;
  }
}

/** Reads a requirements file and those it includes; `base` is the folder that the paths of projects start from. */
function readRequirements(file: string, folder: string, base: string, reading: Reading, depth = 0): boolean {
  const path = inFolder(folder, file);
  if (reading.files.has(path)) return true;
  const text = reading.read(path);
  if (text === undefined) return false;
  if (file.endsWith('.toml')) {
    readToml(path, text, reading);
    return true;
  }
  if (/(?:^|\/)setup\.(?:py|cfg)$/.test(path)) reading.blockers.add(`uv builds the project that ${path} describes`);
  for (const raw of text.replaceAll(/\\\r?\n/g, ' ').split('\n')) {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
    // Options may share a line: `--no-index --find-links wheels`.
    for (const part of line.startsWith('-') ? line.split(/\s+(?=-)/) : [line])
      readLine(part, path, base, reading, depth);
  }
  return true;
}

/** A line of a list of requirements: an option, or what is required. */
function readLine(line: string, path: string, base: string, reading: Reading, depth: number): void {
  const option =
    /^(-r|--requirement|-c|--constraint|-f|--find-links|-e|--editable|-i|--index-url|--extra-index-url)(?:\s+|=|(?=[./\w]))(\S+)/.exec(
      line,
    );
  const value = option?.[2] ?? '';
  if (!option) readRequirement(line, path, base, reading);
  else if (/^(?:-e|--editable)$/.test(option[1] ?? '')) readEditable(value, path, reading);
  else if (/^(?:-f|--find-links|-i|--\w*-?index-url)$/.test(option[1] ?? ''))
    readSource(value, path, [parentOf(path), base], reading);
  else if (
    !/^[a-z]+:\/\//i.test(value) &&
    depth < 20 &&
    (value.startsWith('/') || !readRequirements(value, parentOf(path), base, reading, depth + 1))
  ) {
    reading.doubts.add(`${path} includes ${value}, which is not found`);
  }
}

/** What pip takes for an archive. */
const archive = /\.(?:whl|zip|tar|tgz|tbz|tar\.(?:gz|bz2|xz))$/;

/** A word with a slash, or an archive: `libs/mine`, `mine-1.0.whl`. https://pip.pypa.io/en/stable/cli/pip_install/#argument-handling */
const pathOfProject = /^(?![a-z+]+:)([\w.-]+\/[^\s;@]*|[^\s;@]+\.(?:whl|zip|tgz|tar\.\w+))(?:\s|;|$)/i;

/** A requirement that is a path of this repository needs what is there, not only a manifest. */
function readRequirement(line: string, from: string, base: string, reading: Reading): void {
  const local = (/^(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?(?:file:(?:\/\/)?)?((?:\.|\/|\$\{|(?<=file:)\w)[^\s;]*)/.exec(
    line,
  ) ?? pathOfProject.exec(line))?.[1]?.replace(/\[.*$/, '');
  if (/(?:^|[\s@])\w+\+file:/.test(line)) reading.doubts.add(`${from} names ${line}`);
  if (local === undefined || /^\w+\+/.test(line)) return;
  if (/^[/$]/.test(local)) reading.doubts.add(`${from} names ${local}`);
  else if (archive.test(local)) reading.add(inFolder(base, local));
  else reading.blockers.add(`${from} installs \`${line}\`, a project of this repository`);
}

/** What is installed in place is a repository of the network, or a folder: `-e mine` too. */
function readEditable(value: string, from: string, reading: Reading): void {
  const text = value.replaceAll(/["']/g, '');
  if (/^(?:\/|\$)/.test(text)) reading.doubts.add(`${from} names ${text}`);
  else if (!/^\w+\+|@\s*\w+\+|^https?:/.test(text))
    reading.blockers.add(`${from} installs \`${text}\`, a project of this repository`);
}

/** Places that options of the command name, and folders that are installed beside a list. */
function readOptions({ options, rest, manifestArguments }: Install, folder: string, reading: Reading): void {
  for (const { name, value } of options) {
    if (value === undefined) continue;
    if (/^(?:-f|--find-links|-i|--\w*-?index-url|--index|--default-index)$/.test(name))
      readSource(value, name, [folder], reading);
    else if (/^--(?:cert|client-cert)$/.test(name) && !/^(?:\$|\/etc\/|\/usr\/)/.test(value))
      reading.doubts.add(`${name} names ${value}`);
    else if (/^--(?:cache-dir|log)$/.test(name) && !/^[/$~"]/.test(value)) reading.doubts.add(`${name} names ${value}`);
  }
  for (const { value } of rest)
    if (value !== undefined && !manifestArguments.includes(value) && pathOfProject.test(value))
      reading.blockers.add(`it installs \`${value}\`, a project of this repository`);
}

/** A folder of packages in one of the folders, or an index. */
function readSource(value: string, from: string, folders: readonly string[], reading: Reading): void {
  if (/^(?:https?:|\$|"?\$)/.test(value)) return;
  const found = !/^(?:file:|\/)/.test(value) && folders.some((folder) => reading.add(inFolder(folder, value)));
  if (!found) reading.doubts.add(`${from} names the package source ${value}`);
}

/** A project, or a lockfile (https://packaging.python.org/en/latest/specifications/pylock-toml/), that `uv pip` is given. */
function readToml(path: string, text: string, reading: Reading): void {
  const manifest = parseToml(text);
  if (!manifest) {
    reading.doubts.add(`${path} is not understood`);
    return;
  }
  if (stringsOf(valueAt(manifest, 'project.dynamic'))?.some((key) => /dependencies/.test(key)))
    reading.blockers.add(`${path} computes its dependencies`);
  const locked = isList(manifest.packages) ? manifest.packages.flatMap(tablesIn) : [];
  if (hasLocal(manifest) || usesWorkspace(manifest) || locked.some((one) => typeof one.path === 'string'))
    reading.blockers.add(`${path} has a dependency that is a folder of this repository`);
  readUvProject(parentOf(path), manifest, reading);
}

function readProject(install: Install, folder: string, reading: Reading): void {
  const { manager } = install;
  const path = inFolder(folder, manager.manifests[0] ?? '');
  const text = reading.read(path) ?? '';
  const manifest = parseToml(text);
  if (!manifest) {
    reading.doubts.add(`${path} is not understood`);
    return;
  }
  const own = manager.name === 'pipenv' ? manifest : tableAt(manifest, 'tool.poetry');
  if (manager.name === 'uv') {
    const members = readUvProject(folder, manifest, reading);
    readUvLock(folder, members, reading);
    if (!install.options.some(({ name }) => name === '--frozen')) refuseComputed(folder, manifest, reading);
  }
  if (manager.name === 'poetry' && valueAt(manifest, 'tool.poetry.requires-plugins') !== undefined)
    reading.blockers.add('Poetry loads the plugins that pyproject.toml requires');
  // poetry-core 2 reads it for the metadata, whatever is installed (`_configure_package_metadata` in `factory.py`).
  const license = valueAt(manifest, 'project.license.file');
  if (manager.name === 'poetry' && typeof license === 'string') reading.add(inFolder(folder, license));
  if (manager.name === 'poetry' && takesVersion(install, manifest))
    reading.blockers.add('a plugin of Poetry takes the version of the project from Git or from a source');
  if (manager.name === 'poetry') {
    const settings = parseToml(reading.context.read(inFolder(folder, 'poetry.toml')) ?? '');
    const key = ['virtualenvs.path', 'cache-dir'].find((one) => !settings || valueAt(settings, one) !== undefined);
    if (key !== undefined) reading.blockers.add(`poetry.toml ${settings ? `sets ${key}` : 'is not understood'}`);
  }
  const hook = Object.keys(tableAt(manifest, 'tool.pdm.scripts')).find((name) => hooks.test(name));
  if (manager.name === 'pdm' && hook !== undefined) reading.blockers.add(`the \`${hook}\` script of PDM runs with it`);
  if (hasLocal(manifest) || (manager.name !== 'uv' && hasFolders(own)) || /file:\/\/\/\$\{PROJECT_ROOT\}/.test(text))
    reading.blockers.add(`${path} has a dependency that is a folder of this repository`);
}

/** It does so before each command (`DynamicVersioningPlugin` in https://github.com/mtkennerly/poetry-dynamic-versioning). */
function takesVersion({ stage, run }: Install, manifest: TomlTable): boolean {
  if (valueAt(manifest, 'tool.poetry-dynamic-versioning.enable') !== true) return false;
  return stagesDown(stage).some(({ instructions }) =>
    instructions.some((one) => one.index <= run.index && /dynamic[-_]versioning/.test(textWithHeredocs(one))),
  );
}

/** https://pdm-project.org/en/latest/usage/hooks/ */
const hooks = /^(?:pre|post)_(?:install|lock|sync|use)$/;

/** Dependencies as Poetry and Pipenv write them. */
function hasFolders(value: TomlValue): boolean {
  return tablesIn(value).some(
    ({ path, file, editable }) =>
      typeof path === 'string' || editable === true || (typeof file === 'string' && !/^https?:/.test(file)),
  );
}

/** Folders of the workspace. https://docs.astral.sh/uv/concepts/projects/dependencies/#dependency-sources */
function readUvProject(folder: string, manifest: TomlTable, reading: Reading): readonly string[] {
  const patterns = stringsOf(valueAt(manifest, 'tool.uv.workspace.members')) ?? [];
  const members = patterns.flatMap((pattern) => foldersMatching(reading, folder, pattern));
  for (const one of members) reading.add(inFolder(one, 'pyproject.toml'));
  for (const { path } of Object.values(tableAt(manifest, 'tool.uv.sources')).flatMap(tablesIn)) {
    if (typeof path !== 'string') continue;
    if (/\.(?:whl|tar\.gz)$/.test(path)) reading.add(inFolder(folder, path));
    else reading.blockers.add(`pyproject.toml has the dependency ${path}, a folder of this repository`);
  }
  return members;
}

/** What members of the workspace, and folders, depend on: the lockfile has all of it. */
function readUvLock(folder: string, members: readonly string[], reading: Reading): void {
  const text = reading.context.read(inFolder(folder, 'uv.lock')) ?? '';
  for (const [, path = ''] of text.matchAll(/^source = \{ (?:directory|editable|path) = "([^"]+)"/gm)) {
    const place = inFolder(folder, path);
    if (path === '.' || members.includes(place)) continue;
    if (/\.(?:whl|tar\.gz|zip)$/.test(path)) reading.add(place);
    else reading.blockers.add(`uv.lock has the dependency ${path}, a folder of this repository`);
  }
}

/** Whether the project itself is a package that uv, poetry or pdm would install; so does one whose manifest is not understood. */
export function installsItself(install: Install, text: string): boolean {
  // `uv pip install -r …` installs what is listed.
  const { manager, shape, options } = install;
  const leaving = leavesItself[manager.name];
  if (!leaving || shape.words.startsWith('pip ') || options.some(({ name }) => leaving.includes(name))) return false;
  const manifest = parseToml(text);
  if (!manifest) return true;
  if (manager.name === 'uv' && isOfWorkspace(manifest)) return true;
  if (manager.name === 'uv' && options.some(({ name }) => leavesRoot.includes(name))) return false;
  const isBuilt = manifest['build-system'] !== undefined;
  if (manager.name === 'poetry') return valueAt(manifest, 'tool.poetry.package-mode') !== false;
  if (manager.name === 'pdm') return isBuilt && valueAt(manifest, 'tool.pdm.distribution') !== false;
  const isPackage = valueAt(manifest, 'tool.uv.package');
  return typeof isPackage === 'boolean' ? isPackage : isBuilt;
}

/** Members of a workspace may be installed with the project, or in its stead. */
export function isOfWorkspace(manifest: TomlTable): boolean {
  return valueAt(manifest, 'tool.uv.workspace') !== undefined || usesWorkspace(manifest);
}

function usesWorkspace(manifest: TomlTable): boolean {
  return Object.values(tableAt(manifest, 'tool.uv.sources'))
    .flatMap(tablesIn)
    .some(({ workspace }) => workspace === true);
}

/** Options with which they install what the project depends on, or a part of that, alone. */
const leavesItself: Readonly<Record<string, readonly string[]>> = {
  // `InstallCommand.handle` of Poetry: `--only` and `--no-directory` leave out dependencies, not the project.
  poetry: ['--no-root'],
  uv: ['--no-install-workspace', '--no-install-local'],
  pdm: ['--no-self', '--prod-only-self'],
};

/** With these uv still installs members of the workspace that are asked for (`InstallOptions::include_package`). */
const leavesRoot = ['--no-install-project', '--only-group', '--only-dev'];

/** Conda gives what stands below `pip:` to pip, as a list of requirements in the folder of the file. */
function readConda({ manifestArguments, options }: Install, folder: string, reading: Reading): boolean {
  for (const { name, value = '' } of options)
    if (/^(?:-c|--channel)$/.test(name) && /^["']?(?:file:|[./~$])/.test(value))
      reading.doubts.add(`${name} names the package source ${value}`);
  const named = manifestArguments.length > 0 ? manifestArguments : ['environment.yml'];
  return named
    .map((file) => {
      if (file === undefined) return false;
      const path = inFolder(folder, file);
      const text = reading.read(path)?.replaceAll(/(?:^|\s)#.*$/gm, '');
      if (text !== undefined && oddInConda.test(text)) reading.doubts.add(`${path} is not understood`);
      for (const line of (text ?? '').split('\n')) {
        const item = /^\s*(?:-\s*)?["']?(.*?)["']?\s*$/.exec(line)?.[1] ?? '';
        readLine(item.replace(/^(-r|--requirement)(\s+|=)file:(?=[^/])/, '$1$2'), path, parentOf(path), reading, 0);
      }
      return text !== undefined;
    })
    .every(Boolean);
}

/** Of YAML: a list for pip in brackets or from elsewhere, items of more than a line, and places in brackets. */
const oddInConda =
  /(?:^|[\s{,])["']?pip["']?:[ \t]*\S|^[ \t]*-[ \t]*(?:[*&!|>]|\w+:[ \t]*[*&!])|[[{,][ \t]*["']?(?:\.{0,2}\/|file:)/m;
