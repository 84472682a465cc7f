import path from 'node:path';
import pc from 'picocolors';
import { costsOf } from '../../cache/cost.js';
import { type Measures, measuresOf } from '../../cache/measures.js';
import { replayOf } from '../../cache/replay.js';
import type { Side } from '../../cache/side.js';
import { buildOf } from '../../model/build.js';
import { type ContextHistory, contextHistoryOf } from '../../project/context-history.js';
import { readTextFile } from '../../project/files.js';
import { findMeasures, readMeasures } from '../../project/measure-file.js';
import { shownPath } from '../../project/shown-path.js';
import { replayHtml } from '../../report/replay-html.js';
import { replayMarkdown } from '../../report/replay-markdown.js';
import { replayPretty } from '../../report/replay-pretty.js';
import {
  type ReplayedFile,
  type ReplayedHistory,
  type ReplayReport,
  replayedFile,
  replayJson,
} from '../../report/replay-report.js';
import { parseDockerfile } from '../../syntax/dockerfile.js';
import type { Dockerfile } from '../../syntax/tree.js';
import { buildArgsOf, builderOf, openBuildTarget } from '../build-target.js';
import { useColor } from '../color.js';
import type { CliResult, Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

/** Where a date or a revision bounds the history. */
const mostCommits = 10_000;

/** `layerwise replay [DOCKERFILE]` */
export async function runReplay(args: Args, io: Io): Promise<CliResult> {
  const target = await openBuildTarget(args, io, args.positionals[0]);
  if (target.parsed.kind !== 'dockerfile') throw new CliError(`${target.source.path}: is not a Dockerfile`);
  const { context } = target.source;
  const { root } = target;
  if (root === undefined || !context)
    throw new CliError(`${target.source.path}: no build context is known; name one with --context`);
  const builder = builderOf(args, target);
  if (builder !== 'buildkit' && builder !== 'buildkit-graphdriver')
    throw new CliError(`--builder ${builder}: its cache is not modelled`);
  const buildArgs = buildArgsOf(args.values('build-arg'), io.env);
  const side = (file: Dockerfile): Side => ({ file, context, buildArgs, target: args.value('target') });
  const history = await readHistory(args, root, context);
  const measures = measuresFor(target.dockerfile, io.cwd);
  const replayed = (shown: string, file: Dockerfile): ReplayedFile => {
    const [problem] = file.problems;
    if (problem) throw new CliError(`${shown}: the builder rejects it: ${problem.message}`);
    const replay = replayOf(side(file), builder, history.commits);
    if (replay.stages.length === 0)
      throw new CliError(`${shown}: has no stage ${args.value('target') ?? ''}`.trimEnd());
    return replayedFile(shown, file, replay, costsOf(buildOf(file), context, measures));
  };
  const other = args.value('compare');
  const report: ReplayReport = {
    builder,
    target: args.value('target'),
    history: replayedHistory(history),
    now: replayed(target.source.path, target.parsed.file),
    proposed: other === undefined ? undefined : replayed(other, readDockerfile(io, other)),
  };
  return { stdout: format(args, io, report), stderr: '', code: 0 };
}

function readDockerfile(io: Io, shown: string): Dockerfile {
  const read = readTextFile(path.resolve(io.cwd, shown));
  if ('error' in read) throw new CliError(`${shown}: ${read.error}`);
  return parseDockerfile(read.text);
}

async function readHistory(
  args: Args,
  root: string,
  context: Parameters<typeof contextHistoryOf>[1],
): Promise<ContextHistory> {
  const since = args.value('since');
  const count = args.value('commits');
  if (count !== undefined && !/^[1-9]\d{0,5}$/.test(count))
    throw new CliError(`--commits ${count}: is not a number of commits`);
  const commits = count === undefined ? (since === undefined ? undefined : mostCommits) : Number(count);
  const parents = args.value('parents') === 'all' ? 'all' : 'first';
  try {
    return await contextHistoryOf(root, context, { since, commits, parents });
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error));
  }
}

/** The nearest measured times above the Dockerfile. */
function measuresFor(dockerfile: string, cwd: string): Measures | undefined {
  const file = findMeasures(path.dirname(dockerfile));
  if (file === undefined) return undefined;
  const read = readMeasures(file);
  if ('error' in read) throw new CliError(`${shownPath(cwd, file)}: ${read.error}`);
  return measuresOf(read.steps);
}

function replayedHistory({ history: { commits, short } }: ContextHistory): ReplayedHistory {
  const [newest, oldest] = [commits[0], commits.at(-1)].map(
    (commit) => commit && { id: commit.id, day: new Date(commit.time * 1000).toISOString().slice(0, 10) },
  );
  return { commits: commits.length, newest, oldest, short };
}

function format(args: Args, io: Io, report: ReplayReport): string {
  const name = args.value('format') ?? 'pretty';
  if (name === 'json') return replayJson(report);
  if (name === 'markdown') return replayMarkdown(report);
  if (name === 'html') return replayHtml(report);
  return replayPretty(report, pc.createColors(useColor(args, io.env, io.stdoutIsTerminal)), io.columns ?? 120);
}
