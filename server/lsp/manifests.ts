import {
  type Connection,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { nameGlob } from '../syntax/name-glob.js';
import { nameOfUri } from './file-uri.js';
import { manifestNames } from './watched-files.js';

const patterns = manifestNames().map(nameGlob);

/** What a package manager reads: open, its text counts before what is saved. */
export function isManifest(uri: string): boolean {
  const name = nameOfUri(String(uri));
  return patterns.some((pattern) => pattern.test(name));
}

/** Asks the client for the texts of open manifests as well; by itself it sends Dockerfiles and ignore files only. */
export function askForManifests({ client }: Connection): void {
  const documentSelector = manifestNames().map((name) => ({ pattern: `**/${name}` }));
  const syncKind = TextDocumentSyncKind.Incremental;
  const asked = [
    client.register(DidOpenTextDocumentNotification.type, { documentSelector }),
    client.register(DidChangeTextDocumentNotification.type, { documentSelector, syncKind }),
    client.register(DidCloseTextDocumentNotification.type, { documentSelector }),
  ];
  for (const one of asked) one.catch(() => {});
}
