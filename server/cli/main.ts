import { isatty } from 'node:tty';
import { runCli } from './cli.js';
import { processIo } from './process-io.js';

process.stdout.on('error', () => {});
runCli(process.argv.slice(2), processIo(isatty(1), isatty(2))).then(
  ({ stdout, stderr, code }) => {
    if (stderr) process.stderr.write(stderr);
    if (stdout) process.stdout.write(stdout);
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `layerwise: internal error, please report it\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 2;
  },
);
