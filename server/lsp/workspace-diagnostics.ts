import {
  type CancellationToken,
  type Diagnostic,
  DocumentDiagnosticReportKind,
  type ResultProgressReporter,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDiagnosticReportPartialResult,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import { diagnosticsOf } from './diagnostics.js';
import type { FoundDocument, Host } from './host.js';
import { nextTurn } from './later.js';
import type { Session } from './session.js';

interface Linted {
  readonly id: string;
  /** Of the file and of all around it when it was linted. */
  readonly stamp: string;
}

/** Findings of files that are not open. Clients ask again every few seconds, so a file is linted anew only when something changed. */
export class WorkspaceDiagnostics {
  readonly #session: Session;
  readonly #folders: () => readonly string[];
  readonly #hostOf: (uri: string) => Host;
  readonly #linted = new Map<string, Linted>();
  #nextId = 1;

  constructor(session: Session, folders: () => readonly string[], hostOf: (uri: string) => Host) {
    this.#session = session;
    this.#folders = folders;
    this.#hostOf = hostOf;
  }

  async pull(
    { previousResultIds }: WorkspaceDiagnosticParams,
    token: CancellationToken,
    progress: ResultProgressReporter<WorkspaceDiagnosticReportPartialResult> | undefined,
  ): Promise<WorkspaceDiagnosticReport> {
    const previous = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    const add = (item: WorkspaceDocumentDiagnosticReport) => {
      if (progress) progress.report({ items: [item] });
      else items.push(item);
    };
    const found = await this.#find();
    for (const file of found) {
      await nextTurn();
      if (token.isCancellationRequested) break;
      // Open documents are asked for by themselves.
      if (this.#session.document(file.uri)) continue;
      const report = await this.#report(file, previous.get(file.uri));
      if (report) add(report);
    }
    for (const uri of previous.keys()) {
      if (!found.some((file) => file.uri === uri) && !this.#session.document(uri)) add(this.#full(uri, []));
    }
    return { items };
  }

  async #find(): Promise<readonly FoundDocument[]> {
    const found: FoundDocument[] = [];
    for (const folder of this.#folders()) {
      const { enable, workspaceDiagnostics } = await this.#session.settings(folder);
      if (enable && workspaceDiagnostics) found.push(...(await this.#hostOf(folder).find(folder)));
    }
    return [...new Map(found.map((file) => [file.uri, file])).values()];
  }

  async #report(
    { uri, kind }: FoundDocument,
    previous: string | undefined,
  ): Promise<WorkspaceDocumentDiagnosticReport | undefined> {
    const stamp = `${this.#session.generation} ${this.#hostOf(uri).stamp(uri)}`;
    const known = this.#linted.get(uri);
    if (known && known.id === previous && known.stamp === stamp) {
      return { uri, version: null, kind: DocumentDiagnosticReportKind.Unchanged, resultId: known.id };
    }
    const diagnostics = await this.#session.askClosed(uri, kind, (opened) =>
      diagnosticsOf(opened, this.#session.client),
    );
    const report = this.#full(uri, diagnostics ?? []);
    this.#linted.set(uri, { id: report.resultId, stamp });
    return report;
  }

  #full(uri: string, items: Diagnostic[]) {
    const resultId = `w${this.#nextId++}`;
    return { uri, version: null, kind: DocumentDiagnosticReportKind.Full, resultId, items } as const;
  }
}
