import { isHarmlessOfBerry } from '../manifests/berry.js';
import { joinPath } from '../path.js';
import { entry, isSystem, tree } from './area.js';
import { keptByComposer } from './composer-settings.js';
import { keptByNuget } from './nuget-settings.js';
import { keptByPip } from './pip-settings.js';
import { harmlessOfYarn, placing } from './project-settings.js';
import { type Kept, keptNothing, placeOf, type Setting } from './setting.js';
import { keptByUv } from './uv-settings.js';

/** Undefined where it may read or write anything. `folder` is the one that relative paths of Bundler are seen from. */
export function keptWhere(
  { of, key, value }: Setting,
  folder: string | undefined,
  home: string | undefined,
): Kept | undefined {
  if (key === undefined) return undefined;
  const absolute = placeOf(value, home);
  switch (of) {
    case 'bundler':
      return ofBundler(key, value, absolute ?? placeIn(folder, value));
    case 'conda':
      return ofConda(key, value, absolute);
    case 'poetry':
      return ofPoetry(key, value, absolute);
    case 'yarn':
      return ofYarn(key, absolute);
    case 'pip':
      return keptByPip(key, value, home);
    case 'uv':
      return keptByUv(key, value, home);
    case 'composer':
      return keptByComposer(key, value, home);
    case 'nuget':
      return keptByNuget(key, value, home);
    case 'pnpm':
      return ofNpm(
        key.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`),
        value,
        absolute,
      );
    case 'npm':
      return ofNpm(key, value, absolute);
  }
}

function placeIn(folder: string | undefined, value: string | undefined): string | undefined {
  return folder === undefined || value === undefined || /^$|^~|[$`]/.test(value) ? undefined : joinPath(folder, value);
}

/** Folders that npm and pnpm write into, and files of certificates that they read. */
const folders = /^(?:cache|cache-dir|store-dir|state-dir|global-dir|global-bin-dir|prefix|tmp)$/;
const certificates = /(?:^|:)(?:cafile|certfile|keyfile)$/;

/** What, besides `placing`, has them install other packages, run other scripts, or write a lockfile anew. */
const others =
  /^(?:force|os|cpu|libc|workspace|global|dangerously-allow-all-builds|only-built-dependencies(?:-file)?|frozen-lockfile|lockfile|config-dependencies)$/;

/** Options of Node that load no file. */
const plainOptions =
  /^(?:--(?:max[-_]old[-_]space[-_]size(?:=\d+)?|openssl-legacy-provider|dns-result-order=\w+|no-[\w-]+)(?:\s+|$))*$/;

function ofNpm(key: string, value: string | undefined, absolute: string | undefined): Kept | undefined {
  if (!placing.test(key) && !others.test(key)) return keptNothing;
  if (value === 'true' && /lockfile$|^(?:package-lock|shrinkwrap)$/.test(key)) return keptNothing;
  if (value === 'false' && /^(?:force|global|dangerously-allow-all-builds)$/.test(key)) return keptNothing;
  if (folders.test(key)) return absolute === undefined ? undefined : { reads: [], writes: [tree(absolute)] };
  if (certificates.test(key)) return absolute === undefined ? undefined : { reads: [entry(absolute)], writes: [] };
  if (/shell$/.test(key) && value !== undefined) {
    const isOfSystem = absolute !== undefined && isSystem(entry(absolute));
    return isOfSystem || /^\w+$/.test(value) ? keptNothing : undefined;
  }
  return key === 'node-options' && value !== undefined && plainOptions.test(value) ? keptNothing : undefined;
}

function ofYarn(key: string, absolute: string | undefined): Kept | undefined {
  if (harmlessOfYarn.test(key) || /^ignore-scripts$/.test(key) || isHarmlessOfBerry(key)) return keptNothing;
  const isFolder = /^(?:cache-folder|prefix|global-folder)$/.test(key);
  return isFolder && absolute !== undefined ? { reads: [], writes: [tree(absolute)] } : undefined;
}

/** https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/settings.html */
function ofConda(key: string, value: string | undefined, absolute: string | undefined): Kept | undefined {
  if (/^(?:envs_dirs|envs_path|pkgs_dirs|root_prefix|croot|bld_path)$/.test(key))
    return absolute === undefined ? undefined : { reads: [], writes: [tree(absolute)] };
  const isPlace = /channel/.test(key) && !/^(?:https?:|[\w-]+(?:\/[\w.-]+)*$)/.test(value ?? '');
  return isPlace ? undefined : keptNothing;
}

/** https://python-poetry.org/docs/configuration/#available-settings */
function ofPoetry(key: string, value: string | undefined, absolute: string | undefined): Kept | undefined {
  if (/^(?:virtualenvs\.path|cache-dir)$/.test(key))
    return absolute === undefined ? undefined : { reads: [], writes: [tree(absolute)] };
  if (!key.startsWith('certificates.') || value === 'false') return keptNothing;
  return absolute === undefined ? undefined : { reads: [entry(absolute)], writes: [] };
}

/** `BUNDLE_LOCAL__RACK: "../rack"` */
export function settingsInBundlerFile(text: string): readonly Setting[] {
  return [...text.matchAll(/^["']?BUNDLE_(\w+)["']?:[ \t]*(.*)$/gm)].map(([, key = '', value = '']) => ({
    of: 'bundler',
    by: '.bundle/config',
    key: key.toLowerCase().replaceAll('___', '-').replaceAll('__', '.'),
    value: value.trim().replace(/^(["'])(.*)\1$/, '$2'),
  }));
}

/** https://bundler.io/man/bundle-config.1.html: what changes keptNothing of where gems come from and go to. */
const harmlessOfBundler =
  /^(?:with|without|only|jobs|retry|timeout|redirect|frozen|deployment|system|path\.system|clean|no_prune|force_ruby_platform|specific_platform|ssl_verify_mode|prefer_patch|auto_install|global_gem_cache|cache_all|cache_all_platforms|user_agent|version|default|console|gem\..*|init_gems_rb|ignore_messages|ignore_funding_requests|silence_.*|suppress_.*|disable_.*|allow_.*|setup_makes_kernel_gem_public|github\.https|git\.allow_insecure|api_request_size|update_requires_all_flag)$/;

function ofBundler(key: string, value: string | undefined, place: string | undefined): Kept | undefined {
  if (harmlessOfBundler.test(key)) return keptNothing;
  if (/^(?:path|bin|system_bindir|cache_path)$/.test(key))
    return place === undefined ? undefined : { reads: [], writes: [tree(place)] };
  if (key === 'gemfile') return value === 'Gemfile' ? keptNothing : undefined;
  if (key.startsWith('local.')) return undefined;
  if (key.startsWith('mirror.')) return /^https?:/.test(value ?? '') ? keptNothing : undefined;
  if (key.startsWith('build.')) return namesOnlySystem(value) ? keptNothing : undefined;
  // Keys of registries: `gems.example.org`, `https://example.org/gems`.
  return /[./]/.test(key) ? keptNothing : undefined;
}

function namesOnlySystem(value: string | undefined): boolean {
  const paths = value?.match(/(?<=^|[=\s])[./~][^\s=]*/g) ?? [];
  return value !== undefined && paths.every((path) => path.startsWith('/') && isSystem(entry(path)));
}
