import type { BuildContext, ContextEntry } from '../model/context.js';
import { baseName, parentOf } from '../syntax/go-path.js';
import type { FileChange, Side } from './side.js';
import { type Content, Folder, type Header, type Node } from './tree.js';

/** The contexts of both builds as trees. What has not changed is one object in both. */
export interface ContextTrees {
  readonly before: Node;
  readonly after: Node;
}

/** Reads folders only when they are asked for. */
export function contextTrees(before: Side, after: Side, changes: readonly FileChange[]): ContextTrees {
  if (!before.context || !after.context) {
    const context: Node = { kind: 'opaque', token: 'context', path: '', of: 'output' };
    return { before: context, after: context };
  }
  const differences = new Differences(changes);
  const reader = { differences, sameIdentity: before.identity === after.identity };
  const old = new SideReader({ ...reader, side: before, context: before.context, version: 'before' }).folder('');
  const now = new SideReader({ ...reader, side: after, context: after.context, version: 'after' }).folder('', old);
  return { before: old, after: now };
}

/** Changes by path, and the folders that hold some. */
class Differences {
  readonly #byPath = new Map<string, FileChange>();
  readonly #byFolder = new Map<string, Set<string>>();

  constructor(changes: readonly FileChange[]) {
    for (const change of changes) {
      this.#byPath.set(change.path, change);
      for (let path = change.path; path !== ''; path = parentOf(path)) {
        const names = this.#byFolder.get(parentOf(path)) ?? new Set<string>();
        const isNew = names.size === 0;
        this.#byFolder.set(parentOf(path), names.add(baseName(path)));
        if (!isNew && path !== change.path) break;
      }
    }
  }

  at(path: string): FileChange | undefined {
    return this.#byPath.get(path);
  }

  /** Names in a folder at or below which something has changed. */
  below(folder: string): ReadonlySet<string> {
    return this.#byFolder.get(folder) ?? none;
  }
}

const none: ReadonlySet<string> = new Set();

interface Reader {
  readonly side: Side;
  readonly context: BuildContext;
  readonly version: 'before' | 'after';
  readonly differences: Differences;
  /** Both sides have the same source of identities: it cannot tell what a changed file was before. */
  readonly sameIdentity: boolean;
}

class SideReader {
  readonly #reader: Reader;
  /** The kind of change that says that the path is not there on this side. */
  readonly #absent: FileChange['kind'];
  readonly #present: FileChange['kind'];

  constructor(reader: Reader) {
    this.#reader = reader;
    this.#absent = reader.version === 'before' ? 'added' : 'deleted';
    this.#present = reader.version === 'before' ? 'deleted' : 'added';
  }

  /** `twin`: the same folder of the other side, whose entries are taken where nothing has changed. */
  folder(path: string, twin?: Folder): Folder {
    const { context, differences } = this.#reader;
    let entries: ReadonlyMap<string, ContextEntry> | undefined;
    const changed = differences.below(path);
    const read = () => (entries ??= this.#entries(path));
    const names = () => (twin && changed.size === 0 ? twin.names() : read().keys());
    const get = (name: string): Node | undefined => {
      if (twin && !changed.has(name)) return twin.known(name);
      const entry = read().get(name);
      const other = twin?.known(name);
      return entry && this.#node(entry, other?.kind === 'folder' ? other : undefined);
    };
    const header = headerOf(context.entry(path));
    // A builder that has had the folder before does not notice its new mode (`fsutil:DiskWriter.HandleChange`).
    return new Folder(header, { names, get }, undefined, twin?.header ?? header);
  }

  #entries(path: string): ReadonlyMap<string, ContextEntry> {
    const { context, differences } = this.#reader;
    const found = new Map<string, ContextEntry>();
    for (const entry of context.children(path)) {
      const kind = differences.at(entry.path)?.kind;
      if (kind === this.#present || (kind !== this.#absent && !context.ignored(entry.path)))
        found.set(baseName(entry.path), entry);
    }
    for (const name of differences.below(path)) {
      const inner = path === '' ? name : `${path}/${name}`;
      const change = differences.at(inner);
      const isThere = change ? change.kind === this.#present : this.#hasPresent(inner);
      if (!found.has(name) && isThere) found.set(name, assumedEntry(inner, change ? change.folder : true));
    }
    return found;
  }

  /** True for a folder that is not there any more, but was when there was something in it. */
  #hasPresent(folder: string): boolean {
    const { differences } = this.#reader;
    for (const name of differences.below(folder)) {
      if (differences.at(`${folder}/${name}`)?.kind === this.#present || this.#hasPresent(`${folder}/${name}`))
        return true;
    }
    return false;
  }

  #node(entry: ContextEntry, twin: Folder | undefined): Node {
    const header = headerOf(entry);
    switch (entry.type) {
      case 'directory':
        return this.folder(entry.path, twin);
      case 'symlink':
        return { kind: 'link', header, target: entry.link ?? '' };
      default:
        return { kind: 'file', header, content: this.#content(entry.path) };
    }
  }

  #content(path: string): Content {
    const { side, differences, version, sameIdentity } = this.#reader;
    const kind = differences.at(path)?.kind;
    const isOld = kind !== undefined && kind !== 'mode' && sameIdentity && version === 'before';
    const id = () => {
      const identity = isOld ? undefined : side.identity?.(path);
      return identity === undefined ? undefined : `file:${identity}`;
    };
    const differs = kind !== undefined && (kind !== 'mode' || (!sameIdentity && id() !== undefined));
    return { path, version: differs ? (kind === 'mode' ? (id() ?? '') : version) : '', id };
  }
}

function assumedEntry(path: string, folder: boolean): ContextEntry {
  return { path, type: folder ? 'directory' : 'file', size: 0, mode: undefined, link: undefined };
}

function headerOf(entry: ContextEntry | undefined): Header {
  return { mode: entry?.mode === undefined ? '' : entry.mode.toString(8), owner: '0:0' };
}
