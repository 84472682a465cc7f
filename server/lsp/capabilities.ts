import { type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import type { ClientFacts } from './client-facts.js';
import { codeActionKinds } from './code-actions.js';
import { triggerCharacters } from './completion.js';
import { tokensLegend } from './semantic-tokens.js';

/** What the server offers this client. */
export function capabilitiesFor(client: ClientFacts, withHistory: boolean): ServerCapabilities {
  return {
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    codeActionProvider: { codeActionKinds, resolveProvider: client.resolvesEdits },
    hoverProvider: true,
    completionProvider: { triggerCharacters },
    ...(client.pullsDiagnostics
      ? { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: client.workspaceDiagnostics } }
      : {}),
    ...(withHistory ? { codeLensProvider: { resolveProvider: false }, inlayHintProvider: true } : {}),
    ...(client.languageFeatures ? languageFeatures(client) : {}),
  };
}

/** What other Docker extensions offer as well. */
function languageFeatures({ prepareRename }: ClientFacts): ServerCapabilities {
  return {
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    documentLinkProvider: { resolveProvider: false },
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: prepareRename ? { prepareProvider: true } : true,
    semanticTokensProvider: { legend: tokensLegend, full: true, range: true },
    documentFormattingProvider: true,
  };
}
