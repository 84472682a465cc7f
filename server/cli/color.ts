import type { Args } from './parse-args.js';

/** Whether to colour a stream: `--color` first, then NO_COLOR, FORCE_COLOR, and whether it is a terminal that knows colours. */
export function useColor(args: Args, env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const mode = args.value('color') ?? 'auto';
  if (mode !== 'auto') return mode === 'always';
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}
