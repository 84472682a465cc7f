import type { MappedText } from './mapped-text.js';
import type { Assignment, Redirect, ShellCommand } from './shell.js';
import type { CommandPlace } from './shell-places.js';

/** One run of a shell: what an `exit` ends and a `set -e` governs. */
export interface ShellRun {
  /** A command before may have ended it with success. */
  ended: boolean;
  errexit: boolean;
}

/** What surrounds a command. */
export interface Scope {
  readonly map: MappedText;
  readonly certain: boolean;
  /** The whole fails unless the commands here succeed. */
  readonly must: boolean;
  /** Runs only where the command before failed. */
  readonly behindFailure: boolean;
  readonly piped: boolean;
  /** False in conditions and substitutions, whose outcome another command uses. */
  readonly removable: boolean;
  readonly depth: number;
  /** Of the commands around: `sudo` and `sh` for what `sudo sh -c '…'` runs. */
  readonly wrappers: readonly string[];
  readonly assignments: readonly Assignment[];
  readonly redirects: readonly Redirect[];
  readonly run: ShellRun;
}

/** A copy that is changed before anything else sees it. */
export type ScopeDraft = { -readonly [Key in keyof Scope]: Scope[Key] };

/** Named one by one: V8 takes the slow way each time a literal spreads an object and then sets properties that it has. */
export function copyScope(scope: Scope): ScopeDraft {
  return {
    map: scope.map,
    certain: scope.certain,
    must: scope.must,
    behindFailure: scope.behindFailure,
    piped: scope.piped,
    removable: scope.removable,
    depth: scope.depth,
    wrappers: scope.wrappers,
    assignments: scope.assignments,
    redirects: scope.redirects,
    run: scope.run,
  };
}

/** How a command hangs together with the one before it. */
export interface Link {
  readonly previous: number | undefined;
  readonly joinedBy: ShellCommand['joinedBy'];
  /** Undefined where it is not a list element by itself. */
  readonly place: CommandPlace | undefined;
}

export const UNLINKED: Link = { previous: undefined, joinedBy: undefined, place: undefined };

/** What one walk through a script collects. */
export interface Walk {
  /** The Dockerfile's text. */
  readonly source: string;
  readonly commands: ShellCommand[];
  /** Bodies of heredocs, which stand behind the commands of their line. */
  readonly later: (() => void)[];
  complete: boolean;
  /** A failing command may go unnoticed: a `;`, a `||`, a loop or a background job was met. */
  loose: boolean;
}

export function newWalk(source: string): Walk {
  const commands: ShellCommand[] = [];
  const later: (() => void)[] = [];
  return { source, commands, later, complete: true, loose: false };
}

const NONE: readonly never[] = [];

export function outermost(map: MappedText, errexit: boolean): Scope {
  const run: ShellRun = { ended: false, errexit };
  return {
    map,
    certain: true,
    must: true,
    behindFailure: false,
    piped: false,
    removable: true,
    depth: 0,
    wrappers: NONE,
    assignments: NONE,
    redirects: NONE,
    run,
  };
}
