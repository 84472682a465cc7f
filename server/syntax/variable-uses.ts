import { DockerfileParser } from 'dockerfile-ast';
import { expandedTexts } from './expansion-problems.js';
import { LineReader } from './lines.js';
import { sourceSpan } from './logical-line.js';
import { contains, lineAt, type Span } from './text.js';
import type { Dockerfile, Instruction } from './tree.js';
import { variableNames } from './variables.js';

/** A place where an instruction names a variable. Spans are ranges of the file. */
export interface VariableUse {
  readonly name: string;
  /** `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, `/` or `//`; undefined for `$v`, `${v}` and `${#v}`. */
  readonly modifier: string | undefined;
  /** From the `$` to the closing brace or the end of the name; in `$((…))` the name alone. */
  readonly span: Span;
  readonly nameSpan: Span;
}

/** Instructions of which BuildKit expands all that it expands by itself; in the others a shell may expand the rest. */
const EXPANDED: ReadonlySet<string> = new Set([
  'FROM',
  'COPY',
  'ADD',
  'ENV',
  'ARG',
  'LABEL',
  'WORKDIR',
  'USER',
  'STOPSIGNAL',
  'EXPOSE',
  'VOLUME',
]);

/**
 * The variables that an instruction names, in order of the text, nested ones included: those that BuildKit expands, and in RUN,
 * CMD and their like (heredoc bodies too) those that a shell may. Numbers and `$?`, `$@` … are left out.
 */
export function variablesOf(instruction: Instruction, file: Dockerfile): readonly VariableUse[] {
  const text = file.text.slice(instruction.span.start, instruction.span.end);
  if (!text.includes('$')) return [];
  const isExpanded = EXPANDED.has(instruction.keyword);
  const uses = usesInLine(instruction, file, !isExpanded);
  for (const { bodySpan, expand } of instruction.heredocs) {
    if (!expand && instruction.keyword !== 'RUN') continue;
    const body = file.text.slice(bodySpan.start, bodySpan.end);
    const place = (from: number, to: number): Span => ({ start: bodySpan.start + from, end: bodySpan.start + to });
    uses.push(...usesIn(body, '\\', !isExpanded, place));
  }
  if (!isExpanded) return uses;
  const expanded = new Set<string>();
  for (const part of expandedTexts(instruction)) {
    for (const name of variableNames(part.text, { escape: file.escape, mode: part.mode ?? 'word' })) expanded.add(name);
  }
  return uses.filter(({ name }) => expanded.has(name));
}

/** Goes back to the instruction's line for its exact places. */
function usesInLine(instruction: Instruction, file: Dockerfile, isScript: boolean): VariableUse[] {
  const outer = file.instructions[instruction.index] ?? instruction;
  const physical = lineAt(file.lineStarts, outer.span.start);
  const line = new LineReader(file.text, file.lineStarts, file.escape, physical).nextLogical();
  if (line === undefined) return [];
  const uses = usesIn(line.text, file.escape, isScript, (from, to) => sourceSpan(line, from, to));
  return uses.filter(({ span }) => contains(instruction.span, span));
}

/** Variables of one line of text, found by dockerfile-ast in a view of the same length that holds only what it reads well. */
function usesIn(
  text: string,
  escapeToken: '\\' | '`',
  isScript: boolean,
  place: (from: number, to: number) => Span,
): VariableUse[] {
  const { view, closing } = plainView(text, escapeToken);
  const uses: VariableUse[] = [];
  for (const variable of DockerfileParser.parse(`X ${view}`).getInstructions()[0]?.getVariables() ?? []) {
    const name = variable.getName();
    if (!/^[A-Za-z_]/.test(name)) continue;
    const nameStart = variable.getNameRange().start.character - 'X '.length;
    const nameEnd = nameStart + name.length;
    const end = closing.get(nameStart);
    const dollar = text.lastIndexOf('$', nameStart);
    const braced = text[dollar + 1] === '{';
    const modifier = text[nameStart - 1] === '{' ? text.slice(nameEnd, nameEnd + 2) : '';
    uses.push({
      name,
      modifier: /^(?::[-+?]|[-+?]|##?|%%?|\/\/?)/.exec(modifier)?.[0],
      span: place(dollar, braced ? (end ?? nameEnd) : nameEnd),
      nameSpan: place(nameStart, nameEnd),
    });
  }
  if (!isScript || !text.includes('$((')) return uses;
  for (const { index, 0: name } of bareNames(text, escapeToken)) {
    const span = place(index, index + name.length);
    uses.push({ name, modifier: undefined, span, nameSpan: span });
  }
  return uses.sort((a, b) => a.nameSpan.start - b.nameSpan.start);
}

/** Names without a `$` in `$((…))`, where a shell takes them for variables; not those of a command in there. */
function* bareNames(text: string, escapeToken: string): Iterable<RegExpExecArray> {
  const inner = /(?<start>\$\(\()|(?<open>\$?\(|\$\{)|(?<close>[)}])|(?<![\w$#!])[A-Za-z_]\w*/g;
  const open: ('arithmetic' | 'group' | 'other')[] = [];
  for (const found of text.matchAll(inner)) {
    const groups = found.groups ?? {};
    const isArithmetic = open.length > 0 && open.at(-1) !== 'other';
    if (groups.start) {
      if (text[found.index - 1] !== escapeToken) open.push('arithmetic', 'group');
    } else if (groups.open) {
      if (open.length > 0) open.push(isArithmetic && groups.open === '(' ? 'group' : 'other');
    } else if (groups.close) open.pop();
    else if (isArithmetic) yield found;
  }
}

/**
 * dockerfile-ast loses `${v-w}`, `${v:-a b}`, `${v:-${w}}` and what follows an escape. So braces, escapes and line ends are
 * blanked and `${v` becomes ` $v`, `${#v` becomes `  $v`, which it reads well; `closing` has, for the start of each braced name, the place after its `}`.
 */
function plainView(text: string, escapeToken: string): { view: string; closing: ReadonlyMap<number, number> } {
  const view: string[] = [];
  const open: number[] = [];
  const closing = new Map<number, number>();
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escapeToken) {
      // What is escaped is no variable; a name in front ends here.
      view.push(at + 1 < text.length ? '..' : '.');
      at++;
    } else if (character === '$' && text[at + 1] === '{') {
      const isLength = /[#!]/.test(text.charAt(at + 2)) && /[A-Za-z_]/.test(text.charAt(at + 3));
      view.push(isLength ? '  $' : ' $');
      at += isLength ? 2 : 1;
      open.push(at + 1);
    } else if (character === '}') {
      const start = open.pop();
      if (start !== undefined) closing.set(start, at + 1);
      view.push('.');
    } else view.push(/[\s#<{\\]/.test(character) ? ' ' : character);
  }
  return { view: view.join(''), closing };
}
