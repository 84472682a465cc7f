import type { PastOfContext } from '../cache/history.js';
import { needsHistory } from '../core/config.js';
import type { BuildContext } from '../model/context.js';
import type { Surroundings } from './host.js';
import { IDLE } from './layer-history.js';
import type { Session } from './session.js';

/** What of a `HistoryReader` is asked. */
export interface PastReader {
  read(contextUri: string, dockerfileUri: string, context: BuildContext): Promise<PastOfContext>;
}

/**
 * The findings of rules that ask for the history of the repository, which takes longer than all others together: they are made
 * while nobody types, once for each version and each state of the files around it, and the client is told that there are more.
 * Until then those of the version before are shown, as far as the text around them is the same.
 */
export class LateFindings {
  readonly #session: Session;
  readonly #reader: PastReader | undefined;
  readonly #found: (uri: string) => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #isUsed = false;

  /** `found`: the document has other findings than were told. */
  constructor(session: Session, reader: PastReader | undefined, found: (uri: string) => void) {
    this.#session = session;
    this.#reader = reader;
    this.#found = found;
  }

  /** A rule asked for a history, so a commit can change findings. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** The past of a context where a rule that is on asks for it and there is one; never rejects. */
  async past(uri: string, { config, context, excluded, uriOf }: Surroundings): Promise<PastOfContext | undefined> {
    const root = uriOf('');
    if (!this.#reader || !context || root === undefined || excluded || !needsHistory(config)) return undefined;
    this.#isUsed = true;
    return this.#reader.read(root, uri, context).catch(() => undefined);
  }

  /** The findings of the other rules are told. */
  linted(uri: string): void {
    if (!this.#reader) return;
    clearTimeout(this.#timers.get(uri));
    const timer = setTimeout(() => {
      this.#timers.delete(uri);
      // A document that has changed meanwhile is linted anew, and comes here again.
      this.#find(uri).catch(() => {});
    }, IDLE);
    timer.unref?.();
    this.#timers.set(uri, timer);
  }

  closed(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
  }

  async #find(uri: string): Promise<void> {
    const opened = await this.#session.ask(uri, (one) => one);
    if (opened?.parsed.kind !== 'dockerfile' || opened.history) return;
    const past = await this.past(uri, opened.surroundings);
    if (!past && opened.late().length === 0) return;
    const late = this.#session.recall(opened, past);
    if (late && JSON.stringify(late.shown()) !== JSON.stringify(opened.shown())) this.#found(uri);
  }
}
