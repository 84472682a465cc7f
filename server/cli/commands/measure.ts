import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { addMeasures, type MeasuredStep } from '../../cache/measures.js';
import { createContext } from '../../model/context.js';
import { folderSource } from '../../project/build-context.js';
import { type BuildLog, readBuildLog } from '../../project/build-log.js';
import { fileErrorText } from '../../project/file-error.js';
import { findMeasures, measuresFile, readMeasures, writeMeasures } from '../../project/measure-file.js';
import { shownPath } from '../../project/shown-path.js';
import { secondsText } from '../../report/replay-report.js';
import type { CliResult, Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

const LARGEST_LOG = 256 * 1024 * 1024;

/** `layerwise measure LOG…` */
export async function runMeasure(args: Args, io: Io): Promise<CliResult> {
  const logs: { readonly name: string; readonly log: BuildLog }[] = [];
  for (const name of args.positionals) logs.push({ name, log: await readLog(name, io) });
  const steps = logs.flatMap(({ log }) => log.steps);
  const cached = logs.reduce((sum, { log }) => sum + log.cached, 0);
  if (steps.length === 0) {
    const all = cached === 1 ? 'the only step' : `all ${cached} steps`;
    const why = cached > 0 ? `${all} came from the cache; build with --no-cache` : 'no step was run';
    throw new CliError(`${args.positionals.join(', ')}: ${why}`);
  }
  const into = args.value('into');
  const file =
    into === undefined ? (findMeasures(io.cwd) ?? path.join(io.cwd, measuresFile)) : path.resolve(io.cwd, into);
  store(
    file,
    shownPath(io.cwd, file),
    logs.map(({ log }) => log.steps),
  );
  const shown = shownPath(io.cwd, file);
  const note = isSent(file)
    ? `layerwise: ${shown}: lies in the build context; list .layerwise in the ignore file\n`
    : '';
  return { stdout: summary(steps, cached, shown), stderr: note, code: 0 };
}

/** A Dockerfile lies beside the folder of what is kept, and no ignore file keeps that out of its context. */
function isSent(file: string): boolean {
  const root = path.dirname(path.dirname(file));
  const source = folderSource(root);
  if (!source.list('').some((entry) => entry.path === 'Dockerfile')) return false;
  const context = createContext({ name: '.', origin: 'folder', dockerfile: 'Dockerfile', source });
  return !context.ignored(path.relative(root, file).split(path.sep).join('/'));
}

async function readLog(name: string, io: Io): Promise<BuildLog> {
  const bytes = name === '-' ? Buffer.from(await io.readStdin()) : readBytes(path.resolve(io.cwd, name), name);
  const log = readBuildLog(bytes);
  if (log) return log;
  throw new CliError(
    `${name === '-' ? 'standard input' : name}: is no build log; make one with --progress=rawjson or plain`,
  );
}

function readBytes(file: string, shown: string): Uint8Array {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) throw new CliError(`${shown}: is not a regular file`);
    if (stats.size > LARGEST_LOG) throw new CliError(`${shown}: is larger than 256 MiB`);
    return readFileSync(file);
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(`${shown}: ${fileErrorText(error)}`);
  }
}

function store(file: string, shown: string, builds: readonly (readonly MeasuredStep[])[]): void {
  const old = readMeasures(file);
  if ('error' in old) throw new CliError(`${shown}: ${old.error}`);
  let steps = old.steps;
  for (const build of builds) steps = addMeasures(steps, build);
  const failure = writeMeasures(file, steps);
  if (failure) throw new CliError(`${shown}: ${failure.error}`);
}

/** The slowest steps first. */
function summary(steps: readonly MeasuredStep[], cached: number, file: string): string {
  const slowest = steps.toSorted((a, b) => (b.seconds[0] ?? 0) - (a.seconds[0] ?? 0)).slice(0, 10);
  const lines = slowest.map(
    ({ text, seconds }) => `${secondsText(seconds[0] ?? 0).padStart(8)}  ${text.slice(0, 100)}\n`,
  );
  const skipped = cached > 0 ? `; ${cached} came from the cache` : '';
  return `${lines.join('')}${steps.length} ${steps.length === 1 ? 'step' : 'steps'} kept in ${file}${skipped}\n`;
}
