import { type ExtensionContext, extensions, window, workspace } from 'vscode';
import { settingsSection } from '../server/lsp/protocol.js';
import { clientOptions, otherDockerExtension } from './client-options.js';
import { registerCommands } from './commands.js';
import { registerRulePages } from './rule-page.js';
import { type CreateClient, Server } from './server.js';
import { showStatus } from './status.js';

/** What both entries do once they can create a client. A server that does not start is told in the log and the status. */
export async function startLayerwise(context: ExtensionContext, create: CreateClient): Promise<void> {
  const log = window.createOutputChannel('Layerwise', { log: true });
  const server = new Server(log, () => create(clientOptions(log)));
  const version: string = context.extension.packageJSON.version;
  context.subscriptions.push(log, server);
  context.subscriptions.push(showStatus(server, version), registerRulePages(server));
  context.subscriptions.push(...registerCommands({ server, log, version }));
  context.subscriptions.push(...restartWhereStartDecided(server));
  await server.start();
}

/** Two settings and the other extensions decide what the server offers when it starts, so a change needs a new start. */
function restartWhereStartDecided(server: Server) {
  let other = otherDockerExtension();
  return [
    workspace.onDidChangeConfiguration((change) => {
      const names = ['workspaceDiagnostics', 'languageFeatures'];
      if (names.some((name) => change.affectsConfiguration(`${settingsSection}.${name}`))) void server.restart();
    }),
    extensions.onDidChange(() => {
      if (other === otherDockerExtension()) return;
      other = otherDockerExtension();
      void server.restart();
    }),
  ];
}
