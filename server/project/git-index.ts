import { readFileSync, statSync } from 'node:fs';
import { gitFolderOf } from './git-folder.js';

/** What Git tracks in a working tree, as its index says. */
export interface GitIndex {
  /** Of a folder: whether anything below it is tracked. The path is relative to the top of the working tree, with `/`. */
  tracks(path: string, isFolder: boolean): boolean;
}

/** The last one that was read; folders of one repository ask for the same. */
let recent: { readonly file: string; readonly stamp: string; readonly index: GitIndex | undefined } | undefined;

/** The index of the working tree with its top at `root`; undefined where there is none, or it is not understood. Never throws. */
export function readGitIndex(root: string): GitIndex | undefined {
  const folder = gitFolderOf(root);
  const file = `${folder}/index`;
  try {
    const { mtimeMs, size } = statSync(file);
    const stamp = `${mtimeMs} ${size}`;
    if (recent?.file !== file || recent.stamp !== stamp) {
      recent = { file, stamp, index: size > largest ? undefined : indexIn(folder, readFileSync(file)) };
    }
    return recent.index;
  } catch {
    return undefined;
  }
}

/** Bytes; that of Linux with its 90,000 files has a tenth of it. */
const largest = 100 * 1024 * 1024;

/** Bytes of a path. */
const longestPath = 4096;

/** Of a split index also what it shares with others; what is gone of that counts as tracked still. */
function indexIn(folder: string, bytes: Buffer): GitIndex | undefined {
  const own = namesIn(bytes);
  if (!own) return undefined;
  if (own.shared === undefined) return indexOf(own.names);
  const file = `${folder}/sharedindex.${own.shared}`;
  const shared = statSync(file).size > largest ? undefined : namesIn(readFileSync(file));
  if (!shared) return undefined;
  const [one, other] = [indexOf(own.names), indexOf(shared.names)];
  return { tracks: (path, isFolder) => one.tracks(path, isFolder) || other.tracks(path, isFolder) };
}

/** `names` are sorted by their bytes, of which each is a character. */
function indexOf(names: readonly string[]): GitIndex {
  return {
    tracks(path, isFolder) {
      const name = Buffer.from(path).toString('latin1') + (isFolder && path !== '' ? '/' : '');
      let [low, high] = [0, names.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((names[middle] ?? '') < name) low = middle + 1;
        else high = middle;
      }
      return isFolder ? names[low]?.startsWith(name) === true : names[low] === name;
    },
  };
}

interface Names {
  /** The paths of the entries, a byte a character. In a split index those that stand for another one are empty. */
  readonly names: readonly string[];
  /** The name of the index that it is a part of. */
  readonly shared: string | undefined;
}

/** Undefined of what is no index of version 2 to 4 with names of 160 bits. https://git-scm.com/docs/index-format */
function namesIn(bytes: Buffer): Names | undefined {
  const [version, count] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8)];
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) return undefined;
  const names: string[] = [];
  let [at, last, total] = [12, '', 0];
  for (let number = 0; number < count; number++) {
    const isExtended = (bytes.readUInt16BE(at + 60) & 0x4000) !== 0;
    const start = at + (isExtended ? 64 : 62);
    const [kept, from] = version === 4 ? cutLength(bytes, start, last.length) : [0, start];
    const end = bytes.indexOf(0, from);
    if (end === -1) return undefined;
    const name = last.slice(0, kept) + bytes.toString('latin1', from, end);
    // Of names of 256 bits the flags are elsewhere, and nothing fits.
    if (name <= last && number > 0 && name !== last) return undefined;
    total += name.length;
    // In version 4 a few bytes may stand for a long name.
    if (name.length > longestPath || total > largest * 2) return undefined;
    names.push(name);
    at = version === 4 ? end + 1 : at + (((end - at) >> 3) + 1) * 8;
    last = name;
  }
  return { names, shared: sharedIn(bytes, at) };
}

/** From behind the entries. */
function sharedIn(bytes: Buffer, start: number): string | undefined {
  for (let at = start; at + 28 < bytes.length; at += 8 + bytes.readUInt32BE(at + 4)) {
    if (bytes.toString('latin1', at, at + 4) !== 'link') continue;
    const name = bytes.toString('hex', at + 8, at + 28);
    return /[^0]/.test(name) ? name : undefined;
  }
  return undefined;
}

/** How much of the name before it an entry keeps, and where its own part starts. The number is written as offsets in packs are. */
function cutLength(bytes: Buffer, start: number, length: number): readonly [number, number] {
  let at = start;
  let byte = bytes.readUInt8(at++);
  let removed = byte & 0x7f;
  while (byte & 0x80) {
    byte = bytes.readUInt8(at++);
    removed = ((removed + 1) << 7) | (byte & 0x7f);
  }
  return [Math.max(0, length - removed), at];
}
