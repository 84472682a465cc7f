import type { KeyInput } from '../../cache/key.js';
import { planOf } from '../../cache/plan.js';
import { lineAt } from '../../syntax/text.js';
import { buildArgsOf, builderOf, openBuildTarget } from '../build-target.js';
import type { CliResult, Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

/** `layerwise keys [DOCKERFILE]` */
export async function runKeys(args: Args, io: Io): Promise<CliResult> {
  const target = await openBuildTarget(args, io, args.positionals[0]);
  if (target.parsed.kind !== 'dockerfile') throw new CliError(`${target.source.path}: is not a Dockerfile`);
  const { file } = target.parsed;
  const builder = builderOf(args, target);
  const plan = planOf(
    {
      file,
      context: target.source.context,
      buildArgs: buildArgsOf(args.values('build-arg'), io.env),
      target: args.value('target'),
    },
    builder,
  );
  const steps = plan.stages.flatMap((stage) =>
    stage.steps.map(({ instruction, inputs, detached }) => ({
      stage: stage.name ?? String(stage.index),
      line: lineAt(file.lineStarts, instruction.span.start) + 1,
      instruction: `${instruction.keyword} ${instruction.text}`.split('\n', 1)[0] ?? '',
      detached,
      inputs: inputs.filter(({ kind }) => kind !== 'environment-order').map(describe),
    })),
  );
  if (args.value('format') === 'json') {
    const shown = steps.map(({ detached: _detached, ...step }) => step);
    return {
      stdout: `${JSON.stringify({ version: 1, dockerfile: target.source.path, builder, steps: shown }, undefined, 2)}\n`,
      stderr: '',
      code: 0,
    };
  }
  const blocks = steps.map(
    ({ line, instruction, inputs }) =>
      `${line}: ${instruction}\n${inputs.map(({ kind, text }) => `    ${kind.padEnd(12)} ${text}\n`).join('')}`,
  );
  return { stdout: blocks.join('\n'), stderr: '', code: 0 };
}

function describe(input: KeyInput): { kind: string; text: string } {
  const { kind } = input;
  switch (input.kind) {
    case 'previous':
      return { kind: 'step above', text: 'the key of the step before it' };
    case 'base-image':
      return { kind: 'base image', text: `the layers of ${input.image}` };
    case 'command':
      return { kind, text: JSON.stringify(input.argv) };
    case 'variable':
      return { kind: input.from, text: `${input.name}=${input.value}` };
    case 'folder':
    case 'destination':
      return { kind, text: input.path };
    case 'user':
      return { kind, text: input.user || 'that of the base image' };
    case 'option':
      return { kind, text: `${input.name}=${input.value}` };
    case 'mount':
      return { kind, text: input.text.replaceAll('undefined', '').trim() };
    case 'files':
      return { kind, text: describeFiles(input) };
    case 'source-names':
      return { kind: 'names', text: input.names.join(' ') };
    case 'text':
      return { kind: 'heredoc', text: `${input.name}, ${input.content.length} characters` };
    default:
      return { kind, text: '' };
  }
}

function describeFiles({ origin, paths, exclude, parents }: Extract<KeyInput, { kind: 'files' }>): string {
  const where = {
    context: 'of the build context',
    stage: origin.kind === 'stage' ? `of stage ${origin.stage.name ?? origin.stage.index}` : '',
    image: origin.kind === 'image' ? `of image ${origin.image}` : '',
    remote: origin.kind === 'remote' ? `behind ${origin.url}` : '',
    inline: 'of a heredoc',
  }[origin.kind];
  const shown = paths.map((one) => (origin.kind === 'context' ? one.slice(1) || '.' : one)).join(' ');
  return `content and modes of ${shown} ${where}${exclude.length > 0 ? `, without ${exclude.join(' ')}` : ''}${parents ? ', with their paths' : ''}`;
}
