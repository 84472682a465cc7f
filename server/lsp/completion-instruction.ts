import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import type { Build } from '../model/build.js';
import type { Instruction } from '../syntax/tree.js';
import type { CompletionFacts } from './completion.js';
import { completeMount } from './completion-mount.js';
import { completePath } from './completion-paths.js';
import { completeStage, type Typed } from './completion-stages.js';
import { innerOf } from './instruction-at.js';
import { sourceForm } from './name-forms.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';

/** In an instruction: sources of COPY and ADD, mounts, and where no other extension does so keywords, flags, stages, variables. */
export function completeInstruction(opened: Opened, offset: number, client: CompletionFacts): CompletionItem[] {
  if (opened.parsed.kind !== 'dockerfile') return [];
  const typed = typedBefore(opened, offset);
  if (typed === 'elsewhere') return [];
  if (!typed) return client.languageFeatures ? keywords(opened, offset) : [];
  const { build } = opened.parsed;
  const { instruction, word } = typed;
  if (client.languageFeatures) {
    const variable = /\$\{?(\w*)$/.exec(word)?.[1];
    if (variable !== undefined) return variables(opened, offset, instruction, variable);
  }
  if (word.startsWith('--mount=') && instruction.keyword === 'RUN')
    return completeMount(opened, offset, typed, instruction);
  if (word.startsWith('--')) return client.languageFeatures ? flags(opened, offset, build, typed) : [];
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') return sources(opened, offset, typed);
  if (instruction.keyword === 'FROM' && client.languageFeatures && typed.words.every((one) => one.startsWith('--'))) {
    return completeStage(opened, offset, build, instruction, word);
  }
  return [];
}

/** Undefined outside of instructions and in the keyword itself; `elsewhere` in a heredoc. */
function typedBefore({ parsed, text }: Opened, offset: number): Typed | 'elsewhere' | undefined {
  if (parsed.kind !== 'dockerfile') return undefined;
  const { file } = parsed;
  const outer = file.instructions.findLast(({ span }) => span.start < offset);
  if (!outer) return undefined;
  const instruction = innerOf(outer);
  if (offset <= instruction.keywordSpan.end) return undefined;
  if (instruction.heredocs.some(({ bodySpan }) => offset >= bodySpan.start)) {
    return offset <= outer.span.end ? 'elsewhere' : undefined;
  }
  const raw = text.slice(instruction.keywordSpan.end, offset);
  // Beyond the end only blanks of its last line, or of a continuation that nothing follows yet, belong to it.
  if (offset > outer.span.end && /\S/.test(text.slice(outer.span.end, offset))) return undefined;
  const joined = joinContinuations(raw, file.escape);
  if (joined === undefined) return undefined;
  const words = joined.split(/[ \t]+/);
  return { instruction, words: words.slice(0, -1).filter((word) => word !== ''), word: words.at(-1) ?? '' };
}

/** Undefined where a line ends without a continuation: the place is on a later line. */
function joinContinuations(raw: string, escapeToken: string): string | undefined {
  const lines = raw.split(/\r?\n/);
  const last = lines.pop() ?? '';
  let joined = '';
  for (const [index, line] of lines.entries()) {
    if (index > 0 && /^\s*(?:#|$)/.test(line)) continue;
    const trimmed = line.trimEnd();
    if (!trimmed.endsWith(escapeToken)) return undefined;
    joined += trimmed.slice(0, -1);
  }
  return joined + last;
}

function sources(opened: Opened, offset: number, { instruction, words, word }: Typed): CompletionItem[] {
  const { context } = opened.surroundings;
  if (!context || opened.parsed.kind !== 'dockerfile') return [];
  const isElsewhere =
    instruction.flags.some(({ name }) => name === 'from') || words.some((one) => one.startsWith('--from='));
  // Quotes, the start of the exec form or of a heredoc, variables, URLs.
  if (isElsewhere || /^["'<]|^\[(?!\[\])|(?<![\\`])\$|:\/\//.test(word)) return [];
  const line = opened.text.slice(opened.text.lastIndexOf('\n', offset - 1) + 1, offset - word.length);
  const form = sourceForm(opened.parsed.file.escape, line.trim() === '');
  return completePath(opened, offset, word, context, form, (path) => !context.ignored(path));
}

const KEYWORDS =
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  );

function keywords({ document, text }: Opened, offset: number): CompletionItem[] {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const word = /^\s*(\w*)$/.exec(line)?.[1];
  if (word === undefined) return [];
  const range = rangeOf(document, { start: offset - word.length, end: offset });
  return KEYWORDS.map((label) => ({ label, kind: CompletionItemKind.Keyword, textEdit: { range, newText: label } }));
}

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  FROM: ['--platform='],
  RUN: ['--mount=', '--network=', '--security=', '--device='],
  COPY: ['--from=', '--chown=', '--chmod=', '--link', '--parents', '--exclude='],
  ADD: ['--checksum=', '--chown=', '--chmod=', '--keep-git-dir', '--link', '--unpack', '--exclude='],
  HEALTHCHECK: ['--interval=', '--timeout=', '--start-period=', '--start-interval=', '--retries='],
};

const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--network=': ['default', 'none', 'host'],
  '--security=': ['sandbox', 'insecure'],
  '--platform=': ['$BUILDPLATFORM', '$TARGETPLATFORM', 'linux/amd64', 'linux/arm64'],
};

function flags(opened: Opened, offset: number, build: Build, { instruction, words, word }: Typed): CompletionItem[] {
  const equals = word.indexOf('=') + 1;
  const value = word.slice(equals);
  if (equals > 0 && word.startsWith('--from=') && instruction.keyword === 'COPY') {
    return completeStage(opened, offset, build, instruction, value);
  }
  const list = equals > 0 ? VALUES[word.slice(0, equals)] : FLAGS[instruction.keyword];
  const typed = equals > 0 ? value : word;
  const range = rangeOf(opened.document, { start: offset - typed.length, end: offset });
  const isRepeatable = (flag: string) => flag === '--mount=' || flag === '--exclude=';
  return (list ?? [])
    .filter((flag) => isRepeatable(flag) || !words.some((one) => flag.startsWith('--') && one.startsWith(flag)))
    .map((label) => ({ label, kind: CompletionItemKind.Property, textEdit: { range, newText: label } }));
}

function variables(
  { parsed, document }: Opened,
  offset: number,
  instruction: Instruction,
  typed: string,
): CompletionItem[] {
  if (parsed.kind !== 'dockerfile') return [];
  const { build, file } = parsed;
  const names = new Set<string>();
  for (const one of file.instructions) {
    if (one.index >= instruction.index) break;
    if (one.keyword === 'ENV' || one.keyword === 'ARG') for (const { key } of one.pairs) names.add(key);
  }
  const range = rangeOf(document, { start: offset - typed.length, end: offset });
  const isGlobal = instruction.keyword === 'FROM';
  return [...names].flatMap((name) => {
    const value = build.variable(instruction, name);
    const isInScope = value !== undefined || isGlobal || isDeclared(build, instruction, name);
    if (!isInScope) return [];
    const detail = value === undefined ? {} : { detail: value };
    return [{ label: name, kind: CompletionItemKind.Variable, ...detail, textEdit: { range, newText: name } }];
  });
}

function isDeclared(build: Build, instruction: Instruction, name: string): boolean {
  const stage = build.stageOf(instruction);
  return (stage?.instructions ?? []).some(
    (one) =>
      one.index < instruction.index &&
      (one.keyword === 'ENV' || one.keyword === 'ARG') &&
      one.pairs.some(({ key }) => key === name),
  );
}
