import type { ast } from './shell-view.js';
import { literalValue } from './shell-words.js';

/** What is known of one member of an and-or chain. */
export interface Certainty {
  /** It runs whenever the whole list succeeds. */
  readonly runs: boolean;
  /** It has succeeded whenever the whole list has. */
  readonly succeeds: boolean;
}

const unsure: Certainty = { runs: false, succeeds: false };

/**
 * `a && b || c` from its end: a chain that must succeed makes both sides of its last `&&` succeed; behind a `||` nothing is known,
 * unless the alternative always fails (`|| false`). `exitEnds`: an `exit 1` here fails the whole, whatever follows.
 */
export function certaintyOf(
  chain: readonly ast.PipelineNode[],
  operators: readonly string[],
  must: boolean,
  exitEnds: boolean,
): Certainty[] {
  if (chain.length === 1) {
    const only: Certainty = { runs: true, succeeds: must };
    return [only];
  }
  const result: Certainty[] = chain.map(() => unsure);
  let known = must;
  for (let index = chain.length - 1; index >= 0; index--) {
    const node = chain[index];
    if (operators[index - 1] === '||') {
      const failure = node === undefined ? undefined : failureOf(node, true);
      known = failure === 'exit' ? known || exitEnds : known && failure === 'status';
    } else {
      result[index] = { runs: known || index === 0, succeeds: known };
    }
  }
  return result;
}

/** How a command that cannot succeed fails: `false` by its status, `exit 1` by ending the shell; the same for groups that end so. */
function failureOf(node: ast.PipelineNode, behindFailure: boolean): 'status' | 'exit' | undefined {
  if (node.type === 'BraceGroup' || node.type === 'Subshell') {
    const last = node.body.commands.at(-1)?.command;
    if (last === undefined) return undefined;
    if (last.type !== 'AndOr') {
      const failure = failureOf(last, false);
      return node.type === 'Subshell' ? failure && 'status' : failure;
    }
    // In `echo x && exit 1` the exit may be left out, but then the group fails too.
    const end = last.commands.at(-1);
    const failure = end === undefined || last.operators.includes('||') ? undefined : failureOf(end, false);
    return failure && 'status';
  }
  if (node.type !== 'Command') return undefined;
  const name = node.name?.value;
  if (name === 'false') return 'status';
  if ((name !== 'exit' && name !== 'return') || !endsBadly(node, behindFailure)) return undefined;
  return name === 'exit' ? 'exit' : 'status';
}

/** Whether `exit` or `return` surely gives a failure; without an argument it passes on that of the command before. */
export function endsBadly(node: ast.Command, behindFailure: boolean): boolean {
  const [argument] = node.args;
  if (argument === undefined || argument.type !== 'Word') return behindFailure;
  const value = literalValue(argument);
  if (value === undefined) return behindFailure && argument.text === '$?';
  return /^\d+$/.test(value) && Number(value) % 256 !== 0;
}
