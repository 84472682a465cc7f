/** One version of a package of npm's kind, as a lockfile names it. */
export interface LockedPackage {
  /** Its name in the registry: what an alias stands for. */
  readonly name: string;
  readonly version: string;
  /** `bundled`: part of the tarball of another one; `elsewhere`: from Git, a file, or an address that is none of a registry. */
  readonly origin: 'registry' | 'bundled' | 'elsewhere';
  /** Address of its tarball; undefined where the lockfile leaves that to the settings. */
  readonly resolved: string | undefined;
  /** As in the lockfile: `sha512-…`, several with blanks between. */
  readonly integrity: string | undefined;
}

/** What somebody found out about packages of registries. A version of a package never changes. */
export interface PackageFacts {
  /** Whether an install runs a script of it that may read more than the package; undefined where nobody has asked. Only for packages of registries. */
  hasInstallScript(one: LockedPackage): boolean | undefined;
}

/** Names under which everybody knows npm's registry, which settings may replace by a mirror of it. */
export const publicHosts: ReadonlySet<string> = new Set(['registry.npmjs.org', 'registry.yarnpkg.com']);

/** Host of the tarball where it is not npm's own registry. */
export function foreignHost({ resolved }: LockedPackage): string | undefined {
  const host = /^https?:\/\/(?:[^/@]*@)?([^/]+)\//i.exec(resolved ?? '')?.[1]?.toLowerCase();
  return host === undefined || publicHosts.has(host) ? undefined : host;
}

/** `name@version`, for what comes from another registry `host/name@version`. */
export function packageKey(one: LockedPackage): string {
  const host = foreignHost(one);
  return `${host === undefined ? '' : `${host}/`}${one.name}@${one.version}`;
}
