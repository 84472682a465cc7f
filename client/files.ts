import { FileType, Uri, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  type FileSystemParams,
  type FolderEntry,
  type ListFolderResult,
  listFolderRequest,
  type ReadFileResult,
  readFileRequest,
} from '../server/lsp/protocol.js';

/** What a build context may need to read; a larger file is told as missing. */
const LARGEST_FILE = 1 << 20;

/** Answers a server without file access of its own from `workspace.fs`, whatever file system that is. */
export function answerFileRequests(client: BaseLanguageClient): void {
  client.onRequest(listFolderRequest, ({ uri }: FileSystemParams) => listFolder(Uri.parse(uri, true)));
  client.onRequest(readFileRequest, ({ uri }: FileSystemParams) => readFile(Uri.parse(uri, true)));
}

async function listFolder(folder: Uri): Promise<ListFolderResult> {
  try {
    const entries = await workspace.fs.readDirectory(folder);
    return { entries: await Promise.all(entries.map(([name, type]) => folderEntry(folder, name, type))) };
  } catch {
    return { entries: [] };
  }
}

async function folderEntry(folder: Uri, name: string, fileType: FileType): Promise<FolderEntry> {
  const type = entryType(fileType);
  return { name, type, size: type === 'file' ? await sizeOf(Uri.joinPath(folder, name)) : 0 };
}

async function sizeOf(file: Uri): Promise<number> {
  try {
    return (await workspace.fs.stat(file)).size;
  } catch {
    return 0;
  }
}

async function readFile(file: Uri): Promise<ReadFileResult> {
  try {
    const { size } = await workspace.fs.stat(file);
    if (size > LARGEST_FILE) return { text: null };
    return { text: new TextDecoder().decode(await workspace.fs.readFile(file)) };
  } catch {
    return { text: null };
  }
}

function entryType(type: FileType): FolderEntry['type'] {
  if (type & FileType.SymbolicLink) return 'symlink';
  if (type & FileType.Directory) return 'directory';
  return type & FileType.File ? 'file' : 'other';
}
