import { implicitVariable } from '../knowledge/volatile-variables.js';
import { parentOf } from '../syntax/go-path.js';
import { parseShell } from '../syntax/shell.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';
import { variableDefinitions } from './effects/search-paths.js';
import type { Project } from './install-project.js';
import type { Install } from './installs.js';
import type { Reading } from './manifests.js';
import { joinPath, relativeTo } from './path.js';

/** A file of the context, or a folder to read or to write into, that an install is told of, and by what: an option, a variable, the SHELL. */
export interface NamedFile {
  readonly path: string;
  readonly by: string;
}

/** Variables of which programs read paths, besides those of the managers. */
const readByOthers =
  /^(?:BASH_ENV|ENV|LD_\w+|SSL_\w+|\w+_CA_BUNDLE|GIT_\w+|XDG_\w+|NETRC|PIPENV_\w+|COREPACK_\w+|CONDA\w*|GOFLAGS)$/;

/** Variables that name folders in which packages or settings are. */
const foldersRead =
  /^(?:(?:PIP|UV)_(?:FIND_LINKS|(?:EXTRA_|DEFAULT_)?INDEX(?:_URL)?)|GOPROXY|BUNDLE_APP_CONFIG|COMPOSER_HOME|CARGO_HOME|GRADLE_USER_HOME|POETRY_CONFIG_DIR|XDG_CONFIG_(?:HOME|DIRS))$/i;

/**
 * Files that an install is told of by name and that are not among those it is known to read. `contextPathOf` gives the context's
 * path for one of the image.
 */
export function namedFiles(
  build: Build,
  install: Install,
  { context, reading }: Pick<Project, 'context' | 'reading'>,
  contextPathOf: (imagePath: string) => string | undefined,
): readonly NamedFile[] {
  const { directory } = install;
  if (directory === undefined) return [];
  const found: NamedFile[] = inSettings(context, reading);
  for (const { text, by, isFolder } of namesIn(build, install)) {
    const path = text === '' ? undefined : contextPathOf(joinPath(directory, text));
    if (path === undefined || reading.files.has(path)) continue;
    const type = path === '' ? 'directory' : context.entry(path)?.type;
    if (type !== 'file' && !(isFolder && type === 'directory')) continue;
    if ([...reading.folders].some((folder) => relativeTo(folder, path) !== undefined)) continue;
    found.push({ path, by });
  }
  return found;
}

const settings = /(?:^|\/)(?:\.(?:npm|yarn|conda|gem|net)rc|bunfig\.toml|nuget\.config|pip\.conf|\.bundle\/config)$/i;

/** `cafile=./certs/ca.pem` */
function inSettings(context: BuildContext, reading: Reading): NamedFile[] {
  return [...reading.files]
    .filter((by) => settings.test(by))
    .flatMap((by) =>
      (context.read(by) ?? '').split(/[\s"'=,;<>]+/).flatMap((word) => {
        const path = word.includes('.') ? relativeTo('/', joinPath(`/${parentOf(by)}`, word)) : undefined;
        const isOther = path !== undefined && context.entry(path)?.type === 'file' && !reading.files.has(path);
        return isOther ? [{ path, by }] : [];
      }),
    );
}

interface Name {
  readonly text: string;
  readonly by: string;
  /** The install writes there, or reads all that is there: what lies there already counts, too. */
  readonly isFolder?: boolean;
}

function* namesIn(build: Build, install: Install): Generator<Name> {
  const { run, stage, command } = install;
  const state = build.stateBefore(run);
  for (const text of state.shell) if (text.includes('/')) yield { text, by: 'SHELL' };
  let isTarget = false;
  for (const { value } of command.args) {
    for (const text of value === undefined ? [] : [value, ...value.split(/[=,]/)])
      yield { text, by: value ?? '', isFolder: isTarget || value?.startsWith('--target=') === true };
    isTarget = value === '-t' || value === '--target';
  }
  const script = parseShell(build.file, run, state.shell);
  for (const { name, text: written, at } of variableDefinitions(build, stage, run, script)) {
    if (!implicitVariable.test(name) && !readByOthers.test(name)) continue;
    const value = build.expand(at, name === 'PATH' ? written.replace(/:?\$\{?PATH\b\}?:?/, ':') : written) ?? '';
    for (const text of value.split(name === 'PATH' ? ':' : /[\s:=,;]+/)) {
      if (text === '') continue;
      if (name === 'PATH') yield { text: `${text}/${command.name}`, by: name };
      else yield { text, by: name, isFolder: foldersRead.test(name) };
      if (name === 'HOME') yield* inHome.map((file) => ({ text: `${text}/${file}`, by: name }));
      if (name === 'PYTHONPATH') yield* sites.map((site) => ({ text: `${text}/${site}`, by: name }));
    }
  }
}

/** Settings that programs look for in the home. */
const inHome =
  '.netrc .gitconfig .npmrc .yarnrc .gemrc .condarc .pip/pip.conf .config/pip/pip.conf .config/go/env'.split(' ');

/** Modules that Python loads when it starts. */
const sites = ['sitecustomize.py', 'usercustomize.py'];
