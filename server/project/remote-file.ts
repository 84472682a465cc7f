import type { Lookup, RemoteAnswer, RemoteFacts } from '../model/remote-facts.js';
import { findKept, readKept, writeKept } from './kept-file.js';

/** Name of the file of what registries and servers said of images and files. */
export const remoteName = 'remote.json';

type Answers = ReadonlyMap<string, RemoteAnswer>;

interface Known {
  readonly images: Answers;
  readonly files: Answers;
}

/** What the nearest file knows, in the folder or above; undefined where there is none that can be used. */
export function readRemotes(folder: string): RemoteFacts | undefined {
  const file = findKept(folder, remoteName);
  const known = file === undefined ? undefined : readKnown(file);
  if (!known || 'error' in known) return undefined;
  return { answer: ({ kind, name }) => known[kind === 'image' ? 'images' : 'files'].get(name) };
}

function readKnown(file: string): (Known & { readonly text: string | undefined }) | { readonly error: string } {
  const read = readKept(file);
  if ('error' in read) return read;
  const { value, text } = read;
  if (text === undefined) return { images: new Map(), files: new Map(), text };
  return isRecord(value) && value.version === 1
    ? { images: answersIn(value.images), files: answersIn(value.files), text }
    : { error: 'is not a file of digests that this version of Layerwise knows' };
}

/** A digest goes into a Dockerfile, so nothing else is taken for one. */
function answersIn(value: unknown): Answers {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return new Map(
    entries.flatMap(([name, one]): [string, RemoteAnswer][] => {
      if (!isRecord(one) || typeof one.digest !== 'string' || typeof one.day !== 'string') return [];
      const isRight = /^sha256:[0-9a-f]{64}$/.test(one.digest) && /^\d{4}-\d\d-\d\d$/.test(one.day);
      return isRight ? [[name, { digest: one.digest, day: one.day }]] : [];
    }),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Adds answers; newer ones replace those that are there. A concurrent change is an error, to be read after the path. */
export function addRemotes(
  file: string,
  more: readonly { readonly lookup: Lookup; readonly answer: RemoteAnswer }[],
): { readonly error: string } | undefined {
  const old = readKnown(file);
  if ('error' in old) return old;
  const merged = (kind: Lookup['kind'], known: Answers) => {
    const added = more.flatMap(({ lookup, answer }): [string, RemoteAnswer][] =>
      lookup.kind === kind ? [[lookup.name, answer]] : [],
    );
    return Object.fromEntries([...new Map([...known, ...added])].sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const value = { version: 1, images: merged('image', old.images), files: merged('file', old.files) };
  return writeKept(file, value, old.text);
}
