import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { startLayerwise } from './start.js';

/** Entry of hosts with Node: the server is a process of its own, from the bundle beside this one. */
export function activate(context: ExtensionContext): Promise<void> {
  const server = { module: context.asAbsolutePath('dist/server.cjs'), transport: TransportKind.ipc };
  return startLayerwise(context, (options) => new LanguageClient('layerwise', 'Layerwise', server, options));
}
