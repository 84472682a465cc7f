import { expandWord, type Lookup, unknown } from '../syntax/variables.js';

/** `text` with its variables and quotes resolved; undefined where BuildKit fails, or a variable that decides is not known. */
export function expandWith(text: string, lookup: Lookup, escapeWith: '\\' | '`'): string | undefined {
  return expandWord(text, lookup, { escape: escapeWith }).value;
}

/** A lookup that takes what has no known value as possibly set: by a build argument, or by the base image. */
export function knownOrUnknown(value: (name: string) => string | undefined): Lookup {
  return (name) => value(name) ?? unknown;
}
