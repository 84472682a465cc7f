import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { rules } from '../rules/index.js';
import { startServer } from './server.js';
import { clientReader, noReader } from './web/client-reader.js';
import { webHost } from './web/web-host.js';

// The worker's own scope, which is its port to the client; the project is compiled without the library of the DOM.
declare const self: ConstructorParameters<typeof BrowserMessageReader>[0];

const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));

startServer(connection, (workspace, client) => {
  const host = webHost(rules, workspace, client.fileSystem ? clientReader(connection) : noReader);
  return { file: host, other: host };
});
