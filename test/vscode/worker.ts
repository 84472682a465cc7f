import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root } from '../helpers/root.js';
import { openBrowser } from './code.js';

/** What the worker asks its client, method → answer. Methods that are not here are answered with null. */
export type Answers = Readonly<Record<string, (params: never) => unknown>>;

/** The language server's web bundle in a worker of a page, which hands messages on. */
export class WorkerServer {
  readonly #page: Page;
  readonly #close: () => Promise<void>;

  private constructor(page: Page, close: () => Promise<void>) {
    this.#page = page;
    this.#close = close;
  }

  static async open(answers: Answers): Promise<WorkerServer> {
    const site = serve();
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const { port } = site.address() as AddressInfo;
    const browser: Browser = await openBrowser();
    const page = await browser.newPage();
    await page.exposeFunction('answer', (method: string, params: never) => answers[method]?.(params));
    await page.goto(`http://127.0.0.1:${port}/`);
    return new WorkerServer(page, async () => {
      await browser.close();
      site.close();
    });
  }

  request<Result>(method: string, params: object): Promise<Result> {
    return this.#page.evaluate<Result>(`request(${JSON.stringify(method)}, ${JSON.stringify(params)})`);
  }

  async notify(method: string, params: object): Promise<void> {
    await this.#page.evaluate(`notify(${JSON.stringify(method)}, ${JSON.stringify(params)})`);
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function serve() {
  const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
    '/': ['test/vscode/worker-page.html', 'text/html'],
    '/server.web.js': ['dist/server.web.js', 'text/javascript'],
  };
  return createServer(({ url = '' }, response) => {
    const [file, type] = files[url] ?? [];
    if (file === undefined || type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type }).end(readFileSync(join(root, file)));
  });
}
