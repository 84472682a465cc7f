import { type MappedText, sourceSpan } from './mapped-text.js';
import type { Assignment, Redirect, ShellCommand, ShellWord } from './shell.js';
import { endsBadly } from './shell-certainty.js';
import { walkScript, walkSubstitutions } from './shell-lists.js';
import { setPlace } from './shell-places.js';
import { type ast, parseText } from './shell-view.js';
import { copyScope, type Link, type Scope, type Walk } from './shell-walk.js';
import { holdsSubstitution, scriptInHeredoc, scriptInWord, toAssignment, toRedirect, toWord } from './shell-words.js';
import { programName, readShellCall, unwrap } from './shell-wrappers.js';
import { type Span, span } from './text.js';

/** `sh -c` in `sh -c` in …: deeper ones are not looked into. */
const MAX_DEPTH = 12;

/** Lists a simple command and what runs inside it; gives its index. `time` is the offset of a `time` keyword before it. */
export function addSimpleCommand(
  walk: Walk,
  scope: Scope,
  node: ast.Command,
  link: Link,
  time: number | undefined,
): number {
  const at = { source: walk.source, map: scope.map };
  const words: ShellWord[] = node.name === undefined ? [] : [toWord(at, node.name)];
  const assignments: Assignment[] = [];
  const redirects: Redirect[] = [];
  const { prefix, suffix } = node;
  for (let index = 0; index < prefix.length; index++) {
    const part = prefix[index];
    if (part === undefined) break;
    if (part.type === 'Assignment') assignments.push(toAssignment(at, part));
    else redirects.push(toRedirect(at, part));
  }
  for (let index = 0; index < suffix.length; index++) {
    const part = suffix[index];
    if (part === undefined) break;
    if (part.type !== 'Word' && part.type !== 'Assignment') redirects.push(toRedirect(at, part));
    else if (node.name !== undefined) words.push(toWord(at, part));
  }
  const index = addCommand(walk, scope, link, {
    words,
    assignments,
    redirects,
    span: sourceSpan(scope.map, time ?? node.pos, node.end),
    timed: time !== undefined,
  });
  noteControl(scope, node, walk.commands[index]);
  if (scope.depth < MAX_DEPTH) walkInside(walk, scope, node, words, index, redirects.length > 0);
  return index;
}

/** Nearly always one of both is empty. */
function joined<Item>(first: readonly Item[], second: readonly Item[]): readonly Item[] {
  if (first.length === 0) return second;
  return second.length === 0 ? first : [...first, ...second];
}

/** What a command is made of before it is known who runs it. */
export interface CommandParts {
  /** The program first; empty where there are only assignments or redirects. */
  readonly words: readonly ShellWord[];
  readonly assignments: ShellCommand['assignments'];
  readonly redirects: readonly Redirect[];
  readonly span: Span;
  readonly timed: boolean;
}

/** Appends a command; gives its index. */
export function addCommand(walk: Walk, scope: Scope, link: Link, parts: CommandParts): number {
  const { words } = parts;
  const { program, wrappers, assignments, once } = unwrap(words);
  const name = words[program];
  const command: ShellCommand = {
    name: words.length === 0 ? '' : programName(name),
    nameSpan: name?.span ?? span(parts.span.end, parts.span.end),
    args: words.slice(program + 1),
    assignments: joined(scope.assignments, joined(parts.assignments, assignments)),
    redirects: joined(scope.redirects, parts.redirects),
    span: parts.span,
    wrappers: joined(scope.wrappers, parts.timed ? ['time', ...wrappers] : wrappers),
    certain: scope.certain && once,
    piped: scope.piped,
    depth: scope.depth,
    previous: link.previous,
    joinedBy: link.joinedBy,
  };
  if (link.place !== undefined && scope.removable) setPlace(command, link.place);
  return walk.commands.push(command) - 1;
}

/** `exit`, `return` and `exec` end the script, `set -e` changes what a failure does. */
function noteControl(scope: Scope, node: ast.Command, command: ShellCommand | undefined): void {
  if (command === undefined) return;
  const { name } = command;
  if (name === 'exit' || name === 'return') {
    if (!endsBadly(node, scope.behindFailure)) scope.run.ended = true;
  } else if (node.name?.value === 'exec' && name !== 'exec') scope.run.ended = true;
  else if (name === 'set' && command.certain) {
    if (setsErrexit(command)) scope.run.errexit = true;
    else if (clearsErrexit(command)) scope.run.errexit = false;
  }
}

/** `set -e`, `set -eux`, `set -o errexit`. */
export function setsErrexit(command: ShellCommand): boolean {
  return command.name === 'set' && command.args.some((arg, index) => isErrexit(command, arg, index, '-'));
}

/** `set +e`. */
export function clearsErrexit(command: ShellCommand): boolean {
  return command.name === 'set' && command.args.some((arg, index) => isErrexit(command, arg, index, '+'));
}

function isErrexit(command: ShellCommand, arg: ShellWord, index: number, sign: '-' | '+'): boolean {
  const { value } = arg;
  if (value === undefined || value[0] !== sign || value.startsWith('--')) return false;
  if (value.slice(1).includes('e')) return true;
  return value.endsWith('o') && command.args[index + 1]?.value === 'errexit';
}

/** Substitutions in its words, and the script that it hands to another shell. */
function walkInside(
  walk: Walk,
  scope: Scope,
  node: ast.Command,
  words: readonly ShellWord[],
  index: number,
  isRedirected: boolean,
): void {
  const command = walk.commands[index];
  if (command === undefined) return;
  if ((isRedirected && hasHeredoc(node)) || holdsSubstitution(scope.map.text.slice(node.pos, node.end))) {
    const inner = copyScope(scope);
    inner.certain = command.certain;
    for (const part of node.prefix) walkPart(walk, inner, part);
    if (node.name !== undefined) walkSubstitutions(walk, inner, node.name);
    for (const part of node.suffix) walkPart(walk, inner, part);
  }
  const call = command.name === undefined ? undefined : readShellCall(command.name, command.args);
  if (call === undefined) return;
  if (call.script !== undefined) {
    const word = node.args[words.length - command.args.length + call.script - 1];
    const text = word?.type === 'Word' ? scriptInWord(scope.map, word) : undefined;
    if (text !== undefined) walkNested(walk, scope, command, text, call.failsFast);
  } else if (call.readsInput) {
    const heredoc = node.redirects.findLast((redirect) => redirect.type === 'HereDoc');
    const text = heredoc === undefined ? undefined : scriptInHeredoc(scope.map, heredoc);
    if (text !== undefined) walk.later.push(() => walkNested(walk, scope, command, text, call.failsFast));
  }
}

function hasHeredoc({ redirects }: ast.Command): boolean {
  return redirects.some(({ type }) => type === 'HereDoc');
}

function walkPart(walk: Walk, scope: Scope, part: ast.CommandArgument | ast.Redirection): void {
  if (part.type !== 'HereDoc') walkSubstitutions(walk, scope, part);
  else if (part.body.parts !== undefined) walk.later.push(() => walkSubstitutions(walk, scope, part.body));
}

/** Lists the commands of a script that `command`, a shell, is told to run. */
export function walkNested(walk: Walk, scope: Scope, command: ShellCommand, text: MappedText, errexit: boolean): void {
  const { loose } = walk;
  const first = walk.commands.length;
  const inner = copyScope(scope);
  inner.map = text;
  inner.certain = command.certain;
  inner.behindFailure = false;
  inner.depth = scope.depth + 1;
  inner.wrappers = [...command.wrappers, command.name ?? ''];
  inner.assignments = command.assignments;
  inner.redirects = command.redirects;
  inner.run = { ended: false, errexit };
  walk.loose = false;
  walkScript(walk, inner, parseText(text.text));
  const strict = errexit || startsWithErrexit(walk.commands.slice(first).filter((one) => one.depth === inner.depth));
  walk.loose = loose || (walk.loose && !strict);
}

const HARMLESS: ReadonlySet<string | undefined> = new Set(['', ':', 'echo', 'export', 'set', 'shopt', 'true', 'umask']);

/** `set -e` comes before anything that can fail, and no `set +e` later. */
export function startsWithErrexit(commands: readonly ShellCommand[]): boolean {
  const at = commands.findIndex((command) => !HARMLESS.has(command.name) || setsErrexit(command));
  const first = commands[at];
  return first !== undefined && setsErrexit(first) && !commands.slice(at + 1).some(clearsErrexit);
}
