import { cleanPath } from '../syntax/go-path.js';
import { compilePathPattern, hasWildcard } from '../syntax/path-match.js';
import { entryOf, type Folder, type Node, type Opaque } from './tree.js';

/** As many symbolic links as BuildKit follows for one path. */
const mostLinks = 255;

/** Where a path (absolute, clean) leads once the symbolic links on it that are known have been followed inside the tree. */
export function realPath(root: Node, path: string, followLast = true): string {
  let done = '';
  let todo = path.split('/').filter(Boolean);
  let node: Node | undefined = root;
  for (let links = 0; todo.length > 0; ) {
    const [name = '', ...later] = todo;
    const next = entryOf(node, name);
    if (next?.kind === 'link' && (followLast || later.length > 0) && links < mostLinks) {
      links++;
      const target = next.target.startsWith('/') ? next.target : `${done}/${next.target}`;
      todo = [...cleanPath(`/${target}`).split('/').filter(Boolean), ...later];
      done = '';
      node = root;
      continue;
    }
    done += `/${name}`;
    node = next;
    todo = later;
  }
  return done === '' ? '/' : done;
}

/** What is at a path, links followed; undefined where there is certainly nothing. */
export function nodeAt(root: Node, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const name of realPath(root, path).split('/')) if (name !== '') node = entryOf(node, name);
  return node;
}

/** What a wildcard takes. */
export interface Matches {
  /** By path relative to the part without wildcards. */
  readonly found: ReadonlyMap<string, Node>;
  /** Places that may hold more, with the patterns that they would have to match. */
  readonly open: ReadonlyMap<string, Opaque>;
  /** Absolute path of the part without wildcards. */
  readonly folder: string;
}

const knownMatches = new WeakMap<Node, Map<string, Matches>>();

/** Entries that match a path with wildcards (`filepath.Match`, level by level). A link that matches is followed. */
export function matchesOf(root: Node, pattern: string): Matches {
  const ofRoot = knownMatches.get(root) ?? new Map<string, Matches>();
  knownMatches.set(root, ofRoot);
  const matches = ofRoot.get(pattern) ?? findMatches(root, pattern);
  ofRoot.set(pattern, matches);
  return matches;
}

function findMatches(root: Node, pattern: string): Matches {
  const parts = pattern.split('/').filter(Boolean);
  const first = parts.findIndex((part) => hasWildcard(part));
  const folder = realPath(root, `/${parts.slice(0, first).join('/')}`);
  const found = new Map<string, Node>();
  const open = new Map<string, Opaque>();
  const descend = (node: Node | undefined, path: string, rest: readonly string[]): void => {
    const [part, ...later] = rest;
    if (part === undefined) {
      const target = node?.kind === 'link' ? nodeAt(root, `${folder}/${path}`) : node;
      if (target) found.set(path, target);
      return;
    }
    if (node?.kind === 'opaque') open.set(`${path}\0${rest.join('/')}`, node);
    if (node?.kind !== 'folder') return;
    if (node.rest) open.set(`${path}\0${rest.join('/')}`, node.rest);
    for (const name of namesLike(part, node)) descend(node.known(name), path === '' ? name : `${path}/${name}`, later);
  };
  descend(nodeAt(root, folder), '', parts.slice(first));
  return { found, open, folder };
}

function namesLike(part: string, folder: Folder): readonly string[] {
  if (!/[*?[\\]/.test(part)) return folder.names().has(part) ? [part] : [];
  const matcher = compilePathPattern(part);
  return [...folder.names()].filter((name) => matcher?.matches(name) ?? false);
}
