import type { FormattingOptions, TextEdit } from 'vscode-languageserver';
import { parseSource } from '../core/engine.js';
import { applyEdits } from '../core/fix.js';
import { lineEnding, type Span } from '../syntax/text.js';
import type { Dockerfile, Instruction } from '../syntax/tree.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';

interface Edit {
  readonly span: Span;
  readonly text: string;
}

/**
 * Tidies what no builder looks at: blanks at the ends of lines, the case of keywords, the end of the file. Nothing that enters
 * a cache key or the image changes: the new text is parsed and compared, and where it would mean anything else, or the old one is
 * not in order, nothing is done.
 */
export function formatting(opened: Opened, options: FormattingOptions): TextEdit[] {
  const { parsed, text, document } = opened;
  const edits = [
    ...(parsed.kind === 'dockerfile' ? keywordCase(parsed.file) : []),
    ...blanks(opened),
    ...fileEnd(opened, options),
  ];
  const after = parseSource(parsed.kind, applyEdits(text, edits));
  const same =
    parsed.kind === 'dockerfile'
      ? after.kind === 'dockerfile' && meaningOf(parsed.file) === meaningOf(after.file)
      : after.kind === 'dockerignore' && patternsOf(parsed.file) === patternsOf(after.file);
  return same ? edits.map((edit) => ({ range: rangeOf(document, edit.span), newText: edit.text })) : [];
}

/** Keywords and `AS` in capitals. The trigger of an ONBUILD is text in the image's config and stays. */
function keywordCase({ instructions, text }: Dockerfile): Edit[] {
  return instructions.flatMap((instruction) => {
    const spans = [instruction.keywordSpan];
    if (instruction.keyword === 'UNKNOWN') return [];
    if (instruction.keyword === 'FROM' && instruction.image && instruction.alias) {
      const from = instruction.image.span.end;
      const as = /\bas\b/i.exec(text.slice(from, instruction.alias.span.start));
      if (as) spans.push({ start: from + as.index, end: from + as.index + 2 });
    }
    return spans.flatMap((span) => {
      const written = text.slice(span.start, span.end);
      return /^[a-zA-Z]+$/.test(written) && written !== written.toUpperCase()
        ? [{ span, text: written.toUpperCase() }]
        : [];
    });
  });
}

/** Blanks before line ends, outside of heredocs and directives. */
function blanks({ parsed, text }: Opened): Edit[] {
  const kept =
    parsed.kind === 'dockerfile'
      ? [
          ...parsed.file.directives.map(({ span }) => ({ start: span.start, end: span.end + 1 })),
          ...parsed.file.instructions.flatMap(({ heredocs }) =>
            heredocs.map(({ bodySpan, terminatorSpan }) => ({
              start: bodySpan.start,
              end: (terminatorSpan?.end ?? bodySpan.end) + 1,
            })),
          ),
        ]
      : [];
  kept.sort((a, b) => a.start - b.start);
  let next = 0;
  return blankEnds(text)
    .filter(({ start, end }) => {
      while (next < kept.length && (kept[next]?.end ?? 0) <= start) next++;
      const inside = kept[next];
      return !inside || end <= inside.start;
    })
    .map((span) => ({ span, text: '' }));
}

/** The blanks before each line ending and before the end of the text. */
function blankEnds(text: string): Span[] {
  const found: Span[] = [];
  for (let lineStart = 0; lineStart <= text.length; ) {
    const newline = text.indexOf('\n', lineStart);
    const next = newline === -1 ? text.length + 1 : newline + 1;
    const end = newline > lineStart && text[newline - 1] === '\r' ? newline - 1 : next - 1;
    let start = end;
    while (start > lineStart && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
    if (start < end) found.push({ start, end });
    lineStart = next;
  }
  return found;
}

/** One line ending at the end where the client asks for it. */
function fileEnd({ text, parsed }: Opened, { insertFinalNewline, trimFinalNewlines }: FormattingOptions): Edit[] {
  if (text === '' || endsInHeredoc(parsed)) return [];
  let body = text.length;
  while (body > 0 && ' \t\r\n'.includes(text.charAt(body - 1))) body--;
  const newline = text.indexOf('\n', body);
  const end = { start: text.length, end: text.length };
  if (newline === -1) return insertFinalNewline ? [{ span: end, text: lineEnding(text) }] : [];
  const rest = text.slice(newline + 1);
  // Blank lines that hold blanks are tidied first, and go the next time.
  return trimFinalNewlines && /^[\r\n]+$/.test(rest) ? [{ span: { ...end, start: newline + 1 }, text: '' }] : [];
}

function endsInHeredoc(parsed: Opened['parsed']): boolean {
  const heredocs = parsed.kind === 'dockerfile' ? (parsed.file.instructions.at(-1)?.heredocs ?? []) : [];
  return heredocs.some(({ terminatorSpan }) => terminatorSpan === undefined);
}

/** All that a builder takes of a Dockerfile. */
function meaningOf({ directives, instructions, problems }: Dockerfile): string {
  return JSON.stringify([
    directives.map(({ name, value }) => [name, value]),
    instructions.map(instructionMeaning),
    problems.map(({ message, instruction }) => [message, instruction]),
  ]);
}

function instructionMeaning(instruction: Instruction): unknown {
  const { keyword, flags, heredocs } = instruction;
  const text = keyword === 'FROM' ? [instruction.image?.text, instruction.alias?.text] : instruction.text;
  return [
    keyword,
    text,
    flags.map(({ name, value }) => [name, value]),
    heredocs.map(({ name, content, expand, chomp, fileDescriptor }) => [name, content, expand, chomp, fileDescriptor]),
  ];
}

function patternsOf({ patterns }: { readonly patterns: readonly { readonly source: string }[] }): string {
  return JSON.stringify(patterns.map(({ source }) => source));
}
