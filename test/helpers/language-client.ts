import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.js';

/** A message as it arrived. */
export interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export interface ClientOptions {
  /** Program and arguments after `node`; `dist/server.cjs --stdio` if left out. */
  readonly command?: readonly string[];
  readonly cwd?: string;
  /** Answers of the client to requests of the server, by method. */
  readonly answers?: Readonly<Record<string, (params: never) => unknown>>;
}

/** The smallest client: a child process and messages with headers. It knows nothing that could hide a mistake of the server. */
export class LanguageClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: NonNullable<ClientOptions['answers']>;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #watchers = new Set<{ test(message: Message): boolean; done(message: Message): void }>();
  #input = Buffer.alloc(0);
  #nextId = 1;
  /** All notifications of the server, oldest first. */
  readonly notifications: Message[] = [];
  /** Methods of all requests of the server. */
  readonly requested: string[] = [];
  /** Exit status, once the process is gone. */
  readonly exited: Promise<number | null>;
  stderr = '';

  constructor({
    command = [path.join(root, 'dist/server.cjs'), '--stdio'],
    cwd = root,
    answers = {},
  }: ClientOptions = {}) {
    this.#answers = answers;
    this.#child = spawn(process.execPath, [...command], { cwd, stdio: 'pipe' });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.#child.stdin.on('error', () => {});
    this.exited = new Promise((resolve) => this.#child.on('exit', resolve));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Bytes as they are. */
  raw(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Ends the server's input without a word. */
  hangUp(): void {
    this.#child.stdin.end();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  notify(method: string, params?: unknown): void {
    this.#send({ method, params });
  }

  /** The whole answer, errors too. */
  ask(method: string, params?: unknown): Promise<Message> & { readonly id: number } {
    const id = this.#nextId++;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.#send({ id, method, params });
    return Object.assign(answer, { id });
  }

  /** The result; fails where the server answers with an error. */
  async request<Result>(method: string, params?: unknown): Promise<Result> {
    const { result, error } = await this.ask(method, params);
    if (error) throw new Error(`${method}: ${error.message} (${error.code})`);
    return result as Result;
  }

  /** The first message of that method that fits, of those already there or still to come. */
  async notification<Params>(method: string, fits: (params: Params) => boolean = () => true): Promise<Params> {
    const test = (message: Message) => message.method === method && fits(message.params as Params);
    const known = this.notifications.find(test);
    const message = known ?? (await new Promise<Message>((done) => this.#watchers.add({ test, done })));
    return message.params as Params;
  }

  async initialize(capabilities: object = {}, rest: object = {}): Promise<{ capabilities: Record<string, unknown> }> {
    const answer = await this.request<{ capabilities: Record<string, unknown> }>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities,
      ...rest,
    });
    this.notify('initialized', {});
    return answer;
  }

  open(uri: string, text: string, languageId = 'dockerfile', version = 1): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  /** Replaces the whole text. */
  change(uri: string, version: number, text: string): void {
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  /** Shuts down in order and gives the exit status. */
  async close(): Promise<number | null> {
    await this.ask('shutdown');
    this.notify('exit');
    return this.exited;
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.raw(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(chunk: Buffer): void {
    this.#input = Buffer.concat([this.#input, chunk]);
    for (;;) {
      const end = this.#input.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(this.#input.toString('latin1', 0, Math.max(end, 0)))?.[1]);
      if (end === -1 || this.#input.length < end + 4 + length) return;
      const body = this.#input.toString('utf8', end + 4, end + 4 + length);
      this.#input = this.#input.subarray(end + 4 + length);
      this.#take(JSON.parse(body));
    }
  }

  #take(message: Message): void {
    if (message.method === undefined) {
      const waiting = this.#waiting.get(message.id as number);
      this.#waiting.delete(message.id as number);
      waiting?.(message);
    } else if (message.id !== undefined) {
      this.requested.push(message.method);
      const result = this.#answers[message.method]?.(message.params as never) ?? null;
      this.#send({ id: message.id, result });
    } else {
      this.notifications.push(message);
      for (const watcher of this.#watchers) {
        if (!watcher.test(message)) continue;
        this.#watchers.delete(watcher);
        watcher.done(message);
      }
    }
  }
}

export function uriOfPath(file: string): string {
  return pathToFileURL(file).href;
}
