import type { Rule } from '../../core/rule.js';
import { isInFolder, pathOfUri } from '../file-uri.js';
import type { FoundDocument, Host, OpenFile, Surroundings, Workspace } from '../host.js';
import { nodeHost } from '../node-host.js';
import { disk } from './disk.js';
import { fileUri, ownUri } from './file-uris.js';
import type { Reader } from './virtual-disk.js';

/**
 * The host of the command line's own machine, over a disk that the client fills: the same config, contexts and findings as there.
 * URIs of any scheme become paths of that disk, and come back as the client wrote them.
 */
export function webHost(rules: readonly Rule[], workspace: Workspace, reader: Reader): Host {
  return new WebHost(rules, workspace, reader);
}

class WebHost implements Host {
  readonly #inner: Host;
  readonly #workspace: Workspace;
  readonly #reader: Reader;
  /** Folders of documents that lie in no folder of the workspace. */
  readonly #strays = new Set<string>();

  constructor(rules: readonly Rule[], workspace: Workspace, reader: Reader) {
    this.#workspace = workspace;
    this.#reader = reader;
    this.#inner = nodeHost(rules, {
      folders: () => workspace.folders().map(fileUri),
      openFiles: () => workspace.openFiles().map((file) => ({ ...file, uri: fileUri(file.uri) })),
    });
  }

  async surroundings(file: OpenFile, configPath: string): Promise<Surroundings> {
    this.#see(file.uri);
    const found = await this.#inner.surroundings({ ...file, uri: fileUri(file.uri) }, configPath);
    return {
      ...found,
      configUri: found.configUri === undefined ? undefined : ownUri(found.configUri),
      configFiles: found.configFiles.map((config) => ({ ...config, uri: ownUri(config.uri) })),
      configUris: found.configUris.map(ownUri),
      uriOf: (inner) => {
        const uri = found.uriOf(inner);
        return uri === undefined ? undefined : ownUri(uri);
      },
    };
  }

  async read(uri: string): Promise<string | undefined> {
    this.#see(uri);
    return this.#inner.read(fileUri(uri));
  }

  stamp(): undefined {
    return undefined;
  }

  async find(folder: string): Promise<readonly FoundDocument[]> {
    this.#see(folder);
    const found = await this.#inner.find(fileUri(folder));
    return found.map((document) => ({ ...document, uri: ownUri(document.uri) }));
  }

  forget(): void {
    disk.forget();
    this.#inner.forget();
  }

  async fetchMissing(): Promise<boolean> {
    if (!(await disk.fetch(this.#reader))) return false;
    // The host remembers what it was told, and that some of it was not there.
    this.#inner.forget();
    return true;
  }

  #see(uri: string): void {
    const folders = this.#workspace.folders();
    if (!folders.some((folder) => isInFolder(folder, uri))) this.#strays.add(uri.replace(/\/[^/]*$/, ''));
    disk.setRoots([...folders, ...this.#strays].flatMap((folder) => rootOf(folder) ?? []));
  }
}

function rootOf(folder: string): string | undefined {
  const path = pathOfUri(fileUri(folder), false)?.replace(/\/+$/, '');
  return path === '' ? undefined : path;
}
