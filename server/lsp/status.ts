import type { Connection } from 'vscode-languageserver';
import { version } from '../core/version.js';
import { type ServerStatus, statusNotification } from './protocol.js';

/** Milliseconds after which work is worth showing. */
const MOMENT = 200;

/** What the client's status item shows; told only when it changes. */
export class Status {
  readonly #connection: Pick<Connection, 'sendNotification'> | undefined;
  readonly #findings = new Map<string, number>();
  readonly #problems = new Map<string, string>();
  #busy = 0;
  #told = '';

  /** `connection`: undefined where the client shows nothing of it. */
  constructor(connection: Pick<Connection, 'sendNotification'> | undefined) {
    this.#connection = connection;
  }

  linted(uri: string, findings: number): void {
    this.#findings.set(uri, findings);
    this.#tell();
  }

  closed(uri: string): void {
    this.#findings.delete(uri);
    this.#problems.delete(uri);
    this.#problems.delete(`config of ${uri}`);
    this.#tell();
  }

  /** A sentence for the user; undefined when it is over. True where that is news. */
  problem(about: string, sentence: string | undefined): boolean {
    if (this.#problems.get(about) === sentence) return false;
    if (sentence === undefined) this.#problems.delete(about);
    else this.#problems.set(about, sentence);
    this.#tell();
    return true;
  }

  /** Work that takes longer than a moment shows as such. */
  busyWith(work: Promise<unknown>): void {
    let isShown = false;
    const timer = setTimeout(() => {
      isShown = true;
      this.#busy++;
      this.#tell();
    }, MOMENT);
    const done = () => {
      clearTimeout(timer);
      if (!isShown) return;
      this.#busy--;
      this.#tell();
    };
    work.then(done, done);
  }

  get current(): ServerStatus {
    const findings = [...this.#findings.values()].reduce((sum, count) => sum + count, 0);
    const [problem] = this.#problems.values();
    const status = { version, findings, documents: this.#findings.size, busy: this.#busy > 0 };
    return problem === undefined ? status : { ...status, problem };
  }

  #tell(): void {
    const { current } = this;
    const text = JSON.stringify(current);
    if (text === this.#told) return;
    this.#told = text;
    this.#connection?.sendNotification(statusNotification, current).catch(() => {});
  }
}
