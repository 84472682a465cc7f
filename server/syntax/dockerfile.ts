import { type Directives, readDirectives } from './directives.js';
import { hasForeignFrontend } from './frontend.js';
import { readHeredocs } from './heredoc.js';
import { canOpenHeredocs, readInstruction } from './instruction.js';
import { splitInstruction } from './instruction-header.js';
import { type CommentLine, LineReader } from './lines.js';
import type { LogicalLine } from './logical-line.js';
import { findLongLines } from './long-lines.js';
import { instructionProblems, isTemplate } from './problems.js';
import { type LineStarts, lineStarts, type Span } from './text.js';
import type { Comment, Dockerfile, Heredoc, Instruction, SyntaxProblem } from './tree.js';
import { trimSpacesEnd } from './white-space.js';

/**
 * Reads a Dockerfile as BuildKit does (`frontend/dockerfile/parser`, `frontend/dockerfile/instructions`). Never throws; takes
 * time in proportion to the text. BuildKit stops at the first problem, this goes on as far as it can.
 */
export function parseDockerfile(text: string): Dockerfile {
  const starts = lineStarts(text);
  const top = readDirectives(text, starts);
  const reader = new LineReader(text, starts, top.escape, top.lines);
  const instructions: Instruction[] = [];
  const comments: Comment[] = [];
  const rejected: SyntaxProblem[] = [];
  for (let line = reader.nextLogical(); ; line = reader.nextLogical()) {
    takeComments(reader, comments, line, instructions.length);
    if (line === undefined) break;
    instructions.push(readOne(text, line, reader, top.escape, instructions.length, rejected));
  }
  const problems = hasForeignFrontend(text)
    ? []
    : [
        ...fileProblems(text, starts, top, instructions),
        ...rejected,
        ...instructionProblems(text, instructions, top.escape, rejected),
      ];
  problems.sort((a, b) => a.span.start - b.span.start);
  if (isTemplate(text, instructions)) problems.splice(1);
  return { text, lineStarts: starts, escape: top.escape, directives: top.directives, comments, instructions, problems };
}

function fileProblems(
  text: string,
  starts: LineStarts,
  top: Directives,
  instructions: readonly Instruction[],
): SyntaxProblem[] {
  const problems = [...top.problems, ...findLongLines(text, starts)];
  if (instructions.length === 0) problems.push({ message: 'file with no instructions', span: { start: 0, end: 0 } });
  return problems.map((problem) => ({ ...problem, instruction: undefined }));
}

function takeComments(
  reader: LineReader,
  comments: Comment[],
  line: LogicalLine | undefined,
  instruction: number,
): void {
  if (reader.comments.length === 0) return;
  const start = line?.pieceOffsets[0] ?? Number.POSITIVE_INFINITY;
  for (const comment of reader.comments) comments.push(place(comment, start, instruction));
  reader.comments = [];
}

function place(comment: CommentLine, instructionStart: number, instruction: number): Comment {
  return { inside: comment.span.start > instructionStart ? instruction : undefined, ...comment };
}

const none: readonly Heredoc[] = [];

function readOne(
  text: string,
  line: LogicalLine,
  reader: LineReader,
  escapeToken: '\\' | '`',
  index: number,
  problems: SyntaxProblem[],
): Instruction {
  const reject = (message: string, span: Span): void => {
    problems.push({ message, span, instruction: index });
  };
  const header = splitInstruction(line, 0, escapeToken);
  if (!line.text.includes('<<') || !canOpenHeredocs(header, escapeToken)) {
    return readInstruction(header, { index, escape: escapeToken, heredocs: none, end: line.sourceEnd, reject });
  }
  const { heredocs, unterminated, end } = readHeredocs(text, line, reader);
  if (unterminated !== undefined) reject('unterminated heredoc', unterminated);
  const lastOffset = end === undefined ? line.sourceEnd : trimSpacesEnd(text, line.sourceEnd, end);
  return readInstruction(header, { index, escape: escapeToken, heredocs, end: lastOffset, reject });
}
