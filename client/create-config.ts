import { Uri, WorkspaceEdit, type WorkspaceFolder, window, workspace } from 'vscode';
import { type ConfigTemplate, configTemplateRequest } from '../server/lsp/protocol.js';
import type { Server } from './server.js';

/** Opens the folder's config file, or a new one from the server's template that is there once it is saved. */
export async function createConfig(server: Server): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) {
    void window.showWarningMessage('Layerwise keeps its configuration in a folder: open one first.');
    return;
  }
  const { name, text } = await server.request<ConfigTemplate>(configTemplateRequest);
  const uri = Uri.joinPath(folder.uri, name);
  if (!(await exists(uri))) {
    const edit = new WorkspaceEdit();
    edit.createFile(uri, { contents: new TextEncoder().encode(text) });
    await workspace.applyEdit(edit);
  }
  await window.showTextDocument(uri);
}

async function chooseFolder(): Promise<WorkspaceFolder | undefined> {
  const active = window.activeTextEditor?.document.uri;
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length < 2) return folders[0];
  return (active && workspace.getWorkspaceFolder(active)) ?? window.showWorkspaceFolderPick();
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
