import { distributionManagers } from '../knowledge/known-commands.js';
import { parseShellText, type ShellCommand } from '../syntax/shell.js';
import { aptCall } from './apt.js';
import type { BuildContext } from './context.js';
import { callOf } from './installs.js';
import type { Landing } from './landing.js';
import { joinPath } from './path.js';

/** What a script sees of the sources. */
export interface Sources {
  readonly context: BuildContext;
  readonly landings: readonly Landing[];
  readonly cwd: string | undefined;
  /** Of the Dockerfile. */
  readonly text: string;
}

/**
 * Whether what the first commands leave of package lists serves the others: cached by themselves lists go stale, and the versions that they
 * name are gone from the archive (https://docs.docker.com/build/building/best-practices/#apt-get). Scripts of the project count where
 * `sources` are known.
 */
export function separatesLists(
  head: readonly ShellCommand[],
  tail: readonly ShellCommand[],
  sources: Sources | undefined,
): boolean {
  if (tail.length === 0 || !leavesLists(head)) return false;
  // They were fetched for what follows.
  const isForTail = !head.slice(head.findLastIndex(fetches)).some(installs);
  return isForTail || installsFromLists(tail, sources);
}

/** It fetches lists and does not remove them again. */
export function leavesLists(commands: readonly ShellCommand[]): boolean {
  const last = commands.findLastIndex(fetches);
  return last !== -1 && !commands.slice(last).some(removes);
}

export function fetchesLists(commands: readonly ShellCommand[]): boolean {
  return commands.some(fetches);
}

/** It installs by lists that it does not fetch itself before. */
export function installsFromLists(commands: readonly ShellCommand[], sources: Sources | undefined): boolean {
  const first = commands.find((one) => fetches(one) || installs(one));
  if (first) return installs(first);
  const scripts = sources ? commands.flatMap((one) => scriptsIn(one, sources)) : [];
  return scripts.some((text) => installsFromLists(parseShellText(text).commands, undefined));
}

function fetches(command: ShellCommand): boolean {
  return kindOf(command) === 'index';
}

function installs(command: ShellCommand): boolean {
  return kindOf(command) === 'packages' || byLists.test(aptCall(command)?.verb ?? '');
}

/** Commands of apt besides `install` that look into the lists. */
const byLists = /^(?:reinstall|satisfy|build-dep|source|(?:full-|dist-|safe-)?upgrade)$/;

function kindOf(command: ShellCommand): string | undefined {
  return distributionManagers.has(command.name ?? '') ? callOf(command)?.shape.kind : undefined;
}

function removes(command: ShellCommand): boolean {
  if (/^dist-?clean$/.test(aptCall(command)?.verb ?? '')) return true;
  return command.name === 'rm' && command.args.some(({ text }) => /^["']?\/var\/lib\/(?:apt|\*)/.test(text));
}

/** The texts of files of the project that the command names. */
function scriptsIn({ nameSpan, args }: ShellCommand, sources: Sources): readonly string[] {
  const { context, landings, cwd = '/', text } = sources;
  const words = [text.slice(nameSpan.start, nameSpan.end), ...args.map(({ value }) => value ?? '')];
  return words.flatMap((word) => {
    if (!/^[\w./-]*(?:\/|\.)[\w.-]+$/.test(word)) return [];
    const place = joinPath(cwd, word);
    const origin = landings.flatMap((landing) => landing.contextPathOf(place) ?? [])[0];
    return origin !== undefined && context.entry(origin)?.type === 'file' ? (context.read(origin) ?? []) : [];
  });
}
