import type { Connection, Position, TextDocumentIdentifier } from 'vscode-languageserver';
import type { ClientFacts } from './client-facts.js';
import { codeActions, resolveAction } from './code-actions.js';
import { completion } from './completion.js';
import { documentLinks } from './document-links.js';
import { documentSymbols, flatSymbols } from './document-symbols.js';
import { foldingRanges } from './folding-ranges.js';
import { formatting } from './formatting.js';
import { historyHints, historyLenses } from './history-notes.js';
import { hover } from './hover.js';
import type { LayerHistory } from './layer-history.js';
import type { Opened } from './opened.js';
import { spanOf } from './places.js';
import {
  contextFilesRequest,
  type DocumentParams,
  layerHistoryRequest,
  type ReRunsParams,
  reRunsRequest,
} from './protocol.js';
import { contextFiles, reRuns } from './re-runs.js';
import { definition, highlights, prepareRename, references, rename } from './references.js';
import { semanticTokens } from './semantic-tokens.js';
import type { Session } from './session.js';

interface Serving {
  readonly session: Session;
  readonly client: ClientFacts;
  readonly history: LayerHistory;
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
    about(params.textDocument.uri, (one, client) => codeActions(one, params, client, ready().history)),
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
  registerCacheFeatures(connection, ready);
}

/** What only Layerwise knows: what a change re-runs, and what re-ran in the past. */
function registerCacheFeatures(connection: Connection, ready: () => Serving): void {
  connection.onCodeLens(async ({ textDocument: { uri } }) => {
    const { session, client, history } = ready();
    if ((await session.settings(uri)).history !== 'lens') return [];
    const replayed = await history.whenIdle(uri);
    return replayed ? historyLenses(replayed, uri, client) : [];
  });
  connection.languages.inlayHint.on(async ({ textDocument: { uri }, range }) => {
    const { session, history } = ready();
    if ((await session.settings(uri)).history !== 'inlay') return [];
    const replayed = await history.whenIdle(uri);
    const document = session.document(uri);
    if (!replayed || !document) return [];
    const lengthOf = (line: number) =>
      document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }).trimEnd().length;
    const hints = historyHints(replayed, lengthOf);
    return hints.filter(({ position: { line } }) => range.start.line <= line && line <= range.end.line);
  });
  connection.onRequest(layerHistoryRequest, (params: DocumentParams) => ready().history.page(String(params?.uri)));
  connection.onRequest(reRunsRequest, (params: ReRunsParams) =>
    asked(ready(), String(params?.uri), (opened) => reRuns(opened, String(params?.changed))),
  );
  connection.onRequest(contextFilesRequest, (params: DocumentParams) =>
    asked(ready(), String(params?.uri), contextFiles),
  );
}

/** Null, which JSON has, where the document is none of ours. */
async function asked<Answer>({ session }: Serving, uri: string, question: (opened: Opened) => Answer) {
  return (await session.ask(uri, question)) ?? null;
}
