import type { RunPaths } from '../../model/run-paths.js';
import type { ShellCommand, ShellScript, ShellWord } from '../../syntax/shell.js';

/** A chown that certainly runs. */
export interface Chown {
  readonly command: ShellCommand;
  readonly owner: ShellWord;
  readonly recursive: boolean;
  /** The option that makes it so. */
  readonly recursiveWord: ShellWord | undefined;
  /** Absolute, one for each operand. */
  readonly paths: readonly string[];
}

export function chownsIn(script: ShellScript, paths: RunPaths): Chown[] {
  return script.commands.flatMap((command, index) => {
    if (command.name !== 'chown' || !command.certain || command.piped) return [];
    const options = command.args.filter(({ value, text }) => (value ?? text).startsWith('-'));
    if (options.some(({ value }) => value === undefined || /^--(?:from|reference)/.test(value))) return [];
    const [owner, ...operands] = command.args.filter((word) => !options.includes(word));
    const resolved = operands.map((word) => paths.pathsOf(word, index));
    const targets = resolved.flatMap(([path, ...more]) =>
      path === undefined || more.length > 0 || /[*?[]/.test(path) || paths.mounted(path) ? [] : [path],
    );
    if (!owner || targets.length === 0 || targets.length < operands.length) return [];
    const recursiveWord = options.find(({ value = '' }) => /^-[a-zA-Z]*R|^--recursive$/.test(value));
    return [{ command, owner, recursive: recursiveWord !== undefined, recursiveWord, paths: targets }];
  });
}

/** `app:app` for `--chown`; undefined where COPY could not give just that. `chown app` leaves the group of copied files, 0. */
export function ownerFlag(owner: ShellWord): string | undefined {
  const text = owner.text.replace(/^(["'])(.*)\1$/, '$2');
  if (/["'\\`\s+]|\$\(/.test(text) || owner.text.startsWith("'")) return undefined;
  const [user = '', group, more] = text.split(':');
  if (more !== undefined || group === '' || /[.]/.test(user)) return undefined;
  if (user === '') return group === undefined ? undefined : `0:${group}`;
  return `${user}:${group ?? '0'}`;
}
