import { runCli } from '../../server/cli/cli.js';
import type { CliResult } from '../../server/cli/io.js';

export interface CliSetting {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Both outputs are terminals. */
  readonly terminal?: boolean;
  /** Collects the progress lines. */
  readonly progress?: (string | undefined)[];
}

/** Runs `layerwise ARGS` in this process; no environment variable of the outside is seen. */
export function layerwise(
  args: string,
  { cwd, env = {}, stdin = '', terminal = false, progress }: CliSetting,
): Promise<CliResult> {
  return runCli(args.split(' ').filter(Boolean), {
    cwd,
    env,
    stdoutIsTerminal: terminal,
    stderrIsTerminal: terminal,
    readStdin: async () => stdin,
    progress: (line) => progress?.push(line),
  });
}
