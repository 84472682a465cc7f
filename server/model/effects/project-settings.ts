import { parseToml, tablesIn } from '../../syntax/toml.js';
import type { Build } from '../build.js';
import type { Project } from '../install-project.js';
import type { Install } from '../installs.js';
import type { Landing } from '../landing.js';
import { yamlKeys } from '../manifests/yaml-lines.js';
import { namedFiles } from '../named-files.js';

/** Settings of npm and pnpm that say where something is kept, or load a file of somebody's choice. */
export const placing =
  /^(?:\/\/.*:)?(?:cache|cache-dir|store-dir|state-dir|virtual-store-dir|modules-dir|lockfile-dir|global-dir|global-bin-dir|prefix|tmp|globalconfig|userconfig|cafile|certfile|keyfile|node-options|script-shell|shell|onload-script|install-links|package-lock|shrinkwrap|pnpmfile|global-pnpmfile|patches-dir|git-branch-lockfile)$/;

/** Of those that the first yarn reads in `.npmrc` too (`src/registries/npm-registry.js`, `base-registry.js`). */
const placingYarn = /^(?:yarn-offline-mirror|cache-folder|modules-folder)$/;

/** The same in `pnpm-workspace.yaml`, and in the table `install` of `bunfig.toml` (https://bun.com/docs/runtime/bunfig). */
const ofWorkspace =
  /^(?:cacheDir|storeDir|stateDir|virtualStoreDir|modulesDir|lockfileDir|globalDir|pnpmfile|globalPnpmfile|scriptShell|shell|nodeOptions|patchesDir|configDependencies|lockfile|gitBranchLockfile)$/;
const ofBun = /^(?:dir|globalDir|globalBinDir|lockfile|saveTextLockfile|cafile)$/;

/** Settings of the first yarn that change nothing of where it reads and writes. */
export const harmlessOfYarn =
  /^(?:lastUpdateCheck|registry|@[^:]+:registry|network-timeout|network-concurrency|disable-self-update-check|strict-ssl|save-prefix|save-exact|ignore-engines|ignore-optional|ignore-platform|version-[\w-]+|init-[\w-]+|always-auth|--(?:install\.)?(?:ignore-scripts|ignore-engines|ignore-optional|frozen-lockfile|pure-lockfile|non-interactive|no-progress|silent|production|network-timeout|network-concurrency))$/;

/**
 * A setting of the project, as "FILE sets KEY" or the like, with which a package manager of Node reads or writes more than its table says. `read`
 * gives the texts of files in a folder of the project.
 */
export function strangeSetting(manager: string, read: (name: string) => string | undefined): string | undefined {
  const ofNpm = keysOf(read('.npmrc'), /^\s*["']?([^\s"'#;=[\]]+)(?:\[\])?["']?\s*(?:=|$)/).find(
    (key) => placing.test(key) || (manager === 'yarn' && placingYarn.test(key)),
  );
  if (ofNpm !== undefined) return `.npmrc sets ${ofNpm}`;
  const workspace = yamlKeys(read('pnpm-workspace.yaml') ?? '');
  if (!workspace) return 'pnpm-workspace.yaml is not understood';
  const ofPnpm = workspace.find((one) => ofWorkspace.test(one));
  if (ofPnpm !== undefined) return `pnpm-workspace.yaml sets ${ofPnpm}`;
  const bunfig = parseToml(read('bunfig.toml') ?? '');
  if (!bunfig) return 'bunfig.toml is not understood';
  const key = tablesIn(bunfig.install)
    .flatMap((table) => Object.keys(table))
    .find((one) => ofBun.test(one));
  if (key !== undefined) return `bunfig.toml sets ${key}`;
  if (manager !== 'yarn') return undefined;
  const text = read('.yarnrc');
  const ofYarn = keysOf(text, /^"?([^\s"#]+)"?(?:\s|$)/).find(
    (key) =>
      !harmlessOfYarn.test(key) &&
      !(key === 'yarn-path' && /^"?yarn-path"?\s+"?(?:\.\/)?\.yarn\/releases\//m.test(text ?? '')),
  );
  return ofYarn === undefined ? undefined : `.yarnrc sets ${ofYarn}`;
}

function keysOf(text: string | undefined, line: RegExp): string[] {
  return (text ?? '').split('\n').flatMap((one) => line.exec(one)?.[1] ?? []);
}

/** Options of Node's managers that say where to write. */
const writing = /^--(?:cache|store-dir|cache-dir|global-dir|state-dir|logs-dir)$/;

/** Words that name other files of the context, or a place among the sources. */
export function toldBy(build: Build, install: Install, project: Project, landings: readonly Landing[]): string[] {
  const originOf = (path: string) => landings.toReversed().flatMap((one) => one.contextPathOf(path) ?? [])[0];
  const named = namedFiles(build, install, project, originOf).filter(({ by }) => !/^\w+$/.test(by));
  const placed = install.options.filter(
    ({ name, value }) => writing.test(name) && value !== undefined && !/^[/~$"]/.test(value),
  );
  return [
    ...named.map(({ by, path }) => `${by} names ${path}`),
    ...placed.map(({ name, value }) => `${name} names ${value}`),
    ...(install.manager.name === 'go' && /-modfile\b/.test(build.file.text) ? ['-modfile names another manifest'] : []),
  ];
}
