// Takes the place of `node:fs` in the bundle for web workers: what the project's rooms use of it to read, over the files that the
// client has handed on. Nothing can be written.
import type { FolderEntry } from '../protocol.js';
import { Buffer, type Bytes } from './buffer.js';
import { disk } from './disk.js';
import path from './path.js';

class Entry {
  readonly name: string;
  readonly size: number;
  readonly mode = undefined;
  readonly #type: FolderEntry['type'];

  constructor({ name, type, size }: FolderEntry) {
    this.name = name;
    this.size = size;
    this.#type = type;
  }

  isFile(): boolean {
    return this.#type === 'file';
  }

  isDirectory(): boolean {
    return this.#type === 'directory';
  }

  isSymbolicLink(): boolean {
    return this.#type === 'symlink';
  }
}

class FileError extends Error {
  readonly code: string;

  constructor(code: string, file: string) {
    super(`${code}: ${file}`);
    this.code = code;
  }
}

export function existsSync(file: string): boolean {
  return disk.entry(path.resolve(file)) !== undefined;
}

export function statSync(file: string, options: { readonly throwIfNoEntry?: boolean } = {}): Entry | undefined {
  const entry = disk.entry(path.resolve(file));
  if (!entry && options.throwIfNoEntry !== false) throw new FileError('ENOENT', file);
  return entry && new Entry(entry);
}

export const lstatSync = statSync;

export function readdirSync(
  folder: string,
  options: { readonly withFileTypes?: boolean } = {},
): readonly (string | Entry)[] {
  const entries = disk.list(path.resolve(folder));
  if (!entries) throw new FileError('ENOENT', folder);
  return entries.map((entry) => (options.withFileTypes ? new Entry(entry) : entry.name));
}

export function readFileSync(file: string, encoding?: string): string | Bytes {
  const text = disk.text(path.resolve(file));
  if (text === undefined) throw new FileError('ENOENT', file);
  return encoding === undefined ? Buffer.from(text) : text;
}

export function readlinkSync(file: string): never {
  throw new FileError('EINVAL', file);
}

export function realpathSync(file: string): string {
  if (disk.entry(path.resolve(file)) === undefined) throw new FileError('ENOENT', file);
  return path.resolve(file);
}
realpathSync.native = realpathSync;

const open = new Map<number, string>();
let handles = 0;

export function openSync(file: string, flags: string): number {
  if (flags !== 'r') throw new FileError('EROFS', file);
  open.set(++handles, path.resolve(file));
  return handles;
}

export function readSync(handle: number, buffer: Uint8Array, offset: number, length: number): number {
  const bytes = Buffer.from(disk.text(open.get(handle) ?? '/') ?? '').subarray(0, length);
  buffer.set(bytes, offset);
  return bytes.length;
}

export function closeSync(handle: number): void {
  open.delete(handle);
}

function refuse(file: string): never {
  throw new FileError('EROFS', file);
}

export const chownSync = refuse;
export const fchmodSync = refuse;
export const fsyncSync = refuse;
export const mkdirSync = refuse;
export const renameSync = refuse;
export const unlinkSync = refuse;
export const writeFileSync = refuse;
