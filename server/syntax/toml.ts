/** A value of TOML: strings, numbers and dates as text, booleans, lists and tables. */
export type TomlValue = string | boolean | readonly TomlValue[] | TomlTable;
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** The tables of a TOML text (https://toml.io/en/v1.0.0); undefined where it is not well formed. Linear, never throws. */
export function parseToml(text: string): TomlTable | undefined {
  const reader = new Reader(text.replace(/^\uFEFF/, ''));
  return reader.document();
}

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value);
}

export function isList(value: TomlValue | undefined): value is readonly TomlValue[] {
  return Array.isArray(value);
}

/** Of a table that is being read; no prototype, so that any key may come. */
interface Draft {
  [key: string]: string | boolean | Draft | (string | boolean | Draft | unknown[])[];
}

type Value = Draft[string];

/** Deeper nesting is no manifest. */
const deepest = 64;

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #failed = false;

  constructor(text: string) {
    this.#text = text;
  }

  document(): TomlTable | undefined {
    const root = newDraft();
    let table = root;
    for (this.#blank(); this.#at < this.#text.length && !this.#failed; this.#blank()) {
      if (this.#eat('[')) table = this.#header(root);
      else this.#pair(table);
      this.#spaces();
      if (!/[\n\r#]/.test(this.#peek() || '\n')) this.#failed = true;
    }
    return this.#failed ? undefined : (root as TomlTable);
  }

  #header(root: Draft): Draft {
    const isList = this.#eat('[');
    const keys = this.#keys();
    if (!this.#eat(']') || (isList && !this.#eat(']'))) this.#failed = true;
    const parent = this.#inside(root, keys.slice(0, -1));
    const last = keys.at(-1) ?? '';
    if (!isList) return this.#inside(parent, [last]);
    const list = parent[last] ?? [];
    const made = newDraft();
    if (Array.isArray(list)) list.push(made);
    else this.#failed = true;
    parent[last] = list;
    return made;
  }

  /** The table at a path, made where it is not there; of a list its last one. */
  #inside(table: Draft, keys: readonly string[]): Draft {
    let at = table;
    for (const key of keys) {
      const found: Value = at[key] ?? newDraft();
      at[key] = found;
      const next: unknown = Array.isArray(found) ? found.at(-1) : found;
      if (!isDraft(next)) {
        this.#failed = true;
        return newDraft();
      }
      at = next;
    }
    return at;
  }

  #pair(table: Draft): void {
    const keys = this.#keys();
    const last = keys.at(-1) ?? '';
    this.#spaces();
    if (!this.#eat('=')) this.#failed = true;
    if (this.#failed) return;
    this.#spaces();
    const value = this.#value();
    const home = this.#inside(table, keys.slice(0, -1));
    if (home[last] !== undefined) this.#failed = true;
    home[last] = value;
  }

  #keys(): string[] {
    const keys: string[] = [];
    do {
      this.#spaces();
      const quote = this.#peek();
      if (quote === '"' || quote === "'") keys.push(this.#string());
      else keys.push(this.#match(/[\w-]+/y));
      this.#spaces();
    } while (this.#eat('.') && !this.#failed);
    return keys;
  }

  #value(): Value {
    const next = this.#peek();
    if (next === '"' || next === "'") return this.#string();
    if (next !== '[' && next !== '{') {
      const word = this.#match(/[\w.:+-]+(?: \d[\w.:+-]*)?/y);
      return word === 'true' ? true : word === 'false' ? false : word;
    }
    if (++this.#depth > deepest) this.#failed = true;
    const found = this.#failed ? '' : next === '[' ? this.#list() : this.#inline();
    this.#depth--;
    return found;
  }

  #list(): Value {
    const list: (string | boolean | Draft | unknown[])[] = [];
    this.#at++;
    for (this.#blank(); !this.#eat(']') && !this.#failed; this.#blank()) {
      list.push(this.#value());
      this.#blank();
      if (!this.#eat(',') && this.#peek() !== ']') this.#failed = true;
    }
    return list;
  }

  #inline(): Value {
    const table = newDraft();
    this.#at++;
    for (this.#blank(); !this.#eat('}') && !this.#failed; this.#blank()) {
      this.#pair(table);
      this.#blank();
      if (!this.#eat(',') && this.#peek() !== '}') this.#failed = true;
    }
    return table;
  }

  #string(): string {
    const quote = this.#peek();
    const long = quote.repeat(3);
    if (this.#text.startsWith(long, this.#at)) {
      const end = this.#end(long, quote);
      const text = this.#text.slice(this.#at + 3, end).replace(/^\r?\n/, '');
      this.#at = end + 3;
      return quote === '"' ? this.#unescaped(text.replace(/\\[ \t]*\r?\n\s*/g, '')) : text;
    }
    const literal = quote === '"' ? this.#match(/"(?:[^"\\\n]|\\.)*"/y) : this.#match(/'[^'\n]*'/y);
    return quote === '"' ? this.#unescaped(literal.slice(1, -1)) : literal.slice(1, -1);
  }

  /** Where a string of several lines ends. */
  #end(long: string, quote: string): number {
    let end = this.#text.indexOf(long, this.#at + 3);
    while (quote === '"' && end > 0 && /(?:^|[^\\])(?:\\\\)*\\$/.test(this.#text.slice(Math.max(0, end - 8), end)))
      end = this.#text.indexOf(long, end + 1);
    if (end === -1) this.#failed = true;
    return end === -1 ? this.#text.length : end;
  }

  #unescaped(text: string): string {
    return text.replace(
      /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs,
      (_, short?: string, long?: string, one = '') => {
        const code = Number.parseInt(short ?? long ?? '', 16);
        if (!Number.isNaN(code)) return code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code);
        return escapes[one as string] ?? one;
      },
    );
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) this.#failed = true;
    this.#at += found?.length ?? 0;
    return found ?? '';
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  #eat(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.#at++;
    return true;
  }

  #spaces(): void {
    this.#match(/[ \t]*/y);
  }

  /** Lines without anything, and comments. */
  #blank(): void {
    this.#match(/(?:[ \t\r\n]+|#[^\n]*)*/y);
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', e: '\u001B' };

function newDraft(): Draft {
  return Object.create(null) as Draft;
}

function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
