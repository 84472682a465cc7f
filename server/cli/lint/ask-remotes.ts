import path from 'node:path';
import { lintSource } from '../../core/engine.js';
import type { Lookup, RemoteAnswer } from '../../model/remote-facts.js';
import type { Unanswered } from '../../project/careful-fetch.js';
import type { FoundFile } from '../../project/discover.js';
import { askImageDigest } from '../../project/image-registry.js';
import { placeKept } from '../../project/kept-file.js';
import { askChecksum } from '../../project/remote-checksum.js';
import { addRemotes, remoteName } from '../../project/remote-file.js';
import { shownPath } from '../../project/shown-path.js';
import type { Target } from '../../project/target.js';
import type { Io } from '../io.js';
import type { TargetReader } from './read-targets.js';

/** So many are asked at once. */
const AT_ONCE = 4;

/**
 * Asks registries and servers for the digests that would make fixes of the findings, and keeps the answers where `lint` and the
 * editor find them; make a new reader afterwards. Gives what could not be found out, as warnings.
 */
export async function askRemotes(
  files: readonly FoundFile[],
  reader: TargetReader,
  io: Io,
  quiet: boolean,
): Promise<readonly string[]> {
  const wanted = new Map<string, Lookup>();
  const places = new Map<string, { readonly target: Target; readonly keys: Set<string> }>();
  for (const found of files) {
    const target = await reader.read(found);
    if ('error' in target || target.root === undefined) continue;
    const file = placeKept(target.root, remoteName);
    for (const lookup of lookupsIn(target)) {
      const key = `${lookup.kind} ${lookup.name}`;
      wanted.set(key, lookup);
      const place = places.get(file) ?? { target, keys: new Set() };
      places.set(file, place);
      place.keys.add(key);
    }
  }
  const { answers, warnings } = await askAll(wanted, progressOn(io, quiet));
  for (const [file, { target, keys }] of places) {
    const more = [...keys].flatMap((key) => answers.get(key) ?? []);
    if (more.length === 0) continue;
    const failure = addRemotes(file, more);
    if (failure) warnings.push(`${shownPath(io.cwd, file)}: ${failure.error}`);
    else if (isSent(file, target))
      warnings.push(`${shownPath(io.cwd, file)}: lies in the build context; list .layerwise in the ignore file`);
  }
  return warnings;
}

/** Of suppressed findings nobody is asked. */
function lookupsIn({ source, config, parsed }: Target): Lookup[] {
  const { findings } = lintSource(source, config, parsed);
  return findings.flatMap(({ fixes }) => fixes.flatMap(({ lookup }) => lookup ?? []));
}

function isSent(file: string, { root, source }: Target): boolean {
  const inner = path
    .relative(root ?? '', file)
    .split(path.sep)
    .join('/');
  return !inner.startsWith('../') && source.context?.ignored(inner) === false;
}

interface Found {
  readonly lookup: Lookup;
  readonly answer: RemoteAnswer;
}

async function askAll(
  wanted: ReadonlyMap<string, Lookup>,
  progress: (line: string | undefined) => void,
): Promise<{ readonly answers: ReadonlyMap<string, Found>; readonly warnings: string[] }> {
  const day = new Date().toISOString().slice(0, 10);
  const answers = new Map<string, Found>();
  const failures = new Map<string, string>();
  const unreachable = new Map<string, Unanswered>();
  const open = [...wanted];
  let done = 0;
  const work = async () => {
    for (let next = open.shift(); next; next = open.shift()) {
      const [key, lookup] = next;
      progress(`Asking for digests: ${done} of ${wanted.size}`);
      const host = hostOf(lookup);
      const said = unreachable.get(host) ?? (await ask(lookup));
      if ('error' in said) {
        failures.set(key, said.error);
        if (said.unreachable) unreachable.set(host, said);
      } else answers.set(key, { lookup, answer: { digest: said.digest, day } });
      done++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  progress(undefined);
  return { answers, warnings: warningsOf(wanted, failures) };
}

function ask({ kind, name }: Lookup) {
  return kind === 'image' ? askImageDigest(name) : askChecksum(name);
}

function hostOf({ kind, name }: Lookup): string {
  return kind === 'image' ? name.slice(0, name.indexOf('/')) : new URL(name).host;
}

/** One line for all that failed for one reason. */
function warningsOf(wanted: ReadonlyMap<string, Lookup>, failures: ReadonlyMap<string, string>): string[] {
  const names = new Map<string, string[]>();
  for (const [key, { name }] of wanted) {
    const error = failures.get(key);
    if (error !== undefined) names.set(error, [...(names.get(error) ?? []), name]);
  }
  return [...names].map(([error, [first, ...more]]) => {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return `${first}${others}: ${error}`;
  });
}

function progressOn(io: Io, quiet: boolean): (line: string | undefined) => void {
  return io.stderrIsTerminal && !quiet ? (line) => io.progress(line) : () => {};
}
