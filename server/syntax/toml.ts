import { parse, type TomlTable as Read } from 'smol-toml';

/** A value of TOML: strings, numbers and dates as text, booleans, lists and tables. */
export type TomlValue = string | boolean | readonly TomlValue[] | TomlTable;
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** The tables of a TOML text; undefined where it is not well formed. Never throws. */
export function parseToml(text: string): TomlTable | undefined {
  try {
    return tableOf(parse(text.replace(/^\uFEFF/, ''), { maxDepth: deepest, integersAsBigInt: true }));
  } catch {
    return undefined;
  }
}

/** Deeper nesting is no manifest. */
const deepest = 64;

/** Without a prototype, so that any key may come. */
function tableOf(read: Read): TomlTable {
  const table: Record<string, TomlValue> = Object.create(null);
  for (const [key, value] of Object.entries(read)) table[key] = valueFrom(value);
  return table;
}

function valueFrom(value: Read[string]): TomlValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(valueFrom);
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? tableOf(value) : String(value);
}

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value);
}

export function isList(value: TomlValue | undefined): value is readonly TomlValue[] {
  return Array.isArray(value);
}
