import { nearest } from '../core/nearest.js';

/** The choice a word was most likely meant to be: one that it begins, else the nearest in spelling. */
export function guess(word: string, choices: readonly string[]): string | undefined {
  const begun = choices.filter((choice) => word.length > 1 && choice.startsWith(word));
  return begun.length === 1 ? begun[0] : nearest(word, choices);
}
