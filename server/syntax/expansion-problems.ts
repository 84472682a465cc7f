import type { Problem } from './flag-problems.js';
import { goQuote } from './go-text.js';
import type { Span } from './text.js';
import type { Instruction, Pair, Word } from './tree.js';
import { type ExpandOptions, expandWord, unknown } from './variables.js';

/** A text that BuildKit expands. */
export interface Expanded {
  readonly text: string;
  readonly span: Span;
  readonly mode?: ExpandOptions['mode'];
}

const EXPANDED_FLAGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['FROM', ['platform']],
  ['COPY', ['chown', 'chmod']],
  ['ADD', ['chown', 'chmod', 'checksum']],
]);

const anyValue = (): typeof unknown => unknown;

/** The first expansion of an instruction that fails whatever the values are: an odd quote, `${v^}`, `${}` (`shell/lex.go`). */
export function expansionProblem(instruction: Instruction, escapeToken: '\\' | '`'): Problem | undefined {
  for (const { text, span, mode = 'word' } of expandedTexts(instruction)) {
    const { error } = expandWord(text, anyValue, { escape: escapeToken, mode });
    if (error !== undefined) return { message: `failed to process ${goQuote(text)}: ${error}`, span };
  }
  return copyFromProblem(instruction, escapeToken);
}

/** The parts of an instruction that BuildKit expands; what a shell expands later is not among them. */
export function* expandedTexts(instruction: Instruction): Generator<Expanded> {
  const names = EXPANDED_FLAGS.get(instruction.keyword) ?? [];
  for (const { name, value, span, valueSpan = span } of instruction.flags) {
    if (value !== undefined && names.includes(name)) yield { text: value, span: valueSpan };
  }
  switch (instruction.keyword) {
    case 'FROM':
      if (instruction.image !== undefined) yield instruction.image;
      break;
    case 'ENV':
    case 'LABEL':
      for (const pair of instruction.pairs) yield* bothSides(pair);
      break;
    case 'ARG':
      for (const { rawValue, span, valueSpan = span } of instruction.pairs) {
        if (rawValue !== undefined) yield { text: rawValue, span: valueSpan };
      }
      break;
    case 'COPY':
    case 'ADD':
      yield* paths(instruction.sources, instruction.destination);
      for (const { content, expand, bodySpan } of instruction.heredocs) {
        if (expand) yield { text: content, span: bodySpan, mode: 'heredoc' };
      }
      break;
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL':
      yield { text: instruction.text, span: instruction.textSpan };
      break;
    case 'VOLUME':
    case 'EXPOSE':
      yield* instruction.words;
      break;
    default:
  }
}

function* bothSides({ key, rawValue = '', span, keySpan, valueSpan = span }: Pair): Generator<Expanded> {
  yield { text: key, span: keySpan };
  yield { text: rawValue, span: valueSpan };
}

function* paths(sources: readonly Word[], destination: Word | undefined): Generator<Expanded> {
  yield* sources;
  if (destination !== undefined) yield destination;
}

/** `--from` is the one value that must stay as it is written (`dockerfile2llb/convert.go:toCommand`). */
function copyFromProblem(instruction: Instruction, escapeToken: '\\' | '`'): Problem | undefined {
  if (instruction.keyword !== 'COPY') return undefined;
  for (const { name, value = '', span, valueSpan = span } of instruction.flags) {
    if (name !== 'from' || !/[$'"\\`]/.test(value)) continue;
    const { value: expanded, error } = expandWord(value, () => undefined, { escape: escapeToken });
    if (error !== undefined) return { message: `failed to process ${goQuote(value)}: ${error}`, span: valueSpan };
    if (expanded === undefined || expanded === value) continue;
    const message =
      'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround';
    return { message, span: valueSpan };
  }
  return undefined;
}
