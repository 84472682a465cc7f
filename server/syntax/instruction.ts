import { parseHeredoc } from './heredoc.js';
import { type Header, splitInstruction } from './instruction-header.js';
import { type JsonString, readJsonStrings } from './json-form.js';
import { sourceSpan } from './logical-line.js';
import { readArgs, readPairs } from './pairs.js';
import { type Span, span } from './text.js';
import type { Flag, Heredoc, Instruction, TransferInstruction, Word } from './tree.js';
import { blankWords, type Piece } from './words.js';

/** What the reading of one instruction needs besides its line. */
export interface Reading {
  readonly index: number;
  readonly escape: '\\' | '`';
  readonly heredocs: readonly Heredoc[];
  /** Source offset at which the instruction ends, heredocs included. */
  readonly end: number;
  /** Takes what BuildKit's line parsers reject (`parser/line_parsers.go`). */
  readonly reject: (message: string, span: Span) => void;
}

/** The header of what may carry heredocs: RUN, COPY, ADD not in JSON form, also as the trigger of ONBUILD. */
export function canOpenHeredocs(header: Header, escapeToken: string): boolean {
  const carrier = header.keyword === 'ONBUILD' ? splitInstruction(header.line, header.argsFrom, escapeToken) : header;
  if (carrier.keyword !== 'RUN' && carrier.keyword !== 'COPY' && carrier.keyword !== 'ADD') return false;
  return readJsonStrings(carrier.line.text, carrier.argsFrom, carrier.argsTo) === undefined;
}

/** Builds the tree of one instruction from its header. */
export function readInstruction(header: Header, reading: Reading): Instruction {
  // V8 is twenty times slower at adding properties to a spread object.
  const base = readBase(header, reading);
  const { keyword } = header;
  switch (keyword) {
    case 'FROM': {
      const { image, alias } = readFrom(header);
      return Object.assign(base, { keyword, image, alias });
    }
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      return Object.assign(base, { keyword, strings: readStrings(header, reading, header.argsFrom) });
    case 'COPY':
    case 'ADD': {
      const { sources, destination, json } = readTransfer(header, reading);
      return Object.assign(base, { keyword, sources, destination, json });
    }
    case 'EXPOSE':
      return Object.assign(base, { keyword, words: plainWords(header), json: false });
    case 'VOLUME': {
      const { words, json } = readList(header, reading);
      return Object.assign(base, { keyword, words, json });
    }
    case 'ENV':
    case 'LABEL': {
      const { pairs, legacy } = readPairs(header, keyword, reading);
      return Object.assign(base, { keyword, pairs, legacy });
    }
    case 'ARG':
      return Object.assign(base, { keyword, pairs: readArgs(header, reading), legacy: false });
    case 'HEALTHCHECK': {
      const { kind, strings } = readHealthcheck(header, reading);
      return Object.assign(base, { keyword, kind, strings });
    }
    case 'ONBUILD':
      return Object.assign(base, { keyword, trigger: readTrigger(header, reading) });
    default:
      return Object.assign(base, { keyword });
  }
}

const noFlags: readonly Flag[] = [];

function readBase(header: Header, reading: Reading) {
  const { line, from, keywordEnd, argsFrom, argsTo } = header;
  const keywordSpan = sourceSpan(line, from, keywordEnd);
  return {
    keyword: header.keyword,
    index: reading.index,
    span: span(keywordSpan.start, Math.max(reading.end, keywordSpan.end)),
    keywordSpan,
    flags: header.flags.length === 0 ? noFlags : header.flags.map((flag) => readFlag(header, flag)),
    text: line.text.slice(argsFrom, argsTo),
    textSpan: sourceSpan(line, argsFrom, argsTo),
    heredocs: reading.heredocs,
  };
}

function readFlag(
  { line }: Header,
  { word, from, to, equals }: { word: string; equals: number | undefined } & Piece,
): Flag {
  const cut = word.indexOf('=');
  return {
    name: cut === -1 ? word.slice(2) : word.slice(2, cut),
    value: cut === -1 ? undefined : word.slice(cut + 1),
    span: sourceSpan(line, from, to),
    valueSpan: equals === undefined ? undefined : sourceSpan(line, Math.min(equals + 1, to), to),
  };
}

function word({ line }: Header, { from, to }: Piece): Word {
  return { text: line.text.slice(from, to), span: sourceSpan(line, from, to) };
}

function jsonWord({ line }: Header, { from, to, value }: JsonString): Word {
  return { text: value, span: sourceSpan(line, from, to) };
}

function plainWords(header: Header): Word[] {
  return blankWords(header.line.text, header.argsFrom, header.argsTo).map((piece) => word(header, piece));
}

function readFrom(header: Header): { image: Word | undefined; alias: Word | undefined } {
  const [image, as, alias] = plainWords(header);
  return { image, alias: as?.text.toLowerCase() === 'as' ? alias : undefined };
}

/** The exec form's strings from `from` on, undefined for the shell form. */
function readStrings(header: Header, reading: Reading, from: number): Word[] | undefined {
  const strings = readJsonStrings(header.line.text, from, header.argsTo);
  if (strings === 'mixed') {
    const message = 'when using JSON array syntax, arrays must be comprised of strings only';
    reading.reject(message, sourceSpan(header.line, from, header.argsTo));
    return undefined;
  }
  return strings?.map((string) => jsonWord(header, string));
}

function readList(header: Header, reading: Reading): { words: readonly Word[]; json: boolean } {
  const strings = readStrings(header, reading, header.argsFrom);
  return strings === undefined ? { words: plainWords(header), json: false } : { words: strings, json: true };
}

function readTransfer(header: Header, reading: Reading): Pick<TransferInstruction, 'sources' | 'destination' | 'json'> {
  const { words, json } = readList(header, reading);
  const paths = words.slice(0, -1);
  return {
    sources: json ? paths : paths.filter(({ text }) => parseHeredoc(text) === undefined),
    destination: words.length < 2 ? undefined : words.at(-1),
    json,
  };
}

function readHealthcheck(
  header: Header,
  reading: Reading,
): { kind: 'NONE' | 'CMD' | undefined; strings: readonly Word[] | undefined } {
  const { text } = header.line;
  const end = firstSpace(text, header.argsFrom, header.argsTo);
  const kind = text.slice(header.argsFrom, end).toUpperCase();
  const strings = readStrings(header, reading, end);
  return { kind: kind === 'NONE' || kind === 'CMD' ? kind : undefined, strings };
}

function firstSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && !' \t\n\v\f\r'.includes(text.charAt(at))) at++;
  return at;
}

/** A trigger of a trigger is not read: BuildKit rejects the chain, and its depth is without limit. */
function readTrigger(header: Header, reading: Reading): Instruction | undefined {
  if (header.argsFrom === header.argsTo) return undefined;
  const trigger = splitInstruction(header.line, header.argsFrom, reading.escape);
  if (trigger.keyword !== 'ONBUILD') return readInstruction(trigger, reading);
  return Object.assign(readBase(trigger, reading), { keyword: 'ONBUILD' as const, trigger: undefined });
}
