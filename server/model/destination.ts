import type { TransferInstruction } from '../syntax/tree.js';
import type { Build } from './build.js';
import { joinPath } from './path.js';

/** Where a COPY or ADD puts its files, absolute and clean; undefined where a variable or the working folder is not known. */
export function destinationOf(build: Build, copy: TransferInstruction): string | undefined {
  const word = build.expand(copy, copy.destination?.text ?? '');
  const { cwd } = build.stateBefore(copy);
  if (word === undefined || (cwd === undefined && !word.startsWith('/'))) return undefined;
  return joinPath(cwd ?? '/', word);
}
