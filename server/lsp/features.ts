import type { Connection, Position, TextDocumentIdentifier } from 'vscode-languageserver';
import type { ClientFacts } from './client-facts.js';
import { codeActions, resolveAction } from './code-actions.js';
import { completion } from './completion.js';
import { documentLinks } from './document-links.js';
import { documentSymbols, flatSymbols } from './document-symbols.js';
import { foldingRanges } from './folding-ranges.js';
import { formatting } from './formatting.js';
import { hover } from './hover.js';
import type { Opened } from './opened.js';
import { spanOf } from './places.js';
import { definition, highlights, prepareRename, references, rename } from './references.js';
import { semanticTokens } from './semantic-tokens.js';
import type { Session } from './session.js';

interface Serving {
  readonly session: Session;
  readonly client: ClientFacts;
}

interface Place {
  readonly textDocument: TextDocumentIdentifier;
  readonly position: Position;
}

/** Answers every request about a document but the one for diagnostics. `ready` fails before `initialize` and after `shutdown`. */
export function registerFeatures(connection: Connection, ready: () => Serving): void {
  const about = <Answer>(uri: string, question: (opened: Opened, client: ClientFacts) => Answer) => {
    const { session, client } = ready();
    return session.ask(uri, (opened) => question(opened, client));
  };
  const at = <Answer>(
    { textDocument, position }: Place,
    question: (opened: Opened, offset: number, client: ClientFacts) => Answer,
  ) => about(textDocument.uri, (opened, client) => question(opened, opened.document.offsetAt(position), client));

  connection.onCodeAction((params) =>
    about(params.textDocument.uri, (one, client) => codeActions(one, params, client)),
  );
  connection.onCodeActionResolve((action) => resolveAction(action, ready()));
  connection.onHover((params) => at(params, hover));
  connection.onCompletion((params) => at(params, completion));
  connection.onDocumentSymbol(({ textDocument: { uri } }) =>
    about(uri, (opened, client) => (client.hierarchicalSymbols ? documentSymbols(opened) : flatSymbols(opened))),
  );
  connection.onFoldingRanges(({ textDocument: { uri } }) => about(uri, foldingRanges));
  connection.onDocumentLinks(({ textDocument: { uri } }) => about(uri, documentLinks));
  connection.onDefinition((params) => at(params, definition));
  connection.onReferences((params) =>
    at(params, (one, offset) => references(one, offset, params.context.includeDeclaration)),
  );
  connection.onDocumentHighlight((params) => at(params, highlights));
  connection.onPrepareRename((params) => at(params, prepareRename));
  connection.onRenameRequest((params) =>
    at(params, (one, offset, client) => rename(one, offset, params.newName, client)),
  );
  connection.languages.semanticTokens.on(async ({ textDocument: { uri } }) => ({
    data: (await about(uri, (opened) => semanticTokens(opened))) ?? [],
  }));
  connection.languages.semanticTokens.onRange(async ({ textDocument: { uri }, range }) => ({
    data: (await about(uri, (opened) => semanticTokens(opened, spanOf(opened.document, range)))) ?? [],
  }));
  connection.onDocumentFormatting(({ textDocument: { uri }, options }) =>
    about(uri, (opened) => formatting(opened, options)),
  );
}
