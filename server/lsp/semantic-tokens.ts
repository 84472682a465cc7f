import type { SemanticTokensLegend } from 'vscode-languageserver';
import { parseShell } from '../syntax/shell.js';
import type { Span } from '../syntax/text.js';
import type { Dockerfile, Instruction } from '../syntax/tree.js';
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
  readonly declaration: boolean;
}

type Add = (span: Span, type: TokenType, declaration?: boolean) => void;

/** Tokens in the protocol's encoding, five numbers each; `within` limits them to a part of the text. Takes time in proportion to the text. */
export function semanticTokens(opened: Opened, within?: Span): number[] {
  const tokens: Token[] = [];
  addTokens(opened, ({ start, end }, type, declaration = false) => {
    if (!within || (start < within.end && within.start < end)) tokens.push({ start, end, type, declaration });
  });
  tokens.sort((a, b) => a.start - b.start || b.end - a.end);
  return encode(opened, tokens);
}

function addTokens({ parsed }: Opened, add: Add): void {
  for (const { span } of parsed.file.comments) add(span, 'comment');
  if (parsed.kind === 'dockerignore') return;
  for (const { span } of parsed.file.directives) add(span, 'macro');
  for (const outer of parsed.file.instructions) {
    add(outer.keywordSpan, 'keyword');
    const instruction = innerOf(outer);
    if (instruction !== outer) add(instruction.keywordSpan, 'keyword');
    for (const { name, span } of instruction.flags) {
      add({ start: span.start, end: Math.min(span.start + 2 + name.length, span.end) }, 'parameter');
    }
    for (const { span } of fromNames(parsed.file, instruction)) add(span, 'namespace');
    for (const { operatorSpan, terminatorSpan } of instruction.heredocs) {
      add(operatorSpan, 'macro');
      if (terminatorSpan) add(terminatorSpan, 'macro');
    }
    for (const span of variableSpans(instruction, parsed.file)) add(span, 'variable');
    addParts(instruction, parsed, add);
  }
}

function addParts(
  instruction: Instruction,
  { build, file }: Extract<Opened['parsed'], { kind: 'dockerfile' }>,
  add: Add,
): void {
  switch (instruction.keyword) {
    case 'FROM': {
      const { image, alias } = instruction;
      if (image && !image.text.includes('$')) {
        add(image.span, build.stageOf(instruction)?.base.kind === 'stage' ? 'namespace' : 'type');
      }
      if (!alias) break;
      const as = image && asBetween(file.text, image.span.end, alias.span.start);
      if (as) add(as, 'keyword');
      add(alias.span, 'namespace', true);
      break;
    }
    case 'ENV':
    case 'ARG':
      for (const { keySpan } of instruction.pairs) add(keySpan, 'variable', true);
      break;
    case 'LABEL':
      for (const { keySpan } of instruction.pairs) add(keySpan, 'property');
      break;
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
      for (const { nameSpan, args } of parseShell(file, instruction, build.stateBefore(instruction).shell).commands) {
        add(nameSpan, 'function');
        for (const { span, text } of args) if (/^-[\w-]/.test(text)) add(optionName(span, text), 'parameter');
      }
  }
}

const scripts: ReadonlySet<string> = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);

/** Of long scripts only what looks like a variable: to know what an expansion does takes longer than a colour is worth. */
function variableSpans(instruction: Instruction, file: Dockerfile): Span[] {
  const { keyword, span } = instruction;
  if (!scripts.has(keyword)) return variablesOf(instruction, file).map((use) => use.span);
  const found: Span[] = [];
  const text = file.text.slice(span.start, span.end);
  for (const match of text.matchAll(/\\[\s\S]|\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\}?)/g)) {
    const start = span.start + match.index;
    if (match[0].startsWith('$')) found.push({ start, end: start + match[0].length });
  }
  return found;
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
