import type { SnippetTextEdit, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientFacts } from './client-facts.js';

/** New text of one file. */
export interface FileEdits {
  readonly uri: string;
  /** The file is not there yet. */
  readonly create: boolean;
  readonly edits: readonly (TextEdit | SnippetTextEdit)[];
}

export type EditFacts = Pick<ClientFacts, 'documentChanges' | 'createsFiles'>;

/**
 * One edit for the client. The document's own part holds for its version only. Undefined where the client cannot do it: create
 * a file.
 */
export function workspaceEdit(
  document: TextDocument,
  files: readonly FileEdits[],
  client: EditFacts,
): WorkspaceEdit | undefined {
  if (!client.documentChanges) {
    if (files.some(({ create }) => create)) return undefined;
    return { changes: Object.fromEntries(files.map(({ uri, edits }) => [uri, edits.flatMap(plainEdit)])) };
  }
  if (files.some(({ create }) => create) && !client.createsFiles) return undefined;
  const documentChanges = files.flatMap(({ uri, create, edits }) => {
    const version = uri === document.uri ? document.version : null;
    const change: TextDocumentEdit = { textDocument: { uri, version }, edits: [...edits] };
    return create ? [{ kind: 'create' as const, uri, options: { ignoreIfExists: true } }, change] : [change];
  });
  return { documentChanges };
}

function plainEdit(edit: TextEdit | SnippetTextEdit): TextEdit[] {
  return 'newText' in edit ? [edit] : [];
}
