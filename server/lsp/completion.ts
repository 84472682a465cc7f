import type { CompletionItem } from 'vscode-languageserver';
import type { ClientFacts } from './client-facts.js';
import { completeComment } from './completion-comment.js';
import { completeIgnorePattern } from './completion-ignore.js';
import { completeInstruction } from './completion-instruction.js';
import type { Opened } from './opened.js';

/** Characters that ask for completion by themselves; words do so anyway. */
export const triggerCharacters = ['/', '=', ',', '$', '{', '-', '!', '.'];

export type CompletionFacts = Pick<ClientFacts, 'languageFeatures' | 'snippets'>;

/** A word may be written over two lines, but the protocol has a completion replace text of one line only. */
function isInOneLine({ textEdit }: CompletionItem): boolean {
  return !textEdit || !('range' in textEdit) || textEdit.range.start.line === textEdit.range.end.line;
}

/** What may be written at the place. */
export function completion(opened: Opened, offset: number, client: CompletionFacts): CompletionItem[] {
  const line = opened.text.slice(opened.text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (/^\s*#/.test(line)) return completeComment(opened, offset, line, client);
  if (opened.parsed.kind === 'dockerignore') return completeIgnorePattern(opened, offset, line);
  return completeInstruction(opened, offset, client).filter(isInOneLine);
}
