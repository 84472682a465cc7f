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
  const file = `${gitFolderOf(root)}/index`;
  try {
    const { mtimeMs, size } = statSync(file);
    const stamp = `${mtimeMs} ${size}`;
    if (recent?.file !== file || recent.stamp !== stamp) {
      const names = size > largest ? undefined : namesIn(readFileSync(file));
      recent = { file, stamp, index: names && indexOf(names) };
    }
    return recent.index;
  } catch {
    return undefined;
  }
}

/** Bytes; that of Linux with its 90,000 files has a tenth of it. */
const largest = 100 * 1024 * 1024;

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

/**
 * The paths of the entries, a byte a character; undefined of what is no index of version 2 to 4 with names of 160 bits.
 * https://git-scm.com/docs/index-format
 */
function namesIn(bytes: Buffer): readonly string[] | undefined {
  const [version, count] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8)];
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) return undefined;
  const names: string[] = [];
  let at = 12;
  let last = '';
  for (let number = 0; number < count; number++) {
    const isExtended = (bytes.readUInt16BE(at + 60) & 0x4000) !== 0;
    const start = at + (isExtended ? 64 : 62);
    const [kept, from] = version === 4 ? cutLength(bytes, start, last.length) : [0, start];
    const end = bytes.indexOf(0, from);
    if (end === -1) return undefined;
    const name = last.slice(0, kept) + bytes.toString('latin1', from, end);
    // Of names of 256 bits the flags are elsewhere, and nothing fits.
    if (name <= last && number > 0 && name !== last) return undefined;
    names.push(name);
    at = version === 4 ? end + 1 : at + (((end - at) >> 3) + 1) * 8;
    last = name;
  }
  return names;
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
