import { hasOption } from '../../model/arguments.js';
import type { Build, Stage } from '../../model/build.js';
import { stagesDown } from '../../model/caches.js';
import { composerVariable } from '../../model/effects/composer-effects.js';
import { homeOf } from '../../model/effects/home.js';
import { settingsBeside } from '../../model/effects/written-settings.js';
import { foldersOf, type Install, wordValue } from '../../model/installs.js';
import { shorten } from '../../model/label.js';
import { inFolder } from '../../model/manifests/reading.js';
import { argumentNaming } from '../../model/named-by-argument.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { mayChangeItself } from '../../model/poetry.js';
import { scriptAt } from '../../model/split-run.js';
import { contextTransfers, takenBy } from '../../model/transfers.js';
import { environmentFolder } from '../../model/virtual-environment.js';
import { parentOf } from '../../syntax/go-path.js';
import { parseShell, type ShellWord } from '../../syntax/shell.js';
import type { Defect } from './copy-before-install-find.js';
import { lockfileCaveats } from './copy-before-install-lockfile.js';
import type { Offender } from './copy-before-install-sources.js';

/** How the image might differ, or the build need more, after the fix; none where it is safe. */
export function caveatsOf(
  build: Build,
  defect: Defect,
  { download, split }: { readonly download: string | undefined; readonly split: string | undefined },
): string[] {
  const { install, project, offenders } = defect;
  const caveats = new Set(project?.reading.doubts);
  // A command that stays behind the sources mends what they may have covered.
  const covered = download === undefined ? overwritten(build, defect) : undefined;
  if (covered !== undefined) caveats.add(covered);
  for (const one of download === undefined ? lockfileCaveats(build, defect, split !== undefined) : []) caveats.add(one);
  for (const one of project
    ? settingsBeside(build, install, project, homeOf(build, install.stage, install.run)).strange
    : [])
    caveats.add(`${one}, with which the install may read or write other files`);
  const unseen = download === undefined ? unseenSettings(build, defect) : undefined;
  if (unseen !== undefined) caveats.add(`${unseen}, which forbids install scripts, is not copied before it`);
  const outside = offenders.flatMap((offender) => systemFolderOf(offender, install) ?? []);
  if (outside[0] !== undefined) caveats.add(`the install may use what is copied to ${outside[0]}`);
  if (download !== undefined && mayFail(build, install))
    caveats.add(`the build stops where ${shorten(download)} fails`);
  if (download !== undefined && project && mayChangeItself(build.file.text, install, project))
    caveats.add(`${install.manager.name} lies in the environment that it fills, and might not start again`);
  const named = install.manager.name === 'composer' ? composerVariable(build) : undefined;
  if (named !== undefined) caveats.add(`${named} may name another manifest or folder`);
  const files = [...(project?.reading.files ?? [])];
  const [argument] = files.flatMap((path) => argumentNaming(build, install.run, path) ?? []);
  if (argument !== undefined) caveats.add(`with another value of ${argument} other manifests would have to be copied`);
  const final = isFinal(build, install.stage);
  if (download !== undefined && fetchesMore.has(install.manager.name) && (final || install.manager.name === 'maven')) {
    caveats.add(`${shorten(download)} fetches more than the build needs`);
  }
  const second = split ?? (download !== undefined && install.kind !== 'build' ? install.run.text : '');
  if (final && /\b(?:rm|prune|clean|uninstall|autoremove|del)\b/.test(second)) {
    caveats.add('what the second RUN removes stays in the layer of the first');
  }
  return [...caveats];
}

/** What follows in its RUN goes on where the install fails. */
function mayFail(build: Build, { run, command }: Install): boolean {
  const place = scriptAt(build.file, run, build.stateBefore(run).shell, command);
  if (!place) return true;
  const followers = place.script.commands.slice(place.at + 1);
  return (
    (followers.length > 0 && !place.script.failsFast) ||
    followers.some(({ previous, joinedBy }) => previous === place.at && joinedBy === '||')
  );
}

/** Settings that the reading relies on and that no COPY before the install brings; lockfiles are judged by themselves. */
function unseenSettings(build: Build, { install, project }: Defect): string | undefined {
  const before = contextTransfers(build).filter(({ instruction }) => instruction.index < install.run.index);
  return [...(project?.reading.relied ?? [])].find(
    (path) => /rc(?:\.yml)?$/.test(path) && !before.some((transfer) => takenBy(transfer, path)),
  );
}

/** Where programs, their settings and certificates lie: the install may depend on what lands there. */
function systemFolderOf({ landing }: Offender, { directory }: Install): string | undefined {
  if (!landing || (landing.target !== '/' && relativeTo(landing.target, directory ?? '/') !== undefined))
    return undefined;
  if (landing.target !== '/') return isSystem(landing.target) ? landing.target : undefined;
  for (const { path } of landing.taken.entries) {
    const place = landing.imagePathOf(path);
    if (place !== undefined && isSystem(place)) return place;
  }
  return undefined;
}

function isSystem(path: string): boolean {
  return (
    /^\/(?:etc|bin|sbin|lib|lib64|usr|root|var)(?:\/|$)/.test(path) &&
    !/^\/(?:usr\/src|var\/www|var\/app)(?:\/|$)/.test(path)
  );
}

const fetchesMore = new Set(['go', 'maven', 'sbt', 'swift', 'lein', 'clojure']);

/** Whether the stage is part of the image that is built. */
function isFinal(build: Build, stage: Stage): boolean {
  for (let at = build.target; at; at = at.base.kind === 'stage' ? at.base.stage : undefined)
    if (at === stage) return true;
  return false;
}

/** A folder that the install makes, and that the sources bring along where a developer has one. */
function overwritten(build: Build, { install, offenders, project }: Defect): string | undefined {
  if (!project) return undefined;
  const { context, reading, folder } = project;
  const folders = new Set([folder, ...[...reading.files].filter((path) => isManifest(path, install)).map(parentOf)]);
  for (const name of [...writesOf(build, install), ...environmentsBefore(build, install)]) {
    for (const one of folders) {
      const path = inFolder(one, name);
      if (context.ignored(path) || !offenders.some(({ transfer }) => takenBy(transfer, path))) continue;
      return context.entry(path)
        ? `${path} of the context is copied over what was installed: ignore it first`
        : `a local ${path} would be copied over what was installed: ignore it first`;
    }
  }
  return undefined;
}

/** Virtual environments that the stage, or one below it, makes in the folder of the project before the install, as paths in it. */
function environmentsBefore(build: Build, { stage, run, directory = '/' }: Install): readonly string[] {
  return stagesDown(stage)
    .flatMap(({ instructions }) => instructions)
    .flatMap((one) => {
      if (one.keyword !== 'RUN' || one.index > run.index || !/venv|virtualenv/.test(one.text)) return [];
      const { shell, cwd } = build.stateBefore(one);
      const script = parseShell(build.file, one, shell);
      const resolve = (word: ShellWord) => wordValue(build, one, word);
      const folders = foldersOf(script, cwd, resolve);
      return script.commands.flatMap((command, index) => {
        const made = environmentFolder(command, resolve);
        const place = made === undefined ? undefined : relativeTo(directory, joinPath(folders[index] ?? '/', made));
        return place ? [place] : [];
      });
    });
}

function isManifest(path: string, { manager }: Install): boolean {
  return manager.manifests.some((name) => path.endsWith(name.replace('*', '')));
}

/** Where Bundler installs, if that is in the project: `path`, or `vendor/bundle` in deployment mode. */
function bundleFolder({ options }: Install, variable: (name: string) => string | undefined): readonly string[] {
  const path = options.find(({ name }) => name === '--path')?.value ?? variable('BUNDLE_PATH');
  if (path !== undefined) return path.startsWith('/') ? [] : [path];
  const isDeployment =
    variable('BUNDLE_DEPLOYMENT') !== undefined || options.some(({ name }) => name === '--deployment');
  return isDeployment ? ['vendor/bundle'] : [];
}

function isFalse(value: string | undefined): boolean {
  return /^(?:false|0|no|n|off)$/i.test(value ?? '');
}

/** Folders that the install makes in the project; a virtual environment only where something says it lies there. */
function writesOf(build: Build, install: Install): readonly string[] {
  const { manager, run, options } = install;
  const variable = (name: string) => build.variable(run, name);
  switch (manager.name) {
    // Both take an environment that they find in the project (`EnvManager.in_project_venv_exists` of Poetry, `get_virtualenv_path` of pipenv).
    case 'poetry':
      return isFalse(variable('POETRY_VIRTUALENVS_IN_PROJECT')) ? [] : ['.venv'];
    case 'pipenv':
      return isFalse(variable('PIPENV_VENV_IN_PROJECT')) || options.some(({ name }) => name === '--system')
        ? []
        : ['.venv'];
    case 'uv':
      return options.some(({ name }) => name === '--system' || name === '--target') ||
        install.operands[0]?.value === 'pip' ||
        variable('UV_PROJECT_ENVIRONMENT') !== undefined
        ? []
        : ['.venv'];
    case 'bundler':
      return bundleFolder(install, variable);
    case 'yarn':
      return ['node_modules'];
    case 'dotnet':
      return ['obj'];
    case 'maven':
    case 'gradle':
    case 'sbt':
    case 'lein':
    case 'cpan':
      return install.command.name === 'carton' ||
        (install.command.name === 'cpm' && !hasOption(install, ['-g', '--global']))
        ? ['local']
        : [];
    default:
      return manager.writes;
  }
}
