/** Values for the variables of a compose file; nothing is taken from the process, so that the result is the same everywhere. */
export type Variables = ReadonlyMap<string, string>;

/**
 * Substitutes `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:+other}`, `${NAME:?message}` (nested too);
 * `$$` is a dollar. Undefined where a variable has neither a value nor a default, or the text is malformed.
 */
export function substitute(text: string, variables: Variables): string | undefined {
  return text.includes('$') ? new Substitution(text, variables).run() : text;
}

const DEEPEST = 20;

class Substitution {
  readonly #text: string;
  readonly #variables: Variables;
  #at = 0;
  #failed = false;

  constructor(text: string, variables: Variables) {
    this.#text = text;
    this.#variables = variables;
  }

  run(): string | undefined {
    const result = this.#until('', 0, true);
    return this.#failed ? undefined : result;
  }

  /** Reads up to `end` ('' for the end of the text) and past it; `wanted` is false in a branch that is thrown away. */
  #until(end: string, depth: number, wanted: boolean): string {
    let result = '';
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at++);
      if (char === end) return result;
      result += char === '$' ? this.#variable(depth, wanted) : char;
    }
    if (end !== '') this.#failed = true;
    return result;
  }

  /** After a `$`. */
  #variable(depth: number, wanted: boolean): string {
    if (this.#skip('$')) return '$';
    const braced = this.#skip('{');
    const name = /^[A-Za-z_]\w*/.exec(this.#text.slice(this.#at, this.#at + 256))?.[0];
    if (name === undefined || depth > DEEPEST) return this.#fail('');
    this.#at += name.length;
    const value = this.#variables.get(name);
    if (!braced || this.#skip('}')) return value ?? (wanted ? this.#fail('') : '');
    return this.#operator(value, depth, wanted);
  }

  #operator(value: string | undefined, depth: number, wanted: boolean): string {
    const emptyCounts = !this.#skip(':');
    const operator = this.#text.charAt(this.#at++);
    const isSet = value !== undefined && (emptyCounts || value !== '');
    const usesWord = operator === '-' ? !isSet : operator === '+' && isSet;
    const word = this.#until('}', depth + 1, wanted && usesWord);
    if (usesWord) return word;
    if (operator === '+') return '';
    if ((operator === '-' || operator === '?') && isSet) return value;
    return wanted ? this.#fail('') : '';
  }

  #skip(char: string): boolean {
    if (this.#text.charAt(this.#at) !== char) return false;
    this.#at++;
    return true;
  }

  #fail(result: string): string {
    this.#failed = true;
    return result;
  }
}

/** Reads a `.env` file as far as it is plain: `NAME=value`, quotes around the value removed, `#` comments. */
export function readVariables(text: string): Variables {
  const variables = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line);
    if (!match) continue;
    const value = (match[2] ?? '').trim();
    const quoted = /^(["'])(.*)\1$/.exec(value);
    variables.set(match[1] ?? '', quoted?.[2] ?? value.replace(/(?:^|\s+)#.*$/, ''));
  }
  return variables;
}
