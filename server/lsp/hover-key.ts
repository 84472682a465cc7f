import { planOf } from '../cache/plan.js';
import { describeInputs } from '../report/key-inputs.js';
import type { HoverPart } from './hover.js';
import { instructionAt, touches } from './instruction-at.js';
import { codeSpan, plainText } from './markdown.js';
import type { Opened } from './opened.js';

/** More inputs than this are counted only. */
const MOST_INPUTS = 20;

/** More of a value than this is cut off. */
const LONGEST_VALUE = 100;

/** On the keyword of a step: all that its cache key depends on, as `layerwise keys` prints it. */
export function hoverKey({ parsed, surroundings }: Opened, offset: number): HoverPart | undefined {
  if (parsed.kind !== 'dockerfile') return undefined;
  const { file } = parsed;
  const instruction = instructionAt(file, offset);
  if (!instruction || !touches(instruction.keywordSpan, offset) || instruction.keyword === 'FROM') return undefined;
  const { context, config } = surroundings;
  const plan = planOf({ file, context, buildArgs: new Map() }, config.settings.builder);
  const step = plan.stages.flatMap(({ steps }) => steps).find((one) => one.instruction === instruction);
  if (!step) return undefined;
  const inputs = describeInputs(step.inputs);
  const rest = inputs.length - MOST_INPUTS;
  const lines = inputs
    .slice(0, MOST_INPUTS)
    .map(({ kind, text, prose }) => `- ${kind}${text === '' ? '' : `: ${(prose ? plainText : codeSpan)(cut(text))}`}`);
  return {
    span: instruction.keywordSpan,
    markdown: ['Cached until one of these changes:', '', ...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])].join(
      '\n',
    ),
  };
}

function cut(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}
