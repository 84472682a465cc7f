/** The outside of the command line; tests supply their own. */
export interface Io {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Width of the terminal on stdout. */
  readonly columns?: number | undefined;
  /** All of standard input, as UTF-8. */
  readStdin(): Promise<string>;
  /** Shows a line on the terminal's stderr in place of the one before; undefined clears it. Only called where stderr is a terminal. */
  progress(line: string | undefined): void;
}

/** 0 clean, 1 findings at or above the threshold, 2 the job could not be done. */
export type ExitCode = 0 | 1 | 2;

export interface CliResult {
  /** The report, nothing else. */
  readonly stdout: string;
  readonly stderr: string;
  readonly code: ExitCode;
}

/** A reason why the job cannot be done, in the user's terms: the place and what to do. Ends the command with exit status 2. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
