import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import { lineAt, type Span } from '../syntax/text.js';
import type { Opened } from './opened.js';

/** Stages, instructions of several lines, heredocs, and blocks of comments. */
export function foldingRanges(opened: Opened): FoldingRange[] {
  const { parsed, document } = opened;
  const lineOf = (offset: number) => document.positionAt(offset).line;
  const ranges: FoldingRange[] = [];
  const add = ({ start, end }: Span, kind?: FoldingRangeKind) => {
    const [startLine, endLine] = [lineOf(start), lineOf(end)];
    if (endLine > startLine) ranges.push({ startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  };
  for (const block of commentBlocks(opened)) add(block, FoldingRangeKind.Comment);
  if (parsed.kind === 'dockerignore') return ranges;
  for (const { from, instructions } of parsed.build.stages) {
    add({ start: from.span.start, end: instructions.at(-1)?.span.end ?? from.span.end }, FoldingRangeKind.Region);
  }
  for (const { span, heredocs } of parsed.file.instructions) {
    add(span);
    if (heredocs.length < 2) continue;
    for (const { bodySpan } of heredocs)
      add({ start: bodySpan.start, end: Math.max(bodySpan.start, bodySpan.end - 1) });
  }
  return ranges.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}

/** Comments on lines that follow each other. */
function commentBlocks({ parsed, text }: Opened): Span[] {
  const blocks: { start: number; end: number; line: number }[] = [];
  const starts = parsed.kind === 'dockerfile' ? parsed.file.lineStarts : undefined;
  for (const { span, line } of parsed.file.comments) {
    const number = starts ? lineAt(starts, span.start) : line;
    const last = blocks.at(-1);
    if (last?.line === number - 1) {
      last.end = span.end;
      last.line = number;
    } else blocks.push({ start: span.start, end: Math.min(span.end, text.length), line: number });
  }
  return blocks;
}
