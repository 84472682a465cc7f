import { version as codeVersion, env, UIKind, window, workspace } from 'vscode';
import { type DebugInformation, debugInformationRequest } from '../server/lsp/protocol.js';
import { otherDockerExtension } from './client-options.js';
import type { Server } from './server.js';

/** Opens a report for a bug report: versions, settings, timings. It holds no text of any file. */
export async function showDebugInformation(server: Server, version: string): Promise<void> {
  const content = `${clientPart(server, version)}\n${await serverPart(server)}`;
  await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }));
}

function clientPart(server: Server, version: string): string {
  const host = `${env.appName} ${codeVersion}, ${env.uiKind === UIKind.Web ? 'web' : 'desktop'}, ${env.appHost}`;
  return `# Layerwise ${version}: debug information

No file contents are in here. Look it over before you share it: paths are.

- Editor: ${host}${env.remoteName ? `, remote: ${env.remoteName}` : ''}
- Server: ${server.state}${server.failure ? `, ${server.failure}` : ''}
- Another Docker extension: ${otherDockerExtension() ? 'yes' : 'no'}
- Folders: ${workspace.workspaceFolders?.length ?? 0}
- Workspace trusted: ${workspace.isTrusted ? 'yes' : 'no'}
`;
}

async function serverPart(server: Server): Promise<string> {
  try {
    return (await server.request<DebugInformation>(debugInformationRequest)).text;
  } catch (error) {
    return `The server did not answer: ${error instanceof Error ? error.message : error}\n`;
  }
}
