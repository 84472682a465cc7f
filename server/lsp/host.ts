import type { ResolvedConfig } from '../core/config.js';
import type { Parsed } from '../core/engine.js';
import type { BuildContext } from '../model/context.js';
import type { ConfigTextProblem } from '../project/config-text.js';
import type { FileKind } from '../project/dockerfile-name.js';

/** A document whose surroundings are asked for. */
export interface OpenFile {
  readonly uri: string;
  readonly kind: FileKind;
  readonly parsed: Parsed;
  readonly text: string;
}

/** A config file with mistakes, or one that has none any more. */
export interface ConfigMistakes {
  readonly uri: string;
  readonly text: string;
  readonly problems: readonly ConfigTextProblem[];
}

/** What lies around a document: its config and its build context. */
export interface Surroundings {
  /** As the user should see the document: relative to its workspace folder. */
  readonly path: string;
  readonly config: ResolvedConfig;
  /** The config file; undefined where there is none. */
  readonly configUri: string | undefined;
  /** The config files that count here, those they extend too. */
  readonly configFiles: readonly ConfigMistakes[];
  /** The same files by URI, with those that are named and not there. */
  readonly configUris: readonly string[];
  /** Files that should be there and cannot be read, each as a sentence. */
  readonly errors: readonly string[];
  /** The config says not to lint it. */
  readonly excluded: boolean;
  readonly context: BuildContext | undefined;
  /** The context as it would be with these files written (path in the context → text). */
  readonly contextWith: ((files: ReadonlyMap<string, string>) => BuildContext) | undefined;
  /** Where the context is a guess, a sentence for the user. */
  readonly note: string | undefined;
  /** Of an ignore file: no known build reads it. */
  readonly unread?: true | undefined;
  /** URI of a path in the context; undefined where there is no context. */
  uriOf(inner: string): string | undefined;
}

export interface FoundDocument {
  readonly uri: string;
  readonly kind: FileKind;
}

/** The world outside the open documents: a disk, or a client that reads for the server. */
export interface Host {
  /** `configPath`: a config file to use instead of the nearest, as in the settings. */
  surroundings(file: OpenFile, configPath: string): Promise<Surroundings>;
  /** Text of a file; undefined where it cannot be read. */
  read(uri: string): Promise<string | undefined>;
  /** A short text that differs where the file has changed; undefined where that cannot be told. */
  stamp(uri: string): string | undefined;
  /** Dockerfiles and ignore files of a folder of the workspace. */
  find(folder: string): Promise<readonly FoundDocument[]>;
  /** Files have changed: nothing that was read holds any more. */
  forget(): void;
  /**
   * Fetches what was asked for since the last call and was not at hand. True where something came: then answers given in the
   * meantime may be wrong and have to be made again.
   */
  fetchMissing(): Promise<boolean>;
}

/** The documents and folders that a host may look at. */
export interface Workspace {
  /** Open ignore files and manifests, whose texts count before what is saved. */
  openFiles(): readonly { readonly uri: string; readonly version: number; readonly text: string }[];
  /** URIs of the workspace folders. */
  folders(): readonly string[];
}
