import type { Connection } from 'vscode-languageserver';
import { version } from '../core/version.js';
import { type ServerStatus, statusNotification } from './protocol.js';

/** What the client's status item shows; told only when it changes. */
export class Status {
  readonly #connection: Pick<Connection, 'sendNotification'>;
  readonly #findings = new Map<string, number>();
  readonly #problems = new Map<string, string>();
  #told = '';

  constructor(connection: Pick<Connection, 'sendNotification'>) {
    this.#connection = connection;
  }

  linted(uri: string, findings: number): void {
    this.#findings.set(uri, findings);
    this.#tell();
  }

  closed(uri: string): void {
    this.#findings.delete(uri);
    this.#problems.delete(uri);
    this.#tell();
  }

  /** A sentence for the user; undefined when it is over. */
  problem(uri: string, sentence: string | undefined): void {
    if (sentence === undefined) this.#problems.delete(uri);
    else this.#problems.set(uri, sentence);
    this.#tell();
  }

  get current(): ServerStatus {
    const findings = [...this.#findings.values()].reduce((sum, count) => sum + count, 0);
    const [problem] = this.#problems.values();
    const status = { version, findings, documents: this.#findings.size, busy: false };
    return problem === undefined ? status : { ...status, problem };
  }

  #tell(): void {
    const { current } = this;
    const text = JSON.stringify(current);
    if (text === this.#told) return;
    this.#told = text;
    this.#connection.sendNotification(statusNotification, current).catch(() => {});
  }
}
