import type { BakeValue, Reference } from './bake-value.js';

type Part = string | Reference | undefined;

/**
 * Reads an HCL template from `start` up to a quote or, in JSON, the end of the text. Only names are read in `${…}`; other
 * expressions and `%{…}` are undefined parts
 * (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#template-expressions).
 */
export function readTemplate(text: string, start: number, quoted: boolean): { value: BakeValue; end: number } {
  const parts: Part[] = [];
  let plain = '';
  let at = start;
  while (at < text.length) {
    const char = text.charAt(at);
    if (quoted && (char === '"' || char === '\n')) break;
    if (quoted && char === '\\') {
      const escaped = readEscape(text, at);
      plain += escaped.text;
      at = escaped.end;
    } else if (/^(?:\$\$|%%)\{/.test(text.slice(at, at + 3))) {
      plain += `${char}{`;
      at += 3;
    } else if ((char === '$' || char === '%') && text.charAt(at + 1) === '{') {
      const end = skipInterpolation(text, at + 2);
      parts.push(plain, char === '$' ? readReference(text.slice(at + 2, end - 1)) : undefined);
      plain = '';
      at = end;
    } else {
      plain += char;
      at++;
    }
  }
  if (quoted && text.charAt(at) !== '"') throw new SyntaxError('a string has no end');
  const end = quoted ? at + 1 : at;
  if (parts.length === 0) return { value: { kind: 'literal', value: plain }, end };
  // A lone `${list}` is the list itself.
  const [before, only] = parts;
  if (parts.length === 2 && before === '' && plain === '' && typeof only === 'object') return { value: only, end };
  return { value: { kind: 'template', parts: [...parts, plain] }, end };
}

/** `NAME` or `item.field`; undefined for any other expression. */
export function readReference(text: string): Reference | undefined {
  const name = text.trim();
  return /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/.test(name)
    ? { kind: 'reference', path: name.split('.') }
    : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

function readEscape(text: string, at: number): { text: string; end: number } {
  const unicode = /^\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))/.exec(text.slice(at, at + 10));
  if (unicode) {
    const code = Number.parseInt(unicode[1] ?? unicode[2] ?? '', 16);
    return { text: String.fromCodePoint(code), end: at + unicode[0].length };
  }
  const plain = ESCAPES[text.charAt(at + 1)];
  if (plain === undefined) throw new SyntaxError('no such escape');
  return { text: plain, end: at + 2 };
}

/** Past the brace that ends it; strings in it may hold braces and further interpolations. */
function skipInterpolation(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') at = readTemplate(text, at + 1, true).end - 1;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  throw new SyntaxError('an interpolation has no end');
}
