import path from 'node:path';
import pc from 'picocolors';
import { costsOf } from '../../cache/cost.js';
import { replayOf } from '../../cache/replay.js';
import { buildOf } from '../../model/build.js';
import { changingArgs } from '../../model/changing-args.js';
import { readTextFile } from '../../project/files.js';
import { replayHtml } from '../../report/replay-html.js';
import { replayMarkdown } from '../../report/replay-markdown.js';
import { replayPretty } from '../../report/replay-pretty.js';
import { type ReplayedFile, type ReplayReport, replayedFile, replayJson } from '../../report/replay-report.js';
import { parseDockerfile } from '../../syntax/dockerfile.js';
import type { Dockerfile } from '../../syntax/tree.js';
import { assertBuildable, contextNotes, stageNotes } from '../build-target.js';
import { useColor } from '../color.js';
import { type HistoryInput, openHistoryInput, replayedHistory } from '../history-input.js';
import type { CliResult, Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

/** `layerwise replay [DOCKERFILE]` */
export async function runReplay(args: Args, io: Io): Promise<CliResult> {
  const input = await openHistoryInput(args, io);
  const own = [...contextNotes(input.source), ...stageNotes(input.source, input.buildArgs)];
  const notes = own.map((note) => `layerwise: ${note}\n`);
  const other = args.value('compare');
  const report: ReplayReport = {
    builder: input.builder,
    target: input.target,
    history: replayedHistory(input),
    now: replayed(input, input.source.source.path, input.file),
    proposed: other === undefined ? undefined : replayed(input, other, readDockerfile(io, other)),
  };
  return { stdout: format(args, io, report), stderr: notes.join(''), code: 0 };
}

function replayed(
  { context, buildArgs, target, builder, history, measures }: HistoryInput,
  shown: string,
  file: Dockerfile,
): ReplayedFile {
  assertBuildable(shown, file);
  const replay = replayOf({ file, context, buildArgs, target }, builder, history.commits);
  if (replay.stages.length === 0) throw new CliError(`${shown}: has no stage ${target ?? ''}`.trimEnd());
  return replayedFile(shown, file, replay, costsOf(buildOf(file), context, measures), changingArgs(file, buildArgs));
}

function readDockerfile(io: Io, shown: string): Dockerfile {
  const read = readTextFile(path.resolve(io.cwd, shown));
  if ('error' in read) throw new CliError(`${shown}: ${read.error}`);
  return parseDockerfile(read.text);
}

function format(args: Args, io: Io, report: ReplayReport): string {
  const name = args.value('format') ?? 'pretty';
  if (name === 'json') return replayJson(report);
  if (name === 'markdown') return replayMarkdown(report);
  if (name === 'html') return replayHtml(report);
  return replayPretty(report, pc.createColors(useColor(args, io.env, io.stdoutIsTerminal)), io.columns ?? 120);
}
