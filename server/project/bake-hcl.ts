import { hclTokens, type Token } from './bake-hcl-tokens.js';
import { readReference } from './bake-template.js';
import type { BakeValue } from './bake-value.js';

/** What stands between the braces of a block, or in a file. */
export interface HclBody {
  readonly attributes: ReadonlyMap<string, BakeValue | undefined>;
  readonly blocks: readonly HclBlock[];
}

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: HclBody;
}

/**
 * Reads the plain part of HCL's native syntax: blocks, and attributes with strings, numbers, lists, maps and names. Other
 * expressions (calls, conditions, operators, `for`) are undefined values. Undefined where the file is not HCL
 * (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md).
 */
export function parseHcl(text: string): HclBody | undefined {
  try {
    return new Reader(hclTokens(text)).file();
  } catch {
    return undefined;
  }
}

const END: Token = { kind: 'end', text: '' };

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  file(): HclBody {
    const body = this.#body();
    if (this.#next.kind !== 'end') throw new SyntaxError('a brace too many');
    return body;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  #take(): Token {
    const token = this.#next;
    this.#at++;
    return token;
  }

  #isSign(...signs: readonly string[]): boolean {
    const { kind, text } = this.#next;
    return kind === 'sign' && signs.includes(text);
  }

  #skipNewlines(): void {
    while (this.#next.kind === 'newline') this.#at++;
  }

  /** Up to the brace that ends it, or the end of the file. */
  #body(): HclBody {
    const attributes = new Map<string, BakeValue | undefined>();
    const blocks: HclBlock[] = [];
    for (;;) {
      this.#skipNewlines();
      if (this.#next.kind === 'end' || this.#isSign('}')) return { attributes, blocks };
      const { kind, text } = this.#take();
      if (kind !== 'name' && kind !== 'string') throw new SyntaxError('neither an attribute nor a block');
      if (this.#isSign('=')) {
        this.#at++;
        attributes.set(text, this.#value(['}'], true));
      } else blocks.push(this.#block(text));
    }
  }

  #block(type: string): HclBlock {
    const labels: string[] = [];
    while (this.#next.kind === 'name' || this.#next.kind === 'string') labels.push(this.#take().text);
    if (!this.#isSign('{')) throw new SyntaxError('a block without a body');
    this.#at++;
    const body = this.#body();
    if (!this.#isSign('}')) throw new SyntaxError('a block has no end');
    this.#at++;
    return { type, labels, body };
  }

  /** Up to one of the signs, or the newline where that ends it; undefined for what is more than a plain value. */
  #value(ends: readonly string[], byLine: boolean): BakeValue | undefined {
    if (!byLine) this.#skipNewlines();
    const value = this.#plain();
    if (!byLine) this.#skipNewlines();
    if (this.#isEnd(ends, byLine)) return value;
    for (let depth = 0; depth > 0 || !this.#isEnd(ends, byLine); this.#at++) {
      if (this.#next.kind === 'end') throw new SyntaxError('a bracket has no end');
      if (this.#isSign('(', '[', '{')) depth++;
      else if (this.#isSign(')', ']', '}')) depth--;
      if (depth < 0) throw new SyntaxError('a bracket too many');
    }
    return undefined;
  }

  #isEnd(ends: readonly string[], byLine: boolean): boolean {
    return this.#next.kind === 'end' || (byLine && this.#next.kind === 'newline') || this.#isSign(...ends);
  }

  #plain(): BakeValue | undefined {
    if (this.#isSign('[')) return this.#list();
    if (this.#isSign('{')) return this.#map();
    const { kind, text, value } = this.#next;
    if (kind === 'sign' || kind === 'newline' || kind === 'end') return undefined;
    this.#at++;
    if (kind === 'number') return { kind: 'literal', value: Number(text) };
    if (kind !== 'name') return value;
    const word = WORDS.get(text);
    return word === undefined ? readReference(text) : { kind: 'literal', value: word };
  }

  /** Nothing is read where it is a `for` expression: `#value` skips what follows. */
  #list(): BakeValue | undefined {
    const start = this.#at++;
    const items: (BakeValue | undefined)[] = [];
    for (;;) {
      this.#skipNewlines();
      if (this.#isSign(']')) break;
      if (this.#next.text === 'for') return this.#skip(start);
      items.push(this.#value([',', ']'], false));
      if (this.#isSign(',')) this.#at++;
      else if (!this.#isSign(']')) throw new SyntaxError('a list has no end');
    }
    this.#at++;
    return { kind: 'list', items };
  }

  #map(): BakeValue | undefined {
    const start = this.#at++;
    const entries = new Map<string, BakeValue | undefined>();
    for (;;) {
      while (this.#next.kind === 'newline' || this.#isSign(',')) this.#at++;
      if (this.#isSign('}')) break;
      const { kind, text } = this.#take();
      if (text === 'for' || (kind !== 'name' && kind !== 'string' && kind !== 'number')) return this.#skip(start);
      if (!this.#isSign('=', ':')) return this.#skip(start);
      this.#at++;
      entries.set(text, this.#value([',', '}'], true));
    }
    this.#at++;
    return { kind: 'map', entries };
  }

  /** Past the bracket that ends what begins at the token `start`. */
  #skip(start: number): undefined {
    this.#at = start;
    let depth = 0;
    do {
      if (this.#next.kind === 'end') throw new SyntaxError('a bracket has no end');
      if (this.#isSign('(', '[', '{')) depth++;
      else if (this.#isSign(')', ']', '}')) depth--;
      this.#at++;
    } while (depth > 0);
    return undefined;
  }
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
