import { createConnection } from 'vscode-languageserver/node';
import { rules } from '../rules/index.js';
import { nodeHistory } from './node-history.js';
import { nodeHost } from './node-host.js';
import { startServer } from './server.js';
import { wholeMessages } from './whole-messages.js';

/** `--node-ipc`, `--socket=PORT` or `--pipe=NAME`, which the connection reads itself; else standard input and output. */
const hasTransport = process.argv.some((arg) => /^--(?:node-ipc|socket|pipe)(?:=|$)/.test(arg));

// Standard output is the protocol's.
if (!hasTransport) console.log = console.info = console.debug = console.error;

// Trees live until the next key. Where V8 has seen some live for longer, it would keep all of them until a full collection.
process.getBuiltinModule('node:v8').setFlagsFromString('--no-allocation-site-pretenuring');

// The client is gone.
process.stdout.on('error', () => process.exit(1));

const connection = hasTransport ? createConnection() : createConnection(process.stdin, wholeMessages(process.stdout));

startServer(connection, (workspace) => {
  const host = nodeHost(rules, workspace);
  return { file: host, other: host, history: nodeHistory() };
});
