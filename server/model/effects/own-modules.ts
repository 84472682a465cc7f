import { shadowedModules } from '../../knowledge/python-modules.js';
import type { ShellCommand } from '../../syntax/shell.js';
import { joinPath } from '../path.js';
import { type Area, entry } from './area.js';

/** `python -m` looks for the modules of the program in the working folder first. */
export function ownModules({ name, args }: ShellCommand, folder: string | undefined): Area[] {
  if (!/^python[\d.]*$/.test(name ?? '') || !args.some(({ text }) => text === '-m')) return [];
  const module = args[args.findIndex(({ text }) => text === '-m') + 1]?.value;
  return modulesBefore(folder, module === undefined ? [] : [module]);
}

/** What stands in for modules of Python's library and `more` where a program looks for them in a folder first. */
export function modulesBefore(folder: string | undefined, more: readonly string[] = []): Area[] {
  const names = [...shadowedModules, 'sitecustomize', 'usercustomize', ...more];
  return names.flatMap((one) =>
    [`${one}.py`, `${one}/__init__.py`].map((path) => entry(joinPath(folder ?? '/', path))),
  );
}
