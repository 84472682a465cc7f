import { version } from '../core/version.js';
import { commandHelp, overviewHelp } from './help.js';
import type { CliResult, Io } from './io.js';
import { CliError } from './io.js';
import type { Command } from './options.js';
import { commands } from './options.js';
import type { Args } from './parse-args.js';
import { parseArgs } from './parse-args.js';

type Run = (args: Args, io: Io) => Promise<CliResult>;

/** Only the command that runs is loaded. */
const runners: Readonly<Record<string, () => Promise<Run>>> = {
  lint: async () => (await import('./commands/lint.js')).runLint,
  rebuild: async () => (await import('./commands/rebuild.js')).runRebuild,
  replay: async () => (await import('./commands/replay.js')).runReplay,
  order: async () => (await import('./commands/order.js')).runOrder,
  measure: async () => (await import('./commands/measure.js')).runMeasure,
  keys: async () => (await import('./commands/keys.js')).runKeys,
  explain: async () => (await import('./commands/explain.js')).runExplain,
  rules: async () => (await import('./commands/rules.js')).runRules,
  init: async () => (await import('./commands/init.js')).runInit,
  'print-config': async () => (await import('./commands/print-config.js')).runPrintConfig,
  lsp: async () => (await import('./commands/lsp.js')).runLsp,
  completion: async () => (await import('./commands/completion.js')).runCompletion,
};

/** Runs one command line. Never prints and never exits; a defect of Layerwise itself is the only thing it throws. */
export async function runCli(argv: readonly string[], io: Io): Promise<CliResult> {
  const args = parseArgs(argv);
  if ('usage' in args)
    return failure(args.usage, `layerwise ${args.command ? `${args.command.name} --help` : 'help'} tells more.`);
  if (args.has('version')) return success(`${version}\n`);
  const { command } = args;
  if (!command) return args.has('help') ? success(overviewHelp()) : { stdout: '', stderr: overviewHelp(), code: 2 };
  if (command.name === 'help' || args.has('help')) return help(command, args.positionals);
  const run = await runners[command.name]?.();
  if (!run) return failure(`layerwise ${command.name} is not part of this build`);
  try {
    return await run(args, io);
  } catch (error) {
    if (error instanceof CliError) return failure(error.message);
    throw error;
  }
}

function help(command: Command, [topic]: readonly string[]): CliResult {
  if (command.name !== 'help') return success(commandHelp(command));
  if (topic === undefined) return success(overviewHelp());
  const target = commands.find(({ name }) => name === topic);
  return target
    ? success(commandHelp(target))
    : failure(`Unknown command ${topic}`, 'layerwise help lists the commands.');
}

function success(stdout: string): CliResult {
  return { stdout, stderr: '', code: 0 };
}

function failure(message: string, hint?: string): CliResult {
  return { stdout: '', stderr: `layerwise: ${message}\n${hint ? `${hint}\n` : ''}`, code: 2 };
}
