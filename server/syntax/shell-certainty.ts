import type { ast } from './shell-view.js';
import { literalValue } from './shell-words.js';

/** What is known of one member of an and-or chain. */
export interface Certainty {
  /** It runs whenever the whole list succeeds. */
  readonly runs: boolean;
  /** It has succeeded whenever the whole list has. */
  readonly succeeds: boolean;
}

/**
 * `a && b || c` from its end: a chain that must succeed makes both sides of its last `&&` succeed; behind a `||` nothing is known,
 * unless the alternative always fails (`|| exit 1`).
 */
export function certaintyOf(
  chain: readonly ast.PipelineNode[],
  operators: readonly string[],
  must: boolean,
): Certainty[] {
  const result: Certainty[] = [];
  let known = must;
  for (let index = chain.length - 1; index >= 0; index--) {
    const node = chain[index];
    const operator = operators[index - 1];
    if (operator === '||') {
      result[index] = { runs: false, succeeds: false };
      known = known && node !== undefined && alwaysFails(node, true);
    } else {
      result[index] = { runs: known || index === 0, succeeds: known };
    }
  }
  return result;
}

/** `false`, `exit 1`, or a group or subshell that ends in one of them. */
function alwaysFails(node: ast.PipelineNode, behindFailure: boolean): boolean {
  if (node.type === 'BraceGroup' || node.type === 'Subshell') {
    const last = node.body.commands.at(-1)?.command;
    if (last === undefined) return false;
    if (last.type !== 'AndOr') return alwaysFails(last, false);
    const end = last.commands.at(-1);
    return end !== undefined && !last.operators.includes('||') && alwaysFails(end, false);
  }
  if (node.type !== 'Command') return false;
  const name = node.name?.value;
  return name === 'false' || ((name === 'exit' || name === 'return') && endsBadly(node, behindFailure));
}

/** Whether `exit` or `return` surely gives a failure; without an argument it passes on that of the command before. */
export function endsBadly(node: ast.Command, behindFailure: boolean): boolean {
  const [argument] = node.args;
  if (argument === undefined || argument.type !== 'Word') return behindFailure;
  const value = literalValue(argument);
  return value === undefined
    ? behindFailure && argument.text === '$?'
    : /^\d+$/.test(value) && Number(value) % 256 !== 0;
}
