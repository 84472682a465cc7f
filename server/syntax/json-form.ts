import { skipSpaces } from './white-space.js';
import type { Piece } from './words.js';

export interface JsonString extends Piece {
  readonly value: string;
}

/**
 * Reads [from, to) as a JSON array of strings. `undefined`: not a JSON array, so the shell form; `mixed`: an array that holds
 * something else than strings, which BuildKit rejects (`line_parsers.go:parseJSON`). Pieces include the quotes.
 */
export function readJsonStrings(text: string, from: number, to: number): readonly JsonString[] | 'mixed' | undefined {
  const start = skipSpaces(text, from, to);
  if (start >= to || text[start] !== '[') return undefined;
  return readStrings(text, start + 1, to) ?? classify(text.slice(start, to));
}

function readStrings(text: string, from: number, to: number): readonly JsonString[] | undefined {
  const strings: JsonString[] = [];
  let at = skipJsonSpace(text, from, to);
  if (text[at] === ']') return skipJsonSpace(text, at + 1, to) === to ? strings : undefined;
  for (;;) {
    const end = stringEnd(text, at, to);
    if (end === undefined) return undefined;
    const value = decode(text.slice(at, end));
    if (value === undefined) return undefined;
    strings.push({ from: at, to: end, value });
    at = skipJsonSpace(text, end, to);
    if (at >= to) return undefined;
    if (text[at] === ']') return skipJsonSpace(text, at + 1, to) === to ? strings : undefined;
    if (text[at] !== ',') return undefined;
    at = skipJsonSpace(text, at + 1, to);
  }
}

function stringEnd(text: string, from: number, to: number): number | undefined {
  if (from >= to || text[from] !== '"') return undefined;
  for (let at = from + 1; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code === 92) at++;
  }
  return undefined;
}

const PLAIN_STRING = /^"[ !#-[\]-~]*"$/;

function decode(literal: string): string | undefined {
  if (PLAIN_STRING.test(literal)) return literal.slice(1, -1);
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** For text that is no plain array of strings: is it valid JSON all the same? */
function classify(text: string): 'mixed' | undefined {
  try {
    return Array.isArray(JSON.parse(text)) ? 'mixed' : undefined;
  } catch {
    return undefined;
  }
}

function skipJsonSpace(text: string, from: number, to: number): number {
  let at = from;
  for (; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 9 && code !== 13 && code !== 10) break;
  }
  return at;
}
