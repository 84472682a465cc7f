import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import { rules } from '../rules/index.js';
import type { CompletionFacts } from './completion.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';

/** In a comment: the start of one that ignores findings, and in its list the names of rules. `line` is what stands before the place. */
export function completeComment(
  opened: Opened,
  offset: number,
  line: string,
  client: CompletionFacts,
): CompletionItem[] {
  const list = /^\s*#\s*layerwise\s+ignore(?:-file)?\s*=\s*([\w.,\s-]*)$/i.exec(line)?.[1];
  if (list !== undefined) return ruleNames(opened, offset, list);
  const word = /^\s*#\s*([\w-]*)$/.exec(line)?.[1];
  return word === undefined || !'layerwise'.startsWith(word.toLowerCase()) ? [] : starts(opened, offset, word, client);
}

function ruleNames(opened: Opened, offset: number, list: string): CompletionItem[] {
  const names = list.split(',').map((name) => name.trimStart());
  const word = names.pop() ?? '';
  // A blank behind a name ends the list: what follows is the reason.
  if (/\s/.test(word)) return [];
  const { parsed, document } = opened;
  const reported = new Set(opened.lint().findings.map(({ rule }) => rule));
  const range = rangeOf(document, { start: offset - word.length, end: offset });
  return rules
    .filter(({ name, target }) => target === parsed.kind && !names.some((one) => one.trimEnd() === name))
    .map(({ name, docs }) => ({
      label: name,
      kind: CompletionItemKind.EnumMember,
      detail: docs.summary,
      sortText: `${reported.has(name) ? 0 : 1}${name}`,
      textEdit: { range, newText: name },
    }));
}

function starts(opened: Opened, offset: number, word: string, { snippets }: CompletionFacts): CompletionItem[] {
  const range = rangeOf(opened.document, { start: offset - word.length, end: offset });
  return [
    ['ignore', 'Ignore findings of the next instruction'],
    ['ignore-file', 'Ignore findings in the whole file'],
  ].map(([name = '', detail = '']) => ({
    label: `layerwise ${name}=`,
    kind: CompletionItemKind.Keyword,
    detail,
    ...(snippets ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    textEdit: { range, newText: `layerwise ${name}=${snippets ? '$1 reason="$2"' : ''}` },
  }));
}
