/**
 * A file tree as far as it is known without a build: the build context, or a stage made of it. What a RUN has left behind, or an
 * image holds, is opaque: only its origin is known, so that equal origins are equal and anything else may be.
 */
export type Node = FileNode | LinkNode | Folder | Opaque;

/** Permissions (octal text) and owner. A `?` at the start: a text that is equal where the thing is; '' may be anything. */
export interface Header {
  readonly mode: string;
  readonly owner: string;
}

/** What is known of a file's bytes. Two with one path and version are equal, two with one path and other versions are not. */
export interface Content {
  readonly path: string;
  readonly version: string;
  /** Equal bytes, equal text, as long as the texts are of one kind; the kind is what stands before the first `:`. */
  id(): string | undefined;
}

export interface FileNode {
  readonly kind: 'file';
  readonly header: Header;
  readonly content: Content;
  /** Set where it was copied to a path that may have been a folder: then it lies in there, under this name. */
  readonly inside?: { readonly name: string; readonly folder: Opaque } | undefined;
}

export interface LinkNode {
  readonly kind: 'link';
  readonly header: Header;
  readonly target: string;
}

export interface Opaque {
  readonly kind: 'opaque';
  /** Equal text and path, equal content. */
  readonly token: string;
  /** Below what the token stands for; '' or `/a/b`. */
  readonly path: string;
  /** `image`: part of an image; `output`: what a command or something else unknown has made. */
  readonly of: 'image' | 'output';
}

/** Where a folder finds what is in it, asked once for each name. */
export interface Entries {
  names(): Iterable<string>;
  get(name: string): Node | undefined;
}

/** A folder; what it holds is worked out when it is asked for. */
export class Folder {
  readonly kind = 'folder';
  readonly header: Header;
  /** What else may be in it. */
  readonly rest: Opaque | undefined;
  /** As the cache key of the build context has it, where that differs. */
  readonly keyHeader: Header;
  readonly #entries: Entries;
  readonly #known = new Map<string, Node | undefined>();
  #names: ReadonlySet<string> | undefined;

  constructor(header: Header, entries: Entries, rest?: Opaque, keyHeader: Header = header) {
    this.header = header;
    this.rest = rest;
    this.keyHeader = keyHeader;
    this.#entries = entries;
  }

  static of(header: Header, entries: ReadonlyMap<string, Node>, rest?: Opaque): Folder {
    return new Folder(header, { names: () => entries.keys(), get: (name) => entries.get(name) }, rest);
  }

  /** Names of what is known to be in it. */
  names(): ReadonlySet<string> {
    this.#names ??= new Set(this.#entries.names());
    return this.#names;
  }

  /** An entry that is known to be there. */
  known(name: string): Node | undefined {
    if (this.#known.has(name)) return this.#known.get(name);
    const node = this.#entries.get(name);
    this.#known.set(name, node);
    return node;
  }

  /** An entry that is there or may be. */
  get(name: string): Node | undefined {
    return this.known(name) ?? (this.rest && childOf(this.rest, name));
  }

  /** The same folder with one entry put in. */
  with(name: string, node: Node): Folder {
    const names = () => (this.names().has(name) ? this.names() : [...this.names(), name]);
    return new Folder(this.header, { names, get: (one) => (one === name ? node : this.known(one)) }, this.rest);
  }
}

export function childOf({ token, path, of }: Opaque, name: string): Opaque {
  return { kind: 'opaque', token, path: `${path}/${name}`, of };
}

/** What a path component leads to; undefined where it is certain that there is nothing. */
export function entryOf(node: Node | undefined, name: string): Node | undefined {
  switch (node?.kind) {
    case 'folder':
      return node.get(name);
    case 'opaque':
      return childOf(node, name);
    case 'file':
      if (!node.inside) return undefined;
      return node.inside.name === name ? { ...node, inside: undefined } : childOf(node.inside.folder, name);
    default:
      return undefined;
  }
}

/** An opaque thing taken for a folder, so that something can be put into it. */
export function folderFrom(opaque: Opaque): Folder {
  const same = `?${nameOf(opaque)}`;
  return new Folder({ mode: same, owner: same }, noEntries, opaque);
}

const noEntries: Entries = { names: () => [], get: () => undefined };

export function emptyFolder(header: Header): Folder {
  return new Folder(header, noEntries);
}

/** Something that only its operation and operands tell. */
export function derived(operation: string, ...from: readonly (Node | undefined)[]): Opaque {
  return { kind: 'opaque', token: `${operation}(${from.map(nameOf).join(',')})`, path: '', of: 'output' };
}

const numbers = new WeakMap<Node, number>();
let nextNumber = 1;

function nameOf(node: Node | undefined): string {
  if (node === undefined) return '-';
  if (node.kind === 'opaque') return `${node.token}:${node.path}`;
  if (node.kind === 'link') return `link ${node.target}`;
  if (node.kind === 'file') return `file ${node.content.path} ${node.content.version} ${node.header.mode}`;
  let number = numbers.get(node);
  if (number === undefined) {
    number = nextNumber++;
    numbers.set(node, number);
  }
  return `#${number}`;
}
