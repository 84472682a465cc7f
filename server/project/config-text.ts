import type { Node, ParseError } from 'jsonc-parser';
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Config } from '../core/config.js';
import { validateConfig } from '../core/config.js';
import type { Rule } from '../core/rule.js';
import type { Span } from '../syntax/text.js';
import { span } from '../syntax/text.js';

/** A mistake in the text of a config, at its place. */
export interface ConfigTextProblem {
  readonly message: string;
  readonly span: Span;
}

export interface ConfigText {
  /** Whatever could be read. */
  readonly config: Config;
  /** What is not JSON with comments; with such problems `config` may lack a good deal. */
  readonly syntaxProblems: readonly ConfigTextProblem[];
  /** Unknown keys, rules and values. */
  readonly problems: readonly ConfigTextProblem[];
  /** Of each entry of `extends`, in order. */
  readonly extendsSpans: readonly Span[];
}

const reasons: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is neither a JSON value nor a comment',
  InvalidNumberFormat: 'this is not a JSON number',
  PropertyNameExpected: 'a key in double quotes is missing here',
  ValueExpected: 'a value is missing here',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing } is missing here',
  CloseBracketExpected: 'a closing ] is missing here',
  EndOfFileExpected: 'the config has ended; nothing may follow',
  UnexpectedEndOfComment: 'this comment is not closed',
  UnexpectedEndOfString: 'this string is not closed',
};

/** Reads JSON with comments and trailing commas. `key`: the config is the value of this key, as in package.json. */
export function readConfigText(text: string, rules: readonly Rule[], key?: string): ConfigText {
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  const syntaxProblems = errors.map(({ error, offset, length }) => ({
    message: reasons[printParseErrorCode(error)] ?? 'this is not JSON',
    span: placeOf(text, offset, length),
  }));
  const node = root && key !== undefined ? findNodeAtLocation(root, [key]) : root;
  if (!node) {
    if (key === undefined && errors.length === 0)
      syntaxProblems.push({ message: 'the config is empty; write {}', span: span(0, 0) });
    return { config: {}, syntaxProblems, problems: [], extendsSpans: [] };
  }
  const { config, problems } = validateConfig(getNodeValue(node), rules);
  return {
    config,
    syntaxProblems,
    problems: problems.map(({ path, message }) => ({ message, span: spanOf(node, path, message) })),
    extendsSpans: extendsSpans(node),
  };
}

/** An unknown name underlines the key, a bad value the value; what has no node of its own, its nearest parent. */
function spanOf(root: Node, path: readonly (string | number)[], message: string): Span {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (!node) continue;
    const property = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
    return nodeSpan(property && /^unknown /.test(message) ? property : node);
  }
  return span(root.offset, root.offset + 1);
}

function extendsSpans(root: Node): readonly Span[] {
  const node = findNodeAtLocation(root, ['extends']);
  if (!node) return [];
  return (node.type === 'array' ? (node.children ?? []) : [node]).map(nodeSpan);
}

function nodeSpan({ offset, length }: Node): Span {
  return span(offset, offset + length);
}

/** An error at the end of the text or at a line ending moves back to the last visible character. */
function placeOf(text: string, offset: number, length: number): Span {
  if (offset < text.length && length > 0) return span(offset, offset + length);
  const last = text.slice(0, offset).trimEnd().length;
  return span(Math.max(0, last - 1), last);
}
