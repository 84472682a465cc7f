import { member, stringEntries } from './reading.js';

/** An entry of `yarn.lock` of version 1. */
export interface YarnEntry {
  /** `name@range`, one for each range that it answers. */
  readonly patterns: readonly string[];
  /** `version`, `resolved`, `integrity`. */
  readonly values: Map<string, string>;
  /** `name@range` of its dependencies. */
  readonly needs: string[];
}

/** Undefined where the text is no `yarn.lock` of version 1, or a line is not understood. */
export function yarnEntries(text: string): readonly YarnEntry[] | undefined {
  if (!/^# yarn lockfile v1\s*$/m.test(text)) return undefined;
  const entries: YarnEntry[] = [];
  let section = '';
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    const depth = line.length - line.trimStart().length;
    const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s",:]+(?::[^\s",:]+)*)/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    const entry = entries.at(-1);
    if (depth === 0 && line.endsWith(':')) entries.push({ patterns: words, values: new Map(), needs: [] });
    else if (depth === 2 && line.endsWith(':')) section = words[0] ?? '';
    else if (depth === 2 && entry && words.length === 2) entry.values.set(words[0] ?? '', words[1] ?? '');
    else if (depth === 4 && entry && words.length === 2) {
      if (/^(?:optionalD|d)ependencies$/.test(section)) entry.needs.push(words.join('@'));
    } else return undefined;
  }
  return entries;
}

/** `name@range` of what a manifest asks for. */
export function rangesOf(manifest: unknown): readonly string[] {
  return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((key) =>
    stringEntries(member(manifest, key)).map(([name, range]) => `${name}@${range}`),
  );
}

/**
 * Whether `yarn install` leaves the lockfile as it is: it has an entry for each range that the manifests of the root and all workspaces
 * ask for, none that nothing asks for, and checksums for all. False where resolutions replace ranges.
 * https://github.com/yarnpkg/yarn/blob/master/src/cli/commands/install.js, `saveLockfileAndIntegrity`
 */
export function isYarnLockSteady(text: string, manifests: readonly unknown[]): boolean {
  const entries = yarnEntries(text);
  const replaces = (manifest: unknown) =>
    manifest === undefined || member(manifest, 'resolutions') !== undefined || member(manifest, 'flat') !== undefined;
  if (!entries || manifests.some(replaces)) return false;
  if (entries.some(({ values }) => !values.has('resolved') || !values.has('integrity'))) return false;
  const workspaces = new Set(manifests.map((manifest) => member(manifest, 'name')));
  const entryOf = new Map(entries.flatMap((entry) => entry.patterns.map((pattern) => [pattern, entry] as const)));
  const open = manifests.flatMap(rangesOf);
  const seen = new Set<string>();
  for (let pattern = open.pop(); pattern !== undefined; pattern = open.pop()) {
    if (seen.has(pattern) || workspaces.has(pattern.slice(0, Math.max(0, pattern.indexOf('@', 1))))) continue;
    const entry = entryOf.get(pattern);
    if (!entry) return false;
    seen.add(pattern);
    open.push(...entry.needs);
  }
  return seen.size === entryOf.size;
}
