import { goQuote } from './go-text.js';
import type { LineStarts, Span } from './text.js';
import type { Directive } from './tree.js';
import { isSpace, skipSpaces } from './white-space.js';

export interface Directives {
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
  readonly problems: readonly { readonly message: string; readonly span: Span }[];
  /** How many physical lines, from the first on, are directives. */
  readonly lines: number;
}

/**
 * The parser directives at the top of a file. Reading ends at the first line that is none: a blank line, another comment, an
 * unknown key or an instruction (`parser/directives.go:ParseLine`).
 */
export function readDirectives(text: string, starts: LineStarts): Directives {
  const directives: Directive[] = [];
  const problems: { message: string; span: Span }[] = [];
  const seen = new Set<string>();
  let escapeToken: '\\' | '`' = '\\';
  let line = 0;
  for (; line < starts.length; line++) {
    const directive = readDirective(text, firstCharacter(starts, line, text), starts[line + 1] ?? text.length);
    if (directive === undefined) break;
    directives.push(directive);
    if (seen.has(directive.name)) {
      problems.push({ message: `only one ${directive.name} parser directive can be used`, span: directive.span });
      continue;
    }
    seen.add(directive.name);
    const { name, value, valueSpan } = directive;
    if (name === 'escape' && (value === '`' || value === '\\')) escapeToken = value;
    const message = valueProblem(name, value);
    if (message !== undefined) problems.push({ message, span: valueSpan });
  }
  return { directives, escape: escapeToken, problems, lines: line };
}

function valueProblem(name: Directive['name'], value: string): string | undefined {
  if (name === 'check') return checkProblem(value);
  if (name === 'syntax' || value === '`' || value === '\\') return undefined;
  return `invalid escape token '${value}' does not match \` or \\`;
}

/** `linter/linter.go:ParseLintOptions` */
function checkProblem(value: string): string | undefined {
  if (value.trim() === '') return undefined;
  for (const option of value.trim().split(';')) {
    const [name = '', setting] = option.split('=', 2);
    const known = ['skip', 'experimental', 'error'].includes(name.trim());
    if (setting === undefined || !known) {
      return `failed to parse check options: invalid check option ${goQuote(known ? option : name.trim())}`;
    }
    if (name.trim() === 'error' && !/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(setting.trim())) {
      return `failed to parse check options: failed to parse check option ${goQuote(option)}`;
    }
  }
  return undefined;
}

function firstCharacter(starts: LineStarts, line: number, text: string): number {
  const start = starts[line] ?? 0;
  return line === 0 && text.charCodeAt(0) === 0xfeff ? 1 : start;
}

const DIRECTIVE_NAME = /[a-zA-Z][a-zA-Z0-9]*/y;

function readDirective(text: string, from: number, lineEnd: number): Directive | undefined {
  let end = lineEnd;
  while (end > from && isLineEnd(text.charCodeAt(end - 1))) end--;
  const start = skipSpaces(text, from, end);
  if (text[start] !== '#' || start >= end) return undefined;
  const nameStart = skipSpaces(text, start + 1, end);
  DIRECTIVE_NAME.lastIndex = nameStart;
  const name = DIRECTIVE_NAME.exec(text)?.[0];
  const known = name?.toLowerCase();
  if (name === undefined || (known !== 'syntax' && known !== 'escape' && known !== 'check')) return undefined;
  const equals = skipPatternSpaces(text, nameStart + name.length, end);
  if (text[equals] !== '=' || equals + 1 >= end) return undefined;
  let valueEnd = end;
  while (valueEnd > equals + 1 && isPatternSpace(text.charCodeAt(valueEnd - 1))) valueEnd--;
  const blank = valueEnd === equals + 1;
  // `# escape= ` has the value " ": BuildKit's pattern wants one character and gives it the last blank.
  const valueStart = blank ? end - 1 : skipPatternSpaces(text, equals + 1, end);
  if (blank) valueEnd = end;
  return {
    name: known,
    value: text.slice(valueStart, valueEnd),
    span: { start, end: valueEnd },
    valueSpan: { start: valueStart, end: valueEnd },
  };
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

/** Go's `\s`. */
function isPatternSpace(code: number): boolean {
  return code < 128 && code !== 11 && isSpace(code);
}

function skipPatternSpaces(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isPatternSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Whether a directive begins where these comment lines were: `# escape=…` below another comment is a comment too. */
export function uncoversDirective(text: string, { start, end }: Span): boolean {
  return (
    /^[ \t]*#\s*[a-z]+\s*=/i.test(text.slice(end, end + 200)) && /^\ufeff?(?:[ \t]*#.*\n)*$/.test(text.slice(0, start))
  );
}
