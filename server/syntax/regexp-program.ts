/** One step of a compiled regular expression; the step after the last is the match. */
export type RegexpStep =
  | { readonly kind: 'char'; accepts(code: number): boolean }
  /** Goes on at the next step and at `to`. */
  | { readonly kind: 'split'; to: number }
  | { readonly kind: 'jump'; readonly to: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'boundary'; readonly negated: boolean };

type Accepts = (code: number) => boolean;

/**
 * Reads the part of Go's regular expressions (RE2) that `patternmatcher` can produce out of a pattern of an ignore file:
 * literals, `.`, classes, `*`, `(…)?`, anchors, and the escapes that leak through (`\d`, `\b`, `\x41`, `\pL`, `\Q`).
 * Undefined where Go reports an error.
 */
export function parseRegexp(source: string): readonly RegexpStep[] | undefined {
  try {
    return new Parser(source).parse();
  } catch (error) {
    if (error instanceof BadRegexp) return undefined;
    throw error;
  }
}

class BadRegexp extends Error {}

class Parser {
  readonly #chars: readonly string[];
  /** Of the last `:]`; -1 where there is none. */
  readonly #lastPosixEnd: number;
  #at = 0;
  readonly #steps: RegexpStep[] = [];

  constructor(source: string) {
    this.#chars = Array.from(source);
    this.#lastPosixEnd = this.#chars.findLastIndex((char, at) => char === ':' && this.#chars[at + 1] === ']');
  }

  parse(): readonly RegexpStep[] {
    while (this.#at < this.#chars.length) this.#item();
    return this.#steps;
  }

  #next(): string {
    const char = this.#chars[this.#at++];
    if (char === undefined) throw new BadRegexp();
    return char;
  }

  #skip(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #item(): void {
    const char = this.#next();
    if (char === '(') this.#group();
    else if (char === '^') this.#steps.push({ kind: 'start' });
    else if (char === '$') this.#steps.push({ kind: 'end' });
    else if (char === '.') this.#char((code) => code !== 10);
    else if (char === '[') this.#char(this.#class());
    else if (char === '\\') this.#escape();
    else this.#char(only(char));
  }

  /** The only groups are optional ones. */
  #group(): void {
    const split: RegexpStep = { kind: 'split', to: 0 };
    this.#steps.push(split);
    while (!this.#skip(')')) this.#item();
    this.#skip('?');
    split.to = this.#steps.length;
  }

  #char(accepts: Accepts): void {
    const step: RegexpStep = { kind: 'char', accepts };
    if (!this.#skip('*')) {
      this.#steps.push(step);
      return;
    }
    const start = this.#steps.length;
    this.#steps.push({ kind: 'split', to: start + 3 }, step, { kind: 'jump', to: start });
  }

  #escape(): void {
    const char = this.#chars[this.#at];
    if (char === 'A') this.#steps.push({ kind: 'start' });
    else if (char === 'z') this.#steps.push({ kind: 'end' });
    else if (char === 'b' || char === 'B') this.#steps.push({ kind: 'boundary', negated: char === 'B' });
    else if (char === 'Q') {
      this.#at++;
      this.#quoted();
      return;
    } else {
      this.#char(this.#namedClass() ?? only(this.#escapedChar()));
      return;
    }
    this.#at++;
  }

  /** After `\Q`: everything to `\E` is literal. */
  #quoted(): void {
    while (this.#at < this.#chars.length) {
      const char = this.#next();
      if (char === '\\' && this.#skip('E')) return;
      this.#steps.push({ kind: 'char', accepts: only(char) });
    }
  }

  /** `\d`, `\pL` and their like, right after the backslash. */
  #namedClass(): Accepts | undefined {
    const char = this.#chars[this.#at] ?? '';
    const named = PERL_CLASSES.get(char.toLowerCase());
    if (named) {
      this.#at++;
      return char === char.toLowerCase() ? named : (code) => !named(code);
    }
    if (char !== 'p' && char !== 'P') return undefined;
    this.#at++;
    const name = this.#next();
    if (!/^[CLMNPSZ]$/.test(name)) throw new BadRegexp();
    const category = new RegExp(`^\\p{${name}}$`, 'u');
    return (code) => category.test(String.fromCodePoint(code)) === (char === 'p');
  }

  /** A single escaped character, right after the backslash. */
  #escapedChar(): string {
    const char = this.#next();
    const control = CONTROLS.get(char);
    if (control !== undefined) return control;
    if (char === 'x') return this.#number(16, /^[0-9A-Fa-f]{2}$/, this.#next() + this.#next());
    if (/^[0-7]$/.test(char)) return this.#octal(char);
    if (/^[0-9A-Za-z]$/.test(char) || char > '\x7f') throw new BadRegexp();
    return char;
  }

  /** `\12`, `\012`: RE2 has no back-references, so a lone non-zero digit is an error. */
  #octal(first: string): string {
    let digits = first;
    while (digits.length < 3 && /^[0-7]$/.test(this.#chars[this.#at] ?? '')) digits += this.#next();
    if (digits.length === 1 && first !== '0') throw new BadRegexp();
    return this.#number(8, /^/, digits);
  }

  #number(base: number, form: RegExp, digits: string): string {
    if (!form.test(digits)) throw new BadRegexp();
    return String.fromCodePoint(Number.parseInt(digits, base));
  }

  /** After `[`. */
  #class(): Accepts {
    const negated = this.#skip('^');
    const parts: Accepts[] = [];
    while (parts.length === 0 || !this.#skip(']')) parts.push(this.#classPart());
    return (code) => parts.some((accepts) => accepts(code)) !== negated;
  }

  #classPart(): Accepts {
    if (this.#chars[this.#at] === '[' && this.#chars[this.#at + 1] === ':') {
      const posix = this.#posixClass();
      if (posix) return posix;
    }
    if (this.#chars[this.#at] === '\\') {
      this.#at++;
      const named = this.#namedClass();
      if (named) return named;
      this.#at--;
    }
    const low = this.#classChar();
    let high = low;
    if (this.#chars[this.#at] === '-' && this.#chars[this.#at + 1] !== ']' && this.#at + 1 < this.#chars.length) {
      this.#at++;
      high = this.#classChar();
    }
    if (high < low) throw new BadRegexp();
    return (code) => low <= code && code <= high;
  }

  #classChar(): number {
    const char = this.#next();
    return (char === '\\' ? this.#escapedChar() : char).codePointAt(0) ?? 0;
  }

  /** `[:alpha:]`; undefined where no `:]` follows, then the bracket is an ordinary character. */
  #posixClass(): Accepts | undefined {
    if (this.#at + 2 > this.#lastPosixEnd) return undefined;
    let close = this.#chars.indexOf(':', this.#at + 2);
    while (this.#chars[close + 1] !== ']') close = this.#chars.indexOf(':', close + 1);
    const name = this.#chars.slice(this.#at + 2, close).join('');
    const negated = name.startsWith('^');
    const posix = POSIX_CLASSES.get(negated ? name.slice(1) : name);
    if (!posix) throw new BadRegexp();
    this.#at = close + 2;
    return (code) => (code < 128 && posix.test(String.fromCharCode(code))) !== negated;
  }
}

function only(char: string): Accepts {
  const wanted = char.codePointAt(0);
  return (code) => code === wanted;
}

const PERL_CLASSES: ReadonlyMap<string, Accepts> = new Map<string, Accepts>([
  ['d', (code) => code >= 48 && code <= 57],
  ['s', (code) => code === 9 || code === 10 || code === 12 || code === 13 || code === 32],
  ['w', (code) => code < 128 && /\w/.test(String.fromCharCode(code))],
]);

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

const POSIX_CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[0-9A-Za-z]/],
  ['alpha', /[A-Za-z]/],
  ['ascii', /[\0-\x7f]/],
  ['blank', /[\t ]/],
  ['cntrl', /[\0-\x1f\x7f]/],
  ['digit', /[0-9]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[\t-\r ]/],
  ['upper', /[A-Z]/],
  ['word', /\w/],
  ['xdigit', /[0-9A-Fa-f]/],
]);
