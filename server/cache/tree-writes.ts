import { cleanPath } from '../syntax/go-path.js';
import { derived, emptyFolder, type FileNode, Folder, folderFrom, type Header, type Node } from './tree.js';
import { nodeAt, realPath } from './tree-paths.js';

/** Owner and permissions that a copy gives; those of the source where they are left out. */
export interface Style {
  readonly owner: string | undefined;
  /** Octal digits, or symbolic text. */
  readonly mode: string | undefined;
}

export const rootOwned: Header = { mode: '755', owner: '0:0' };

/** `mkdir -p` (`fsutil/copy:MkdirAll`): what is there already stays as it is. */
export function makeFolders(root: Node, path: string, header: Header): Node {
  const names = realPath(root, path).split('/').filter(Boolean);
  return put(root, names, (node) => asFolder(node, header), header);
}

function asFolder(node: Node | undefined, header: Header): Folder {
  if (node?.kind === 'folder') return node;
  if (node?.kind !== 'opaque') return emptyFolder(header);
  const same = derived(`mkdir ${header.mode} ${header.owner}`, node).token;
  const folder = folderFrom(node);
  return new Folder({ mode: `?${same}`, owner: `?${same}` }, folder, node);
}

/** Replaces what is at a path without links; folders on the way are made. */
function put(
  node: Node | undefined,
  names: readonly string[],
  make: (old: Node | undefined) => Node,
  header: Header,
): Node {
  const [name, ...later] = names;
  if (name === undefined) return make(node);
  const folder = asFolder(node, header);
  return folder.with(name, put(folder.get(name), later, make, header));
}

/** One source of a COPY. */
export interface CopySource {
  /** Links followed. */
  readonly node: Node;
  /** Last part of the path as written. */
  readonly name: string;
}

/** Copies as BuildKit's `fsutil/copy:Copy` does: a file to a name or into a folder, of a folder what is in it. */
export function copyInto(root: Node, source: CopySource, destination: string, style: Style): Node {
  const made: Header = { mode: style.mode ?? '755', owner: style.owner ?? '0:0' };
  const parent = destination.endsWith('/') ? destination : destination.slice(0, destination.lastIndexOf('/') + 1);
  const tree = makeFolders(root, cleanPath(parent), made);
  const path = realPath(tree, cleanPath(destination));
  const names = path.split('/').filter(Boolean);
  const target = nodeAt(tree, path);
  const node = styled(source.node, style);
  switch (node.kind) {
    case 'folder':
      return put(tree, names, (old) => merged(asFolder(old, made), node, false), made);
    case 'opaque':
      return put(
        tree,
        names,
        (old) => (old === undefined ? derived('copy', node) : opaqueInto(old, node, source)),
        made,
      );
    default:
      if (target?.kind === 'folder') return put(tree, [...names, source.name], () => node, made);
      return put(tree, names, () => insideOf(node, target, source), made);
  }
}

/** The target may be a folder: then the file is in it. */
function insideOf(node: Node, target: Node | undefined, { name }: CopySource): Node {
  if (node.kind !== 'file' || target?.kind !== 'opaque') return node;
  return isFolderOfAnySystem(target.path) && target.of === 'image'
    ? folderFrom(target).with(name, node)
    : ({ ...node, inside: { name, folder: target } } satisfies FileNode);
}

/** Every image of an operating system has them. */
function isFolderOfAnySystem(path: string): boolean {
  return /^\/(?:bin|etc|home|lib|mnt|opt|root|run|sbin|srv|tmp|usr(?:\/(?:bin|lib|sbin|share|local(?:\/(?:bin|lib|share))?))?|var(?:\/(?:cache|lib|log|tmp))?)?$/.test(
    path,
  );
}

/** It is not known whether the source is a file, which would lie in the folder, or a folder, whose files would. */
function opaqueInto(old: Node, node: Node, { name }: CopySource): Node {
  if (old.kind !== 'folder') return derived('over', node, old);
  if (old.names().size === 0 && !old.rest)
    return new Folder(old.header, emptyFolder(old.header), derived(`into ${name}`, node));
  const entries = new Map<string, Node>();
  for (const one of old.names()) entries.set(one, derived(`maybe ${one} ${name}`, node, old.known(one)));
  return Folder.of(old.header, entries, derived(`into ${name}`, node, old.rest));
}

/** Puts an archive's files, which are not known, over a folder. */
export function unpackInto(root: Node, archive: Node, destination: string): Node {
  const names = realPath(root, cleanPath(destination)).split('/').filter(Boolean);
  return put(root, names, (old) => derived('unpack', archive, old), rootOwned);
}

/** Something of unknown place was written. */
export function writtenSomewhere(root: Node, what: string): Node {
  return derived(`somewhere ${what}`, root);
}

const mergedPairs = new WeakMap<Folder, WeakMap<Folder, Map<boolean, Folder>>>();

/**
 * Both folders in one; where both have something at a path, it is the one's above. Of folders in them the header is the one's
 * above, of the folder itself only if `own`.
 */
export function merged(below: Folder, above: Folder, own: boolean): Folder {
  const known = mergedPairs.get(below)?.get(above)?.get(own);
  if (known) return known;
  const header = own ? above.header : below.header;
  const isFresh = below.names().size === 0 && !below.rest;
  const folder = isFresh ? relabelled(above, header) : mergeLazily(below, above, header);
  const ofBelow = mergedPairs.get(below) ?? new WeakMap<Folder, Map<boolean, Folder>>();
  mergedPairs.set(below, ofBelow);
  ofBelow.set(above, (ofBelow.get(above) ?? new Map<boolean, Folder>()).set(own, folder));
  return folder;
}

const relabelledFolders = new WeakMap<Folder, Map<string, Folder>>();

/** Equal folders stay one object, so that they compare quickly. */
function relabelled(folder: Folder, header: Header): Folder {
  const key = `${header.mode} ${header.owner}`;
  const byHeader = relabelledFolders.get(folder) ?? new Map<string, Folder>();
  relabelledFolders.set(folder, byHeader);
  let found = byHeader.get(key);
  if (!found) {
    found = new Folder(header, { names: () => folder.names(), get: (name) => folder.known(name) }, folder.rest);
    byHeader.set(key, found);
  }
  return found;
}

function mergeLazily(below: Folder, above: Folder, header: Header): Folder {
  const get = (name: string): Node | undefined => {
    const [a, b] = [above.get(name), below.get(name)];
    if (a === undefined) return below.known(name);
    if (a.kind === 'folder' && b?.kind === 'folder') return merged(b, a, true);
    if (a.kind === 'folder' && b?.kind === 'opaque') return merged(folderFrom(b), a, true);
    if (a.kind === 'opaque') return b === undefined ? a : derived('over', a, b);
    return a;
  };
  const names = () => [...below.names(), ...[...above.names()].filter((name) => !below.names().has(name))];
  const rest = above.rest ? (below.rest ? derived('over', above.rest, below.rest) : above.rest) : below.rest;
  return new Folder(header, { names, get }, rest);
}

const styledNodes = new WeakMap<Node, Map<string, Node>>();

/** The node with the owner and mode that a copy gives to all of it. */
function styled(node: Node, style: Style): Node {
  if (style.owner === undefined && style.mode === undefined) return node;
  const key = `${style.owner} ${style.mode}`;
  const byStyle = styledNodes.get(node) ?? new Map<string, Node>();
  styledNodes.set(node, byStyle);
  let found = byStyle.get(key);
  if (!found) {
    found = applyStyle(node, style);
    byStyle.set(key, found);
  }
  return found;
}

function applyStyle(node: Node, style: Style): Node {
  switch (node.kind) {
    case 'opaque':
      return derived(`style ${style.owner} ${style.mode}`, node);
    case 'link':
      return { ...node, header: { ...node.header, owner: style.owner ?? node.header.owner } };
    case 'file':
      return { ...node, header: styledHeader(node.header, style) };
    default: {
      const get = (name: string) => {
        const child = node.known(name);
        return child && styled(child, style);
      };
      const rest = node.rest && derived(`style ${style.owner} ${style.mode}`, node.rest);
      return new Folder(styledHeader(node.header, style), { names: () => node.names(), get }, rest);
    }
  }
}

function styledHeader({ mode, owner }: Header, style: Style): Header {
  const given = style.mode;
  const changed = given === undefined ? mode : /^[0-7]+$/.test(given) ? given : `?${mode} ${given}`;
  return { mode: changed, owner: style.owner ?? owner };
}
