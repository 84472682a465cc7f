import type { Build } from '../../model/build.js';
import { contextTransfers } from '../../model/transfers.js';
import { cleanPath, parentOf } from '../../syntax/go-path.js';
import { hasWildcard } from '../../syntax/path-match.js';
import type { Instruction } from '../../syntax/tree.js';

/** COPYs and ADDs of the context none of whose sources holds a file that is tracked; none where it is not known what is. */
export function untrackedCopies(build: Build, tracked: Iterable<string> | undefined): ReadonlySet<Instruction> {
  if (tracked === undefined) return new Set();
  const known = new Set(['']);
  // A path that is tracked stands for all below it: the commit of a submodule.
  const files = new Set<string>();
  for (const path of tracked) files.add(path);
  for (const path of files) for (let at = path; at !== '' && !known.has(at); at = parentOf(at)) known.add(at);
  const isKnown = (path: string) => {
    let at = cleanPath(`/${path}`).slice(1);
    while (hasWildcard(at)) at = parentOf(at);
    if (known.has(at)) return true;
    for (; at !== ''; at = parentOf(at)) if (files.has(at)) return true;
    return false;
  };
  const found = contextTransfers(build).filter(
    ({ instruction, sources }) =>
      instruction.heredocs.length === 0 && sources.every(({ path }) => path !== undefined && !isKnown(path)),
  );
  return new Set(found.filter(({ sources }) => sources.length > 0).map(({ instruction }) => instruction));
}
