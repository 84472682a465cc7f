import { isSpace } from './white-space.js';
import type { Piece } from './words.js';

export interface RawFlag extends Piece {
  /** Unquoted, with its dashes: `--from=a b`. */
  readonly word: string;
  /** Position of the `=` that ends the name. */
  readonly equals: number | undefined;
}

/**
 * Cuts the leading `--x` words off an instruction's arguments (`split_command.go:extractBuilderFlags`). BuildKit goes by
 * bytes here, so a flag's letters beyond ASCII come out as one character per UTF-8 byte, and the bytes 85 and A0 end a word.
 */
export function scanFlags(
  text: string,
  from: number,
  to: number,
  escapeToken: string,
): { flags: readonly RawFlag[]; end: number } {
  const start = skip(text, from, to);
  if (!text.startsWith('--', start) || start + 1 >= to) return { flags: none, end: start };
  const bytes = utf8Bytes(text, start, to);
  return new FlagScanner(bytes.text, bytes.positions, start, escapeToken).scan();
}

const none: readonly RawFlag[] = [];

function skip(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) < 0x80 && isSpace(text.charCodeAt(at))) at++;
  return at;
}

class FlagScanner {
  private readonly flags: RawFlag[] = [];
  private at = 0;

  constructor(
    private readonly bytes: string,
    /** Position in the line of each byte; undefined where bytes and characters agree. */
    private readonly positions: readonly number[] | undefined,
    private readonly start: number,
    private readonly escapeToken: string,
  ) {}

  scan(): { flags: RawFlag[]; end: number } {
    const { bytes, flags } = this;
    for (;;) {
      while (this.at < bytes.length && isSpace(bytes.charCodeAt(this.at))) this.at++;
      if (!bytes.startsWith('--', this.at)) return { flags, end: this.position(this.at) };
      const flag = this.word();
      if (flag.word === '--') return { flags, end: this.position(this.at) };
      flags.push(flag);
    }
  }

  private word(): RawFlag {
    const { bytes, escapeToken } = this;
    const from = this.at;
    const plain = this.plainEnd();
    if (plain !== undefined) {
      this.at = plain;
      const word = bytes.slice(from, plain);
      const cut = word.indexOf('=');
      return {
        from: this.position(from),
        to: this.position(plain),
        word,
        equals: cut === -1 ? undefined : this.position(from + cut),
      };
    }
    let word = '';
    let quote = '';
    let equals: number | undefined;
    for (; this.at < bytes.length; this.at++) {
      let character = bytes.charAt(this.at);
      if (quote === '' && isSpace(bytes.charCodeAt(this.at))) break;
      if (character === quote) {
        quote = '';
        continue;
      }
      if (quote === '' && (character === '"' || character === "'")) {
        quote = character;
        continue;
      }
      if (character === escapeToken) {
        if (this.at + 1 === bytes.length) continue;
        this.at++;
        character = bytes.charAt(this.at);
      }
      if (character === '=' && equals === undefined) equals = this.position(this.at);
      word += character;
    }
    return { from: this.position(from), to: this.position(this.at), word, equals };
  }

  /** The end of a word without quotes and escapes. */
  private plainEnd(): number | undefined {
    const { bytes } = this;
    const escapeToken = this.escapeToken.charCodeAt(0);
    for (let at = this.at; at < bytes.length; at++) {
      const code = bytes.charCodeAt(at);
      if (isSpace(code)) return at;
      if (code === escapeToken || code === 34 || code === 39) return undefined;
    }
    return bytes.length;
  }

  private position(at: number): number {
    return this.start + (this.positions === undefined ? at : (this.positions[at] ?? 0));
  }
}

/** The UTF-8 bytes of [from, to), one character each, and for each the position (from 0) of its character; of the next one for a byte inside. */
function utf8Bytes(text: string, from: number, to: number): { text: string; positions: number[] | undefined } {
  const slice = text.slice(from, to);
  if (isAscii(slice)) return { text: slice, positions: undefined };
  const bytes: string[] = [];
  const positions: number[] = [];
  let position = 0;
  for (const character of slice) {
    let first = position;
    position += character.length;
    for (const byte of encode(character.codePointAt(0) ?? 0)) {
      bytes.push(String.fromCharCode(byte));
      positions.push(first);
      first = position;
    }
  }
  positions.push(position);
  return { text: bytes.join(''), positions };
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

function encode(code: number): number[] {
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
  if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
}
