import { addSlice, joinPieces, type MappedText, newPieces, sourceSpan, unescapeSlice } from './mapped-text.js';
import type { Assignment, Redirect, ShellWord } from './shell.js';
import { type ast, forEachChild } from './shell-view.js';

/** Where the nodes of one parsed script stand. */
export interface ScriptPlace {
  /** The Dockerfile's text. */
  readonly source: string;
  readonly map: MappedText;
}

/** A script inside a word: `$(…)`, backticks, `<(…)`. */
export interface Substitution {
  readonly script: ast.ParsedScript;
  readonly map: MappedText;
}

type Node = ast.SyntaxNode;

export function toWord(at: ScriptPlace, node: ast.Word | ast.Assignment | ast.HereDocDelimiter): ShellWord {
  const where = sourceSpan(at.map, node.pos, node.end);
  const isWhole =
    node.type !== 'HereDocDelimiter' &&
    node.text.length === where.end - where.start &&
    at.source.startsWith(node.text, where.start);
  const text = isWhole ? node.text : at.source.slice(where.start, where.end);
  if (node.type === 'HereDocDelimiter') return { text, value: node.value, span: where };
  if (node.type === 'Word') return { text, value: literalValue(node), span: where };
  const value = node.value.type === 'Word' ? literalValue(node.value) : undefined;
  return { text, value: value === undefined ? undefined : assignmentStart(node) + value, span: where };
}

function assignmentStart(node: ast.Assignment): string {
  return node.value.type === 'Word' ? node.text.slice(0, node.value.pos - node.pos) : '';
}

export function toAssignment(at: ScriptPlace, node: ast.Assignment): Assignment {
  const value = node.value.type === 'Word' && !node.append && !node.index ? literalValue(node.value) : undefined;
  return { name: node.name, value, span: sourceSpan(at.map, node.pos, node.end) };
}

export function toRedirect(at: ScriptPlace, node: ast.Redirection): Redirect {
  const { descriptor } = node;
  const number = descriptor?.type === 'FileDescriptor' ? `${descriptor.value}` : '';
  const target = node.type === 'HereDoc' ? node.delimiter : node.target;
  return {
    operator: number + node.operator,
    target: target === undefined ? undefined : toWord(at, target),
    span: sourceSpan(at.map, node.pos, node.end),
  };
}

/** The word without quotes and escapes; undefined where an expansion decides. Globs, braces and `~` stay as they are written. */
export function literalValue(word: ast.Word): string | undefined {
  if (!/[$`]|[<>]\(/.test(word.text)) return word.value;
  if (PLAIN_EXPANSION.test(word.text)) return undefined;
  return word.parts?.some(isExpansion) ? undefined : word.value;
}

/** Nothing but variables, double quotes and characters without a meaning: no need to take it apart. */
const PLAIN_EXPANSION = /^(?:[\w/.:=@%,"-]|\$[A-Za-z_]|\$\{[A-Za-z_]\w*\})*$/;

function isExpansion(part: ast.WordPart): boolean {
  switch (part.type) {
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'CommandExpansion':
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
      return true;
    case 'DoubleQuoted':
    case 'LocaleString':
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return part.parts?.some(isExpansion) ?? false;
    default:
      return false;
  }
}

/** Whether `eachSubstitution` may find something in a text. */
export function holdsSubstitution(text: string): boolean {
  return /`|\$\(|\$\{[ |]|[<>]\(/.test(text);
}

/** Calls back for each script that stands in the words below `node`, outer ones only. */
export function eachSubstitution(map: MappedText, node: Node, found: (substitution: Substitution) => void): void {
  if ((node.type === 'Word' || node.type === 'Assignment') && !holdsSubstitution(node.text)) return;
  switch (node.type) {
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticCommandExpansion': {
      const { script } = node;
      if (script === undefined) return;
      const inner = script.source === undefined ? map : backtickText(map, node, script.source);
      if (inner !== undefined) found({ script, map: inner });
      return;
    }
    case 'Script':
      return;
    default:
      forEachChild(node, (child) => eachSubstitution(map, child, found));
  }
}

/** The text inside backticks that hold escapes, where it comes out as the parser has it. */
function backtickText(map: MappedText, node: { pos: number; end: number }, decoded: string): MappedText | undefined {
  for (const escapable of ['`\\$', '`\\$"']) {
    const inner = unescapeSlice(map, node.pos + 1, node.end - 1, escapable);
    if (inner.text === decoded) return inner;
  }
  return undefined;
}

/** The script that a word hands to `sh -c`: one plain or quoted part, without `$(…)`, which the outer shell would run. */
export function scriptInWord(map: MappedText, word: ast.Word): MappedText | undefined {
  const { parts } = word;
  if (parts === undefined) return word.text === word.value ? slice(map, word.pos, word.end) : undefined;
  const [part] = parts;
  if (part === undefined || parts.length > 1 || !isClosed(part.text)) return undefined;
  if (part.type === 'SingleQuoted') return slice(map, part.pos + 1, part.end - 1);
  if (part.type !== 'DoubleQuoted' || part.parts.some(runsCommand)) return undefined;
  if (part.parts.every((child) => child.type !== 'Literal')) return undefined;
  return unescapeSlice(map, part.pos + 1, part.end - 1, '\\$"`');
}

/** The script in the body of `bash <<EOF`, where the outer shell runs nothing inside it. */
export function scriptInHeredoc(map: MappedText, heredoc: ast.HereDoc): MappedText | undefined {
  const { body, delimiter } = heredoc;
  if (delimiter === undefined || body.parts?.some(runsCommand)) return undefined;
  return delimiter.quoted ? slice(map, body.pos, body.end) : unescapeSlice(map, body.pos, body.end, '\\$`');
}

function runsCommand(part: ast.WordPart): boolean {
  if (part.type === 'Literal' || part.type === 'SimpleExpansion') return false;
  return part.type !== 'ParameterExpansion' || /`|\$\(/.test(part.text);
}

function isClosed(quoted: string): boolean {
  return quoted.length > 1 && quoted[0] === quoted[quoted.length - 1];
}

function slice(map: MappedText, start: number, end: number): MappedText {
  const to = newPieces();
  addSlice(to, map, start, end);
  return joinPieces(to);
}
