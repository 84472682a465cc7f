import type { TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { diffLines } from '../report/line-diff.js';
import { lineStarts } from '../syntax/text.js';
import { rangeOf } from './places.js';

/** Edits of whole lines that turn the document's text into `after`, so that cursors and marks elsewhere stay. */
export function editsTo(document: TextDocument, after: string): TextEdit[] {
  const before = document.getText();
  const [oldStarts, newStarts] = [lineStarts(before), lineStarts(after)];
  const at = (starts: readonly number[], line: number, text: string) => starts[line] ?? text.length;
  return diffLines(linesOf(before, oldStarts), linesOf(after, newStarts)).map((change) => ({
    range: rangeOf(document, {
      start: at(oldStarts, change.before[0], before),
      end: at(oldStarts, change.before[1], before),
    }),
    newText: after.slice(at(newStarts, change.after[0], after), at(newStarts, change.after[1], after)),
  }));
}

/** With their line endings. */
function linesOf(text: string, starts: readonly number[]): string[] {
  return starts.map((start, index) => text.slice(start, starts[index + 1]));
}
