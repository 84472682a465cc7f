import assert from 'node:assert/strict';
import { mixTasks } from '../../server/model/mix-tasks.js';
import type { ShellWord } from '../../server/syntax/shell.js';

const word = (text: string): ShellWord => ({
  text,
  value: text.includes('$') ? undefined : text.replaceAll('"', ''),
  span: { start: 0, end: 0 },
});

const tasksOf = (line: string) => {
  const [name, ...args] = line.split(' ');
  return mixTasks({ name, args: args.map(word) }).map((task) => [task.name, ...task.words].join(' '));
};

describe('mixTasks', () => {
  const cases: readonly (readonly [line: string, tasks: readonly string[]])[] = [
    ['mix deps.get --only prod', ['deps.get --only prod']],
    ['mix do local.hex --force, deps.get', ['local.hex --force', 'deps.get']],
    ['mix "do" deps.get --only $MIX_ENV, deps.compile', ['deps.get --only $MIX_ENV', 'deps.compile']],
    ['mix do deps.get + deps.compile', ['deps.get', 'deps.compile']],
    ['mix do deps.get , compile', ['deps.get', 'compile']],
    ['mix', []],
    ['npm ci', []],
  ];
  for (const [line, tasks] of cases) it(line, () => assert.deepEqual(tasksOf(line), tasks));
});
