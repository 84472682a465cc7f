import type { IgnoreMatcher, Verdict } from '../syntax/ignore-matcher.js';
import { type Content, type Folder, folderFrom, type Header, type Node, type Opaque } from './tree.js';

/** `unknown`: the output of a RUN that runs again decides, or something that neither file says. */
export type Same = 'yes' | 'no' | 'unknown';

/** Compares trees as cache keys do: names, types, modes, owners, link texts, bytes; never times. */
export class TreeComparison {
  readonly #headerOf: (folder: Folder) => Header;
  readonly #pairs = new WeakMap<Folder, WeakMap<Folder, Same>>();

  /** `asKeys`: as the cache keys of the build context have it, where folders keep the mode that they had when they were first sent. */
  constructor(asKeys: boolean) {
    this.#headerOf = asKeys ? ({ keyHeader }) => keyHeader : ({ header }) => header;
  }

  /** `top`: whether the header of the thing itself counts, if it is a folder. */
  same(a: Node | undefined, b: Node | undefined, top = true): Same {
    if (a === b) return 'yes';
    if (a?.kind === 'folder' && b?.kind === 'folder')
      return worse(top ? sameHeader(this.#headerOf(a), this.#headerOf(b)) : 'yes', () => this.#sameEntries(a, b));
    if (a?.kind === 'opaque' || b?.kind === 'opaque') return this.#sameOpaque(a, b);
    if (a === undefined || b === undefined || a.kind !== b.kind) return 'no';
    if (a.kind === 'link' && b.kind === 'link') return a.target === b.target ? sameOwner(a.header, b.header) : 'no';
    if (a.kind === 'file' && b.kind === 'file')
      return worse(sameHeader(a.header, b.header), () => sameContent(a.content, b.content));
    return 'no';
  }

  #sameEntries(a: Folder, b: Folder): Same {
    const known = this.#pairs.get(a)?.get(b);
    if (known) return known;
    let result: Same = sameRest(a.rest, b.rest);
    for (const name of unionOf(a, b)) {
      result = worse(result, () => this.same(a.get(name), b.get(name)));
      if (result === 'no') break;
    }
    const ofA = this.#pairs.get(a) ?? new WeakMap<Folder, Same>();
    this.#pairs.set(a, ofA.set(b, result));
    return result;
  }

  /** A file that was copied is not what an image has at that place; all else about an unknown thing is not known. */
  #sameOpaque(a: Node | undefined, b: Node | undefined): Same {
    if (a?.kind === 'opaque' && b?.kind === 'opaque')
      return a.token === b.token && a.path === b.path ? 'yes' : 'unknown';
    const [opaque, other] = a?.kind === 'opaque' ? [a, b] : [b, a];
    if (opaque?.kind !== 'opaque' || opaque.of !== 'image' || other === undefined) return 'unknown';
    if (other.kind !== 'folder') return 'no';
    const same = this.#sameEntries(folderFrom(opaque), other);
    return same === 'yes' ? 'unknown' : same;
  }

  /** Compares what a filter leaves of two trees: what `takes` says, with the headers of the folders on the way. */
  sameFiltered(a: Node | undefined, b: Node | undefined, filter: Filter): Same {
    return this.#filtered(a, b, filter, '', { verdict: undefined, taken: filter.takesTop });
  }

  #filtered(a: Node | undefined, b: Node | undefined, filter: Filter, path: string, at: Taken): Same {
    if (a === b) return 'yes';
    if (a?.kind !== 'folder' && b?.kind !== 'folder') return at.taken ? this.same(a, b) : 'yes';
    if (a?.kind !== 'folder' || b?.kind !== 'folder') return this.#filteredMixed(a, b, filter, path, at);
    let result = sameRest(a.rest, b.rest);
    for (const name of unionOf(a, b)) {
      const inner = path === '' ? name : `${path}/${name}`;
      result = worse(result, () => this.#filtered(a.get(name), b.get(name), filter, inner, filter.take(inner, at)));
      if (result === 'no') return 'no';
    }
    const headers = path === '' && !filter.takesTop ? 'yes' : sameHeader(this.#headerOf(a), this.#headerOf(b));
    return headers === 'yes' || !(at.taken || hasTaken(a, filter, path, at)) ? result : worse(result, () => headers);
  }

  /** A folder on one side only. */
  #filteredMixed(a: Node | undefined, b: Node | undefined, filter: Filter, path: string, at: Taken): Same {
    if (at.taken) return this.same(a, b);
    const [folder, other] = a?.kind === 'folder' ? [a, b] : [b, a];
    if (other?.kind === 'opaque') return 'unknown';
    return folder && hasTaken(folder, filter, path, at) ? 'no' : 'yes';
  }
}

/** What an include or exclude pattern says of a path, given what was said of its folder. */
export interface Taken {
  readonly verdict: readonly (Verdict | undefined)[] | undefined;
  readonly taken: boolean;
}

/** `--exclude` and `--parents` as a question. */
export interface Filter {
  readonly takesTop: boolean;
  take(path: string, parent: Taken): Taken;
}

/** `contenthash:shouldIncludePath` */
export function filterOf(include: IgnoreMatcher | undefined, exclude: IgnoreMatcher | undefined): Filter {
  return {
    takesTop: include === undefined,
    take(path, parent) {
      const [included, excluded] = [include?.step(path, parent.verdict?.[0]), exclude?.step(path, parent.verdict?.[1])];
      const taken = (included?.ignored ?? true) && !(excluded?.ignored ?? false);
      return { verdict: [included, excluded], taken };
    },
  };
}

/** Whether a filter leaves anything of what is known to be in a folder. */
export function hasTaken(node: Node | undefined, filter: Filter, path: string, at: Taken): boolean {
  if (node?.kind !== 'folder') return at.taken;
  for (const name of node.names()) {
    const inner = path === '' ? name : `${path}/${name}`;
    const below = filter.take(inner, at);
    if (below.taken || hasTaken(node.known(name), filter, inner, below)) return true;
  }
  return false;
}

function unionOf(a: Folder, b: Folder): Iterable<string> {
  return a.names() === b.names() ? a.names() : new Set([...a.names(), ...b.names()]);
}

function sameRest(a: Opaque | undefined, b: Opaque | undefined): Same {
  if (a === undefined && b === undefined) return 'yes';
  return a && b && a.token === b.token && a.path === b.path ? 'yes' : 'unknown';
}

function sameHeader(a: Header, b: Header): Same {
  return worse(sameText(a.mode, b.mode), () => sameOwner(a, b));
}

function sameOwner(a: Header, b: Header): Same {
  return sameText(a.owner, b.owner);
}

function sameText(a: string, b: string): Same {
  if (a === b || a === '' || b === '') return 'yes';
  return a.startsWith('?') || b.startsWith('?') ? 'unknown' : 'no';
}

function sameContent(a: Content, b: Content): Same {
  if (a.path === b.path) return a.version === b.version ? 'yes' : 'no';
  const [one, other] = [a.id(), b.id()];
  if (one === undefined || other === undefined) return 'unknown';
  if (one === other) return 'yes';
  return kindOf(one) === kindOf(other) ? 'no' : 'unknown';
}

function kindOf(id: string): string {
  return id.slice(0, id.indexOf(':'));
}

export function worse(a: Same, next: () => Same): Same {
  if (a === 'no') return 'no';
  const b = next();
  return b === 'yes' ? a : b;
}
