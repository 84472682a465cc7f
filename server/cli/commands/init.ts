import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { configTemplate } from '../../project/config-template.js';
import { fileErrorText } from '../../project/file-error.js';
import { createConfigLoader } from '../../project/load-config.js';
import type { CliResult, Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

/** `layerwise init [DIR]` */
export async function runInit(args: Args, io: Io): Promise<CliResult> {
  const folder = path.resolve(io.cwd, args.positionals[0] ?? '.');
  if (!existsSync(folder)) throw new CliError(`${args.positionals[0]}: no such folder`);
  const existing = createConfigLoader([]).nearest(folder).path;
  if (existing !== undefined && path.dirname(existing) === folder) {
    throw new CliError(`${path.relative(io.cwd, existing)} exists already; it is left as it is`);
  }
  const file = path.join(folder, '.layerwise.jsonc');
  try {
    writeFileSync(file, configTemplate, { flag: 'wx' });
  } catch (error) {
    throw new CliError(`${path.relative(io.cwd, file)}: ${fileErrorText(error)}`);
  }
  const above =
    existing && `It takes the place of ${path.relative(io.cwd, existing)}; extend that to keep its settings.\n`;
  return { stdout: '', stderr: `Wrote ${path.relative(io.cwd, file)}\n${above ?? ''}`, code: 0 };
}
