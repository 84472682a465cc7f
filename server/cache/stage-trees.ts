import { baseName } from '../syntax/go-path.js';
import { hasWildcard } from '../syntax/path-match.js';
import { originKey, rootKey } from './compiling.js';
import type { Comparison } from './content.js';
import { type ContextTrees, contextTrees } from './context-trees.js';
import { hasMoved } from './moved.js';
import type { Input, Root, Vertex } from './plan.js';
import { derived, emptyFolder, folderFrom, type Node, type Opaque } from './tree.js';
import { withoutExcluded } from './tree-filter.js';
import { matchesOf, nodeAt } from './tree-paths.js';
import { copyInto, makeFolders, merged, rootOwned, type Style, unpackInto, writtenSomewhere } from './tree-writes.js';

/** What is known of the files that each operation of both builds leaves behind. */
export class StageTrees {
  readonly #comparison: Comparison;
  readonly #known = [new Map<Vertex, Node>(), new Map<Vertex, Node>()] as const;
  #context: ContextTrees | undefined;

  constructor(comparison: Comparison) {
    this.#comparison = comparison;
  }

  /** The files that an input chooses from. */
  ofInput({ origin }: Input, later: boolean): Node {
    switch (origin.kind) {
      case 'context': {
        const { before, after, changes, isSentAnew } = this.#comparison;
        this.#context ??= contextTrees(before, after, changes, isSentAnew);
        return later ? this.#context.after : this.#context.before;
      }
      case 'stage':
        return this.of(origin.stage.last, later);
      case 'image':
        return this.#image({ role: 'root', image: origin.image }, later);
      case 'remote':
        return { kind: 'opaque', token: originKey(origin), path: '', of: 'output' };
      default:
        return inlineFile(origin.text);
    }
  }

  /** After an operation, or at the start of a stage. Goes down a chain and up again without recursion: stages may be long. */
  of(state: Vertex | Root, later: boolean): Node {
    const chain: [vertex: Vertex, later: boolean][] = [];
    let at: Vertex | Root | undefined = state;
    let side = later;
    let tree: Node | undefined;
    while (tree === undefined) {
      if (at === undefined) tree = nothing;
      else if (at.role === 'root') tree = at.image === undefined ? nothing : this.#image(at, side);
      else {
        const twin: Vertex | undefined = side ? this.#cachedAs(at) : undefined;
        if (twin) [at, side] = [twin, false];
        tree = this.#map(side).get(at) ?? (at.role === 'run' ? this.#output(at, side) : undefined);
        if (tree === undefined) {
          chain.push([at, side]);
          at = at.previous;
        }
      }
    }
    for (const [vertex, ofLater] of chain.toReversed()) {
      tree = this.#write(vertex, tree, ofLater);
      this.#map(ofLater).set(vertex, tree);
    }
    return tree;
  }

  #map(later: boolean): Map<Vertex, Node> {
    return this.#known[later ? 1 : 0];
  }

  /** The vertex of the earlier build whose result is taken. */
  #cachedAs(vertex: Vertex): Vertex | undefined {
    const decision = this.#comparison.decisions.get(vertex);
    return decision?.state === 'cached' ? decision.twin : undefined;
  }

  #image(root: Root, later: boolean): Opaque {
    const isOther = later && hasMoved(this.#comparison, root.image);
    return { kind: 'opaque', token: `${rootKey(root)}${isOther ? ' moved' : ''}`, path: '', of: 'image' };
  }

  #output(run: Vertex, later: boolean): Opaque {
    const vertex = later ? run : this.#comparison.representative(run);
    return { kind: 'opaque', token: `run ${numberOf(vertex)}`, path: '', of: 'output' };
  }

  #write(vertex: Vertex, below: Node, later: boolean): Node {
    if (vertex.merged) {
      const above = this.of(vertex.merged, later);
      const [a, b] = [asFolder(above), asFolder(below)];
      return merged(b, a, true);
    }
    if (vertex.target === undefined) return writtenSomewhere(below, vertex.own);
    if (vertex.role === 'workdir')
      return makeFolders(below, vertex.target, { mode: '755', owner: ownerOf(optionOf(vertex, 'user')) ?? '0:0' });
    let tree = below;
    for (const input of vertex.inputs) tree = this.#copy(tree, vertex, vertex.target, input, later);
    return tree;
  }

  #copy(tree: Node, vertex: Vertex, target: string, input: Input, later: boolean): Node {
    const source = this.ofInput(input, later);
    const style: Style = { owner: ownerOf(optionOf(vertex, 'chown')), mode: optionOf(vertex, 'chmod') };
    if (input.parents || input.paths.includes(undefined))
      return copyInto(
        tree,
        { node: derived(`some of ${JSON.stringify([input.paths, input.exclude])}`, source), name: '' },
        target,
        style,
      );
    const unpacks = vertex.step.instruction.keyword === 'ADD' && input.origin.kind === 'context';
    let result = tree;
    for (const path of input.paths) {
      for (const [name, found] of sourcesOf(source, path ?? '/', input)) {
        const node = withoutExcluded(found, input.exclude);
        result =
          unpacks && isArchive(name)
            ? unpackInto(result, node, target)
            : copyInto(result, { node, name }, target, style);
      }
    }
    return result;
  }
}

const nothing = emptyFolder(rootOwned);

function asFolder(node: Node) {
  return node.kind === 'folder' ? node : node.kind === 'opaque' ? folderFrom(node) : nothing;
}

/** What a path of a COPY takes, by name. */
function* sourcesOf(tree: Node, path: string, { origin }: Input): Iterable<[name: string, node: Node]> {
  if (origin.kind === 'inline') yield [origin.text.slice(0, origin.text.indexOf('\n')), tree];
  else if (origin.kind === 'remote') yield [baseName(origin.url), tree];
  else if (hasWildcard(path)) {
    const { found, open } = matchesOf(tree, path);
    for (const [name, node] of found) yield [baseName(name), node];
    for (const [place, node] of open) yield ['', derived(`matches ${place}`, node)];
  } else {
    const node = nodeAt(tree, path);
    if (node) yield [baseName(path), node];
  }
}

function inlineFile(text: string): Node {
  const content = { path: `\u0001${text}`, version: '', id: () => `text:${text}` };
  return { kind: 'file', header: { mode: '644', owner: '0:0' }, content };
}

/** What ADD unpacks is told by the bytes; the name is what can be seen. */
function isArchive(name: string): boolean {
  return /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst)$/i.test(name);
}

/** Of a step's key; as octal or symbolic mode, `uid:gid`, or name. */
function optionOf(vertex: Vertex, name: 'chown' | 'chmod' | 'user'): string | undefined {
  for (const input of vertex.step.inputs) {
    if (input.kind === 'option' && input.name === name) return input.value;
    if (input.kind === 'user' && name === 'user') return input.user || undefined;
  }
  return undefined;
}

/** A user id alone stands for the group too. */
function ownerOf(text: string | undefined): string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? `${text}:${text}` : text;
}

const numbers = new WeakMap<Vertex, number>();
let nextNumber = 1;

function numberOf(vertex: Vertex): number {
  let number = numbers.get(vertex);
  if (number === undefined) {
    number = nextNumber++;
    numbers.set(vertex, number);
  }
  return number;
}
