import { type Connection, DidChangeWatchedFilesNotification, type FileSystemWatcher } from 'vscode-languageserver';
import { configNames } from '../project/config-names.js';
import type { ClientFacts } from './client-facts.js';
import { isInFolder, nameOfUri } from './file-uri.js';

/**
 * Asks the client to tell of the config files that are in use and lie where `watchedGlobs` does not look: those of another name,
 * which a config extends or the settings name, and those outside of the workspace.
 */
export class ConfigWatch {
  readonly #connection: Connection;
  readonly #client: Pick<ClientFacts, 'watchesFiles' | 'watchesOutside'>;
  readonly #folders: () => readonly string[];
  readonly #watched = new Set<string>();

  constructor(
    connection: Connection,
    client: Pick<ClientFacts, 'watchesFiles' | 'watchesOutside'>,
    folders: () => readonly string[],
  ) {
    this.#connection = connection;
    this.#client = client;
    this.#folders = folders;
  }

  /** A document goes by these config files. */
  use(uris: readonly string[]): void {
    if (!this.#client.watchesFiles) return;
    const fresh = uris.filter((uri) => !this.#watched.has(uri) && !this.#isWatchedAnyhow(uri));
    if (fresh.length === 0) return;
    for (const uri of fresh) this.#watched.add(uri);
    const watchers = fresh.map((uri) => this.#watcherOf(uri));
    this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => {});
  }

  #isWatchedAnyhow(uri: string): boolean {
    return (
      configNames.some((name) => name === nameOfUri(uri)) && this.#folders().some((folder) => isInFolder(folder, uri))
    );
  }

  #watcherOf(uri: string): FileSystemWatcher {
    const name = nameOfUri(uri).replace(/[*?[\]{}\\]/g, '?');
    const baseUri = uri.replace(/\/[^/]*$/, '');
    return { globPattern: this.#client.watchesOutside ? { baseUri, pattern: name } : `**/${name}` };
  }
}
