import type { LexWord } from './lex-words.js';
import type { LineReader } from './lines.js';
import { type LogicalLine, sourceSpan } from './logical-line.js';
import { LexDepthError, LexError, ShellLexer } from './shell-lex.js';
import type { Span } from './text.js';
import type { Heredoc } from './tree.js';

/** A heredoc word such as `3<<-"EOF"`. */
export interface HeredocOperator {
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly fileDescriptor: number;
}

const OPERATOR = /^(\d*)<<(-?)[\t\n\f\r ]*([^<]*)$/;
const nothingSet = (): undefined => undefined;

/** Reads one word as a heredoc operator, undefined if it is none (`parser.go:ParseHeredoc`). */
export function parseHeredoc(word: string): HeredocOperator | undefined {
  if (!word.includes('<<')) return undefined;
  const match = OPERATOR.exec(word);
  const rest = match?.[3] ?? '';
  if (match === null || rest === '') return undefined;
  const name = onlyWord(rest, false);
  const raw = onlyWord(rest, true);
  if (name === undefined || raw === undefined) return undefined;
  return {
    name,
    expand: countQuotes(name) === countQuotes(raw),
    chomp: match[2] === '-',
    fileDescriptor: Number(match[1] === '' ? 0 : match[1]),
  };
}

function onlyWord(text: string, rawQuotes: boolean): string | undefined {
  const words = lexWords(text, rawQuotes, false);
  return words.length === 1 ? words[0]?.text : undefined;
}

function countQuotes(text: string): number {
  return text.replace(/[^'"]/g, '').length;
}

/** Words of a line as the shell lexer sees them; none where it fails, an odd quote being enough. The escape is always `\` here. */
function lexWords(text: string, rawQuotes: boolean, rawEscapes: boolean): readonly LexWord[] {
  const lexer = new ShellLexer(text, { escape: '\\', lookup: nothingSet, rawQuotes, rawEscapes, keepUnset: true });
  try {
    lexer.run();
    return lexer.words;
  } catch (error) {
    if (error instanceof LexError || error instanceof LexDepthError) return [];
    throw error;
  }
}

export interface HeredocReading {
  readonly heredocs: readonly Heredoc[];
  /** Operator of the first heredoc whose terminator is missing; the rest of the file was taken for its body. */
  readonly unterminated: Span | undefined;
  /** Source offset of the end of the last terminator, or of the file where one is missing; undefined without heredocs. */
  readonly end: number | undefined;
}

/** Finds the heredocs that an instruction's line opens and takes their bodies from the reader. */
export function readHeredocs(text: string, line: LogicalLine, reader: LineReader): HeredocReading {
  const heredocs: Heredoc[] = [];
  let end: number | undefined;
  for (const word of lexWords(line.text, true, true)) {
    const operator = parseHeredoc(word.text);
    if (operator === undefined) continue;
    const operatorSpan = sourceSpan(line, word.from, word.to);
    const body = readBody(text, operator, reader);
    if (body === undefined) return { heredocs, unterminated: operatorSpan, end: text.length };
    end = body.terminatorSpan.end;
    heredocs.push(Object.assign(operator, { operatorSpan }, body));
  }
  return { heredocs, unterminated: undefined, end };
}

interface Body {
  readonly content: string;
  readonly bodySpan: Span;
  readonly terminatorSpan: Span;
}

function readBody(text: string, operator: HeredocOperator, reader: LineReader): Body | undefined {
  let start: number | undefined;
  for (let line = reader.nextPhysical(); line !== undefined; line = reader.nextPhysical()) {
    start ??= line.start;
    let first = line.start;
    if (operator.chomp) while (first < line.end && text[first] === '\t') first++;
    if (line.end - first !== operator.name.length || !text.startsWith(operator.name, first)) continue;
    const raw = text.slice(start, line.start);
    return {
      content: operator.chomp ? raw.replace(/(?<![^\n])\t+/g, '') : raw,
      bodySpan: { start, end: line.start },
      terminatorSpan: { start: first, end: line.end },
    };
  }
  return undefined;
}
