import { baseName } from './go-path.js';
import { addPiece, addSlice, joinPieces, type MappedText, newPieces, sourceAt, textAt } from './mapped-text.js';
import { createMemo } from './memo.js';
import { addCommand, startsWithErrexit, walkNested } from './shell-commands.js';
import { walkScript } from './shell-lists.js';
import { type CommandCarrier, heredocBody, joinLines, onlyHeredoc, parseText, scriptText } from './shell-view.js';
import { newWalk, outermost, type Scope, UNLINKED, type Walk } from './shell-walk.js';
import { isShell, readShellCall } from './shell-wrappers.js';
import { type Span, span } from './text.js';
import type { Dockerfile, Word } from './tree.js';

/** A word of a shell command. Spans are ranges of the Dockerfile; those of the exec form leave the JSON quotes out. */
export interface ShellWord {
  /** As written, continuations included. */
  readonly text: string;
  /** Quotes and escapes removed; undefined where an expansion (`$X`, `$(…)`) decides. Globs, braces and `~` stay as written. */
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
  /** Base name of the program, `npm` for `/usr/bin/npm`; undefined where an expansion decides, '' where there is no program (only assignments or redirects). Wrappers (`sudo`, `env`, `time`, `exec`, `command`, `nice`, `eatmydata`, `xargs`…) are looked through; `sh -c '…'` is listed itself, and behind it what it runs. */
  readonly name: string | undefined;
  /** Of the word that names the program, folder and quotes included; empty where there is none. */
  readonly nameSpan: Span;
  /** Words after the name. */
  readonly args: readonly ShellWord[];
  /** `A=1` before the name, those of an `env` wrapper, and those of an enclosing `sh -c`. */
  readonly assignments: readonly Assignment[];
  /** Its own and those of enclosing groups, loops and `sh -c`. */
  readonly redirects: readonly Redirect[];
  /** From the first assignment or wrapper to the last argument or redirect. */
  readonly span: Span;
  /** Programs that were looked through, outermost first; for what `sudo sh -c '…'` runs they are `sudo`, `sh`. */
  readonly wrappers: readonly string[];
  /**
   * Runs exactly once whenever the RUN succeeds: not behind `||`, in a condition, a loop, a function or a background job, not behind
   * an `exit 0`, and in `a && b; c` not `b`, whose failing `a` the RUN survives.
   */
  readonly certain: boolean;
  /** In a pipe with another command, by itself or in a group. */
  readonly piped: boolean;
  /** In a subshell `( … )`, a command substitution or `sh -c`: `cd` and variables set there do not last. Numbers of enclosing ones, 0 = none. */
  readonly depth: number;
  /** Index into `ShellScript.commands` of the command before it in the same list (of a group or loop its last one), undefined for the first. */
  readonly previous: number | undefined;
  /** The operator that joins it to `previous`. */
  readonly joinedBy: '&&' | '||' | ';' | '|' | '&' | undefined;
}

/** What a RUN (or a shell-form CMD…) makes a shell do. */
export interface ShellScript {
  /** In the order of the text, a command before those in its `$(…)`. For the exec form one command (`sh -c` is looked into where it can be). */
  readonly commands: readonly ShellCommand[];
  /** `none`: not a POSIX-like shell (cmd, powershell, a heredoc with another interpreter); then there are no commands. */
  readonly language: 'shell' | 'exec' | 'none';
  /** False where the parser met an error; the commands found are still there. */
  readonly complete: boolean;
  /** `set -e` holds or everything is joined by `&&`: a failing command fails the RUN. Pipes are not counted. */
  readonly failsFast: boolean;
}

const NOTHING: ShellScript = { commands: [], language: 'none', complete: true, failsFast: false };
const parsed = createMemo<CommandCarrier, { readonly shell: readonly string[]; readonly script: ShellScript }>();

/**
 * What the instruction makes a shell do; `shell` is the SHELL in force there. Offsets are exact through continuations, comments
 * inside them, heredocs, quoted scripts and JSON escapes. Never throws; kept per instruction, so asking again is free.
 */
export function parseShell(file: Dockerfile, instruction: CommandCarrier, shell: readonly string[]): ShellScript {
  const known = parsed.get(instruction);
  if (known !== undefined && isSame(known.shell, shell)) return known.script;
  const script = readScript(file, instruction, shell);
  parsed.set(instruction, { shell, script });
  return script;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((word, index) => word === other[index]));
}

function readScript(file: Dockerfile, instruction: CommandCarrier, shell: readonly string[]): ShellScript {
  if (instruction.keyword === 'HEALTHCHECK' && instruction.kind !== 'CMD') return NOTHING;
  const walk = newWalk(file.text);
  try {
    if (instruction.strings !== undefined) return execScript(walk, file, instruction.strings);
    const { isPosix, strict } = factsOf(shell);
    if (!isPosix) return NOTHING;
    const only = onlyHeredoc(file, instruction);
    if (only === undefined) return shellScript(walk, scriptText(file, instruction), strict);
    return heredocScript(walk, heredocBody(file, only), strict);
  } catch {
    // A mistake in the parser on odd text must not silence the other rules.
    return { commands: walk.commands, language: 'shell', complete: false, failsFast: false };
  }
}

/** What a text that is no part of a Dockerfile makes a POSIX-like shell do, such as a step of a workflow. Never throws. */
export function parseShellText(text: string): ShellScript {
  const walk = newWalk(text);
  try {
    return shellScript(walk, textAt(text, 0), false);
  } catch {
    return { commands: walk.commands, language: 'shell', complete: false, failsFast: false };
  }
}

interface ShellFacts {
  readonly isPosix: boolean;
  readonly strict: boolean;
}

const usual: ShellFacts = { isPosix: true, strict: false };

function factsOf(shell: readonly string[]): ShellFacts {
  if (shell.length === 2 && shell[0] === '/bin/sh' && shell[1] === '-c') return usual;
  return { isPosix: isShellLine(shell), strict: isStrict(shell) };
}

/** A shell of the POSIX family is what runs the text: `["/bin/bash", "-c"]`, `["conda", "run", "bash", "-c"]`; not cmd, powershell or python. */
function isShellLine(shell: readonly string[]): boolean {
  return shell.some((word) => isShell(baseName(word)) || word.endsWith('.sh'));
}

function isStrict(shell: readonly string[]): boolean {
  const at = shell.findIndex((word) => isShell(baseName(word)));
  const options = shell.slice(at + 1);
  return options.some((word, index) => {
    if (!word.startsWith('-') || word.startsWith('--')) return false;
    return word.includes('e') || (word.endsWith('o') && options[index + 1] === 'errexit');
  });
}

/** A body that starts with `#!` is a program of its own (`convert.go:dispatchRun`), else the shell's text. */
function heredocScript(walk: Walk, body: MappedText, strict: boolean): ShellScript {
  if (!body.text.startsWith('#!')) return shellScript(walk, body, strict);
  const words = (body.text.slice(2).split('\n', 1)[0] ?? '').trim().split(/\s+/);
  const program = words.findIndex((word, index) => index === 0 || !word.startsWith('-'));
  const names =
    baseName(words[program] ?? '') === 'env' ? words.slice(1).filter((word) => !word.startsWith('-')) : words;
  if (!isShell(baseName(names[0] ?? ''))) return NOTHING;
  return shellScript(walk, body, isStrict(words));
}

/** cmd and PowerShell text in a file without SHELL: a Windows image, whose default shell is cmd. */
const WINDOWS = /^\s*@?(?:cmd|powershell|pwsh)(?:\.exe)?\s+[-/]/i;

function shellScript(walk: Walk, text: MappedText, strict: boolean): ShellScript {
  if (WINDOWS.test(text.text)) return NOTHING;
  walkScript(walk, outermost(text, strict), parseText(text.text));
  finish(walk);
  const { commands, complete, loose } = walk;
  const failsFast = strict || !loose || startsWithErrexit(commands.filter((command) => command.depth === 0));
  return { commands, language: 'shell', complete, failsFast };
}

/** Reads the heredoc bodies that wait; they may hold more of them. */
function finish(walk: Walk): void {
  for (let next = walk.later.shift(); next !== undefined; next = walk.later.shift()) next();
}

function execScript(walk: Walk, file: Dockerfile, strings: readonly Word[]): ShellScript {
  const words = strings.map((string) => execWord(file, string));
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) return { ...NOTHING, language: 'exec' };
  const scope = outermost(joinPieces(newPieces()), false);
  const whole = span(first.span.start, last.span.end);
  addCommand(walk, scope, UNLINKED, { words, assignments: [], redirects: [], span: whole, timed: false });
  lookIntoExec(walk, scope, file, strings);
  finish(walk);
  return { commands: walk.commands, language: 'exec', complete: walk.complete, failsFast: !walk.loose };
}

function execWord(file: Dockerfile, string: Word): ShellWord {
  const where = span(string.span.start + 1, string.span.end - 1);
  return { text: file.text.slice(where.start, where.end), value: string.text, span: where };
}

/** `["sh", "-c", "…"]` */
function lookIntoExec(walk: Walk, scope: Scope, file: Dockerfile, strings: readonly Word[]): void {
  const [command] = walk.commands;
  const call = command?.name === undefined ? undefined : readShellCall(command.name, command.args);
  if (command === undefined || call?.script === undefined) return;
  const string = strings[strings.length - command.args.length + call.script];
  const text = string === undefined ? undefined : textInString(file, string);
  if (text !== undefined) walkNested(walk, scope, command, text, call.failsFast);
}

/** The decoded characters of a JSON string, each with its place; undefined where they do not come out as the tree has them. */
function textInString(file: Dockerfile, string: Word): MappedText | undefined {
  const raw = joinLines(file, span(string.span.start + 1, string.span.end - 1));
  if (raw.text === string.text) return raw;
  const to = newPieces();
  for (const match of raw.text.matchAll(/[^\\]+|\\u[\da-fA-F]{4}|\\./gs)) {
    const source = sourceAt(raw, match.index);
    if (match[0][0] === '\\') addPiece(to, decodeEscape(match[0]), source);
    else addSlice(to, raw, match.index, match.index + match[0].length);
  }
  const decoded = joinPieces(to);
  return decoded.text === string.text ? decoded : undefined;
}

function decodeEscape(written: string): string {
  const value: unknown = JSON.parse(`"${written}"`);
  return typeof value === 'string' ? value : '';
}
