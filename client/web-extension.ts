import { type ExtensionContext, Uri, workspace } from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { startLayerwise } from './start.js';

type Port = ConstructorParameters<typeof BrowserMessageReader>[0] & { terminate(): void };

// Of the web worker that the extension runs in; the project is compiled without the library of the DOM.
declare const Worker: new (script: string) => Port;
declare const Blob: new (parts: readonly Uint8Array[], options: { readonly type: string }) => object;
declare const URL: { createObjectURL(blob: object): string };

/** Entry of hosts without Node (vscode.dev and the like): the server is a web worker, from the bundle beside this one. */
export function activate(context: ExtensionContext): Promise<void> {
  const script = Uri.joinPath(context.extensionUri, 'dist/server.web.js');
  let worker: Port | undefined;
  const endWorker = () => worker?.terminate();
  // The client would take a worker only where `instanceof` knows it, which VS Code's own class of workers does not allow.
  const startWorker = async () => {
    endWorker();
    worker = new Worker(await workerAddress(script));
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  context.subscriptions.push({ dispose: endWorker });
  return startLayerwise(context, (options) => new LanguageClient('layerwise', 'Layerwise', startWorker, options));
}

/** VS Code refuses workers from the address of an extension that is installed on a remote machine, but not from a blob. */
async function workerAddress(script: Uri): Promise<string> {
  if (script.scheme !== 'vscode-remote') return script.toString(true);
  return URL.createObjectURL(new Blob([await workspace.fs.readFile(script)], { type: 'text/javascript' }));
}
