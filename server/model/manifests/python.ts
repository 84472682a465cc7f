import { parentOf } from '../../syntax/go-path.js';
import type { Install } from '../installs.js';
import { addPatterns, foldersMatching, inFolder, type Reading, tomlList, tomlTable } from './reading.js';

/** What Python's managers read for an install in a folder; false where the manifest is not found. */
export function readPython(install: Install, folder: string, reading: Reading): boolean {
  const { manager, manifestArguments } = install;
  if (manager.name === 'conda') return readConda(install, folder, reading);
  const named = manager.name === 'pip-tools' && manifestArguments.length === 0 ? manager.manifests : manifestArguments;
  if (named.length > 0) {
    const wheels = install.options.find(({ name }) => name === '-f' || name === '--find-links')?.value;
    if (wheels !== undefined) reading.add(inFolder(folder, wheels));
    return named.map((file) => file !== undefined && readRequirements(file, folder, folder, reading)).every(Boolean);
  }
  if (manager.name === 'pip') return false;
  const root = lockFolder(install, folder, reading);
  if (!addPatterns(reading, root, manager.manifests)) return false;
  addPatterns(reading, root, [...manager.lockfiles, ...manager.settings]);
  readProject(install, root, reading);
  if (root !== folder && addPatterns(reading, folder, manager.manifests)) readProject(install, folder, reading);
  return true;
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
  for (const raw of text.replaceAll(/\\\r?\n/g, ' ').split('\n')) {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
    const option = /^(-r|--requirement|-c|--constraint|-f|--find-links|-e|--editable)(?:\s+|=|(?=[./\w]))(\S+)/.exec(
      line,
    );
    const value = option?.[2] ?? '';
    if (!option) readRequirement(line, path, base, reading);
    else if (/^(?:-e|--editable)$/.test(option[1] ?? '')) readRequirement(value, path, base, reading);
    else if (/^(?:-f|--find-links)$/.test(option[1] ?? '')) reading.add(inFolder(base, value));
    else if (
      !/^[a-z]+:\/\//i.test(value) &&
      depth < 20 &&
      (value.startsWith('/') || !readRequirements(value, parentOf(path), base, reading, depth + 1))
    ) {
      reading.doubts.add(`${path} includes ${value}, which is not found`);
    }
  }
  return true;
}

/** A requirement that is a path of this repository needs what is there, not only a manifest. */
function readRequirement(line: string, from: string, base: string, reading: Reading): void {
  const local = /^(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?(?:file:(?:\/\/)?)?((?:\.|\/)[^\s;]*)/
    .exec(line)?.[1]
    ?.replace(/\[.*$/, '');
  if (local === undefined || /^\w+\+/.test(line)) return;
  if (local.startsWith('/')) reading.doubts.add(`${from} names ${local}`);
  else if (/\.(?:whl|tar\.gz|zip)$/.test(local)) reading.add(inFolder(base, local));
  else reading.blockers.add(`${from} installs \`${line}\`, a project of this repository`);
}

function readToml(path: string, text: string, reading: Reading): void {
  const project = tomlTable(text, 'project');
  if (tomlList(project, 'dynamic').some((key) => /dependencies/.test(key))) {
    reading.blockers.add(`${path} computes its dependencies`);
  }
}

function readProject({ manager }: Install, folder: string, reading: Reading): void {
  const path = inFolder(folder, manager.manifests[0] ?? '');
  const text = reading.read(path) ?? '';
  if (manager.name === 'uv') readUvProject(folder, text, reading);
  else if (
    /\bpath\s*=\s*["']/.test(text) ||
    /editable\s*=\s*true/.test(text) ||
    /file:\/\/\/\$\{PROJECT_ROOT\}/.test(text)
  ) {
    reading.blockers.add(`${path} has a dependency that is a folder of this repository`);
  }
}

function readUvProject(folder: string, text: string, reading: Reading): void {
  const workspace = tomlTable(text, 'tool.uv.workspace');
  for (const pattern of tomlList(workspace, 'members')) {
    for (const one of foldersMatching(reading.context, folder, pattern)) reading.add(inFolder(one, 'pyproject.toml'));
  }
  for (const line of tomlTable(text, 'tool.uv.sources')) {
    const path = /\bpath\s*=\s*["']([^"']+)["']/.exec(line)?.[1];
    if (path !== undefined && /\.(?:whl|tar\.gz)$/.test(path)) reading.add(inFolder(folder, path));
    else if (path !== undefined)
      reading.blockers.add(`pyproject.toml has the dependency ${path}, a folder of this repository`);
  }
}

/** Whether the project itself is a package that uv, poetry or pdm would install. */
export function installsItself(install: Install, text: string): boolean {
  const { name } = install.manager;
  if (name === 'poetry') {
    if (/^\s*package-mode\s*=\s*false/m.test(text)) return false;
    return !install.options.some((option) => ['--no-root', '--only', '--no-directory'].includes(option.name));
  }
  if (name === 'uv') {
    // `uv pip install -r …` installs what is listed.
    if (install.shape.words.startsWith('pip ')) return false;
    const skip = ['--no-install-project', '--no-install-workspace', '--only-group', '--only-dev', '--no-install-local'];
    if (install.options.some((option) => skip.includes(option.name))) return false;
    const uv = tomlTable(text, 'tool.uv').join('\n');
    if (/^package\s*=\s*(true|false)/m.test(uv)) return /^package\s*=\s*true/m.test(uv);
    return /^\s*\[build-system\]/m.test(text) || /^\s*\[tool\.uv\.workspace\]/m.test(text);
  }
  if (name !== 'pdm') return false;
  if (install.options.some((option) => ['--no-self', '--prod-only-self'].includes(option.name))) return false;
  return !/^\s*distribution\s*=\s*false/m.test(text) && /^\s*\[build-system\]/m.test(text);
}

function readConda({ manifestArguments }: Install, folder: string, reading: Reading): boolean {
  const named = manifestArguments.length > 0 ? manifestArguments : ['environment.yml'];
  return named
    .map((file) => {
      if (file === undefined) return false;
      const text = reading.read(inFolder(folder, file));
      for (const line of (text ?? '').split('\n')) {
        const item = /^\s*-\s*["']?(.*?)["']?\s*$/.exec(line)?.[1] ?? '';
        const include = /^(?:-r|--requirement)\s+(?:file:)?(\S+)/.exec(item)?.[1];
        if (include !== undefined) readRequirements(include, parentOf(inFolder(folder, file)), folder, reading);
        else readRequirement(item.replace(/^(?:-e|--editable)\s+/, ''), file, folder, reading);
      }
      return text !== undefined;
    })
    .every(Boolean);
}
