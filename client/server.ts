import { type Disposable, EventEmitter, type LogOutputChannel } from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, State } from 'vscode-languageclient';
import { type ServerStatus, statusNotification } from '../server/lsp/protocol.js';
import { answerFileRequests } from './files.js';

export type CreateClient = (options: LanguageClientOptions) => BaseLanguageClient;

export type ServerState = 'starting' | 'running' | 'stopped' | 'failed';

/** The running server and its client. A restart makes a new client, since one that failed to start cannot start again. */
export class Server implements Disposable {
  readonly #log: LogOutputChannel;
  readonly #create: () => BaseLanguageClient;
  readonly #changed = new EventEmitter<void>();
  #client: BaseLanguageClient | undefined;
  #turn: Promise<void> = Promise.resolve();
  #state: ServerState = 'stopped';
  #status: ServerStatus | undefined;
  #failure: string | undefined;

  /** Fires whenever `state` or `status` has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(log: LogOutputChannel, create: () => BaseLanguageClient) {
    this.#log = log;
    this.#create = create;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** What the server last said about itself; undefined until it has. */
  get status(): ServerStatus | undefined {
    return this.#status;
  }

  /** Why the state is `failed`. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Never rejects: a failure is a state. Starts and restarts happen one after the other. */
  start(): Promise<void> {
    return this.#queue(() => this.#start());
  }

  restart(): Promise<void> {
    return this.#queue(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  /** @throws Error where the server is not running or does not know the method */
  async request<Result>(method: string, params?: object): Promise<Result> {
    await this.#turn;
    if (!this.#client?.isRunning()) throw new Error('the language server is not running');
    return params ? this.#client.sendRequest<Result>(method, params) : this.#client.sendRequest<Result>(method);
  }

  async dispose(): Promise<void> {
    await this.#queue(() => this.#stop());
    this.#changed.dispose();
  }

  #queue(task: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(task);
    return this.#turn;
  }

  async #start(): Promise<void> {
    const client = this.#create();
    this.#client = client;
    this.#show('starting');
    answerFileRequests(client);
    client.onNotification(statusNotification, (status: ServerStatus) => {
      this.#status = status;
      this.#changed.fire();
    });
    client.onDidChangeState(({ newState }) => {
      if (this.#client === client) this.#show(stateNames[newState] ?? 'stopped');
    });
    try {
      await client.start();
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      this.#log.error(`The language server did not start: ${this.#failure}`);
      this.#show('failed');
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    try {
      if (client?.needsStop()) await client.dispose();
    } catch (error) {
      this.#log.warn(`The language server did not stop in order: ${error}`);
    }
    this.#show('stopped');
  }

  #show(state: ServerState): void {
    this.#state = state;
    if (state !== 'running') this.#status = undefined;
    if (state !== 'failed') this.#failure = undefined;
    this.#changed.fire();
  }
}

const stateNames: Readonly<Partial<Record<State, ServerState>>> = {
  [State.Starting]: 'starting',
  [State.Running]: 'running',
  [State.StartFailed]: 'failed',
};
