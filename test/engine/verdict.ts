import type { Rebuild, StepResult } from '../../server/cache/rebuild.js';

/** What the model expects of each step, in the letters of `observe`, `?` where it does not know, `k` for a cached copy of which it does not know whether it is linked again. */
export function expectation({ steps }: Rebuild): string {
  return steps.map(letterOf).join('');
}

function letterOf({ state, link }: StepResult): string {
  if (state === 'cached') return link === 'rebuilt' ? 'l' : link === 'unknown' ? 'k' : 'c';
  return { rebuilt: 'r', unknown: '?', 'not-needed': '.' }[state];
}

/** Indexes of the steps that did not do what was expected. What is not known is never wrong. */
export function wrongSteps(expected: string, seen: string): number[] {
  return [...expected].flatMap((letter, index) => (agrees(letter, seen[index] ?? '') ? [] : [index]));
}

function agrees(expected: string, seen: string): boolean {
  switch (expected) {
    case '?':
      return true;
    case 'c':
      return 'cC.'.includes(seen);
    case 'k':
      return 'cCl.'.includes(seen);
    case 'l':
      return seen === 'l';
    case 'r':
      return 'rR'.includes(seen);
    default:
      return seen === '.' || seen === seen.toUpperCase();
  }
}
