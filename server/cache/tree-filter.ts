import { createIgnoreMatcher, matcherPattern } from '../syntax/ignore-matcher.js';
import { derived, Folder, type Node } from './tree.js';
import { type Filter, filterOf, hasTaken, type Taken } from './tree-compare.js';

const knownTrees = new WeakMap<Node, Map<string, Node>>();

/**
 * What a copy with `--exclude` takes of one source: of a folder all in it that no pattern names, a file whatever its name. An
 * excluded folder comes if something in it does. Asked again, it is the same object.
 */
export function withoutExcluded(node: Node, exclude: readonly string[]): Node {
  if (exclude.length === 0 || node.kind === 'file' || node.kind === 'link') return node;
  const key = exclude.join('\n');
  const ofNode = knownTrees.get(node) ?? new Map<string, Node>();
  knownTrees.set(node, ofNode);
  let tree = ofNode.get(key);
  if (!tree) {
    const filter = filterOf(undefined, createIgnoreMatcher(exclude.map(matcherPattern)));
    tree = takenPart(node, filter, '', { verdict: undefined, taken: true }, key);
    ofNode.set(key, tree);
  }
  return tree;
}

function takenPart(node: Node, filter: Filter, path: string, at: Taken, key: string): Node {
  if (node.kind === 'opaque') return derived(`some of ${path} without ${key}`, node);
  if (node.kind !== 'folder') return node;
  const innerOf = (name: string) => (path === '' ? name : `${path}/${name}`);
  const isTaken = (name: string) => {
    const [inner, child] = [innerOf(name), node.known(name)];
    const below = filter.take(inner, at);
    return below.taken || (child?.kind === 'folder' && hasTaken(child, filter, inner, below));
  };
  const get = (name: string): Node | undefined => {
    const child = isTaken(name) ? node.known(name) : undefined;
    return child && takenPart(child, filter, innerOf(name), filter.take(innerOf(name), at), key);
  };
  const names = () => [...node.names()].filter(isTaken);
  return new Folder(node.header, { names, get }, node.rest && derived(`some of ${path} without ${key}`, node.rest));
}
