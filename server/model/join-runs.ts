import { countWhile } from '../syntax/count-while.js';
import { mountsOf } from '../syntax/mounts.js';
import { parseShell, type ShellCommand, type ShellScript } from '../syntax/shell.js';
import { continuationStyle, type TextEdit } from '../syntax/shell-edits.js';
import { joinLines } from '../syntax/shell-view.js';
import { type Span, span } from '../syntax/text.js';
import type { Comment, Dockerfile, RunInstruction } from '../syntax/tree.js';
import type { Build } from './build.js';

/** Commands that change what the shell does afterwards: behind them a second RUN would not start as it did. */
const lasting =
  /^(?:cd|pushd|popd|export|unset|set|shopt|umask|ulimit|trap|exit|exec|return|source|\.|alias|read|eval|shift|local|declare|typeset|readonly|let|getopts|mapfile|readarray|nvm|rvm|)$/;

/** `conda activate`, `sdk use`, `pyenv shell`; `service mysql start`: what is started goes on, in a RUN of its own it would not. */
export const lastingVerb = /^(?:activate|deactivate|use|shell|start|restart)$/;

/**
 * One RUN with `&&` in place of two that follow each other; comments between them stay. Undefined where the second would not do
 * the same behind the first (`cd`, `set`, flags that differ), or where a failure could go unseen.
 */
export function joinRuns(build: Build, first: RunInstruction, second: RunInstruction): readonly TextEdit[] | undefined {
  const { file } = build;
  if (!sameStart(build, first, second) || first.heredocs.length + second.heredocs.length > 0) return undefined;
  const [a, b] = [scriptOf(build, first), scriptOf(build, second)];
  if (!isPlain(a) || !isPlain(b) || !canAppend(build, first)) return undefined;
  if (a.commands.some(outlastsItsRun) || textOutlasts(first.text, second.text) || hasOwnFiles(file, first))
    return undefined;
  if (mayRunAnother(a, b)) return undefined;
  if (
    !b.commands.every(
      ({ joinedBy, depth }) => depth > 0 || joinedBy === undefined || joinedBy === '&&' || joinedBy === '|',
    )
  )
    return undefined;
  if (b.commands.filter(({ depth, previous }) => depth === 0 && previous === undefined).length !== 1) return undefined;
  const gap = span(first.span.end, second.textSpan.start);
  const { eol, indent } = continuationStyle(file, first.span);
  const comments = commentsIn(file, gap).map(({ span: at }) => file.text.slice(at.start, at.end) + eol);
  return [{ span: gap, text: ` && ${file.escape}${eol}${comments.join('')}${indent}` }];
}

function outlastsItsRun({ name, args, depth, joinedBy }: ShellCommand): boolean {
  if (args.some(({ value }) => value !== undefined && lastingVerb.test(value))) return true;
  if (name === 'printf' && args[0]?.text.startsWith('-v')) return true;
  return depth === 0 && ((name !== undefined && lasting.test(name)) || joinedBy === '&');
}

/** A default, a function, a job in the background or the variable of a loop would be there for the second RUN; so would what lies in `/dev/shm`. */
function textOutlasts(first: string, second: string): boolean {
  const bare = withoutQuotes(first);
  if (/\$\{\w+:?=|\/dev\/shm/.test(first) || /\w\s*\(\s*\)|\bfunction\s|(?<![&<>])&(?![&>])/.test(bare)) return true;
  return [...bare.matchAll(/\b(?:for|select)\s+(\w+)/g)].some(([, name]) =>
    new RegExp(`\\$\\{?${name}\\b`).test(second),
  );
}

/**
 * A mount that each RUN gets empty, or as it was: what is written to a tmpfs, or to a bind that is not read-only, ends with the RUN
 * (https://docs.docker.com/reference/dockerfile/#run---mounttypebind).
 */
function hasOwnFiles(file: Dockerfile, run: RunInstruction): boolean {
  return mountsOf(file, run).mounts.some(
    ({ type, readonly }) => type === 'tmpfs' || (type === 'bind' && readonly !== true),
  );
}

/**
 * A shell remembers where it has found a program (`hash`), and does not look again where the first RUN has put another one in front of
 * it: `npm install -g npm` (seen with dash, Bash and busybox). Programs of the system stay where they are.
 */
function mayRunAnother(a: ShellScript, b: ShellScript): boolean {
  const known = new Set(a.commands.flatMap(({ name }) => name ?? []));
  return b.commands.some(({ name }) => name !== undefined && known.has(name) && !ofSystem.test(name));
}

const ofSystem =
  /^(?:apt|apt-get|apt-key|apt-mark|aptitude|apk|dnf|yum|microdnf|tdnf|zypper|pacman|dpkg|rpm|basename|cat|chgrp|chmod|chown|cp|curl|cut|date|dirname|echo|false|find|git|gpg|grep|groupadd|gunzip|gzip|head|install|jq|ln|ls|mkdir|mktemp|mv|printf|pwd|rm|rmdir|sed|sh|bash|sha256sum|sleep|sort|tail|tar|tee|test|touch|tr|true|uname|unzip|useradd|wget|xargs|xz|\[{1,2}|:|)$/;

/** Whether ` && more` may be written behind a RUN, and then runs: it is a shell command that ends as one. */
export function canAppend(build: Build, run: RunInstruction): boolean {
  const { file } = build;
  if (run.strings !== undefined || run.heredocs.length > 0) return false;
  if (/[;&|\\`({]$/.test(file.text.slice(run.textSpan.start, run.textSpan.end))) return false;
  if (scriptOf(build, run).commands.some(({ name, depth }) => depth === 0 && (name === 'exit' || name === 'return')))
    return false;
  return !hasComment(joinLines(file, run.textSpan).text);
}

/** The shell takes a joined text for one line: a comment swallows all behind it. */
function hasComment(text: string): boolean {
  return /(?:^|[\s;&|()])#/.test(withoutQuotes(text));
}

function withoutQuotes(text: string): string {
  return text.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, 'x');
}

function scriptOf(build: Build, run: RunInstruction): ShellScript {
  return parseShell(build.file, run, build.stateBefore(run).shell);
}

function isPlain({ language, complete, commands }: ShellScript): boolean {
  return language === 'shell' && complete && commands.length > 0;
}

function sameStart(build: Build, a: RunInstruction, b: RunInstruction): boolean {
  const [one, other] = [build.stateBefore(a), build.stateBefore(b)];
  const flags = (run: RunInstruction) => run.flags.map(({ name, value }) => `${name}=${value}`).join('\n');
  return (
    one.cwd === other.cwd &&
    one.user === other.user &&
    one.shell.join('\n') === other.shell.join('\n') &&
    flags(a) === flags(b)
  );
}

function commentsIn({ comments }: Dockerfile, gap: Span): readonly Comment[] {
  const indexOf = (offset: number) => countWhile(comments, ({ span }) => span.start < offset);
  return comments.slice(indexOf(gap.start), indexOf(gap.end));
}
