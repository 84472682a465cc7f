import { planOf } from '../../cache/plan.js';
import { describeInputs } from '../../report/key-inputs.js';
import { lineAt } from '../../syntax/text.js';
import { assertBuildable, assertTarget, buildArgsOf, builderOf, openBuildTarget, stageNotes } from '../build-target.js';
import type { CliResult, Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

/** `layerwise keys [DOCKERFILE]` */
export async function runKeys(args: Args, io: Io): Promise<CliResult> {
  const target = await openBuildTarget(args, io, args.positionals[0]);
  if (target.parsed.kind !== 'dockerfile') throw new CliError(`${target.source.path}: is not a Dockerfile`);
  const { file } = target.parsed;
  assertBuildable(target.source.path, file);
  const builder = builderOf(args, target);
  assertTarget(file, args.value('target'), builder);
  const buildArgs = buildArgsOf(args.values('build-arg'), io.env);
  const plan = planOf({ file, context: target.source.context, buildArgs, target: args.value('target') }, builder);
  const stderr = stageNotes(target, buildArgs)
    .map((note) => `layerwise: ${note}\n`)
    .join('');
  const steps = plan.stages.flatMap((stage) =>
    stage.steps.map(({ instruction, inputs, detached }) => ({
      stage: stage.name ?? String(stage.index),
      line: lineAt(file.lineStarts, instruction.span.start) + 1,
      instruction: firstLine(file.text.slice(instruction.span.start, instruction.span.end)),
      detached,
      inputs: describeInputs(inputs),
    })),
  );
  if (args.value('format') === 'json') {
    const shown = steps.map(({ detached: _detached, ...step }) => step);
    return {
      stdout: `${JSON.stringify({ version: 1, dockerfile: target.source.path, builder, steps: shown }, undefined, 2)}\n`,
      stderr,
      code: 0,
    };
  }
  const blocks = steps.map(
    ({ line, instruction, inputs }) =>
      `${line}: ${instruction}\n${inputs.map(({ kind, text }) => `    ${kind.padEnd(12)} ${text}\n`).join('')}`,
  );
  return { stdout: blocks.length === 0 ? 'The build has no steps.\n' : blocks.join('\n'), stderr, code: 0 };
}

/** Of an instruction over several lines the first, with a sign that there is more. */
function firstLine(text: string): string {
  const [line = '', ...more] = text.split(/\r?\n/);
  return more.length > 0
    ? `${line
        .trimEnd()
        .replace(/[\\`]$/, '')
        .trimEnd()} …`
    : line;
}
