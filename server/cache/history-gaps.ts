import type { Build } from '../model/build.js';
import type { BuildContext } from '../model/context.js';
import { contextTransfers } from '../model/transfers.js';
import { unwantedVcs } from '../model/unwanted.js';
import { untrackedCopies } from './order/untracked.js';

/**
 * What commits cannot tell of a build, as sentences without a full stop. `tracked`: paths of the context that Git tracks; undefined
 * where that is not known.
 */
export function historyGaps(
  build: Build,
  context: BuildContext,
  tracked: Iterable<string> | undefined,
): readonly string[] {
  if (!context.plausible) {
    const folder = context.name === '.' ? 'this folder' : context.name;
    return [
      `not all that the Dockerfile copies is in ${folder}: if another folder is the build context, name it with --context, or with contexts in the configuration`,
    ];
  }
  const { text } = build.file;
  const gaps = copiesGit(build, context).map((one) => `${one}: what re-runs for that is not counted`);
  const copies = [...untrackedCopies(build, tracked)].map(({ span }) => shortened(text.slice(span.start, span.end)));
  const [first] = copies;
  if (first === undefined) return gaps;
  const others = copies.length - 1;
  const [names, brings] =
    others === 0
      ? [first, 'brings']
      : [`${first} and ${others === 1 ? 'one more COPY' : `${others} more COPYs`}`, 'bring'];
  return [...gaps, `Git does not know what ${names} ${brings}: what re-runs when that changes is not counted`];
}

/** That a COPY takes `.git`, which no commit tells of; a sentence without a full stop, or none. */
export function copiesGit(build: Build, context: BuildContext): readonly string[] {
  const { text } = build.file;
  const span = contextTransfers(build).find((transfer) => unwantedVcs(build, context, transfer))?.instruction.span;
  return span ? [`${shortened(text.slice(span.start, span.end))} takes .git, which every commit changes`] : [];
}

/** On one line. */
function shortened(text: string): string {
  const line = text.replace(/(?<!\s)\s*(?:[\\`]\s*)?\n\s*/g, ' ').trim();
  return `\`${line.length > 60 ? `${line.slice(0, 59)}…` : line}\``;
}
