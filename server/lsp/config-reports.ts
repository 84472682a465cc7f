import { type Connection, type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { ruleUrl } from '../core/rule-url.js';
import { diagnosticSource } from './diagnostics.js';
import type { ConfigMistakes, Surroundings } from './host.js';
import { rangeOf, textOnly } from './places.js';

/** Pushes the mistakes of config files, which are no documents of ours and so are never pulled. */
export class ConfigReports {
  readonly #connection: Pick<Connection, 'sendDiagnostics'>;
  readonly #sent = new Map<string, string>();

  constructor(connection: Pick<Connection, 'sendDiagnostics'>) {
    this.#connection = connection;
  }

  report({ configFiles, config }: Pick<Surroundings, 'configFiles' | 'config'>): void {
    const on = config.rules.get('invalid-config');
    const severity = on?.severity === 'info' ? 3 : on?.severity === 'warning' ? 2 : DiagnosticSeverity.Error;
    for (const file of configFiles) this.#send(file.uri, on ? diagnosticsOf(file, severity) : []);
  }

  /** The file is gone. */
  removed(uri: string): void {
    this.#send(uri, []);
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
