import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import type { BuildContext } from '../model/context.js';
import { sizeText } from '../model/transfers.js';
import type { NameForm } from './name-forms.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';

/** More entries of one folder than this are not offered. */
const MOST_ENTRIES = 500;

/** Paths of the context that go on from `typed`, which ends at `offset`; `wanted` chooses among them. */
export function completePath(
  { document }: Opened,
  offset: number,
  typed: string,
  context: BuildContext,
  form: NameForm,
  wanted: (path: string) => boolean,
): CompletionItem[] {
  const slash = typed.lastIndexOf('/');
  const folder = form.read(typed.slice(0, slash + 1).replace(/^(?:\.?\/)+/, ''));
  if (folder === undefined || folder.split('/').includes('..')) return [];
  const range = rangeOf(document, { start: offset - (typed.length - slash - 1), end: offset });
  const entries = context.children(folder).filter(({ path }) => wanted(path));
  return entries.slice(0, MOST_ENTRIES).flatMap(({ path, type, size }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const written = form.write(name, slash === -1);
    if (written === undefined) return [];
    const isFolder = type === 'directory';
    return {
      label: isFolder ? `${name}/` : name,
      kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
      ...(isFolder ? {} : { detail: sizeText({ files: 1, bytes: size, complete: true }).replace('1 file, ', '') }),
      filterText: name,
      textEdit: { range, newText: isFolder ? `${written}/` : written },
    };
  });
}
