import { baseName } from '../../syntax/go-path.js';
import type { TransferInstruction } from '../../syntax/tree.js';
import type { Build } from '../build.js';
import { stagesDown } from '../caches.js';
import type { Project } from '../install-project.js';
import type { Install } from '../installs.js';
import { landingOf } from '../landing.js';
import { joinPath } from '../path.js';
import { contextTransfers } from '../transfers.js';

/** A file with settings that a COPY brings to where a manager looks for it. */
export interface BroughtFile {
  /** As the manager knows it: `.npmrc`, also for `/etc/npmrc`. */
  readonly name: string;
  /** Undefined where it is not known. */
  readonly text: string | undefined;
}

/** Files with settings in the folder of the project, in a home, and for everybody, by manager. */
interface Places {
  readonly here?: readonly string[];
  readonly atHome: readonly string[];
  readonly ofEverybody?: readonly string[];
}

/** Of npm: `etc/npmrc` below the prefix. */
const ofNpm = ['/usr/local/etc/npmrc', '/usr/etc/npmrc', '/etc/npmrc'];

/** The file of pip in the folder of an environment is not looked for. */
const ofPip: Places = {
  atHome: ['.config/pip/pip.conf', '.pip/pip.conf'],
  ofEverybody: ['/etc/pip.conf', '/etc/xdg/pip/pip.conf', '/usr/local/pip.conf', '/usr/pip.conf'],
};

const names: ReadonlyMap<string, Places> = new Map<string, Places>([
  ['npm', { here: ['.npmrc'], atHome: ['.npmrc'], ofEverybody: ofNpm }],
  ['pnpm', { here: ['.npmrc', 'pnpm-workspace.yaml'], atHome: ['.npmrc', '.config/pnpm/rc'], ofEverybody: ofNpm }],
  [
    'yarn',
    {
      here: ['.npmrc', '.yarnrc', '.yarnrc.yml'],
      atHome: ['.npmrc', '.yarnrc', '.yarnrc.yml'],
      ofEverybody: ofNpm,
    },
  ],
  ['bun', { here: ['.npmrc', 'bunfig.toml'], atHome: ['.npmrc', '.bunfig.toml'], ofEverybody: ofNpm }],
  ['bundler', { here: ['.bundle/config'], atHome: ['.bundle/config'] }],
  ['pip', ofPip],
  ['pip-tools', ofPip],
  ['pipenv', ofPip],
  ['conda', ofPip],
  [
    'uv',
    { here: ['uv.toml'], atHome: ['.config/uv/uv.toml'], ofEverybody: ['/etc/uv/uv.toml', '/etc/xdg/uv/uv.toml'] },
  ],
  // COMPOSER_HOME is /tmp in the image of Composer.
  [
    'composer',
    { atHome: ['.composer/config.json', '.config/composer/config.json'], ofEverybody: ['/tmp/config.json'] },
  ],
  [
    'dotnet',
    {
      here: ['nuget.config', 'NuGet.config', 'NuGet.Config'],
      atHome: ['.nuget/NuGet/NuGet.Config', '.config/NuGet/NuGet.Config'],
    },
  ],
]);

/**
 * Files with settings that the stage of an install, and those below it, bring before it, other than the ones of the project that it is
 * known to read.
 */
export function broughtSettings(
  build: Build,
  install: Install,
  { context, reading }: Project,
  home: string | undefined,
): readonly BroughtFile[] {
  const { run, stage } = install;
  const places = placesOf(install, home);
  if (places.length === 0) return [];
  return stagesDown(stage).flatMap(({ instructions }) =>
    instructions.flatMap((one) => {
      if ((one.keyword !== 'COPY' && one.keyword !== 'ADD') || one.index > run.index) return [];
      const transfer = contextTransfers(build).find(({ instruction }) => instruction === one);
      const landing = transfer && landingOf(build, context, transfer);
      return places.flatMap((place): BroughtFile[] => {
        const name = settingsFile(place);
        if (heredocAt(build, one, place) !== undefined) return [{ name, text: heredocAt(build, one, place) }];
        if (!transfer) return namesPlace(build, one, place) ? [{ name, text: undefined }] : [];
        const origin = landing?.contextPathOf(place);
        const isOther = origin !== undefined && context.entry(origin)?.type === 'file' && !reading.files.has(origin);
        return isOther ? [{ name, text: context.read(origin) }] : [];
      });
    }),
  );
}

function placesOf({ manager, directory }: Install, home: string | undefined): readonly string[] {
  const own = names.get(manager.name);
  if (!own) return [];
  const { here = [], atHome, ofEverybody = [] } = own;
  const found = [
    ...(directory === undefined ? [] : here.map((name) => joinPath(directory, name))),
    ...(home === undefined ? [] : atHome.map((name) => joinPath(home, name))),
    ...ofEverybody,
  ];
  return [...new Set(found)];
}

/** The name that a manager knows a file with settings by, of its path. */
export function settingsFile(place: string): string {
  if (/(?:^|\/)\.bundle\/config$/.test(place)) return '.bundle/config';
  const name = baseName(place);
  if (name === '.bunfig.toml') return 'bunfig.toml';
  if (/^nuget\.config$/i.test(name)) return 'NuGet.Config';
  return name === 'npmrc' || name === 'rc' ? '.npmrc' : name;
}

/** Where a source of the COPY lands that has this name. */
function landsAt(build: Build, one: TransferInstruction, name: string): string | undefined {
  const word = build.expand(one, one.destination?.text ?? '');
  if (word === undefined) return undefined;
  const target = joinPath(build.stateBefore(one).cwd ?? '/', word);
  const isFolder = /(?:^|\/)\.{0,2}$/.test(word) || one.sources.length + one.heredocs.length > 1;
  return isFolder ? joinPath(target, name) : target;
}

function heredocAt(build: Build, one: TransferInstruction, place: string): string | undefined {
  return one.heredocs.find(({ name }) => landsAt(build, one, name) === place)?.content;
}

/** It names just that file as what it brings from elsewhere. */
function namesPlace(build: Build, one: TransferInstruction, place: string): boolean {
  return one.sources.some(({ text }) => landsAt(build, one, baseName(text.replace(/["']/g, ''))) === place);
}
