import { parentOf } from '../../syntax/go-path.js';
import { isTable, parseToml, stringsOf, type TomlTable, tableAt, tablesIn, valueAt } from '../../syntax/toml.js';
import type { Install } from '../installs.js';
import { joinPath } from '../path.js';
import { inFolder, type Reading } from './reading.js';

/** Tables with an `url` that say where packages come from, and keys of uv that do. */
const tables = ['source', 'tool.poetry.source', 'tool.pdm.source', 'tool.uv.index', 'index'];
const ofUv = ['index-url', 'extra-index-url', 'find-links'];

/** A manifest, settings or a lockfile of a manager of Python must name no packages of this repository: they are not there yet. */
export function refuseLocalSources(folder: string, name: string, { context, blockers }: Reading): void {
  const path = inFolder(folder, name);
  const text = context.ignored(path) ? undefined : context.read(path);
  if (text === undefined || !/\.(?:toml|lock)$|file$/.test(name)) return;
  if (name.endsWith('.lock')) {
    const source =
      /^(?:source = \{ (?:registry|git) = "(?!\w+:\/\/|git@)|path = "(?=\.)|type = "(?:directory|file)"\nurl = ")([^"]*)"?/m.exec(
        text,
      )?.[1];
    if (source !== undefined) blockers.add(`${path} names the package source ${source}`);
    return;
  }
  const found = sourcesIn(parseToml(text) ?? {}).find((source) => !/^(?:https?:|\$)/.test(source));
  if (found !== undefined) blockers.add(`${path} names the package source ${found}`);
}

function sourcesIn(manifest: TomlTable): readonly string[] {
  const urls = tables.flatMap((name) => {
    const value = valueAt(manifest, name);
    return value === undefined || isTable(value) ? [] : tablesIn(value).map(({ url }) => url);
  });
  const others = ['', 'pip.', 'tool.uv.', 'tool.uv.pip.'].flatMap((at) =>
    ofUv.flatMap((key) => stringsOf(valueAt(manifest, `${at}${key}`)) ?? []),
  );
  // `git@example.org:x.git` and `ssh://…` are of the network too.
  const sources = Object.values(tableAt(manifest, 'tool.uv.sources')).flatMap(tablesIn);
  const own = sources
    .flatMap(({ git, url }) => [git, url])
    .filter((one) => typeof one === 'string' && (/^file:/.test(one) || !/:\/\/|@/.test(one)));
  return [...urls, ...own].filter((url) => typeof url === 'string').concat(others);
}

/**
 * uv has to build a project to learn what the manifest does not say: dependencies, and the version where the lockfile has one, which
 * versions before 0.5.22 wrote (https://docs.astral.sh/uv/concepts/projects/sync/).
 */
export function refuseComputed(folder: string, manifest: TomlTable, { context, blockers }: Reading): void {
  const dynamic = stringsOf(valueAt(manifest, 'project.dynamic')) ?? [];
  const lock = context.read(inFolder(folder, 'uv.lock')) ?? '';
  const isLocked = /^version = "[^"]*"\nsource = \{ (?:editable|virtual) = "\." \}/m.test(lock);
  if (dynamic.some((key) => /dependencies/.test(key))) blockers.add('pyproject.toml computes its dependencies');
  else if (dynamic.includes('version') && isLocked) blockers.add('uv.lock has a version that pyproject.toml computes');
}

/**
 * Where pip puts the repositories of what it installs in place: below its working folder, for conda that of the list. Paths of the image.
 * https://pip.pypa.io/en/stable/topics/vcs-support/#editable-vcs-installs
 */
export function checkedOut(
  { manager, directory, manifestArguments }: Install,
  { context, files }: Reading,
): readonly string[] {
  const isAsked = [...files].some((path) =>
    /^\s*(?:-\s+["']?)?(?:-e|--editable)[\s=]\s*[a-z]+\+/m.test(context.read(path) ?? ''),
  );
  if (directory === undefined || !isAsked) return [];
  if (manager.name === 'pip') return [joinPath(directory, 'src')];
  const lists = manager.name === 'conda' ? manifestArguments.map((one) => parentOf(`/${one ?? ''}`)) : [];
  return [...new Set(lists.map((folder) => joinPath(directory, `.${folder}/src`)))];
}
