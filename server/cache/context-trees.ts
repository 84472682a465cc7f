import type { BuildContext, ContextEntry } from '../model/context.js';
import { baseName, parentOf } from '../syntax/go-path.js';
import type { FileChange, Side } from './side.js';
import { type Content, childOf, Folder, type Header, type Node, type Opaque } from './tree.js';

/** The contexts of both builds as trees. What has not changed is one object in both. */
export interface ContextTrees {
  readonly before: Node;
  readonly after: Node;
}

/**
 * Reads folders only when they are asked for. Of a context that is not known only the changes are. A builder that has had a
 * folder before does not notice its new mode (`fsutil:DiskWriter.HandleChange`), unless the context is sent anew.
 */
export function contextTrees(
  before: Side,
  after: Side,
  changes: readonly FileChange[],
  isSentAnew = false,
): ContextTrees {
  const areKnown = before.context !== undefined && after.context !== undefined;
  const shared: Shared = {
    differences: new Differences(changes),
    isOne: before.context === after.context,
    hasOneIdentity: before.identity === after.identity,
    isSentAnew,
  };
  const reader = (side: Side, version: SideReader['version']) =>
    new SideReader(shared, side, areKnown ? side.context : undefined, version);
  const old = reader(before, 'before').folder('');
  if (changes.length === 0) return { before: old, after: old };
  return { before: old, after: reader(after, 'after').folder('', old) };
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
        if (names.has(baseName(path))) break;
        this.#byFolder.set(parentOf(path), names.add(baseName(path)));
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

interface Shared {
  readonly differences: Differences;
  /** Both sides have the same context: it cannot tell what a changed file was before, nor can the same source of identities. */
  readonly isOne: boolean;
  readonly hasOneIdentity: boolean;
  readonly isSentAnew: boolean;
}

class SideReader {
  readonly version: 'before' | 'after';
  readonly #shared: Shared;
  readonly #side: Side;
  readonly #context: BuildContext | undefined;
  /** The kinds of change that say that the path is not there on this side, or only there. */
  readonly #absent: FileChange['kind'];
  readonly #present: FileChange['kind'];

  constructor(shared: Shared, side: Side, context: BuildContext | undefined, version: 'before' | 'after') {
    this.version = version;
    this.#shared = shared;
    this.#side = side;
    this.#context = context;
    this.#absent = version === 'before' ? 'added' : 'deleted';
    this.#present = version === 'before' ? 'deleted' : 'added';
  }

  /** `twin`: the same folder of the other side, whose entries are taken where nothing has changed. */
  folder(path: string, twin?: Folder): Folder {
    let entries: ReadonlyMap<string, ContextEntry> | undefined;
    const changed = this.#shared.differences.below(path);
    const read = () => {
      entries ??= this.#entries(path);
      return entries;
    };
    const names = () => (twin && changed.size === 0 ? twin.names() : read().keys());
    const get = (name: string): Node | undefined => {
      if (twin && !changed.has(name)) return twin.known(name);
      const entry = read().get(name);
      const other = twin?.known(name);
      return entry && this.#node(entry, other?.kind === 'folder' ? other : undefined);
    };
    const header = headerOf(this.#context?.entry(path));
    const keyHeader = this.#shared.isSentAnew ? header : (twin?.header ?? header);
    return new Folder(header, { names, get }, this.#context ? undefined : unknownBelow(path), keyHeader);
  }

  #entries(path: string): ReadonlyMap<string, ContextEntry> {
    const { differences } = this.#shared;
    const found = new Map<string, ContextEntry>();
    for (const entry of this.#context?.children(path) ?? []) {
      const kind = differences.at(entry.path)?.kind;
      const isHere = kind === this.#absent ? this.#isFilledUnseen(entry) : !this.#context?.ignored(entry.path);
      if (kind === this.#present || isHere) found.set(baseName(entry.path), entry);
    }
    for (const name of differences.below(path)) {
      const inner = path === '' ? name : `${path}/${name}`;
      if (!found.has(name) && this.#isThere(inner)) found.set(name, assumedEntry(inner, differences.at(inner)));
    }
    return found;
  }

  /** A folder that has come or gone, but not all that is in it: so it has been there. */
  #isFilledUnseen({ path, type }: ContextEntry): boolean {
    return this.#shared.isOne && type === 'directory' && this.#entries(path).size > 0;
  }

  /** Whether a path that the context does not tell of is there: so the change says, or it is a folder and something in it is. */
  #isThere(path: string): boolean {
    const { differences } = this.#shared;
    const kind = differences.at(path)?.kind;
    if (kind !== undefined) return kind !== this.#absent;
    for (const name of differences.below(path)) if (this.#isThere(`${path}/${name}`)) return true;
    return this.#context === undefined;
  }

  #node(entry: ContextEntry, twin: Folder | undefined): Node {
    const header = headerOf(entry);
    switch (entry.type) {
      case 'directory':
        return this.folder(entry.path, twin);
      case 'symlink':
        return { kind: 'link', header, target: this.#isChangedUnseen(entry.path) ? '\0' : (entry.link ?? '') };
      default:
        return { kind: 'file', header: this.#fileHeader(entry, header), content: this.#content(entry.path) };
    }
  }

  /** The earlier state of something that has changed in a context that only tells of the later one. */
  #isChangedUnseen(path: string): boolean {
    return this.#shared.isOne && this.version === 'before' && this.#shared.differences.at(path) !== undefined;
  }

  #fileHeader({ path }: ContextEntry, header: Header): Header {
    if (!this.#shared.isOne || this.#shared.differences.at(path)?.kind !== 'mode') return header;
    const mode = header.mode || 'as it is';
    return { ...header, mode: this.version === 'before' ? `not ${mode}` : mode };
  }

  #content(path: string): Content {
    const kind = this.#shared.differences.at(path)?.kind;
    const isLost = kind !== undefined && kind !== 'mode' && this.#shared.hasOneIdentity && this.version === 'before';
    const id = () => {
      const identity = isLost ? undefined : this.#side.identity?.(path);
      return identity === undefined ? undefined : `file:${identity}`;
    };
    if (kind === undefined) return { path, version: '', id };
    return { path, version: kind === 'mode' ? (this.#shared.hasOneIdentity ? '' : (id() ?? '')) : this.version, id };
  }
}

function unknownBelow(path: string): Opaque {
  const context: Opaque = { kind: 'opaque', token: 'context', path: '', of: 'output' };
  return path === '' ? context : path.split('/').reduce(childOf, context);
}

function assumedEntry(path: string, change: FileChange | undefined): ContextEntry {
  return { path, type: change && !change.folder ? 'file' : 'directory', size: 0, mode: undefined, link: undefined };
}

function headerOf(entry: ContextEntry | undefined): Header {
  return { mode: entry?.mode === undefined ? '' : entry.mode.toString(8), owner: '0:0' };
}
