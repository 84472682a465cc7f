import type { Connection } from 'vscode-languageserver';
import { uriOf } from '../../report/uri.js';
import {
  type FileSystemParams,
  type ListFolderResult,
  listFolderRequest,
  type ReadFileResult,
  readFileRequest,
} from '../protocol.js';
import { ownUri } from './file-uris.js';
import type { Reader } from './virtual-disk.js';

/** Reads through the client. What it does not answer is not there. */
export function clientReader(connection: Connection): Reader {
  const ask = async <Result>(method: string, path: string): Promise<Result | undefined> => {
    const params: FileSystemParams = { uri: ownUri(uriOf(path)) };
    try {
      return (await connection.sendRequest<Result | null>(method, params)) ?? undefined;
    } catch {
      return undefined;
    }
  };
  return {
    list: async (folder) => (await ask<ListFolderResult>(listFolderRequest, folder))?.entries ?? [],
    read: async (file) => (await ask<ReadFileResult>(readFileRequest, file))?.text ?? null,
  };
}

/** For a client that has no files to offer. */
export const noReader: Reader = {
  list: async () => [],
  read: async () => null,
};
