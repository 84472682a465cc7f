import type { Span } from './text.js';

/** A word of a shell command. Spans are ranges of the Dockerfile. */
export interface ShellWord {
  /** As written, continuations included. */
  readonly text: string;
  /** Quotes and escapes removed; undefined where an expansion (`$X`, `$(…)`) decides. */
  readonly value: string | undefined;
  readonly span: Span;
}

export interface Assignment {
  readonly name: string;
  /** Undefined where an expansion decides. */
  readonly value: string | undefined;
  readonly span: Span;
}

export interface Redirect {
  /** `>`, `>>`, `<`, `<<`, `2>` … */
  readonly operator: string;
  readonly target: ShellWord | undefined;
  readonly span: Span;
}

/** One simple command, wherever it stands (in a list, a subshell, a condition, a loop, `sh -c '…'`). */
export interface ShellCommand {
  /** Base name of the program, `npm` for `/usr/bin/npm`; undefined where an expansion decides. Wrappers (`sudo`, `env`, `time`, `exec`, `command`, `nice`, `eatmydata`, `xargs`…) are looked through. */
  readonly name: string | undefined;
  readonly nameSpan: Span;
  /** Words after the name. */
  readonly args: readonly ShellWord[];
  /** `A=1` before the name, and those of an `env` wrapper. */
  readonly assignments: readonly Assignment[];
  readonly redirects: readonly Redirect[];
  /** From the first assignment or wrapper to the last argument or redirect. */
  readonly span: Span;
  /** Programs that were looked through, outermost first. */
  readonly wrappers: readonly string[];
  /** Runs exactly once whenever the RUN succeeds: not behind `||`, in a condition, a loop, a function or a background job. */
  readonly certain: boolean;
  /** In a pipe with another command. */
  readonly piped: boolean;
  /** In a subshell `( … )`, a command substitution or `sh -c`: `cd` and variables set there do not last. Numbers of enclosing ones, 0 = none. */
  readonly depth: number;
  /** Index into `ShellScript.commands` of the command before it in the same list, undefined for the first. */
  readonly previous: number | undefined;
  /** The operator that joins it to `previous`. */
  readonly joinedBy: '&&' | '||' | ';' | '|' | '&' | undefined;
}

/** What a RUN (or a shell-form CMD…) makes a shell do. */
export interface ShellScript {
  /** In the order of the text. For the exec form one command (`sh -c` is looked into where it can be). */
  readonly commands: readonly ShellCommand[];
  /** `none`: not a POSIX-like shell (cmd, powershell, a heredoc with another interpreter); then there are no commands. */
  readonly language: 'shell' | 'exec' | 'none';
  /** False where the parser met an error; the commands found are still there. */
  readonly complete: boolean;
  /** `set -e` holds or everything is joined by `&&`: a failing command fails the RUN. */
  readonly failsFast: boolean;
}
