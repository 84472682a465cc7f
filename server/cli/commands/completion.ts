import { rules } from '../../rules/index.js';
import type { CompletionShell } from '../completion.js';
import { completionScript } from '../completion.js';
import type { CliResult } from '../io.js';
import type { Args } from '../parse-args.js';

/** `layerwise completion SHELL` */
export async function runCompletion(args: Args): Promise<CliResult> {
  const names = rules.map((rule) => rule.name);
  return { stdout: completionScript(args.positionals[0] as CompletionShell, names), stderr: '', code: 0 };
}
