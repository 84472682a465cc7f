import { baseName, parentOf } from '../../syntax/go-path.js';
import type { BuildContext } from '../context.js';
import { inFolder, type Reading } from './reading.js';
import { yamlKeys } from './yaml-lines.js';

/** Yarn 2 and later in one project. */
export interface Berry {
  /** Its cache lies in the home of the user; undefined where a setting moves it. */
  readonly globalCache: boolean | undefined;
  /** The lockfile is never written. */
  readonly immutable: boolean;
  /** Install scripts of dependencies do not run. */
  readonly scriptsOff: boolean;
  /** Packages are installed into `node_modules`, not into one file that finds them in the cache. */
  readonly usesModules: boolean;
  /** Packages are used where they lie in the cache (Plug'n'Play, the default). */
  readonly usesCache: boolean;
  /** A setting with which an install may read or write more than its manifests and those folders. */
  readonly strange: string | undefined;
}

/**
 * Undefined for the first yarn, as far as `.yarnrc.yml`, `packageManager` and the lockfile show it. `read` gives the texts of files beside
 * the lockfile. https://yarnpkg.com/configuration/yarnrc
 */
export function berryOf(read: (name: string) => string | undefined): Berry | undefined {
  const [lockfile = '', settings = '', manifest = ''] = ['yarn.lock', '.yarnrc.yml', 'package.json'].map(read);
  const pinned =
    /"packageManager"\s*:\s*"yarn@(\d+)/.exec(manifest)?.[1] ?? /^yarnPath:.*yarn-(\d+)/m.exec(settings)?.[1];
  if (pinned === undefined ? !/^__metadata:/m.test(lockfile) : Number(pinned) < 2) return undefined;
  const setting = (key: string) =>
    new RegExp(`^\\uFEFF?["']?${key}["']?[ \\t]*:[ \\t]*["']?(\\w[\\w-]*)`, 'm').exec(settings)?.[1];
  const global = setting('enableGlobalCache');
  // Lockfiles of Yarn 4 have version 8, those of Yarn 3 version 6 (`Project.ts:LOCKFILE_VERSION`).
  const major = Number(pinned ?? (Number(/^__metadata:\s+version: (\d+)/m.exec(lockfile)?.[1]) >= 8 ? 4 : 3));
  const moved = yamlKeys(settings)?.every((key) => !/^(?:cacheFolder|globalFolder)$/.test(key)) !== true;
  return {
    globalCache: moved ? undefined : global === undefined ? major >= 4 : global === 'true',
    immutable: setting('enableImmutableInstalls') === 'true',
    scriptsOff: setting('enableScripts') === 'false',
    usesModules: setting('nodeLinker') === 'node-modules',
    usesCache: (setting('nodeLinker') ?? 'pnp') === 'pnp',
    strange: strangeKeyOfBerry(settings),
  };
}

/** The same of a project whose manifests are read, by the folder that holds the lockfile. */
export function berryIn({ context, reading }: { context: BuildContext; reading: Reading }): Berry | undefined {
  const root = [...reading.files].find((path) => baseName(path) === 'yarn.lock');
  const folder = root === undefined ? undefined : parentOf(root);
  return berryOf((name) => (folder === undefined ? undefined : context.read(inFolder(folder, name))));
}

/** Settings that change nothing of where an install reads and writes, nor where packages come from. */
const harmless = new Set(
  'yarnPath nodeLinker enableGlobalCache enableScripts enableImmutableInstalls enableTelemetry telemetryInterval compressionLevel checksumBehavior defaultSemverRangePrefix enableColors enableHyperlinks enableInlineBuilds enableInlineHunks enableMessageNames enableProgressBars enableTimers httpRetry httpTimeout logFilters networkConcurrency nmHoistingLimits nmSelfReferences packageExtensions pnpFallbackMode pnpMode preferAggregateCacheInfo preferDeferredVersions preferInteractive preferReuse preferTruncatedLines progressBarStyle supportedArchitectures tsEnableAutoTypes winLinkType enableTransparentWorkspaces enableHardenedMode enableOfflineMode defaultProtocol approvedGitRepositories npmMinimalAgeGate npmPreapprovedPackages npmAuditExcludePackages npmAuditIgnoreAdvisories catalog catalogs'.split(
    ' ',
  ),
);

/** Of those the ones that `berryOf` reads. */
const telling = /^(?:yarnPath|nodeLinker|enable(?:GlobalCache|Scripts|ImmutableInstalls)|supportedArchitectures)$/;

/** Whether a setting that is not in the project's file changes nothing of an install. */
export function isHarmlessOfBerry(key: string): boolean {
  return harmless.has(key) && !telling.test(key);
}

/** Plugins that do nothing while packages are installed. */
const idlePlugin = /^@yarnpkg\/plugin-(?:workspace-tools|interactive-tools|typescript|stage|version|constraints)$/;

/** "FILE sets KEY" of the first key of a `.yarnrc.yml` that is not harmless. */
export function strangeKeyOfBerry(
  settings: string,
  isHarmless = (key: string) => harmless.has(key),
): string | undefined {
  const keys = yamlKeys(settings);
  if (!keys) return '.yarnrc.yml is not understood';
  const key = keys.find((one) => !isHarmless(one) && !(one === 'plugins' && arePluginsIdle(settings)));
  return key && `.yarnrc.yml sets ${key}`;
}

function arePluginsIdle(settings: string): boolean {
  const section = /^plugins:[ \t]*\n((?:[ \t-].*\n|[ \t]*\n)*)/m.exec(`${settings}\n`)?.[1] ?? '';
  const specs = [...section.matchAll(/^\s*(?:-\s+)?spec:\s*["']?([^\s"']+)/gm)].map((match) => match[1] ?? '');
  const items = section.match(/^\s*-\s/gm) ?? [];
  return specs.length > 0 && specs.length === items.length && specs.every((spec) => idlePlugin.test(spec));
}
