// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how workflows write expressions
import { type MatrixValues, unknown } from './workflow-matrix.js';

/** What expressions of a job may name. */
export interface ExpressionScope {
  readonly matrix: MatrixValues;
  /** Undefined values are not known. */
  readonly env: ReadonlyMap<string, string | undefined>;
  /** Folder of the repository, absolute. */
  readonly workspace: string;
}

/**
 * A text with its `${{ … }}` replaced; undefined where one is more than a value of the matrix or the environment, the workspace, a
 * literal, or alternatives of them (https://docs.github.com/actions/reference/workflows-and-actions/expressions).
 */
export function resolveText(text: string, scope: ExpressionScope): string | undefined {
  let isKnown = true;
  const resolved = replaceExpressions(text, scope, () => {
    isKnown = false;
    return '';
  });
  return isKnown && !resolved.includes('${{') ? resolved : undefined;
}

/** The same, where what is not known becomes a variable of the shell, which nobody knows either. */
export function resolveScript(text: string, scope: ExpressionScope): string {
  return replaceExpressions(text, scope, () => '${LAYERWISE_UNKNOWN}');
}

function replaceExpressions(text: string, scope: ExpressionScope, otherwise: () => string): string {
  return text.replace(/\$\{\{((?:[^'}]|'[^']{0,300}'|\}(?!\})){0,300})\}\}/g, (_, expression: string) => {
    const value = valueIn(expression, scope);
    return value === undefined ? otherwise() : value;
  });
}

/** Of `a || b || 'c'` the first that is not empty. */
function valueIn(expression: string, scope: ExpressionScope): string | undefined {
  let last: string | undefined;
  for (const part of alternatives(expression)) {
    const value = operand(part.trim(), scope);
    if (value === undefined) return undefined;
    last = value;
    if (value !== '' && value !== 'false' && value !== '0') break;
  }
  return last;
}

function alternatives(expression: string): string[] {
  const parts = [''];
  for (const [piece] of expression.matchAll(/'[^']*'|\|\||[^'|]+|\|/g)) {
    if (piece === '||') parts.push('');
    else parts.push(`${parts.pop()}${piece}`);
  }
  return parts;
}

function operand(text: string, { matrix, env, workspace }: ExpressionScope): string | undefined {
  const literal = /^'([^']*)'$/.exec(text)?.[1];
  if (literal !== undefined) return literal;
  if (text === 'github.workspace') return workspace;
  const [root, ...fields] = pathOf(text) ?? [];
  if (root === 'env' && fields.length === 1) return env.has(fields[0] ?? '') ? env.get(fields[0] ?? '') : undefined;
  if (root !== 'matrix' || fields.length === 0) return undefined;
  return textOf(fields.reduce(fieldOf, Object.fromEntries(matrix)));
}

/** `matrix.image.file`, `matrix['file']` */
function pathOf(text: string): readonly string[] | undefined {
  if (!/^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[\s*'[^']*'\s*\])*$/.test(text)) return undefined;
  return (text.match(/'[^']*'|[\w-]+/g) ?? []).map((part) => part.replaceAll("'", ''));
}

/** A field that is not there is empty, as on GitHub. */
function fieldOf(value: unknown, name: string): unknown {
  if (value === unknown) return unknown;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : null;
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // An expression in the matrix itself.
  return typeof value === 'string' && !value.includes('${{') ? value : undefined;
}
