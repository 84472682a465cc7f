import type { SemanticTokensLegend } from 'vscode-languageserver';
import { parseShell } from '../syntax/shell.js';
import type { Span } from '../syntax/text.js';
import type { Instruction } from '../syntax/tree.js';
import { variablesOf } from '../syntax/variable-uses.js';
import { innerOf } from './instruction-at.js';
import type { Opened } from './opened.js';
import { fromNames } from './stage-names.js';

const types = [
  'keyword',
  'comment',
  'macro',
  'namespace',
  'type',
  'variable',
  'property',
  'parameter',
  'function',
] as const;
type TokenType = (typeof types)[number];

export const tokensLegend: SemanticTokensLegend = { tokenTypes: [...types], tokenModifiers: ['declaration'] };

interface Token extends Span {
  readonly type: TokenType;
  readonly declaration?: boolean;
}

/** Tokens in the protocol's encoding, five numbers each; `within` limits them to a part of the text. Takes time in proportion to the text. */
export function semanticTokens(opened: Opened, within?: Span): number[] {
  const tokens = tokensOf(opened).filter(({ start, end }) => !within || (start < within.end && within.start < end));
  tokens.sort((a, b) => a.start - b.start || b.end - a.end);
  return encode(opened, tokens);
}

function tokensOf({ parsed }: Opened): Token[] {
  const tokens: Token[] = parsed.file.comments.map(({ span }) => ({ ...span, type: 'comment' }));
  if (parsed.kind === 'dockerignore') return tokens;
  for (const { span } of parsed.file.directives) tokens.push({ ...span, type: 'macro' });
  for (const outer of parsed.file.instructions) {
    tokens.push({ ...outer.keywordSpan, type: 'keyword' });
    const instruction = innerOf(outer);
    if (instruction !== outer) tokens.push({ ...instruction.keywordSpan, type: 'keyword' });
    for (const { name, span } of instruction.flags) {
      tokens.push({ start: span.start, end: Math.min(span.start + 2 + name.length, span.end), type: 'parameter' });
    }
    for (const { span } of fromNames(parsed.file, instruction)) tokens.push({ ...span, type: 'namespace' });
    for (const { operatorSpan, terminatorSpan } of instruction.heredocs) {
      tokens.push({ ...operatorSpan, type: 'macro' });
      if (terminatorSpan) tokens.push({ ...terminatorSpan, type: 'macro' });
    }
    for (const { span } of variablesOf(instruction, parsed.file)) tokens.push({ ...span, type: 'variable' });
    tokens.push(...partsOf(instruction, parsed));
  }
  return tokens;
}

function partsOf(
  instruction: Instruction,
  { build, file }: Extract<Opened['parsed'], { kind: 'dockerfile' }>,
): Token[] {
  switch (instruction.keyword) {
    case 'FROM': {
      const { image, alias } = instruction;
      const type = build.stageOf(instruction)?.base.kind === 'stage' ? 'namespace' : 'type';
      const as = image && alias ? asBetween(file.text, image.span.end, alias.span.start) : undefined;
      return [
        ...(image && !image.text.includes('$') ? [{ ...image.span, type } as const] : []),
        ...(as ? [{ ...as, type: 'keyword' } as const] : []),
        ...(alias ? [{ ...alias.span, type: 'namespace', declaration: true } as const] : []),
      ];
    }
    case 'ENV':
    case 'ARG':
      return instruction.pairs.map(({ keySpan }) => ({ ...keySpan, type: 'variable', declaration: true }));
    case 'LABEL':
      return instruction.pairs.map(({ keySpan }) => ({ ...keySpan, type: 'property' }));
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK': {
      const { shell } = build.stateBefore(instruction);
      return parseShell(file, instruction, shell).commands.flatMap(({ nameSpan, args }) => [
        { ...nameSpan, type: 'function' as const },
        ...args.flatMap(({ span, text }) =>
          /^-[\w-]/.test(text) ? [{ ...optionName(span, text), type: 'parameter' as const }] : [],
        ),
      ]);
    }
    default:
      return [];
  }
}

/** `--flag` of `--flag=value` */
function optionName({ start, end }: Span, text: string): Span {
  const length = /^-[\w-]+/.exec(text)?.[0].length ?? text.length;
  return { start, end: Math.min(end, start + length) };
}

function asBetween(text: string, from: number, to: number): Span | undefined {
  const match = /\bas\b/i.exec(text.slice(from, to));
  return match ? { start: from + match.index, end: from + match.index + match[0].length } : undefined;
}

/** One token per line, none over another: of two that overlap the one that starts first stays. */
function encode({ document, text }: Opened, tokens: readonly Token[]): number[] {
  const data: number[] = [];
  let done = 0;
  let lastLine = 0;
  let lastCharacter = 0;
  for (const token of tokens) {
    if (token.start < done) continue;
    done = token.end;
    for (const { start, end } of linesIn(text, token)) {
      const { line, character } = document.positionAt(start);
      const deltaLine = line - lastLine;
      data.push(
        deltaLine,
        deltaLine === 0 ? character - lastCharacter : character,
        end - start,
        types.indexOf(token.type),
        token.declaration ? 1 : 0,
      );
      lastLine = line;
      lastCharacter = character;
    }
  }
  return data;
}

function linesIn(text: string, { start, end }: Span): Span[] {
  const lines: Span[] = [];
  for (let from = start; from < end; ) {
    const newline = text.indexOf('\n', from);
    const next = newline === -1 || newline >= end ? end : newline;
    const last = text.charAt(next - 1) === '\r' && next > from ? next - 1 : next;
    if (last > from) lines.push({ start: from, end: last });
    from = next + 1;
  }
  return lines;
}
