import type { Acceptance } from '../../model/effects/command-effects.js';
import { mixTasks } from '../../model/mix-tasks.js';
import { canCut, carriedBy, prefixOf, type SplitRun } from '../../model/split-run.js';
import type { ShellCommand, ShellScript } from '../../syntax/shell.js';
import type { Dockerfile, RunInstruction } from '../../syntax/tree.js';

/**
 * Cuts a RUN inside of a `mix do`, behind the tasks that only fetch dependencies: what they leave for later tasks is in files, and each
 * call evaluates the manifests anew. The rest stays a `mix do`, since a task by itself may run in another environment
 * (`preferred_envs`, https://hexdocs.pm/mix/Mix.Project.html).
 */
export function splitTasks(
  file: Dockerfile,
  run: RunInstruction,
  script: ShellScript,
  at: number,
  acceptance: Acceptance,
): SplitRun | undefined {
  const command = script.commands[at];
  const [first] = command?.args ?? [];
  if (command?.name !== 'mix' || first?.value !== 'do' || !canCut(run, script, command)) return undefined;
  if (command.wrappers.length > 0 || command.redirects.length > 0) return undefined;
  const carried = carriedBy(script.commands.slice(0, at));
  const cut = cutOf(command, acceptance === 'likely' ? [...fetching, 'deps.compile'] : fetching);
  if (!carried || !cut) return undefined;
  const slice = (from: number, to: number) => file.text.slice(from, to);
  const words = carried.map(({ span }) => `${slice(span.start, span.end)} && `).join('');
  const call = slice(command.span.start, first.span.end);
  return {
    head: slice(run.span.start, cut.end),
    tail: `${prefixOf(file, run)}${words}${call} ${slice(cut.next, run.span.end)}`,
  };
}

const fetching = ['local.hex', 'local.rebar', 'deps.get'];

/** Where the last of the tasks ends, and the one behind it starts; undefined where it has not both. */
function cutOf(
  { args }: ShellCommand,
  tasks: readonly string[],
): { readonly end: number; readonly next: number } | undefined {
  let found: { readonly end: number; readonly next: number } | undefined;
  for (let index = 1; index + 1 < args.length; index++) {
    const [before, word, behind] = [args[index - 1], args[index], args[index + 1]];
    if (!before || !word || !behind || !/^(?:[^"']+,|\+)$/.test(word.text)) continue;
    const names = mixTasks({ name: 'mix', args: args.slice(0, index + 1) }).map(({ name }) => name);
    if (!names.every((name) => tasks.includes(name))) break;
    if (names.includes('deps.get'))
      found = { end: word.text === '+' ? before.span.end : word.span.end - 1, next: behind.span.start };
  }
  return found;
}
