import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { startLayerwise } from './start.js';

/** Of the web worker that the extension runs in; the project is compiled without the library of the DOM. */
declare const Worker: new (script: string) => object;

/** Entry of hosts without Node (vscode.dev and the like): the server is a web worker, from the bundle beside this one. */
export function activate(context: ExtensionContext): Promise<void> {
  const script = Uri.joinPath(context.extensionUri, 'dist/server.web.js').toString(true);
  return startLayerwise(
    context,
    (options) => new LanguageClient('layerwise', 'Layerwise', async () => new Worker(script), options),
  );
}
