import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FileResult } from '../../core/engine.js';
import { fileErrorText } from '../../project/file-error.js';
import type { FormatName } from '../../report/formats.js';
import { formats } from '../../report/formats.js';
import type { ReportInput } from '../../report/report.js';
import { useColor } from '../color.js';
import type { Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

/** One report and where it goes. */
export interface ReportPlan {
  readonly format: FormatName;
  /** Absolute; undefined for standard output. */
  readonly file: string | undefined;
  /** Add to the file instead of replacing it. */
  readonly append: boolean;
}

/** Reads `--format` and `--output`. In GitHub Actions the default is a log with annotations, and a step summary. */
export function planReports(args: Args, { cwd, env }: Io): readonly ReportPlan[] {
  const given = args.values('format').map((value): ReportPlan => {
    const colon = value.indexOf(':');
    const file = colon === -1 ? undefined : path.resolve(cwd, value.slice(colon + 1));
    return { format: (colon === -1 ? value : value.slice(0, colon)) as FormatName, file, append: false };
  });
  const output = args.value('output');
  if (given.length === 0 && output === undefined) return defaultReports(env);
  const plans: readonly ReportPlan[] =
    given.length > 0 ? given : [{ format: 'pretty', file: undefined, append: false }];
  const open = plans.filter(({ file }) => file === undefined);
  if (open.length > 1) {
    throw new CliError(`Only one report fits on standard output; write --format ${open[1]?.format}:FILE`);
  }
  if (output === undefined) return plans;
  if (open.length === 0) throw new CliError('--output has no report to take: every --format names its file');
  return plans.map((plan) => (plan.file === undefined ? { ...plan, file: path.resolve(cwd, output) } : plan));
}

function defaultReports(env: Io['env']): readonly ReportPlan[] {
  const plan = (format: FormatName): ReportPlan => ({ format, file: undefined, append: false });
  if (env.GITHUB_ACTIONS !== 'true') return [plan('pretty')];
  const summary = env.GITHUB_STEP_SUMMARY;
  const step: readonly ReportPlan[] = summary ? [{ format: 'markdown', file: summary, append: true }] : [];
  return [plan('pretty'), plan('github'), ...step];
}

/** Makes every report and writes those that go to files; gives the text for standard output and what could not be written. */
export async function writeReports(
  plans: readonly ReportPlan[],
  input: ReportInput,
  args: Args,
  io: Io,
): Promise<{ stdout: string; errors: readonly string[] }> {
  let stdout = '';
  const errors: string[] = [];
  for (const { format, file, append } of plans) {
    const colors = file === undefined ? useColor(args, io.env, io.stdoutIsTerminal) : args.value('color') === 'always';
    const width = file === undefined && io.columns !== undefined ? { width: io.columns } : {};
    // The summary of a step in GitHub holds more than a comment does.
    const write = append ? (await import('../../report/github.js')).formatStepSummary : await formats[format]();
    const text = write({ ...rebased(input, format, io), ...width, colors });
    if (file === undefined) {
      stdout += text;
      continue;
    }
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      (append ? appendFileSync : writeFileSync)(file, text);
    } catch (error) {
      errors.push(`${path.relative(io.cwd, file)}: the ${format} report cannot be written: ${fileErrorText(error)}`);
    }
  }
  return { stdout, errors };
}

/** CI services look for paths relative to the checkout, not to the working folder. */
const checkouts: Readonly<Partial<Record<FormatName, readonly string[]>>> = {
  github: ['GITHUB_WORKSPACE'],
  sarif: ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR'],
  gitlab: ['CI_PROJECT_DIR'],
};

function rebased(input: ReportInput, format: FormatName, { cwd, env }: Io): ReportInput {
  const checkout = checkouts[format]?.map((name) => env[name]).find((folder) => folder);
  const prefix = checkout ? path.relative(checkout, cwd).split(path.sep).join('/') : '';
  if (prefix === '' || prefix === '..' || prefix.startsWith('../') || path.isAbsolute(prefix)) return input;
  const move = (file: string) => path.posix.join(prefix, file);
  const results = input.results.map((result) => ({ ...result, path: move(result.path) }));
  const before = new Map(results.map((result, index) => [result as FileResult, input.results[index]]));
  const { otherFile } = input;
  if (!otherFile) return { ...input, results };
  const movedFile: typeof otherFile = (result, file) => {
    const other = otherFile(before.get(result) ?? result, file);
    return { ...other, path: move(other.path) };
  };
  return { ...input, results, otherFile: movedFile };
}
