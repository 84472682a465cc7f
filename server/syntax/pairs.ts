import { goQuote } from './go-text.js';
import type { Reading } from './instruction.js';
import type { Header } from './instruction-header.js';
import { sourceSpan } from './logical-line.js';
import type { Pair } from './tree.js';
import { isBlank } from './white-space.js';
import { type Piece, quotedWords } from './words.js';

/** The pairs of ENV or LABEL (`line_parsers.go:parseNameVal`). */
export function readPairs(
  header: Header,
  keyword: 'ENV' | 'LABEL',
  reading: Reading,
): { pairs: readonly Pair[]; legacy: boolean } {
  const { line, argsFrom, argsTo } = header;
  const words = quotedWords(line.text, argsFrom, argsTo, reading.escape);
  const first = words[0];
  if (first === undefined) return { pairs: [], legacy: false };
  if (!line.text.slice(first.from, first.to).includes('=')) return readLegacy(header, keyword, reading);
  const read = words.map((word) => readPair(header, word));
  const bare = read.find(({ rawValue }) => rawValue === undefined);
  if (bare !== undefined) {
    reading.reject(`Syntax error - can't find = in ${goQuote(bare.key)}. Must be of the form: name=value`, bare.span);
  }
  return { pairs: read.filter(({ rawValue }) => rawValue !== undefined), legacy: false };
}

/** `ENV key rest of the line`. */
function readLegacy(header: Header, keyword: string, reading: Reading): { pairs: readonly Pair[]; legacy: boolean } {
  const { line, argsFrom, argsTo } = header;
  let keyEnd = argsFrom;
  while (keyEnd < argsTo && !isBlank(line.text.charCodeAt(keyEnd))) keyEnd++;
  let valueStart = keyEnd;
  while (valueStart < argsTo && isBlank(line.text.charCodeAt(valueStart))) valueStart++;
  if (keyEnd === argsTo) {
    reading.reject(`${keyword} must have two arguments`, sourceSpan(line, argsFrom, argsTo));
    return { pairs: [], legacy: true };
  }
  const pair: Pair = {
    key: line.text.slice(argsFrom, keyEnd),
    rawValue: line.text.slice(valueStart, argsTo),
    span: sourceSpan(line, argsFrom, argsTo),
    keySpan: sourceSpan(line, argsFrom, keyEnd),
    valueSpan: sourceSpan(line, valueStart, argsTo),
  };
  return { pairs: [pair], legacy: true };
}

/** The names of ARG, each with or without a default (`line_parsers.go:parseNameOrNameVal`). */
export function readArgs(header: Header, reading: Reading): Pair[] {
  const words = quotedWords(header.line.text, header.argsFrom, header.argsTo, reading.escape);
  return words.map((word) => readPair(header, word));
}

function readPair({ line }: Header, { from, to }: Piece): Pair {
  const found = line.text.slice(from, to).indexOf('=');
  const equals = found === -1 ? undefined : from + found;
  return {
    key: line.text.slice(from, equals ?? to),
    rawValue: equals === undefined ? undefined : line.text.slice(equals + 1, to),
    span: sourceSpan(line, from, to),
    keySpan: sourceSpan(line, from, equals ?? to),
    valueSpan: equals === undefined ? undefined : sourceSpan(line, equals + 1, to),
  };
}
