import path from 'node:path';
import { historyGaps } from '../cache/history-gaps.js';
import { type Measures, measuresOf } from '../cache/measures.js';
import type { CacheBuilder } from '../cache/side.js';
import { buildOf } from '../model/build.js';
import type { BuildContext } from '../model/context.js';
import { type ContextHistory, contextHistoryOf } from '../project/context-history.js';
import { findMeasures, readMeasures } from '../project/measure-file.js';
import { shownPath } from '../project/shown-path.js';
import type { ReplayedHistory } from '../report/replay-report.js';
import type { Dockerfile } from '../syntax/tree.js';
import { type BuildTarget, buildArgsOf, builderOf, openBuildTarget } from './build-target.js';
import type { Io } from './io.js';
import { CliError } from './io.js';
import type { Args } from './parse-args.js';

/** A Dockerfile with its context, the history of that and the times that somebody measured. */
export interface HistoryInput {
  readonly source: BuildTarget;
  readonly file: Dockerfile;
  readonly context: BuildContext;
  readonly builder: Extract<CacheBuilder, 'buildkit' | 'buildkit-graphdriver'>;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly target: string | undefined;
  readonly history: ContextHistory;
  readonly measures: Measures | undefined;
}

/** Where a date or a revision bounds the history. */
const mostCommits = 10_000;

/** Opens what `layerwise replay` and `order` work on. Throws a `CliError` that says what is missing. */
export async function openHistoryInput(args: Args, io: Io): Promise<HistoryInput> {
  const source = await openBuildTarget(args, io, args.positionals[0]);
  if (source.parsed.kind !== 'dockerfile') throw new CliError(`${source.source.path}: is not a Dockerfile`);
  const { context } = source.source;
  const { root } = source;
  if (root === undefined || !context)
    throw new CliError(`${source.source.path}: no build context is known; name one with --context`);
  const builder = builderOf(args, source);
  if (builder !== 'buildkit' && builder !== 'buildkit-graphdriver')
    throw new CliError(`--builder ${builder}: its cache is not modelled over a history`);
  return {
    source,
    file: source.parsed.file,
    context,
    builder,
    buildArgs: buildArgsOf(args.values('build-arg'), io.env),
    target: args.value('target'),
    history: await readHistory(args, root, context),
    measures: measuresFor(source.dockerfile, io.cwd),
  };
}

async function readHistory(args: Args, root: string, context: BuildContext): Promise<ContextHistory> {
  const since = args.value('since');
  const count = args.value('commits');
  if (count !== undefined && !/^[1-9]\d{0,5}$/.test(count))
    throw new CliError(`--commits ${count}: is not a number of commits`);
  const commits = count === undefined ? (since === undefined ? undefined : mostCommits) : Number(count);
  const parents = args.value('parents') === 'all' ? 'all' : 'first';
  try {
    return await contextHistoryOf(root, context, { since, commits, parents });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const other = /is not in a Git repository$/.test(reason)
      ? ', so no commits tell how often steps re-run; layerwise rebuild --changed PATH needs none'
      : '';
    throw new CliError(`${reason}${other}`);
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

/** As reports show it. */
export function replayedHistory({ file, context, history }: HistoryInput): ReplayedHistory {
  const { commits, short } = history.history;
  const [newest, oldest] = [commits[0], commits.at(-1)].map(
    (commit) => commit && { id: commit.id, day: new Date(commit.time * 1000).toISOString().slice(0, 10) },
  );
  const gaps = historyGaps(buildOf(file), context, history.paths);
  return { commits: commits.length, newest, oldest, short, gaps };
}
