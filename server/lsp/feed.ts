import {
  type CancellationToken,
  type Connection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { diagnosticsOf } from './diagnostics.js';
import { later, nextTurn } from './later.js';
import { kindOfDocument, type Opened } from './opened.js';
import type { LayerwiseSettings } from './protocol.js';
import type { Session } from './session.js';

/** Texts longer than this many UTF-16 units are linted when they are opened and saved, not on each key. */
const HUGE = 2 * 1024 * 1024;

/** What a client has been told of one document. */
interface Told {
  readonly id: string;
  /** The diagnostics without what changes with every version. */
  readonly content: string;
}

export interface FeedEvents {
  /** The findings of an open document are known anew. */
  linted(uri: string, findings: number): void;
  /** For the log and the user; undefined when it is over. */
  problem(uri: string, sentence: string | undefined): void;
  /** Work that may take a while. */
  busy(work: Promise<unknown>): void;
}

/** Brings the findings to the client: answers its pulls, or pushes where it cannot pull. */
export class Feed {
  readonly #session: Session;
  readonly #connection: Connection;
  readonly #events: FeedEvents;
  readonly #told = new Map<string, Told>();
  /** Versions that were opened or saved. */
  readonly #saved = new Map<string, number>();
  readonly #slow = new Set<string>();
  readonly #scheduled = new Set<string>();
  #nextId = 1;

  constructor(session: Session, connection: Connection, events: FeedEvents) {
    this.#session = session;
    this.#connection = connection;
    this.#events = events;
  }

  /** Opened or saved: this version is linted whatever the settings say. */
  settled(document: TextDocument): void {
    this.#saved.set(document.uri, document.version);
    this.schedule(document.uri);
  }

  closed(uri: string): void {
    this.#told.delete(uri);
    this.#saved.delete(uri);
    this.#slow.delete(uri);
    if (!this.#session.client.pullsDiagnostics) this.#publish(uri, []);
  }

  /** Files around the documents have changed. */
  refresh(): void {
    if (!this.#session.client.pullsDiagnostics) for (const { uri } of this.#session.documents()) this.schedule(uri);
    else if (this.#session.client.refreshesDiagnostics) {
      this.#connection.languages.diagnostics.refresh().catch(() => {});
    }
  }

  /** A document has findings that were not there when the client was told. */
  more(uri: string): void {
    if (this.#session.client.pullsDiagnostics) this.refresh();
    else this.schedule(uri);
  }

  /** Pushes the findings soon, once for all changes until then. Nothing to do where the client pulls. */
  schedule(uri: string): void {
    if (this.#session.client.pullsDiagnostics || this.#scheduled.has(uri)) return;
    this.#scheduled.add(uri);
    // Two turns: a change that has arrived already is taken in first.
    later(() =>
      later(() => {
        this.#scheduled.delete(uri);
        this.#push(uri).catch((error: unknown) => this.#failed(uri, error));
      }),
    );
  }

  async pull(uri: string, previous: string | undefined, token: CancellationToken): Promise<DocumentDiagnosticReport> {
    const document = this.#session.document(uri);
    const asked = document?.version;
    await nextTurn();
    const isStale = this.#session.document(uri) !== document || document?.version !== asked;
    if (token.isCancellationRequested) throw cancelledByClient();
    if (isStale) throw cancelled();
    if (!document) return this.#report(uri, (await this.#pullClosed(uri)) ?? [], previous);
    const told = this.#told.get(uri);
    if (told && told.id === previous && !(await this.#mayLint(document))) {
      return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: told.id };
    }
    try {
      return this.#report(uri, await this.#lint(document), previous);
    } catch (error) {
      if (!(error instanceof ResponseError) || error.code !== LSPErrorCodes.ContentModified) throw error;
      throw token.isCancellationRequested ? cancelledByClient() : cancelled();
    }
  }

  async #pullClosed(uri: string): Promise<Diagnostic[] | undefined> {
    const kind = kindOfDocument(uri, '');
    if (kind === undefined) return undefined;
    return this.#session.askClosed(uri, kind, (opened) => diagnosticsOf(opened, this.#session.client));
  }

  #report(uri: string, items: Diagnostic[], previous: string | undefined): DocumentDiagnosticReport {
    const content = contentOf(items);
    const told = this.#told.get(uri);
    if (told?.content === content && told.id === previous) {
      return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: told.id };
    }
    const id = String(this.#nextId++);
    this.#told.set(uri, { id, content });
    return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
  }

  async #push(uri: string): Promise<void> {
    const document = this.#session.document(uri);
    if (!document || !(await this.#mayLint(document))) return;
    const { version } = document;
    try {
      const items = await this.#lint(document);
      if (this.#session.document(uri) === document && document.version === version) this.#publish(uri, items, version);
    } catch (error) {
      // A newer version is on its way: its change has scheduled it.
      if (!(error instanceof ResponseError)) throw error;
    }
  }

  #publish(uri: string, diagnostics: Diagnostic[], version?: number): void {
    const params = version === undefined ? { uri, diagnostics } : { uri, version, diagnostics };
    this.#connection.sendDiagnostics(params).catch(() => {});
  }

  async #lint(document: TextDocument): Promise<Diagnostic[]> {
    const { uri } = document;
    const settings = await this.#session.settings(uri);
    const work = this.#session.ask(uri, (opened) => this.#timed(opened, settings));
    this.#events.busy(work);
    const items = await work;
    this.#events.linted(uri, items?.length ?? 0);
    return items ?? [];
  }

  #timed(opened: Opened, { timeBudget }: LayerwiseSettings): Diagnostic[] {
    const start = performance.now();
    const items = diagnosticsOf(opened, this.#session.client);
    const took = performance.now() - start;
    const { uri } = opened.document;
    if (timeBudget === 0 || took <= timeBudget) {
      if (this.#slow.delete(uri)) this.#events.problem(uri, undefined);
    } else if (!this.#slow.has(uri)) {
      this.#slow.add(uri);
      this.#events.problem(
        uri,
        `${opened.surroundings.path} took ${Math.round(took)} ms to lint, so it is linted only when it is saved`,
      );
    }
    return items;
  }

  async #mayLint(document: TextDocument): Promise<boolean> {
    const { uri, version } = document;
    if (this.#saved.get(uri) === version) return true;
    const { run } = await this.#session.settings(uri);
    return run === 'onType' && !this.#slow.has(uri) && document.getText().length <= HUGE;
  }

  #failed(uri: string, error: unknown): void {
    this.#events.problem(uri, `linting failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The client wants no answer any more; it is not asked to try again. */
function cancelledByClient(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');
}

function cancelled(): ResponseError<{ retriggerRequest: boolean }> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'the document has changed', { retriggerRequest: true });
}

/** The version in `data` is left out: the same findings of another version are no news. */
function contentOf(items: readonly Diagnostic[]): string {
  return JSON.stringify(items, (key, value: unknown) => (key === 'version' ? undefined : value));
}

export function isHuge(text: string): boolean {
  return text.length > HUGE;
}
