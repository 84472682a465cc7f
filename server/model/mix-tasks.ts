import type { ShellCommand, ShellWord } from '../syntax/shell.js';

/** One task of a call of mix. */
export interface MixTask {
  readonly name: string;
  /** Words behind it; one that an expansion decides stands as it is written. */
  readonly words: readonly string[];
}

/**
 * The tasks that a command calls, in order; those of `mix do` are told apart by commas and, from Elixir 1.14 on, by `+`. Empty where it
 * is not mix, or no task is named.
 *
 * https://github.com/elixir-lang/elixir/blob/main/lib/mix/lib/mix/tasks/do.ex
 */
export function mixTasks(
  { name, args }: Pick<ShellCommand, 'name' | 'args'>,
  resolve: (word: ShellWord) => string | undefined = ({ value }) => value,
): readonly MixTask[] {
  if (name !== 'mix') return [];
  const words = args.map((word) => resolve(word) ?? word.text.replace(/^"(.*)"$/s, '$1'));
  const [first, ...rest] = words;
  if (first === undefined) return [];
  const calls = first === 'do' ? separated(rest) : [words];
  return calls.flatMap(([task, ...more]) => (task === undefined ? [] : [{ name: task, words: more }]));
}

function separated(words: readonly string[]): readonly (readonly string[])[] {
  const calls: string[][] = [[]];
  for (const word of words) {
    const own = word === '+' ? '' : word.replace(/,$/, '');
    if (own !== '') calls.at(-1)?.push(own);
    if (own !== word) calls.push([]);
  }
  return calls;
}
