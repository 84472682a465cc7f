import { Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { type LayerHistoryResult, layerHistoryRequest } from '../server/lsp/protocol.js';
import type { Server } from './server.js';

/** The page loads nothing and runs nothing. */
const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;

let panel: WebviewPanel | undefined;

/** Shows the history of a Dockerfile's layers beside it; `given` is its URI, without one the open file counts. */
export async function showLayerHistory(server: Server, given: unknown): Promise<void> {
  const uri = uriOf(given) ?? window.activeTextEditor?.document.uri;
  if (!uri) {
    void window.showWarningMessage('Layerwise shows the history of a Dockerfile: open one first.');
    return;
  }
  const { html, problem } = await server.request<LayerHistoryResult>(layerHistoryRequest, { uri: String(uri) });
  if (html === undefined) {
    void window.showWarningMessage(`Layerwise: ${problem}`);
    return;
  }
  if (panel) panel.reveal(undefined, true);
  else {
    const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    panel = window.createWebviewPanel('layerwise.layerHistory', 'Layer History', place, { enableScripts: false });
    panel.onDidDispose(() => {
      panel = undefined;
    });
  }
  panel.title = `Layer History: ${uri.path.split('/').at(-1)}`;
  panel.webview.html = html.replace('<meta charset="utf-8">', `<meta charset="utf-8">${policy}`);
}

function uriOf(given: unknown): Uri | undefined {
  return typeof given === 'string' ? Uri.parse(given, true) : given instanceof Uri ? given : undefined;
}
