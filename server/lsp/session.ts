import { LSPErrorCodes, ResponseError, type TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { PastOfContext } from '../cache/history.js';
import { type Parsed, parseSource } from '../core/engine.js';
import type { Finding } from '../core/finding.js';
import type { FileKind } from '../project/dockerfile-name.js';
import type { ClientFacts } from './client-facts.js';
import type { Host, Surroundings } from './host.js';
import { keepFindings } from './kept-findings.js';
import { kindOfDocument, type Opened, openedDocument } from './opened.js';
import type { LayerwiseSettings } from './protocol.js';

/** What was read of the disk counts this long at most: nobody tells of every file that comes or goes. */
const LONGEST_LIFE = 30_000;

/** A client that keeps on changing files must not keep a request waiting for ever. */
const MOST_ROUNDS = 20;

export interface SessionOptions {
  readonly documents: Pick<TextDocuments<TextDocument>, 'get' | 'all'>;
  readonly client: ClientFacts;
  /** The host that knows the surroundings of a document. */
  hostOf(uri: string): Host;
  /** All of them. */
  readonly hosts: readonly Host[];
  /** Asks the client; without a URI what holds for all. */
  settingsOf(uri: string): Promise<LayerwiseSettings>;
  /** The past of a file that is not open, where a rule asks for it. */
  pastOf?(uri: string, surroundings: Surroundings): Promise<PastOfContext | undefined>;
  /** The surroundings of a document are known anew. */
  opened?(uri: string, surroundings: Surroundings): void;
  readonly now?: () => number;
}

interface Known {
  /** The editor's own: one that is opened again is another, though its version may be the same. */
  readonly document: TextDocument;
  readonly version: number;
  readonly text: string;
  readonly parsed: Parsed;
  /** Undefined until the surroundings are found. */
  opened: Opened | undefined;
  /** Of the session when `opened` was made. */
  generation: number;
  /** Late findings of the version before, at their places in this one. */
  kept: readonly Finding[];
}

/**
 * The open documents with what is known of each: parsed once per version, linted once per version and state of the files around
 * it. Answers of an older version are never given: the request fails instead, and the client asks again.
 */
export class Session {
  readonly client: ClientFacts;
  readonly #options: SessionOptions;
  readonly #known = new Map<string, Known>();
  readonly #settings = new Map<string, Promise<LayerwiseSettings>>();
  #generation = 0;
  #since: number;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.client = options.client;
    this.#since = this.#now();
  }

  /** An open document. */
  document(uri: string): TextDocument | undefined {
    return this.#options.documents.get(uri);
  }

  /** Open documents that are Dockerfiles or ignore files. */
  documents(): readonly TextDocument[] {
    return this.#options.documents.all().filter(({ uri, languageId }) => kindOfDocument(uri, languageId) !== undefined);
  }

  /** Counts how often files around the documents have changed. */
  get generation(): number {
    return this.#generation;
  }

  settings(uri: string): Promise<LayerwiseSettings> {
    const known = this.#settings.get(uri) ?? this.#options.settingsOf(uri);
    this.#settings.set(uri, known);
    return known;
  }

  forgetSettings(): void {
    this.#settings.clear();
    this.forgetFiles();
  }

  /** Files have changed: what was read of them no longer holds. */
  forgetFiles(): void {
    for (const host of this.#options.hosts) host.forget();
    this.#generation++;
    this.#since = this.#now();
  }

  /** The text of an open ignore file or manifest has changed, which the contexts of other documents may go by. */
  openFileChanged(): void {
    this.#generation++;
  }

  /** The repository has another newest commit. */
  historyChanged(): void {
    this.#generation++;
  }

  /**
   * From now on a document is answered for with its past, or known to have none: nothing is kept of the version before. Undefined
   * where it or a file around it has changed since.
   */
  recall(opened: Opened, history: PastOfContext | undefined): Opened | undefined {
    const { document, parsed, surroundings, version } = opened;
    const entry = this.#known.get(document.uri);
    if (entry?.opened !== opened || entry.generation !== this.#generation) return undefined;
    if (this.document(document.uri) !== document || document.version !== version) return undefined;
    entry.kept = [];
    entry.opened = openedDocument(document, parsed, surroundings, history);
    return entry.opened;
  }

  close(uri: string): void {
    this.#known.delete(uri);
    this.#settings.delete(uri);
  }

  /**
   * Answers a question about an open document. Undefined where it is not open, none of ours or switched off. Fails with
   * `ContentModified` where the document changes before the answer is there.
   */
  async ask<Answer>(uri: string, question: (opened: Opened) => Answer): Promise<Answer | undefined> {
    const document = this.document(uri);
    if (!document) return undefined;
    const { version } = document;
    const settings = await this.settings(uri);
    for (let round = 0; ; round++) {
      this.#refuseStale(document, version);
      if (!settings.enable) return undefined;
      const opened = await this.#open(document, settings.configPath);
      if (!opened) return undefined;
      this.#refuseStale(document, version);
      if (opened.generation !== this.#generation && round < MOST_ROUNDS) continue;
      const answer = question(opened.opened);
      if (round >= MOST_ROUNDS || !(await this.#fetchMissing(uri))) {
        this.#refuseStale(document, version);
        return answer;
      }
    }
  }

  /** The same about a file that is not open, with its text as it is saved. */
  async askClosed<Answer>(
    uri: string,
    kind: FileKind,
    question: (opened: Opened) => Answer,
  ): Promise<Answer | undefined> {
    const host = this.#options.hostOf(uri);
    const settings = await this.settings(uri);
    if (!settings.enable) return undefined;
    for (let round = 0; ; round++) {
      const text = await host.read(uri);
      if (text !== undefined) {
        const document = TextDocument.create(uri, kind, 0, text);
        const parsed = parseSource(kind, text);
        const surroundings = await host.surroundings({ uri, kind, parsed, text }, settings.configPath);
        const history = await this.#options.pastOf?.(uri, surroundings);
        const answer = question(openedDocument(document, parsed, surroundings, history));
        if (round >= MOST_ROUNDS || !(await this.#fetchMissing(uri))) return answer;
      } else if (round >= MOST_ROUNDS || !(await this.#fetchMissing(uri))) return undefined;
    }
  }

  async #open(
    document: TextDocument,
    configPath: string,
  ): Promise<{ readonly opened: Opened; readonly generation: number } | undefined> {
    if (this.#now() - this.#since > LONGEST_LIFE) this.forgetFiles();
    const entry = this.#entry(document);
    if (!entry) return undefined;
    if (entry.opened && entry.generation === this.#generation)
      return { opened: entry.opened, generation: entry.generation };
    const generation = this.#generation;
    const { uri } = document;
    const kind = entry.parsed.kind;
    const text = document.getText();
    const surroundings = await this.#options
      .hostOf(uri)
      .surroundings({ uri, kind, parsed: entry.parsed, text }, configPath);
    this.#refuseStale(document, entry.version);
    entry.kept = lateOf(entry, document.getText());
    entry.opened = openedDocument(document, entry.parsed, surroundings, undefined, entry.kept);
    entry.generation = generation;
    this.#options.opened?.(uri, surroundings);
    return { opened: entry.opened, generation };
  }

  #entry(document: TextDocument): Known | undefined {
    const { uri, version, languageId } = document;
    const known = this.#known.get(uri);
    if (known?.document === document && known.version === version) return known;
    const kind = kindOfDocument(uri, languageId);
    if (kind === undefined) return undefined;
    const text = document.getText();
    const kept = known ? lateOf(known, text) : [];
    const parsed = parseSource(kind, text);
    const entry: Known = { document, version, text, parsed, opened: undefined, generation: -1, kept };
    this.#known.set(uri, entry);
    return entry;
  }

  async #fetchMissing(uri: string): Promise<boolean> {
    const fetched = await this.#options.hostOf(uri).fetchMissing();
    if (fetched) this.#generation++;
    return fetched;
  }

  #refuseStale(document: TextDocument, version: number): void {
    if (this.document(document.uri) !== document || document.version !== version) {
      throw new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed');
    }
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

/** The late findings of a version, as far as they may stand in another text until they are made anew. */
function lateOf({ opened, kept, text }: Known, now: string): readonly Finding[] {
  return keepFindings(opened?.late() ?? kept, text, now);
}
