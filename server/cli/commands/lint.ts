import { statSync } from 'node:fs';
import path from 'node:path';
import type { FileResult } from '../../core/engine.js';
import { version } from '../../core/version.js';
import { folderSource } from '../../project/build-context.js';
import type { FoundFile } from '../../project/discover.js';
import { shownPath } from '../../project/shown-path.js';
import type { OtherFile } from '../../report/report.js';
import { ruleByName, rules } from '../../rules/index.js';
import { createFileConfigs } from '../file-config.js';
import type { CliResult, ExitCode, Io } from '../io.js';
import { CliError } from '../io.js';
import { applyBaseline } from '../lint/apply-baseline.js';
import type { FixReport } from '../lint/apply-fixes.js';
import { configResults } from '../lint/config-results.js';
import { exitCodeOf } from '../lint/exit-code.js';
import { foldFindings } from '../lint/fold-findings.js';
import type { Place } from '../lint/lint-files.js';
import { lintFiles } from '../lint/lint-files.js';
import type { LintOptions } from '../lint/lint-options.js';
import { readLintOptions } from '../lint/lint-options.js';
import type { TargetReader } from '../lint/read-targets.js';
import { createTargetReader, findFiles } from '../lint/read-targets.js';
import type { ReportPlan } from '../lint/reports.js';
import { planReports, writeReports } from '../lint/reports.js';
import type { Args } from '../parse-args.js';

/** `layerwise lint [PATH…]` */
export async function runLint(args: Args, io: Io): Promise<CliResult> {
  const options = readLintOptions(args, rules);
  const plans = reportsFor(args, options, io);
  const configs = createFileConfigs(args, io.cwd, rules, options.layers);
  const find = () => findFiles(args, options, configs, io.cwd);
  const found = find();
  const missing = found.problems.map((problem) => `${problem.path}: ${problem.message}`);
  if (found.files.length === 0 && !args.has('allow-no-files')) {
    const errors = missing.length > 0 ? missing : [nothingFound(options.paths)];
    return finish('', errors, args.has('quiet') ? [] : passedOver(found.templates, io.cwd), 2);
  }
  const stdinText = options.paths.includes('-') ? await io.readStdin() : undefined;
  const read = (text: string | undefined) => createTargetReader(args, options, configs, io, text);
  const asked = args.has('ask-registry')
    ? await import('../lint/ask-remotes.js').then(({ askRemotes }) =>
        askRemotes(found.files, read(stdinText), io, args.has('quiet')),
      )
    : [];
  const fixed = options.fix && (await fix(found.files, read(stdinText), options, stdinText, io));
  const files = options.fix?.mode === 'write' ? find().files : found.files;
  const linted = await lintFiles(files, read(fixed?.stdinText ?? stdinText), io, {
    quiet: args.has('quiet'),
    verbose: args.has('verbose'),
  });
  const mistakes = configResults(linted.configs, configs, ruleByName('invalid-config'), io.cwd);
  const results = await limit([...mistakes, ...linted.results], options, linted.places, io.cwd);
  const baseline = applyBaseline(results, options, io.cwd);
  const input = {
    results: foldFindings(baseline.results, linted.places),
    version,
    rules: rulesByName(),
    otherFile: otherFiles(linted.places, io.cwd),
  };
  const report = await writeReports(plans, input, args, io);
  const errors = [...missing, ...linted.errors, ...(fixed?.errors ?? []), ...report.errors];
  const notes = [
    ...passedOver(found.templates, io.cwd),
    ...asked,
    ...linted.notes,
    ...(fixed?.notes ?? []),
    ...baseline.notes,
  ];
  const code = errors.length > 0 ? 2 : exitCodeOf(baseline.results, options.threshold);
  return output(fixed, report.stdout, errors, args.has('quiet') ? [] : notes, code);
}

/** With `--diff` standard output is the diff's, so only reports to files are made. */
function reportsFor(args: Args, options: LintOptions, io: Io): readonly ReportPlan[] {
  const plans = planReports(args, io);
  if (options.fix?.mode !== 'diff') return plans;
  const open = plans.find(({ file }) => file === undefined);
  if (open && args.has('format')) {
    throw new CliError(`--diff takes standard output; write --format ${open.format}:FILE`);
  }
  return plans.filter(({ file, append }) => file !== undefined && !append);
}

async function fix(
  files: readonly FoundFile[],
  reader: TargetReader,
  options: LintOptions,
  given: string | undefined,
  io: Io,
): Promise<FixReport | undefined> {
  const folders = options.paths.map((one) => path.resolve(io.cwd, one)).filter((folder) => isFolder(folder));
  const isWanted = (file: string) => folders.some((folder) => isInside(folder, file));
  const { applyFixes } = await import('../lint/apply-fixes.js');
  return (
    options.fix && applyFixes(files, reader, options.fix, { stdinFilename: options.stdinFilename, given, isWanted }, io)
  );
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

async function limit(
  results: readonly FileResult[],
  { since }: LintOptions,
  places: ReadonlyMap<string, Place>,
  cwd: string,
): Promise<readonly FileResult[]> {
  if (since === undefined) return results;
  const { limitToChanged } = await import('../lint/limit-to-changed.js');
  return limitToChanged(results, since, places, cwd);
}

function otherFiles(places: ReadonlyMap<string, Place>, cwd: string): (result: FileResult, file: string) => OtherFile {
  return (result, file) => {
    const root = places.get(result.path)?.root;
    if (root === undefined) return { path: file, text: undefined };
    return { path: shownPath(cwd, path.join(root, file)), text: folderSource(root).read(file) };
  };
}

function rulesByName(): ReadonlyMap<string, (typeof rules)[number]> {
  return new Map(rules.map((rule) => [rule.name, rule]));
}

function nothingFound(paths: readonly string[]): string {
  return `no Dockerfile and no .dockerignore in ${paths.join(', ')}; name the files, or allow it with --allow-no-files`;
}

function passedOver(templates: readonly string[], cwd: string): string[] {
  const [first, ...more] = templates;
  if (first === undefined) return [];
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return [`passed over ${shownPath(cwd, first)}${others}: a template of a Dockerfile; name it to lint it all the same`];
}

/** Fixed standard input goes to standard output, and the report to stderr. */
function output(
  fixed: FixReport | undefined,
  report: string,
  errors: readonly string[],
  notes: readonly string[],
  code: ExitCode,
): CliResult {
  if (fixed?.stdout === undefined) return finish(report, errors, notes, code);
  const result = finish(fixed.stdout, errors, notes, code);
  return { ...result, stderr: report + result.stderr };
}

function finish(stdout: string, errors: readonly string[], notes: readonly string[], code: ExitCode): CliResult {
  const stderr = [...notes, ...errors.map((error) => `layerwise: ${error}`)].map((line) => `${line}\n`).join('');
  return { stdout, stderr, code };
}
