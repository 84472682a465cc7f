import { runCli } from './cli.js';
import { processIo } from './process-io.js';
import { isTerminal, writeAll } from './standard-streams.js';

runCli(process.argv.slice(2), processIo(isTerminal(1), isTerminal(2))).then(
  ({ stdout, stderr, code }) => {
    process.exitCode = code;
    if (stderr) writeAll(2, stderr);
    if (stdout) writeAll(1, stdout);
  },
  (error: unknown) => {
    process.exitCode = 2;
    writeAll(
      2,
      `layerwise: internal error, please report it\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
  },
);
