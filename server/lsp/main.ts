import { createConnection } from 'vscode-languageserver/node';
import { rules } from '../rules/index.js';
import { nodeHistory } from './node-history.js';
import { nodeHost } from './node-host.js';
import { startServer } from './server.js';

/** `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`, which the connection reads itself; standard input and output without any. */
const hasTransport = process.argv.some((arg) => /^--(?:stdio|node-ipc|socket|pipe)(?:=|$)/.test(arg));

// Trees live until the next key. Where V8 has seen some live for longer, it would keep all of them until a full collection.
process.getBuiltinModule('node:v8').setFlagsFromString('--no-allocation-site-pretenuring');

// The client is gone.
process.stdout.on('error', () => process.exit(1));

startServer(hasTransport ? createConnection() : createConnection(process.stdin, process.stdout), (workspace) => {
  const host = nodeHost(rules, workspace);
  return { file: host, other: host, history: nodeHistory() };
});
