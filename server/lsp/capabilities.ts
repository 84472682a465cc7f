import { type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import type { ClientFacts } from './client-facts.js';
import { codeActionKinds } from './code-actions.js';

/** What the server offers this client. */
export function capabilitiesFor(client: ClientFacts): ServerCapabilities {
  return {
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    codeActionProvider: { codeActionKinds, resolveProvider: client.resolvesEdits },
    ...(client.pullsDiagnostics
      ? { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: client.workspaceDiagnostics } }
      : {}),
  };
}
