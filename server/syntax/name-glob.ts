const known = new Map<string, RegExp>();
const mostKnown = 200;

/** A pattern of an option as a regular expression over whole names: `*` stands for any text, everything else for itself. */
export function nameGlob(pattern: string): RegExp {
  const found = known.get(pattern);
  if (found) return found;
  const made = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`);
  if (known.size === mostKnown) known.clear();
  known.set(pattern, made);
  return made;
}
