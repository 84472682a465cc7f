import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';

/** Standard output and standard error. */
export type OutputStream = 1 | 2;

/**
 * Whether a terminal reads the stream. `node:tty`, and with it all of `node:net`, is loaded only where that is possible: it takes
 * a tenth of a short run.
 */
export function isTerminal(stream: OutputStream): boolean {
  try {
    const stats = fstatSync(stream);
    if (!stats.isCharacterDevice() || stats.rdev === statSync(devNull).rdev) return false;
    return process.getBuiltinModule('node:tty').isatty(stream);
  } catch {
    return false;
  }
}

/** Writes all of the text at once, without starting Node's streams where that can be helped. Nobody reading is no failure. */
export function writeAll(stream: OutputStream, text: string): void {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(stream, rest));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A pipe that does not wait: its stream waits until there is room.
    if (code === 'EAGAIN') (stream === 1 ? process.stdout : process.stderr).write(rest);
    else if (code !== 'EPIPE') process.exitCode = 2;
  }
}
