import { parse } from 'unbash';
import { addPiece, addSlice, joinPieces, type MappedText, newPieces, type TextPieces, textAt } from './mapped-text.js';
import type { Span } from './text.js';
import type {
  CmdInstruction,
  Dockerfile,
  EntrypointInstruction,
  HealthcheckInstruction,
  Heredoc,
  RunInstruction,
} from './tree.js';

export type * as ast from 'unbash';
export { forEachChild } from 'unbash';

/** The parser of shell text; this file is the only one that knows which package it is. Offsets are those of `text`. Does not throw. */
export const parseText = parse;

/** An instruction whose argument is a command. */
export type CommandCarrier = RunInstruction | CmdInstruction | EntrypointInstruction | HealthcheckInstruction;

/**
 * `[start, end)` of the source as BuildKit joins it: continuation lines put together, comment and blank lines between them dropped
 * (`parser.go:Parse`, `trimContinuationCharacter`). Never copied into a string first, so every character keeps its place.
 */
export function joinLines(file: Dockerfile, at: Span): MappedText {
  const newline = file.text.indexOf('\n', at.start);
  if (at.end > at.start && (newline === -1 || newline >= at.end) && file.text[at.end - 1] !== '\r')
    return textAt(file.text.slice(at.start, at.end), at.start);
  const to = newPieces();
  addJoinedLines(to, file, at);
  return joinPieces(to);
}

function addJoinedLines(to: TextPieces, file: Dockerfile, at: Span): void {
  const { text } = file;
  let start = at.start;
  for (let first = true; start < at.end; first = false) {
    const newline = text.indexOf('\n', start);
    const next = newline === -1 || newline >= at.end ? at.end : newline + 1;
    let end = next;
    while (end > start && isLineEnd(text.charCodeAt(end - 1))) end--;
    const line = text.slice(start, end);
    const trimmed = line.trimStart();
    if (first || (trimmed !== '' && !trimmed.startsWith('#'))) {
      const cut = next === at.end ? -1 : continuationAt(line, file.escape);
      addPiece(to, cut === -1 ? line : line.slice(0, cut), start);
    }
    start = next;
  }
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

/** Where the escape character that continues the line stands, or -1. Doubled escapes do not continue a line. */
function continuationAt(line: string, mark: string): number {
  let at = line.length - 1;
  for (; at >= 0; at--) {
    const code = line.charCodeAt(at);
    if (code !== 32 && code !== 9) break;
  }
  return at >= 0 && line[at] === mark && line[at - 1] !== mark ? at : -1;
}

/** A heredoc body as the build gets it, CR line ends taken for LF ones. */
export function heredocBody(file: Dockerfile, heredoc: Heredoc): MappedText {
  const to = newPieces();
  addLines(to, file, heredoc.bodySpan, heredoc.chomp);
  return joinPieces(to);
}

function addLines(to: TextPieces, file: Dockerfile, at: Span, chomp: boolean): void {
  let start = at.start;
  while (start < at.end) {
    const newline = file.text.indexOf('\n', start);
    const next = newline === -1 || newline >= at.end ? at.end : newline + 1;
    if (chomp) while (start < next && file.text[start] === '\t') start++;
    const crlf = next - 2 >= start && file.text[next - 2] === '\r' && file.text[next - 1] === '\n';
    if (crlf) {
      addPiece(to, file.text.slice(start, next - 2), start);
      addPiece(to, '\n', next - 1);
    } else addPiece(to, file.text.slice(start, next), start);
    start = next;
  }
}

/** The heredoc that is the whole command of a `RUN <<EOF`, whose body is then the script (`convert.go:dispatchRun`). */
export function onlyHeredoc(file: Dockerfile, instruction: CommandCarrier): Heredoc | undefined {
  const [heredoc] = instruction.heredocs;
  if (heredoc === undefined || instruction.heredocs.length > 1) return undefined;
  const { operatorSpan } = heredoc;
  const written = file.text.slice(operatorSpan.start, operatorSpan.end);
  return written.trim() === instruction.text.trim() ? heredoc : undefined;
}

/** What the shell gets to read: the joined text and, behind it, the bodies of its heredocs. `CMD` of a HEALTHCHECK is left out. */
export function scriptText(file: Dockerfile, instruction: CommandCarrier): MappedText {
  const joined = joinLines(file, instruction.textSpan);
  const start = commandStart(instruction, joined.text);
  if (start === 0 && instruction.heredocs.length === 0) return joined;
  const to = newPieces();
  addSlice(to, joined, start, joined.text.length);
  if (instruction.heredocs.length === 0) return joinPieces(to);
  addPiece(to, '\n', Math.max(instruction.textSpan.end - 1, 0));
  for (const heredoc of instruction.heredocs) {
    addLines(to, file, heredoc.bodySpan, false);
    const end = heredoc.terminatorSpan;
    if (end === undefined) continue;
    addPiece(to, file.text.slice(end.start, end.end), end.start);
    addPiece(to, '\n', Math.max(end.end - 1, 0));
  }
  return joinPieces(to);
}

function commandStart(instruction: CommandCarrier, text: string): number {
  if (instruction.keyword !== 'HEALTHCHECK') return 0;
  const keyword = /^\s*cmd(?:\s+|$)/i.exec(text);
  return keyword === null ? 0 : keyword[0].length;
}
