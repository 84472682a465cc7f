import type { Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Span } from '../syntax/text.js';

/** Offsets as lines and columns of a client; spans that reach beyond the text end with it. */
export function rangeOf(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

export function spanOf(document: TextDocument, range: Range): Span {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}

/** A text that is no open document, for its lines and columns only. */
export function textOnly(text: string): TextDocument {
  return TextDocument.create('', '', 0, text);
}
