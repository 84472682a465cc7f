import { type TomlTable as Parsed, parse } from 'smol-toml';

/** A value of TOML: strings, numbers and dates as text, booleans, lists and tables. */
export type TomlValue = string | boolean | readonly TomlValue[] | TomlTable;
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** The tables of a TOML text; undefined where it is not well formed. Never throws. Remembers the texts read last. */
export function parseToml(text: string): TomlTable | undefined {
  if (recent.has(text)) return recent.get(text);
  const [oldest] = recent.keys();
  if (oldest !== undefined && recent.size >= mostRecent) recent.delete(oldest);
  const table = read(text);
  recent.set(text, table);
  return table;
}

/** Several parts of a lint ask for the same manifests, and the next lint has most of them unchanged. */
const recent = new Map<string, TomlTable | undefined>();
const mostRecent = 64;

function read(text: string): TomlTable | undefined {
  try {
    return tableOf(parse(text.replace(/^\uFEFF/, ''), { maxDepth: deepest, integersAsBigInt: true }));
  } catch {
    return undefined;
  }
}

/** Deeper nesting is no manifest. */
const deepest = 64;

/** Without a prototype, so that any key may come. */
function tableOf(parsed: Parsed): TomlTable {
  const table: Record<string, TomlValue> = Object.create(null);
  for (const [key, value] of Object.entries(parsed)) table[key] = valueFrom(value);
  return table;
}

function valueFrom(value: Parsed[string]): TomlValue {
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

/** What a dotted name (`tool.uv.sources`) leads to; its parts are plain keys. */
export function valueAt(table: TomlTable, name: string): TomlValue | undefined {
  let found: TomlValue | undefined = table;
  for (const key of name.split('.')) found = isTable(found) ? found[key] : undefined;
  return found;
}

/** The same where it is a table; one without keys where it is not. */
export function tableAt(table: TomlTable, name: string): TomlTable {
  const found = valueAt(table, name);
  return isTable(found) ? found : empty;
}

const empty: TomlTable = Object.freeze(Object.create(null));

/** The strings of a value that is a string or a list of strings; undefined of any other value. */
export function stringsOf(value: TomlValue | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  return isList(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}

/** The tables of a value, itself and those in it. */
export function tablesIn(value: TomlValue | undefined): readonly TomlTable[] {
  if (isList(value)) return value.flatMap(tablesIn);
  return isTable(value) ? [value, ...Object.values(value).flatMap(tablesIn)] : [];
}
