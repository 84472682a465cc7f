import { parentOf } from '../syntax/go-path.js';
import { mountsOf } from '../syntax/mounts.js';
import { parseShell, type ShellCommand } from '../syntax/shell.js';
import type { RunInstruction } from '../syntax/tree.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';
import { foldersOf, type Install, installsIn, wordValue } from './installs.js';
import type { Landing } from './landing.js';
import { type BareBuild, readBareBuild } from './manifests/python-build.js';
import { newReading, type Reading } from './manifests/reading.js';
import { readSetupScript } from './manifests/setup-script.js';
import { joinPath } from './path.js';
import { type SedEdit, sedEdit } from './sed.js';

/** A `pip install .` that can run before the sources are there, and again, unchanged, behind them. */
export interface OwnInstall extends BareBuild {
  readonly install: Install;
  /** Folder of the project in the image. */
  readonly folder: string;
  /** Files of the context that the build needs, by where they lie in the image. */
  readonly files: ReadonlyMap<string, string>;
  /** Files of the image among them that commands before it in the RUN change. */
  readonly edited: readonly string[];
}

/**
 * Whether the first command of a RUN by which pip installs a project of this repository leaves the same image if the RUN, up to that
 * command, runs twice: once with the manifests alone, and once with all the sources. A sentence where not, or where that is not
 * known; undefined where the RUN has no such command. pip installs a local folder anew, whether that version is there already or
 * not, takes away all files of the one before, and leaves dependencies as they are: `Resolver.resolve` in
 * https://github.com/pypa/pip/blob/main/src/pip/_internal/resolution/resolvelib/resolver.py. The same
 * holds for a folder that is installed in place, and with `--user` (`Factory.get_dist_to_uninstall`).
 */
export function ownInstall(
  build: Build,
  run: RunInstruction,
  landings: readonly Landing[],
  context: BuildContext,
): OwnInstall | string | undefined {
  const install = installsIn(build, run).find(({ manager, kind }) => manager.name === 'pip' && kind === 'build');
  if (!install) return undefined;
  const asked = askedOf(build, install);
  if (typeof asked === 'string') return asked;
  const name = [manifestName, 'setup.py'].find((one) => contextFolder(asked.folder, one, landings) !== undefined);
  const folder = name && contextFolder(asked.folder, name, landings);
  if (name === undefined || folder === undefined || !context.plausible)
    return `${joinPath(asked.folder, manifestName)} is not found in the build context`;
  const reading = newReading(context);
  const bare = readManifest(reading, folder, name, asked);
  // Old versions of setuptools install it in place by a way of their own: `setup.py develop`.
  if (install.options.some((option) => editable.test(option.name)) && context.entry(at(folder, 'setup.py')))
    reading.blockers.add('it installs the project where its sources are, and there is a setup.py');
  readConstraints(install, landings, reading);
  if ([...reading.files].some((path) => !/\.(?:md|rst)$/i.test(path) && namesPip.test(context.read(path) ?? '')))
    reading.blockers.add('it may bring another pip, which would run the second time');
  if (asked.folder === '/' && bare && bare.backend !== 'hatchling')
    reading.blockers.add('the project lies in the root of the image');
  const [blocker] = reading.blockers;
  if (blocker !== undefined || !bare) return blocker ?? `${name} is a symbolic link`;
  const files = placesOf(reading, landings);
  const missing = [...reading.files].find((path) => ![...files.values()].includes(path));
  if (missing !== undefined) return `${missing} is not copied before it`;
  const edited = asked.edits.length > 0 ? [joinPath(asked.folder, manifestName)] : [];
  return { ...bare, install, folder: asked.folder, files, edited };
}

/** A requirement of pip itself. */
const namesPip =
  /^[ \t]*(?:[\w-]+[ \t]*=[ \t]*[[(]?[ \t]*)?["']?pip["']?[ \t]*(?:[=<>!~,;\])]|$)|["']pip(?:[ \t]*[=<>!~][^"']*)?["']/m;

const manifestName = 'pyproject.toml';

function at(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Undefined where it is no file. */
function readManifest(reading: Reading, folder: string, name: string, { edits }: Asked): BareBuild | undefined {
  if (reading.context.entry(at(folder, name))?.type !== 'file') return undefined;
  if (name === manifestName) {
    const text = reading.read(at(folder, name)) ?? '';
    return readBareBuild(
      reading,
      folder,
      edits.reduce((found, edit) => edit.apply(found), text),
    );
  }
  readSetupScript(reading, folder);
  return { backend: 'setuptools' };
}

function contextFolder(folder: string, name: string, landings: readonly Landing[]): string | undefined {
  const path = originOf(joinPath(folder, name), landings);
  return path === undefined ? undefined : parentOf(path);
}

function originOf(path: string, landings: readonly Landing[]): string | undefined {
  return landings.toReversed().flatMap((landing) => landing.contextPathOf(path) ?? [])[0];
}

/** Where the files that are read lie in the image; a file that another one has been put over is none of them. */
function placesOf({ files }: Reading, landings: readonly Landing[]): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const path of files)
    for (const landing of landings) {
      const place = landing.imagePathOf(path);
      if (place !== undefined && originOf(place, landings) === path) places.set(place, path);
    }
  return places;
}

function readConstraints(
  { manifestArguments, directory = '/' }: Install,
  landings: readonly Landing[],
  reading: Reading,
) {
  for (const name of manifestArguments) {
    const path = name === undefined ? undefined : originOf(joinPath(directory, name), landings);
    const text = path === undefined ? undefined : reading.read(path);
    if (text === undefined) reading.blockers.add(`${name ?? 'a file that it names'} is not found in the build context`);
    else if (text.split(/[\n\r\u2028\u2029]/).some(namesFile)) reading.blockers.add(`${path} names other files`);
  }
}

/** A requirement that is an option or a path, or comes from one: `name @ ./folder`. */
function namesFile(line: string): boolean {
  return /^(?:-|file:|[./])/.test(line.trimStart()) || /@\s*(?:file:|[./])/.test(line.replace(/#.*/, ''));
}

interface Asked {
  readonly folder: string;
  readonly edits: readonly SedEdit[];
}

/** What the command line asks for; a sentence where something in it may do otherwise the second time. */
function askedOf(build: Build, install: Install): Asked | string {
  const { run, command, options, directory } = install;
  if (
    run.strings ||
    run.heredocs.length > 0 ||
    command.wrappers.length > 0 ||
    directory === undefined ||
    !command.certain
  )
    return 'it is not known where and how often it runs';
  if (!mountsAreCaches(build, run)) return 'its RUN has mounts or options';
  const odd = options.find(
    ({ name, value, word }) => !harmless.test(word.text) && !(name in taking && taking[name]?.test(value ?? '')),
  );
  if (odd) return `it is called with ${odd.word.text}`;
  const variable = [...build.file.text.matchAll(/\bPIP_\w+/g)].map(([name]) => name).find((name) => !calm.test(name));
  if (variable !== undefined) return `${variable} changes what it does`;
  const moving = /\b(?:DIST_EXTRA_CONFIG|HATCH_BUILD_LOCATION)\b/.exec(build.file.text)?.[0];
  if (moving !== undefined) return `${moving} changes what it does`;
  const paths = pathsOf(build, install);
  const [path] = paths;
  if (paths.length !== 1 || path === undefined || !/^[\w./-]+$/.test(path) || /\.(?:whl|zip|gz|bz2)$/.test(path))
    return 'it installs more than one folder';
  const edits = editsBefore(build, install, joinPath(directory, path));
  return typeof edits === 'string' ? edits : { folder: joinPath(directory, path), edits };
}

/** Folders and archives that it names, extras left out; undefined for what is not known. */
function pathsOf(build: Build, { run, rest, options }: Install): readonly (string | undefined)[] {
  const named = rest
    .map((word) => wordValue(build, run, word))
    .filter((text) => text === undefined || !packageName.test(text));
  const inPlace = options.filter(({ name }) => editable.test(name)).map(({ value }) => value);
  return [...named, ...inPlace].map((text) => text?.replace(/\[[\w,.\s-]+\]$/, ''));
}

const editable = /^(?:-e|--editable)$/;

function mountsAreCaches(build: Build, run: RunInstruction): boolean {
  const { mounts } = mountsOf(build.file, run);
  return (
    run.flags.every(({ name }) => name === 'mount') &&
    mounts.every(({ type }) => ['cache', 'secret', 'ssh'].includes(type))
  );
}

/** A requirement by name, as it is or with extras and versions. */
const packageName = /^[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?(?:[=<>!~]=?[\w.*,<>=!~-]+)?$/;

/**
 * Options that say how pip goes about it, not what it leaves. `--upgrade` concerns what is named; with the strategy that is the default
 * since pip 10, dependencies only where they must: https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-upgrade-strategy
 */
const harmless =
  /^(?:--no-cache-dir|--no-cache|-q+|--quiet|-v+|--verbose|--disable-pip-version-check|--no-warn-script-location|--no-warn-conflicts|--break-system-packages|--prefer-binary|--no-color|--no-input|--no-compile|--compile|--no-python-version-warning|--pre|--user|--require-virtualenv|--use-pep517|-U|--upgrade|--progress-bar=\w+|--root-user-action=\w+)$/;

const url = /^(?:https?:\/\/|\$\{?\w+\}?$)/;
const taking: Readonly<Record<string, RegExp>> = {
  '-i': url,
  '--index-url': url,
  '--extra-index-url': url,
  '-f': url,
  '--find-links': url,
  '-r': /./,
  '--requirement': /./,
  '-c': /./,
  '--constraint': /./,
  '--trusted-host': /./,
  '--timeout': /./,
  '--default-timeout': /./,
  '--retries': /./,
  '--progress-bar': /./,
  '--root-user-action': /./,
  '--cache-dir': /./,
  '--proxy': /./,
  '--cert': /^\/(?:etc|usr)\//,
  '--use-feature': /^in-tree-build$/,
  '-e': /./,
  '--editable': /./,
};

/** Variables that are options of pip, those of `harmless` and `taking`. */
const calm =
  /^PIP_(?:NO_CACHE_DIR|DISABLE_PIP_VERSION_CHECK|DEFAULT_TIMEOUT|TIMEOUT|RETRIES|INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|ROOT_USER_ACTION|BREAK_SYSTEM_PACKAGES|NO_COLOR|NO_INPUT|PROGRESS_BAR|CACHE_DIR|PREFER_BINARY|QUIET|VERBOSE|NO_WARN_SCRIPT_LOCATION|NO_PYTHON_VERSION_WARNING|VERSION)$/;

/** Commands that change nothing that the build needs, where they write no file. */
const preparing = new Set(['set', 'cd', 'echo', 'printf', 'true', ':']);

function editsBefore(build: Build, { run, command }: Install, folder: string): readonly SedEdit[] | string {
  const script = parseShell(build.file, run, build.stateBefore(run).shell);
  const index = script.commands.indexOf(command);
  const folders = foldersOf(script, build.stateBefore(run).cwd, (word) => wordValue(build, run, word));
  const isPlain = (one: ShellCommand) => one.redirects.length === 0 && !one.piped && one.wrappers.length === 0;
  if (script.language !== 'shell' || !script.complete || !isPlain(command) || (index > 0 && !script.failsFast))
    return 'its RUN is not understood';
  if (script.commands.slice(index + 1).some(({ previous, joinedBy }) => previous === index && joinedBy === '||'))
    return 'its RUN goes on where it fails';
  const edits: SedEdit[] = [];
  for (const [position, one] of script.commands.slice(0, index).entries()) {
    const text = build.file.text.slice(one.span.start, one.span.end);
    const edit = isPlain(one) && one.certain ? sedEdit(one) : undefined;
    const from = folders[position];
    if (
      edit &&
      from !== undefined &&
      edit.files.every((file) => joinPath(from, file) === joinPath(folder, manifestName))
    )
      edits.push(edit);
    else if (!preparing.has(one.name ?? '?') || !isPlain(one) || one.depth > 0) return `\`${text}\` is run before it`;
  }
  return edits;
}
