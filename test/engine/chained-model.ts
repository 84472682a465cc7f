import { chainedRebuildOf } from '../../server/cache/chained.js';
import type { ChainedBuilder } from '../../server/cache/chained-stages.js';
import { compareContexts } from '../../server/cache/change.js';
import { contextFor } from '../../server/cache/ignore-choice.js';
import type { StepState } from '../../server/cache/rebuild.js';
import type { Side } from '../../server/cache/side.js';
import { imageName, type SaltedCase, sideOf } from './case.js';

const letters: Readonly<Record<StepState, string>> = { cached: 'c', rebuilt: 'r', unknown: '?', 'not-needed': '.' };

/** What the model says of a case, one letter per instruction of the file but FROM, as the builders' output is read. */
export function chainedModelOf(one: SaltedCase, builder: ChainedBuilder): string {
  const [before, after] = [one.before, one.after].map((build) => {
    const side = sideOf(build);
    return { ...side, context: side.context && contextFor(builder, side.context) };
  }) as [Side, Side];
  const moved = new Set(one.moved ? [`docker.io/library/${imageName(one.salt, '1')}`] : []);
  const { steps } = chainedRebuildOf({ before, after, files: compareContexts(before, after), moved }, builder);
  const own = new Set(after.file.instructions);
  return steps
    .filter(({ instruction }) => own.has(instruction))
    .toSorted((a, b) => a.instruction.index - b.instruction.index)
    .map(({ state }) => letters[state])
    .join('');
}

/** What is not known is never wrong. */
export function agreesWith(expected: string, seen: string): boolean {
  return expected.length === seen.length && [...expected].every((one, index) => one === '?' || one === seen[index]);
}
