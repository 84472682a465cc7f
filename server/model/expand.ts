import { expandWord, isPlain, type Lookup, unknown } from '../syntax/variables.js';

/** Longer values are not followed: `ENV A=$A$A` doubles one on every line. */
const longestValue = 65536;

/** `text` with its variables and quotes resolved; undefined where BuildKit fails, or a variable that decides is not known. */
export function expandWith(text: string, lookup: Lookup, escapeWith: '\\' | '`'): string | undefined {
  if (isPlain(text)) return text.length > longestValue ? undefined : text;
  const { value } = expandWord(text, lookup, { escape: escapeWith });
  return value !== undefined && value.length > longestValue ? undefined : value;
}

/** A lookup that takes what has no known value as possibly set: by a build argument, or by the base image. */
export function knownOrUnknown(value: (name: string) => string | undefined): Lookup {
  return (name) => value(name) ?? unknown;
}
