import type { Install } from '../installs.js';
import { inFolder, type Reading } from './reading.js';

/**
 * What `shards install` and `shards update` read: the manifest, the lockfile and overrides, and nothing else of the project
 * (https://github.com/crystal-lang/shards, `Command`, `Install`). Where packages have scripts, those run in `lib/NAME` with the project
 * around them (`Package#postinstall`).
 */
export function readShards(install: Install, folder: string, reading: Reading): boolean {
  const texts = ['shard.yml', 'shard.lock', 'shard.override.yml'].map((name) => reading.read(inFolder(folder, name)));
  if (texts[0] === undefined) return false;
  const code = texts.map((text) => (text ?? '').replace(/(^|\s)#.*$/gm, '$1'));
  if (code.some((text) => /(?:^|[\s{,])["']?path["']?\s*:/m.test(text)))
    reading.blockers.add('shard.yml has a dependency that is a folder of this repository');
  // Of a shorthand as `github: owner/name` the host is known.
  const places = code.flatMap((text) => [
    ...text.matchAll(/(?:^|[\s{,"'])(?:git|hg|fossil)["']?\s*:\s*["']?([^\s"']*)/gm),
  ]);
  if (places.some(([, place = '']) => !/^(?:(?:https?|ssh|git|git\+ssh|hg):\/\/|[\w.-]+@[\w.-]+:)/.test(place)))
    reading.blockers.add('shard.yml has a dependency from a place that may be in this repository');
  if (install.options.every(({ name }) => name !== '--skip-postinstall'))
    reading.judgeLater(() => judge(install, folder, reading));
  return true;
}

/** Whether `lib` beside the manifest tells that no package which is installed has a script. */
function judge(install: Install, folder: string, { context, doubts, relied }: Reading): void {
  const locked = shardsIn(context.read(inFolder(folder, 'shard.lock')));
  if (!locked || install.operands[0]?.value === 'update') {
    doubts.add('without a lockfile it is open which install scripts would run before the sources are there');
    return;
  }
  for (const [name, version] of locked) {
    const manifest = manifestIn(folder, name, version, { context });
    if (manifest === undefined)
      doubts.add(
        `it is not known whether the shard ${name} has a script, which would run before the sources are there`,
      );
    else if (/(?:^|[\s{,])["']?scripts["']?\s*:/m.test(manifest))
      doubts.add(`the script of ${name} would run before the sources are there`);
  }
  relied.add(inFolder(folder, 'shard.lock'));
}

/** Whether an install may put programs of packages into `bin`. */
export function mayInstallExecutables(
  { options }: Install,
  folder: string,
  { context }: Pick<Reading, 'context'>,
): boolean {
  if (options.some(({ name }) => name === '--skip-executables')) return false;
  const locked = shardsIn(context.read(inFolder(folder, 'shard.lock')));
  if (!locked) return true;
  return [...locked].some(([name, version]) => {
    const manifest = manifestIn(folder, name, version, { context });
    return manifest === undefined || /(?:^|[\s{,])["']?executables["']?\s*:/m.test(manifest);
  });
}

/** The manifest of a package that is installed beside that of the project, in that version. */
function manifestIn(
  folder: string,
  name: string,
  version: string,
  { context }: Pick<Reading, 'context'>,
): string | undefined {
  const installed = shardsIn(context.read(inFolder(folder, 'lib/.shards.info')));
  return installed?.get(name) === version ? context.read(inFolder(folder, `lib/${name}/shard.yml`)) : undefined;
}

/** Versions by name, as a lockfile has them; undefined where it is not understood. */
function shardsIn(text: string | undefined): ReadonlyMap<string, string> | undefined {
  if (text === undefined || !/^version: (?:1|2)\.0\s*$/m.test(text)) return undefined;
  const found = new Map<string, string>();
  let name = '';
  for (const line of text.split(/\r?\n/)) {
    name = /^ {2}([\w.-]+):\s*(?:#.*)?$/.exec(line)?.[1] ?? name;
    const version = /^ {4}version: (\S+)$/.exec(line)?.[1];
    if (version !== undefined && name !== '') found.set(name, version);
  }
  const named = text.match(/^ {2}\S/gm)?.length ?? 0;
  return named === found.size ? found : undefined;
}
