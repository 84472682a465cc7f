import type { Problem } from './flag-problems.js';
import { goQuote } from './go-text.js';
import type { Span } from './text.js';
import type { Instruction } from './tree.js';
import { type ExpandOptions, expandWord, isPlain, unknown } from './variables.js';

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

/** Plain variables and double quotes that close: nothing can be wrong with them. */
const SOUND =
  /^(?:[^$'"\\`\uFEFF]|\$[A-Za-z_]|\$\{[A-Za-z_]\w*\}|"(?:[^$"\\`\uFEFF]|\$[A-Za-z_]|\$\{[A-Za-z_]\w*\})*")*$/;

const anyValue = (): typeof unknown => unknown;

/** The first expansion of an instruction that fails whatever the values are: an odd quote, `${v^}`, `${}` (`shell/lex.go`). */
export function expansionProblem(instruction: Instruction, escapeToken: '\\' | '`'): Problem | undefined {
  const { flags, heredocs, text: whole } = instruction;
  if (flags.length === 0 && heredocs.length === 0 && isPlain(whole)) return undefined;
  for (const { text, span, mode = 'word' } of expandedTexts(instruction)) {
    if (isPlain(text) || (mode === 'word' && SOUND.test(text))) continue;
    const { error } = expandWord(text, anyValue, { escape: escapeToken, mode });
    if (error !== undefined) return { message: `failed to process ${goQuote(text)}: ${error}`, span };
  }
  return copyFromProblem(instruction, escapeToken);
}

/** The parts of an instruction that BuildKit expands; what a shell expands later is not among them. */
export function expandedTexts(instruction: Instruction): readonly Expanded[] {
  const texts = expandedFlags(instruction);
  switch (instruction.keyword) {
    case 'FROM':
      if (instruction.image !== undefined) texts.push(instruction.image);
      break;
    case 'ENV':
    case 'LABEL':
      for (const { key, rawValue = '', span, keySpan, valueSpan = span } of instruction.pairs) {
        texts.push({ text: key, span: keySpan }, { text: rawValue, span: valueSpan });
      }
      break;
    case 'ARG':
      for (const { rawValue, span, valueSpan = span } of instruction.pairs) {
        if (rawValue !== undefined) texts.push({ text: rawValue, span: valueSpan });
      }
      break;
    case 'COPY':
    case 'ADD':
      for (const source of instruction.sources) texts.push(source);
      if (instruction.destination !== undefined) texts.push(instruction.destination);
      for (const { content, expand, bodySpan } of instruction.heredocs) {
        if (expand) texts.push({ text: content, span: bodySpan, mode: 'heredoc' });
      }
      break;
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL':
      texts.push({ text: instruction.text, span: instruction.textSpan });
      break;
    case 'VOLUME':
    case 'EXPOSE':
      for (const word of instruction.words) texts.push(word);
      break;
    default:
  }
  return texts;
}

function expandedFlags({ keyword, flags }: Instruction): Expanded[] {
  const names = EXPANDED_FLAGS.get(keyword);
  if (names === undefined || flags.length === 0) return [];
  const texts: Expanded[] = [];
  for (const { name, value, span, valueSpan = span } of flags) {
    if (value !== undefined && names.includes(name)) texts.push({ text: value, span: valueSpan });
  }
  return texts;
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
