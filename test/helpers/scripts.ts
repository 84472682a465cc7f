import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { parseShell, type ShellCommand, type ShellScript } from '../../server/syntax/shell.js';
import type { TextEdit } from '../../server/syntax/shell-edits.js';
import type { CommandCarrier } from '../../server/syntax/shell-view.js';
import type { Dockerfile } from '../../server/syntax/tree.js';

/** A Dockerfile with the script of its first RUN, CMD, ENTRYPOINT or HEALTHCHECK. */
export interface ScriptCase {
  readonly file: Dockerfile;
  readonly instruction: CommandCarrier;
  readonly script: ShellScript;
}

export function scriptOf(text: string, shell: readonly string[] = ['/bin/sh', '-c']): ScriptCase {
  const file = parseDockerfile(text);
  const instruction = file.instructions.find(
    (one): one is CommandCarrier =>
      one.keyword === 'RUN' || one.keyword === 'CMD' || one.keyword === 'ENTRYPOINT' || one.keyword === 'HEALTHCHECK',
  );
  assert.ok(instruction, 'no command in the example');
  return { file, instruction, script: parseShell(file, instruction, shell) };
}

export function commandNamed(script: ShellScript, name: string): ShellCommand {
  const command = script.commands.find((one) => one.name === name);
  assert.ok(command, `no command ${name}`);
  return command;
}

/** Name and arguments of each command, an argument that an expansion decides as `?`. */
export function linesOf(script: ShellScript): string[] {
  return script.commands.map((one) => [one.name ?? '?', ...one.args.map((arg) => arg.value ?? '?')].join(' '));
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  for (const { span, text: inserted } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
    result = result.slice(0, span.start) + inserted + result.slice(span.end);
  }
  return result;
}
