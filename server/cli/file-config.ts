import path from 'node:path';
import type { ConfigLayer } from '../core/config.js';
import type { Rule } from '../core/rule.js';
import { createFileConfigs as configsFor, type FileConfigs } from '../project/file-configs.js';
import { createConfigLoader, type LoadedConfig, noConfig } from '../project/load-config.js';
import { shownPath } from '../project/shown-path.js';
import { lineStarts, positionAt } from '../syntax/text.js';
import { CliError } from './io.js';
import type { Args } from './parse-args.js';

/** `--config`, `--no-config` or the nearest. Throws where `--config` cannot be read. */
export function createFileConfigs(
  args: Args,
  cwd: string,
  rules: readonly Rule[],
  own: readonly ConfigLayer[] = [],
): FileConfigs {
  return configsFor({ rules, cwd, fixed: fixedConfig(args, cwd, rules), own });
}

function fixedConfig(args: Args, cwd: string, rules: readonly Rule[]): LoadedConfig | undefined {
  const given = args.value('config');
  if (args.has('no-config')) {
    if (given !== undefined) throw new CliError('--config and --no-config exclude each other');
    return noConfig(cwd);
  }
  if (given === undefined) return undefined;
  const config = createConfigLoader(rules).load(path.resolve(cwd, given));
  const [error] = config.errors;
  if (error !== undefined) throw new CliError(`--config ${given}: ${error.slice(error.indexOf(': ') + 2)}`);
  const broken = config.files.find((file) => file.broken);
  const [problem] = broken?.problems ?? [];
  if (broken && problem) {
    const { line, column } = positionAt(lineStarts(broken.text), problem.span.start);
    throw new CliError(`${shownPath(cwd, broken.path)}:${line + 1}:${column + 1}: ${problem.message}`);
  }
  return config;
}
