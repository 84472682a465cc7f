import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let url: Promise<string> | undefined;

/** A web server on this machine, started once, that ends with the process; `/SALT/TEXT/NAME` is answered with salt and text. */
export function serverUrl(): Promise<string> {
  url ??= new Promise((resolve) => {
    const server = createServer((request, response) => {
      const [, salt, text] = (request.url ?? '').split('/');
      response.end(`${salt} ${text}\n`);
    });
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    server.unref();
  });
  return url;
}
