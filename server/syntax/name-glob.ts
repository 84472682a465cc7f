/** A pattern of an option as a regular expression over whole names: `*` stands for any text, everything else for itself. */
export function nameGlob(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`);
}
