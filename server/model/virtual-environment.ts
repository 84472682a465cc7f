import type { ShellCommand, ShellWord } from '../syntax/shell.js';

/** Whether a command makes a virtual environment and looks at nothing of what lies there: `python -m venv DIR`, `virtualenv DIR`. */
export function makesEnvironment({ name = '', args }: ShellCommand): boolean {
  const [first, second] = args.map(({ text }) => text);
  return (
    name === 'virtualenv' ||
    (/^python[\d.]*$/.test(name) && first === '-m' && /^(?:venv|virtualenv)$/.test(second ?? ''))
  );
}

/** The folder of the virtual environment that a command makes, as written or resolved; undefined where it makes none. */
export function environmentFolder(
  command: ShellCommand,
  resolve: (word: ShellWord) => string | undefined,
): string | undefined {
  const words = command.args.map((word) => resolve(word) ?? '').filter((text) => !text.startsWith('-'));
  // https://docs.astral.sh/uv/pip/environments/: `.venv` where none is named.
  if (command.name === 'uv') return words[0] === 'venv' ? (words[1] ?? '.venv') : undefined;
  return makesEnvironment(command) ? words.at(-1) : undefined;
}
