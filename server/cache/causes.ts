/** A path that made a step run again, or a folder of such paths. */
export interface Cause {
  /** Relative to the context; a folder ends in `/`. */
  readonly path: string;
  /** In how many commits. */
  readonly commits: number;
}

interface Node {
  /** Position in `PathTree.nodes`. */
  readonly index: number;
  readonly path: string;
  readonly children: Map<string, Node>;
}

/** The paths of a history; of each it is known once which folders hold it. */
export class PathTree {
  readonly nodes: Node[] = [{ index: 0, path: '', children: new Map() }];
  readonly #chains = new Map<string, readonly Node[]>();

  /** The path's node and those of its folders but the root, the outermost first. */
  chain(path: string): readonly Node[] {
    const known = this.#chains.get(path);
    if (known) return known;
    const chain: Node[] = [];
    let [node] = this.nodes;
    for (const name of path.split('/')) {
      if (!node) break;
      let child = node.children.get(name);
      if (!child) {
        child = {
          index: this.nodes.length,
          path: node.index === 0 ? name : `${node.path}/${name}`,
          children: new Map(),
        };
        this.nodes.push(child);
        node.children.set(name, child);
      }
      chain.push(child);
      node = child;
    }
    this.#chains.set(path, chain);
    return chain;
  }
}

const mostCauses = 8;

/** A node with its commits, and those below it that have some. */
interface Counted {
  readonly path: string;
  readonly commits: number;
  children(): readonly Counted[];
}

/**
 * Sums paths up to a few: as deep as the number of entries allows, the entries with the most commits first. `commits` holds
 * the chains of each commit's paths.
 */
export function causesOf(tree: PathTree, commits: Iterable<Iterable<readonly Node[]>>): readonly Cause[] {
  const counts = new Uint32Array(tree.nodes.length);
  const lastCommit = new Uint32Array(tree.nodes.length);
  let number = 0;
  for (const chains of commits) {
    number++;
    for (const chain of chains) {
      for (const { index } of chain) {
        if (lastCommit[index] === number) continue;
        lastCommit[index] = number;
        counts[index] = (counts[index] ?? 0) + 1;
      }
    }
  }
  const [root] = tree.nodes;
  const entries = root ? spread(countedChildren(root, counts)) : [];
  return entries
    .map((entry) => ({ path: entry.children().length > 0 ? `${entry.path}/` : entry.path, commits: entry.commits }))
    .sort(byCommits)
    .slice(0, mostCauses);
}

function countedChildren(node: Node, counts: Uint32Array): readonly Counted[] {
  const found: Counted[] = [];
  for (const child of node.children.values()) {
    const commits = counts[child.index] ?? 0;
    let below: readonly Counted[] | undefined;
    const children = () => {
      below ??= countedChildren(child, counts);
      return below;
    };
    if (commits > 0) found.push({ path: child.path, commits, children });
  }
  return found;
}

/** Opens folders, that with the most commits first, as long as there is room for what is in them. */
function spread(top: readonly Counted[]): readonly Counted[] {
  const entries = top.map(narrowed);
  const closed = new Set<Counted>();
  for (;;) {
    const [folder] = entries.filter((entry) => entry.children().length > 0 && !closed.has(entry)).sort(byCommits);
    if (!folder) return entries;
    if (entries.length - 1 + folder.children().length <= mostCauses) {
      entries.splice(entries.indexOf(folder), 1, ...folder.children().map(narrowed));
    } else closed.add(folder);
  }
}

/** The deepest folder or file that holds all that is counted below an entry. */
function narrowed(entry: Counted): Counted {
  let at = entry;
  for (;;) {
    const [only, ...more] = at.children();
    if (!only || more.length > 0) return at;
    at = only;
  }
}

function byCommits(a: Cause, b: Cause): number {
  return b.commits - a.commits || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}
