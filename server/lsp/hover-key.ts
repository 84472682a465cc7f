import type { Step } from '../cache/key.js';
import { planOf } from '../cache/plan.js';
import { describeInputs } from '../report/key-inputs.js';
import { createMemo } from '../syntax/memo.js';
import type { Dockerfile, Instruction } from '../syntax/tree.js';
import type { HoverPart } from './hover.js';
import { instructionAt, touches } from './instruction-at.js';
import { codeSpan, plainText } from './markdown.js';
import type { Opened } from './opened.js';

/** More inputs than this are counted only. */
const MOST_INPUTS = 20;

/** More of a value than this is cut off. */
const LONGEST_VALUE = 100;

/** On the keyword of a step: all that its cache key depends on, as `layerwise keys` prints it. */
export function hoverKey(opened: Opened, offset: number): HoverPart | undefined {
  if (opened.parsed.kind !== 'dockerfile') return undefined;
  const { file } = opened.parsed;
  const instruction = instructionAt(file, offset);
  if (!instruction || !touches(instruction.keywordSpan, offset)) return undefined;
  if (!['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(instruction.keyword)) return undefined;
  const step = stepsOf(opened, file).get(instruction);
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

const known = createMemo<Opened, ReadonlyMap<Instruction, Step>>();

function stepsOf(opened: Opened, file: Dockerfile): ReadonlyMap<Instruction, Step> {
  const found = known.get(opened);
  if (found) return found;
  const { context, config } = opened.surroundings;
  const { stages } = planOf({ file, context, buildArgs: new Map() }, config.settings.builder);
  const steps = new Map(stages.flatMap((stage) => stage.steps.map((step) => [step.instruction, step] as const)));
  known.set(opened, steps);
  return steps;
}

function cut(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}
