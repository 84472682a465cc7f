import { readTemplate } from './bake-template.js';
import type { BakeValue } from './bake-value.js';

/** A piece of HCL; comments and blanks are left out. */
export interface Token {
  readonly kind: 'name' | 'string' | 'heredoc' | 'number' | 'sign' | 'newline' | 'end';
  /** Of a name with its fields (`item.field`), of a string without interpolations its text, of a sign its one character. */
  readonly text: string;
  /** Of a string. */
  readonly value?: BakeValue;
}

const BLANK = /[ \t\r\ufeff]+|#.*|\/\/.*|\/\*[\s\S]*?\*\//y;
const NAME = /[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}_][\p{L}\p{N}_-]*)*/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const HEREDOC = /<<-?([\p{L}_][\p{L}\p{N}_-]*)\r?\n/uy;

/** Throws a `SyntaxError` where a string, a comment or a heredoc has no end. */
export function hclTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const blank = matchAt(BLANK, text, at);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const { token, end } = tokenAt(text, at);
    tokens.push(token);
    at = end;
  }
  return tokens;
}

function tokenAt(text: string, at: number): { token: Token; end: number } {
  const char = text.charAt(at);
  if (char === '\n') return { token: { kind: 'newline', text: '' }, end: at + 1 };
  if (char === '"') {
    const { value, end } = readTemplate(text, at + 1, true);
    return { token: { kind: 'string', text: value.kind === 'literal' ? String(value.value) : '', value }, end };
  }
  if (text.startsWith('/*', at)) throw new SyntaxError('a comment has no end');
  const heredoc = matchAt(HEREDOC, text, at);
  if (heredoc)
    return { token: { kind: 'heredoc', text: '' }, end: heredocEnd(text, at + heredoc[0].length, heredoc[1]) };
  const name = matchAt(NAME, text, at)?.[0];
  if (name !== undefined) return { token: { kind: 'name', text: name }, end: at + name.length };
  const number = matchAt(NUMBER, text, at)?.[0];
  if (number !== undefined) return { token: { kind: 'number', text: number }, end: at + number.length };
  return { token: { kind: 'sign', text: char }, end: at + 1 };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Behind the line that has only the mark; the newline there ends the attribute. */
function heredocEnd(text: string, start: number, mark = ''): number {
  for (let at = start; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    if (text.slice(at, end).trim() === mark) return end;
    at = end + 1;
  }
  throw new SyntaxError('a heredoc has no end');
}
