import type { LockedPackage } from '../package-facts.js';
import { member, parseJson, stringEntries, strings } from './reading.js';
import { rangesOf, yarnEntries } from './yarn-entries.js';

/** What decides whether a lockfile names all that is installed. */
export interface LockSetting {
  /** Texts of the manifests of the root and of all workspaces. */
  readonly manifests: readonly unknown[];
  /** npm 6 or older: it installs no peer dependencies of its own accord. */
  readonly oldNpm: boolean;
  /** Packages for other systems are installed too. */
  readonly takesOthers?: boolean;
}

/**
 * All packages that an install may fetch; undefined where the lockfile cannot be read or leaves some open. `read` gives the texts of
 * files beside it. Packages that are folders of the repository are left out.
 */
export function lockedPackages(
  manager: string,
  read: (name: string) => string | undefined,
  setting: LockSetting,
): readonly LockedPackage[] | undefined {
  if (manager === 'npm') return ofOldNpm(read('npm-shrinkwrap.json') ?? read('package-lock.json'), setting);
  if (manager === 'yarn')
    return /^__metadata:/m.test(read('yarn.lock') ?? '')
      ? ofBerry(read('yarn.lock'))
      : ofYarn(read('yarn.lock'), setting);
  if (manager === 'pnpm') return ofPnpm(read('pnpm-lock.yaml'), setting);
  return manager === 'bun' ? ofBun(read('bun.lock'), setting) : undefined;
}

/** The address of a tarball as registries have it; the name is the registry's. */
const tarball = /^https?:\/\/[^/?#]+(?:\/[^?#]*?)??\/((?:@[^/]+(?:\/|%2f))?[^/@]+)\/-\/[^/?#]+\.tgz(?:[?#]|$)/i;

function packageAt(name: string, version: string, resolved: string, integrity: string | undefined): LockedPackage {
  const own = tarball.exec(resolved)?.[1]?.replace(/%2f/i, '/');
  // Old lockfiles of yarn have the SHA-1 of the tarball behind its address.
  const hash = /#([0-9a-f]{40})$/.exec(resolved)?.[1];
  return {
    name: own ?? name,
    version,
    origin: own === undefined ? 'elsewhere' : 'registry',
    resolved,
    integrity: integrity ?? (hash && `sha1-${hash}`),
  };
}

/** `package-lock.json` of version 1. An npm from 7 on would add peer dependencies that it does not list. */
function ofOldNpm(text: string | undefined, { oldNpm }: LockSetting): readonly LockedPackage[] | undefined {
  const lockfile = parseJson(text);
  if (!oldNpm || member(lockfile, 'lockfileVersion') !== 1) return undefined;
  const found: LockedPackage[] = [];
  const open: unknown[] = [member(lockfile, 'dependencies') ?? {}];
  for (let level = open.pop(); level !== undefined; level = open.pop()) {
    if (typeof level !== 'object' || level === null) return undefined;
    for (const [name, entry] of Object.entries(level)) {
      const one = entryOfNpm(name, entry);
      if (!one) return undefined;
      found.push(one);
      const inner = member(entry, 'dependencies');
      if (inner !== undefined) open.push(inner);
    }
  }
  return found;
}

function entryOfNpm(name: string, entry: unknown): LockedPackage | undefined {
  const [version, resolved, integrity] = ['version', 'resolved', 'integrity'].map((key) => {
    const value = member(entry, key);
    return typeof value === 'string' ? value : undefined;
  });
  if (version === undefined) return undefined;
  const alias = /^npm:(.+)@([^@]+)$/.exec(version);
  const plain = { name: alias?.[1] ?? name, version: alias?.[2] ?? version };
  if (member(entry, 'bundled') === true) return { ...plain, origin: 'bundled', resolved, integrity };
  if (!/^\d+\.\d+\.\d+/.test(plain.version)) return { ...plain, origin: 'elsewhere', resolved, integrity };
  return resolved === undefined
    ? { ...plain, origin: 'registry', resolved, integrity }
    : packageAt(plain.name, plain.version, resolved, integrity);
}

/** `yarn.lock` of version 1. What a range of a manifest or a package has no entry for yarn would look up anew. */
function ofYarn(text: string | undefined, { manifests }: LockSetting): readonly LockedPackage[] | undefined {
  const entries = text === undefined ? undefined : yarnEntries(text);
  if (!entries) return undefined;
  const patterns = new Set(entries.flatMap((entry) => entry.patterns));
  const names = new Set([...patterns].map(nameOf));
  const workspaces = new Set(manifests.map((manifest) => member(manifest, 'name')));
  const resolutions = manifests.flatMap((manifest) => stringEntries(member(manifest, 'resolutions')));
  const replaced = new Set(resolutions.map(([path]) => lastName(path)));
  const isThere = (pattern: string) =>
    patterns.has(pattern) ||
    workspaces.has(nameOf(pattern)) ||
    (replaced.has(nameOf(pattern)) && names.has(nameOf(pattern)));
  const asked = [...entries.flatMap(({ needs }) => needs), ...manifests.flatMap(rangesOf)];
  if (!asked.every(isThere)) return undefined;
  return entries.map(({ patterns: [first = ''], values }) =>
    packageAt(nameOf(first), values.get('version') ?? '', values.get('resolved') ?? '', values.get('integrity')),
  );
}

/**
 * The lockfile of Yarn 2 and later, in which every package is by its own resolution; what a patch is made of has one too. Its checksums
 * are not those of tarballs.
 */
function ofBerry(text: string | undefined): readonly LockedPackage[] | undefined {
  const found: LockedPackage[] = [];
  for (const [, resolution = ''] of (text ?? '').matchAll(/^ {2}resolution: "?([^"\n]+)"?\s*$/gm)) {
    const [, name = '', protocol = '', rest = ''] = /^((?:@[^/@]+\/)?[^/@]+)@(\w+):(.*)$/.exec(resolution) ?? [];
    if (name === '') return undefined;
    if (protocol === 'workspace' || protocol === 'patch' || protocol === 'virtual') continue;
    const version = /^\d+\.\d+\.\d+[\w.+-]*$/.exec(rest)?.[0];
    const origin = protocol === 'npm' && version !== undefined ? 'registry' : 'elsewhere';
    found.push({ name, version: version ?? rest, origin, resolved: undefined, integrity: undefined });
  }
  return found.length > 0 ? found : undefined;
}

function nameOf(pattern: string): string {
  return pattern.slice(0, Math.max(0, pattern.indexOf('@', 1)));
}

/** Of a key of `resolutions` such as `a/@scope/b` or `b@^1.0.0`. */
function lastName(path: string): string {
  const name = /(?:^|\/)((?:@[^/@]+\/)?[^/@]+)(?:@[^/]*)?$/.exec(path)?.[1];
  return name ?? path;
}

/**
 * pnpm's lockfiles up to version 6 name the packages that have to be built; undefined for others. It says so too of packages for other
 * systems, which it has not looked into.
 */
export function builtByPnpm(text: string | undefined, takesOthers = false): readonly LockedPackage[] | undefined {
  if (text === undefined || !/^lockfileVersion: '?[56]\./m.test(text)) return undefined;
  const entries = pnpmEntries(text);
  return entries
    ?.filter(({ body }) => /^ {4}requiresBuild: true\s*$/m.test(body) && (takesOthers || !isForOthers(systemsOf(body))))
    .map(packageOfPnpm);
}

function ofPnpm(text: string | undefined, { takesOthers = false }: LockSetting): readonly LockedPackage[] | undefined {
  if (text === undefined || !/^lockfileVersion: '?9\./m.test(text)) return undefined;
  return pnpmEntries(text)
    ?.filter(({ body }) => takesOthers || !isForOthers(systemsOf(body)))
    .map(packageOfPnpm);
}

function packageOfPnpm({ name, version, body }: PnpmEntry): LockedPackage {
  const integrity = /\bintegrity: ([^\s,}]+)/.exec(body)?.[1];
  const resolved = /\btarball: ([^\s,}]+)/.exec(body)?.[1];
  if (
    integrity === undefined ||
    !/^\d+\.\d+\.\d+/.test(version) ||
    /^ {4}resolution: \{[^}]*\b(?:type|directory|repo):/m.test(body)
  )
    return { name, version, origin: 'elsewhere', resolved, integrity };
  return resolved === undefined
    ? { name, version, origin: 'registry', resolved, integrity }
    : packageAt(name, version, resolved, integrity);
}

interface PnpmEntry {
  readonly name: string;
  readonly version: string;
  readonly body: string;
}

function systemsOf(body: string): readonly string[] | undefined {
  return /^ {4}os: \[([^\]]*)\]/m.exec(body)?.[1]?.split(/[\s,]+/);
}

/** An optional package that is for other systems than Linux alone is left out. */
export function isForOthers(systems: readonly string[] | undefined): boolean {
  return systems !== undefined && systems.length > 0 && systems.every((one) => /^\w+$/.test(one) && one !== 'linux');
}

/** Entries of `packages:`, whose keys are `/a/1.0.0_peer`, `/a@1.0.0(peer)` or `'@s/a@1.0.0'`; undefined where one is not understood. */
function pnpmEntries(text: string): readonly PnpmEntry[] | undefined {
  if (/^(?:<{7}|={7}|>{7})/m.test(text)) return undefined;
  const section = /^packages:\s*\n((?: .*\n|\s*\n)*)/m.exec(`${text}\n`)?.[1];
  if (section === undefined) return /^packages:/m.test(text) ? undefined : [];
  const entries: PnpmEntry[] = [];
  for (const part of section.split(/^(?= {2}\S)/m)) {
    const key = /^ {2}(?:'([^']+)'|([^\s'][^\n]*?)):[ \t]*(?:\{.*\})?\n/.exec(part);
    if (!key) {
      if (part.trim() === '') continue;
      return undefined;
    }
    const named = /^\/?((?:@[^/]+\/)?[^/@]+)[/@]([^(_]+)/.exec(key[1] ?? key[2] ?? '');
    entries.push({ name: named?.[1] ?? key[1] ?? key[2] ?? '', version: named?.[2] ?? '', body: part });
  }
  return entries;
}

/** The text lockfile of bun: JSON with commas behind the last items. */
function ofBun(text: string | undefined, { takesOthers = false }: LockSetting): readonly LockedPackage[] | undefined {
  const packages = member(parseJson(text?.replaceAll(/,(?=\s*[}\]])/g, '')), 'packages');
  if (typeof packages !== 'object' || packages === null) return undefined;
  const found: LockedPackage[] = [];
  for (const entry of Object.values(packages)) {
    const [id, registry] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    const named = typeof id === 'string' ? /^((?:@[^/]+\/)?[^@/]+)@(.+)$/.exec(id) : undefined;
    const [, name, version] = named ?? [];
    if (name === undefined || version === undefined) return undefined;
    if (version.startsWith('workspace:')) continue;
    const systems = member((entry as readonly unknown[])[2], 'os');
    if (!takesOthers && isForOthers(typeof systems === 'string' ? [systems] : strings(systems))) continue;
    const integrity = (entry as readonly unknown[])[3];
    const isPlain = /^\d+\.\d+\.\d+/.test(version) && typeof integrity === 'string' && typeof registry === 'string';
    found.push({
      name,
      version,
      origin: isPlain && (registry === '' || tarball.test(registry)) ? 'registry' : 'elsewhere',
      resolved: isPlain && registry !== '' ? registry : undefined,
      integrity: isPlain ? integrity : undefined,
    });
  }
  return found;
}
