import { type Connection, type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { ruleUrl } from '../core/rule-url.js';
import { diagnosticSource } from './diagnostics.js';
import type { ConfigMistakes, Surroundings } from './host.js';
import { rangeOf, textOnly } from './places.js';

/**
 * Pushes the mistakes of config files, which are no documents of ours and so are never pulled. A config is reported because
 * documents go by it. When they are closed its mistakes stay, as an editor may close a document only to show the config, until
 * one of its files changes; for a client that does not tell of changes they go at once.
 */
export class ConfigReports {
  readonly #connection: Pick<Connection, 'sendDiagnostics'>;
  readonly #tellsChanges: boolean;
  readonly #sent = new Map<string, string>();
  /** The config files of each document. */
  readonly #used = new Map<string, ReadonlySet<string>>();
  readonly #closed = new Set<string>();

  constructor(connection: Pick<Connection, 'sendDiagnostics'>, tellsChanges: boolean) {
    this.#connection = connection;
    this.#tellsChanges = tellsChanges;
  }

  /** An open document goes by these config files now. */
  report(
    document: string,
    { configFiles, configUris, config }: Pick<Surroundings, 'configFiles' | 'configUris' | 'config'>,
  ): void {
    const before = this.#used.get(document) ?? [];
    this.#used.set(document, new Set(configUris));
    this.#closed.delete(document);
    const on = config.rules.get('invalid-config');
    const severity = on?.severity === 'info' ? 3 : on?.severity === 'warning' ? 2 : DiagnosticSeverity.Error;
    for (const file of configFiles) this.#send(file.uri, on ? diagnosticsOf(file, severity) : []);
    this.#clearUnused(before);
  }

  closed(document: string): void {
    if (this.#tellsChanges) this.#closed.add(document);
    else this.#forget(document);
  }

  /** A file has changed. Where an open document goes by it, the document is asked about again and then reported. */
  changed(uri: string, isGone: boolean): void {
    for (const document of this.#closed) if (this.#used.get(document)?.has(uri)) this.#forget(document);
    if (isGone) this.#send(uri, []);
  }

  /** Nothing holds any more; open documents are reported anew. */
  clear(): void {
    for (const document of [...this.#used.keys()]) this.#forget(document);
  }

  #forget(document: string): void {
    const used = this.#used.get(document) ?? [];
    this.#used.delete(document);
    this.#closed.delete(document);
    this.#clearUnused(used);
  }

  #clearUnused(uris: Iterable<string>): void {
    const used = [...this.#used.values()];
    for (const uri of uris) if (!used.some((files) => files.has(uri))) this.#send(uri, []);
  }

  #send(uri: string, diagnostics: Diagnostic[]): void {
    const content = diagnostics.length === 0 ? undefined : JSON.stringify(diagnostics);
    if (this.#sent.get(uri) === content) return;
    if (content === undefined) this.#sent.delete(uri);
    else this.#sent.set(uri, content);
    this.#connection.sendDiagnostics({ uri, diagnostics }).catch(() => {});
  }
}

function diagnosticsOf({ text, problems }: ConfigMistakes, severity: DiagnosticSeverity): Diagnostic[] {
  const document = textOnly(text);
  return problems.map(({ message, span }) => ({
    range: rangeOf(document, span),
    severity,
    source: diagnosticSource,
    code: 'invalid-config',
    codeDescription: { href: ruleUrl('invalid-config') },
    message,
  }));
}
