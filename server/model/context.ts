import type { IgnoreFile } from '../syntax/dockerignore.js';

/** One file or folder of a build context. */
export interface ContextEntry {
  /** Relative to the context root, separator `/`, no leading `./`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Bytes; 0 for folders. */
  readonly size: number;
  /** Permission bits (0o755); undefined where the host does not know. */
  readonly mode: number | undefined;
  /** Text of a symbolic link. */
  readonly link: string | undefined;
}

/** What a host has to supply: a folder on disk, a memory tree in tests, an editor's virtual workspace. */
export interface ContextSource {
  /** Direct entries of a folder ('' is the root) in any order; an unreadable or missing folder has none. */
  list(folder: string): readonly ContextEntry[];
  /** Text of a file, read as UTF-8; undefined when it is missing, unreadable or larger than 1 MiB. */
  read(path: string): string | undefined;
  /** Whether Git would ignore the path (a folder's path ends in `/`); undefined outside a repository. */
  gitIgnored(path: string): boolean | undefined;
}

/** A build context together with the ignore file that BuildKit would apply to it. All paths as in `ContextEntry.path`. */
export interface BuildContext {
  /** How to name the context to a user, relative to the working folder: `.` or `services/api`. */
  readonly name: string;
  /** How it was found; `folder` is the default (the folder of the Dockerfile), which may be wrong. */
  readonly origin: 'folder' | 'option' | 'config' | 'compose';
  /** Path of the Dockerfile in the context; undefined where it lies outside. */
  readonly dockerfile: string | undefined;
  /** `.dockerignore` of the root or `<Dockerfile>.dockerignore`, whichever BuildKit reads. */
  readonly ignoreFile: { readonly path: string; readonly file: IgnoreFile } | undefined;
  /** Looks a path up, sent or not. The path is cleaned first (`./a/` is `a`, '' and `.` the root). Symlinks are not followed. */
  entry(path: string): ContextEntry | undefined;
  /** Direct entries of a folder, sent or not, in byte order of their names. */
  children(folder: string): readonly ContextEntry[];
  read(path: string): string | undefined;
  /** True where the ignore file keeps the path from being sent. */
  ignored(path: string): boolean;
  gitIgnored(path: string): boolean | undefined;
  /**
   * Entries that are sent, parents before children, in byte order. Ignored folders are not entered unless an exception may
   * re-include something below. `from` limits it to one folder, `all` includes what is ignored.
   */
  walk(options?: { readonly from?: string; readonly all?: boolean }): Iterable<ContextEntry>;
}
