import { type LexWord, WordBuffer } from './lex-words.js';
import { parsePattern, replaceMatches, trimEnd, trimStart } from './shell-pattern.js';

/** A variable whose value cannot be known before the build. */
export const unknown = Symbol('unknown');

/** The value of a variable: undefined where it is not set, `unknown` where it may be anything. */
export type Lookup = (name: string) => string | undefined | typeof unknown;

export interface LexOptions {
  readonly escape: '\\' | '`';
  readonly lookup: Lookup;
  /** Keep quotes in the result. */
  readonly rawQuotes?: boolean;
  /** Keep escapes in the result. */
  readonly rawEscapes?: boolean;
  /** Quotes are ordinary characters. */
  readonly plainQuotes?: boolean;
  /** An unset variable stays as written instead of being empty. */
  readonly keepUnset?: boolean;
}

/** BuildKit's reason why a text cannot be expanded. */
export class LexError extends Error {}

/** Thrown where nesting is deeper than this reader goes; BuildKit itself would go on. */
export class LexDepthError extends Error {}

const MAX_DEPTH = 200;
const NAME = /[\p{L}\p{Nd}_]+/uy;
const DIGITS = /\p{Nd}+/uy;

/** One pass over one text in the manner of BuildKit's shell lexer (`shell/lex.go`). Results are undefined where a value is unknown. */
export class ShellLexer {
  private readonly buffer = new WordBuffer();
  private at = 0;
  private depth = 0;
  private rawEscapes: boolean;

  constructor(
    private readonly text: string,
    private readonly options: LexOptions,
  ) {
    this.rawEscapes = options.rawEscapes ?? false;
  }

  /** The words that `run` has found. */
  get words(): readonly LexWord[] {
    return this.buffer.words;
  }

  /** The whole text expanded. Throws LexError or LexDepthError. */
  run(): string | undefined {
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1;
    let result: string | undefined = '';
    while (this.at < this.text.length) {
      const from = this.at;
      this.skipOrdinary();
      if (this.at > from) {
        result = join(result, this.text.slice(from, this.at));
        this.buffer.addPlain(this.text, from, this.at);
        continue;
      }
      const character = this.text.charAt(from);
      const piece = this.special(character);
      if (piece === ordinary) {
        result = join(result, this.plain(character, from, true));
        continue;
      }
      result = join(result, piece);
      if (character === '$') this.buffer.addSplit(piece ?? '', from, this.at);
      else this.buffer.addRaw(piece ?? '', from, this.at);
    }
    this.buffer.endWord();
    return result;
  }

  /** Goes to the next character that may have a meaning. */
  private skipOrdinary(): void {
    const { text, options } = this;
    const escapeToken = options.escape.charCodeAt(0);
    for (; this.at < text.length; this.at++) {
      const code = text.charCodeAt(this.at);
      // $ < ' "
      if (code === 36 || code === 60 || code === 39 || code === 34 || code === escapeToken) return;
    }
  }

  /** What a special character at the current place stands for. */
  private special(character: string): string | undefined | typeof ordinary {
    if (character === '$') return this.dollar();
    if (character === '<') return this.heredocOperator();
    if (this.options.plainQuotes === true) return ordinary;
    if (character === "'") return this.singleQuoted();
    if (character === '"') return this.doubleQuoted();
    return ordinary;
  }

  /** An ordinary or escaped character. */
  private plain(character: string, from: number, outer: boolean): string {
    this.at++;
    if (character !== this.options.escape) {
      if (outer) this.buffer.addSplit(character, from, this.at);
      return character;
    }
    const escaped = this.text.charAt(this.at);
    this.at += escaped.length;
    const kept = this.rawEscapes ? character + escaped : escaped;
    if (outer) this.buffer.addRaw(kept, from, this.at);
    return kept;
  }

  /** The text up to `stop`, which is consumed. */
  private until(stop: string, rawEscapes: boolean): string | undefined {
    // BuildKit's words share one buffer: a nested word drops what the outer one held.
    this.buffer.drop();
    const before = this.rawEscapes;
    this.rawEscapes = rawEscapes;
    let result: string | undefined = '';
    while (this.at < this.text.length) {
      const character = this.text.charAt(this.at);
      if (character === stop) {
        this.at++;
        this.rawEscapes = before;
        return result;
      }
      const piece = this.special(character);
      result = join(result, piece === ordinary ? this.plain(character, this.at, false) : piece);
    }
    throw new LexError(`unexpected end of statement while looking for matching ${stop}`);
  }

  private singleQuoted(): string {
    const close = this.text.indexOf("'", this.at + 1);
    if (close === -1) {
      this.at = this.text.length;
      throw new LexError('unexpected end of statement while looking for matching single-quote');
    }
    const raw = this.options.rawQuotes === true ? 0 : 1;
    const result = this.text.slice(this.at + raw, close + 1 - raw);
    this.at = close + 1;
    return result;
  }

  private doubleQuoted(): string | undefined {
    const quote = this.options.rawQuotes === true ? '"' : '';
    let result: string | undefined = quote;
    this.at++;
    while (this.at < this.text.length) {
      const character = this.text.charAt(this.at);
      if (character === '"') {
        this.at++;
        return join(result, quote);
      }
      result = join(result, character === '$' ? this.dollar() : this.inDoubleQuotes(character));
    }
    throw new LexError('unexpected end of statement while looking for matching double-quote');
  }

  private inDoubleQuotes(character: string): string {
    this.at++;
    const escapeToken = this.options.escape;
    if (character !== escapeToken) return character;
    const kept = this.rawEscapes ? character : '';
    const next = this.text.charAt(this.at);
    // BuildKit drops the escape before the end of the text (and the missing quote is an error anyway).
    if (next === '') return kept;
    if (next !== '"' && next !== '$' && next !== escapeToken) return kept + character;
    this.at++;
    return kept + next;
  }

  private heredocOperator(): string {
    this.at++;
    if (this.text[this.at] !== '<') return '<';
    const from = this.at - 1;
    this.at++;
    while (this.at < this.text.length && '\t\r '.includes(this.text.charAt(this.at))) this.at++;
    return this.text.slice(from, this.at);
  }

  private dollar(): string | undefined {
    this.at++;
    if (this.text[this.at] === '{') {
      if (++this.depth > MAX_DEPTH) throw new LexDepthError();
      this.at++;
      const result = this.braced();
      this.depth--;
      return result;
    }
    const name = this.name();
    if (name === '') return '$';
    const value = this.options.lookup(name);
    return value === undefined ? this.unset(`$${name}`) : known(value);
  }

  private unset(written: string): string {
    return this.options.keepUnset === true ? written : '';
  }

  private braced(): string | undefined {
    const first = this.text.charAt(this.at);
    if (first === '') throw new LexError("syntax error: missing '}'");
    if (first === '{' || first === '}' || first === ':') throw new LexError('syntax error: bad substitution');
    const name = this.name();
    let modifier = this.next();
    if (modifier === '}') {
      const value = this.options.lookup(name);
      return value === undefined ? this.unset(`\${${name}}`) : known(value);
    }
    if (modifier === '/') return this.replacement(name);
    const colon = modifier === ':';
    if (colon) modifier = this.next();
    const operator = colon ? `:${modifier}` : modifier;
    const trims = modifier === '#' || modifier === '%';
    if (colon ? trims : !trims && !'+-?'.includes(modifier)) throw unsupported(operator);
    const word = this.closed('}', trims, "syntax error: missing '}'");
    const value = this.options.lookup(name);
    if (value === undefined && this.options.keepUnset === true) return `\${${name}${operator}${word ?? ''}}`;
    if (trims) return trim(value, word, modifier);
    return this.substitute(name, value, word, operator, colon);
  }

  private substitute(
    name: string,
    value: ReturnType<Lookup>,
    word: string | undefined,
    operator: string,
    colon: boolean,
  ): string | undefined {
    const missing = value === undefined || (colon && value === '');
    switch (operator.at(-1)) {
      case '-':
        return missing ? word : known(value);
      case '+':
        if (value === unknown) return undefined;
        return missing ? '' : word;
      case '?': {
        if (!missing) return known(value);
        const state = value === undefined ? 'unset' : 'empty';
        throw new LexError(`${name}: ${word === '' || word === undefined ? `is not allowed to be ${state}` : word}`);
      }
      default:
        throw unsupported(operator);
    }
  }

  private replacement(name: string): string | undefined {
    const all = this.text[this.at] === '/';
    if (all) this.at++;
    const pattern = this.closed('/', true, `syntax error: missing '/' in $\{}`);
    const replacement = this.closed('}', true, "syntax error: missing '}'");
    const value = this.options.lookup(name);
    if (value === undefined && this.options.keepUnset === true)
      return `\${${name}/${pattern ?? ''}/${replacement ?? ''}}`;
    if (pattern === undefined) return undefined;
    const tokens = parsePattern(pattern);
    if (tokens === undefined) throw invalidPattern(pattern);
    if (replacement === undefined || value === unknown) return undefined;
    return replaceMatches(value ?? '', tokens, replacement, all);
  }

  /** `until` with BuildKit's message for a text that ends too early. */
  private closed(stop: string, rawEscapes: boolean, message: string): string | undefined {
    try {
      return this.until(stop, rawEscapes);
    } catch (error) {
      if (error instanceof LexError && this.at >= this.text.length) throw new LexError(message);
      throw error;
    }
  }

  /** The next character, U+FFFD at the end as Go prints it. */
  private next(): string {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) return '\uFFFD';
    const character = String.fromCodePoint(code);
    this.at += character.length;
    return character;
  }

  private name(): string {
    const first = this.text.charAt(this.at);
    if (first === '') return '';
    const found = this.match(DIGITS) || ('@*#?-$!'.includes(first) ? first : this.match(NAME));
    this.at += found.length;
    return found;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0] ?? '';
  }
}

const ordinary = Symbol('ordinary');

function join(left: string | undefined, right: string | undefined): string | undefined {
  return left === undefined || right === undefined ? undefined : left + right;
}

function known(value: string | undefined | typeof unknown): string | undefined {
  return value === unknown ? undefined : value;
}

function unsupported(modifier: string): LexError {
  return new LexError(`unsupported modifier (${modifier}) in substitution`);
}

function invalidPattern(pattern: string): LexError {
  return new LexError(`invalid pattern (${pattern}) in substitution`);
}

function trim(value: ReturnType<Lookup>, word: string | undefined, modifier: string): string | undefined {
  if (word === undefined) return undefined;
  const longest = word.startsWith(modifier);
  const pattern = longest ? word.slice(1) : word;
  const tokens = parsePattern(pattern);
  if (tokens === undefined) throw invalidPattern(pattern);
  if (value === unknown) return undefined;
  return modifier === '#' ? trimStart(value ?? '', tokens, longest) : trimEnd(value ?? '', tokens, longest);
}
