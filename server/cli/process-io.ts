import type { Io } from './io.js';

/** The command line's outside in a real process. */
export function processIo(stdoutIsTerminal: boolean, stderrIsTerminal: boolean): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdoutIsTerminal,
    stderrIsTerminal,
    columns: stdoutIsTerminal ? process.stdout.columns : undefined,
    readStdin,
    progress: (line) => process.stderr.write(`\r\u001b[K${line ?? ''}`),
  };
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
