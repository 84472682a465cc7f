import { isBlank, isSpace } from './white-space.js';

/** A range of a logical line's text. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** Words between blanks, no quoting: FROM, EXPOSE, COPY, ADD, VOLUME (`line_parsers.go:parseStringsWhitespaceDelimited`). */
export function blankWords(text: string, from: number, to: number): Piece[] {
  const words: Piece[] = [];
  let at = from;
  while (at < to) {
    while (at < to && isBlank(text.charCodeAt(at))) at++;
    const start = at;
    while (at < to && !isBlank(text.charCodeAt(at))) at++;
    if (at > start) words.push({ from: start, to: at });
  }
  return words;
}

/** Words between spaces, quotes and escapes kept: ENV, LABEL, ARG (`line_parsers.go:parseWords`). */
export function quotedWords(text: string, from: number, to: number, escapeToken: string): Piece[] {
  const words: Piece[] = [];
  let at = from;
  for (;;) {
    while (at < to && isSpace(text.charCodeAt(at))) at++;
    if (at >= to) return words;
    const end = quotedWordEnd(text, at, to, escapeToken);
    // A lone escape at the end of the line does not belong to the word.
    if (end.word > at) words.push({ from: at, to: end.word });
    at = end.next;
  }
}

const DOUBLE = 34;
const SINGLE = 39;

function quotedWordEnd(text: string, from: number, to: number, escapeToken: string): { word: number; next: number } {
  const mark = escapeToken.charCodeAt(0);
  let quote = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === mark && quote !== SINGLE) {
      if (at + 1 === to) return { word: at, next: to };
      at++;
    } else if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === SINGLE || code === DOUBLE) quote = code;
    else if (isSpace(code)) return { word: at, next: at };
  }
  return { word: to, next: to };
}
