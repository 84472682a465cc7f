import { type DocumentSymbol, type SymbolInformation, SymbolKind } from 'vscode-languageserver';
import type { Stage } from '../model/build.js';
import type { Span } from '../syntax/text.js';
import type { Instruction } from '../syntax/tree.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';

/** Longest detail, in UTF-16 units. */
const LONGEST = 80;

/** The outline: global ARGs, then the stages with their instructions. An ignore file has none. */
export function documentSymbols(opened: Opened): DocumentSymbol[] {
  const { parsed } = opened;
  if (parsed.kind !== 'dockerfile') return [];
  const { file, build } = parsed;
  const first = build.stages[0]?.from.index ?? file.instructions.length;
  const before = file.instructions.slice(0, first).map((instruction) => instructionSymbol(opened, instruction));
  return [...before, ...build.stages.map((stage) => stageSymbol(opened, stage))];
}

/** The same as a list, for clients that know no tree. */
export function flatSymbols(opened: Opened): SymbolInformation[] {
  const { uri } = opened.document;
  return documentSymbols(opened).flatMap((symbol) => {
    const flat = ({ name, detail, kind, range }: DocumentSymbol, containerName?: string): SymbolInformation => ({
      name: `${name} ${detail ?? ''}`.trim(),
      kind,
      location: { uri, range },
      ...(containerName === undefined ? {} : { containerName }),
    });
    return [flat(symbol), ...(symbol.children ?? []).map((child) => flat(child, symbol.name))];
  });
}

function stageSymbol(opened: Opened, { index, from, instructions }: Stage): DocumentSymbol {
  const end = instructions.at(-1)?.span.end ?? from.span.end;
  const image = from.image?.text ?? '';
  return {
    name: from.alias?.text ?? (image === '' ? `stage ${index}` : image),
    detail: from.alias ? image : '',
    kind: SymbolKind.Namespace,
    range: rangeOf(opened.document, { start: from.span.start, end }),
    selectionRange: rangeOf(opened.document, within(from.span, from.alias?.span ?? from.image?.span)),
    children: instructions.map((instruction) => instructionSymbol(opened, instruction)),
  };
}

function instructionSymbol(opened: Opened, instruction: Instruction): DocumentSymbol {
  const { span, keywordSpan, text } = instruction;
  const keyword =
    instruction.keyword === 'UNKNOWN' ? opened.text.slice(keywordSpan.start, keywordSpan.end) : instruction.keyword;
  return {
    name: keyword || '?',
    detail: shorten(text),
    kind: kinds[keyword] ?? SymbolKind.Property,
    range: rangeOf(opened.document, span),
    selectionRange: rangeOf(opened.document, within(span, keywordSpan)),
  };
}

const kinds: Readonly<Record<string, SymbolKind>> = {
  ARG: SymbolKind.Variable,
  ENV: SymbolKind.Variable,
  RUN: SymbolKind.Function,
  CMD: SymbolKind.Function,
  ENTRYPOINT: SymbolKind.Function,
  HEALTHCHECK: SymbolKind.Function,
  COPY: SymbolKind.File,
  ADD: SymbolKind.File,
  ONBUILD: SymbolKind.Event,
};

/** Clients refuse a selection that reaches out of its range. */
function within(outer: Span, inner: Span | undefined): Span {
  if (!inner || inner.start < outer.start || inner.end > outer.end) return { start: outer.start, end: outer.start };
  return inner;
}

function shorten(text: string): string {
  const line = text
    .slice(0, LONGEST * 2)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}
