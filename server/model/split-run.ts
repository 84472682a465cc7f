import { baseName } from '../syntax/go-path.js';
import { parseShell, type ShellCommand, type ShellScript } from '../syntax/shell.js';
import { clearsErrexit } from '../syntax/shell-commands.js';
import { placeOf } from '../syntax/shell-places.js';
import type { Dockerfile, RunInstruction } from '../syntax/tree.js';
import { lastingVerb } from './join-runs.js';
import { joinPath, relativeTo } from './path.js';

/** A RUN cut in two before one of its commands. */
export interface SplitRun {
  /** The RUN up to the command before the cut, from its keyword on. */
  readonly head: string;
  /** A RUN with the same flags of what follows, in the folder and with the variables that the head has set. */
  readonly tail: string;
}

/**
 * Cuts a RUN whose commands are all joined by `&&`, or under `set -e` by `;`. Undefined where that may change what it does: other operators, a heredoc, an
 * exec form, something set up by the head that does not outlive a RUN.
 */
export function splitRun(
  file: Dockerfile,
  run: RunInstruction,
  script: ShellScript,
  cut: number,
): SplitRun | undefined {
  const first = script.commands[cut];
  const before = script.commands.slice(0, cut);
  const last = before.findLast(({ depth }) => depth === 0);
  // What may fail unseen in the midst of a part fails unseen there too.
  if (!first?.certain || !last?.certain || !canCut(run, script, first, 'perhaps')) return undefined;
  const carried = carriedBy(before);
  if (!carried?.every(({ certain }) => certain)) return undefined;
  const end = Math.max(...before.map(({ span }) => span.end));
  if (!isPlainJoint(file.text.slice(end, first.span.start))) return undefined;
  const slice = (from: number, to: number) => file.text.slice(from, to);
  const words = carried.map((one) => `${slice(one.span.start, one.span.end)}${jointBehind(file, one)}`).join('');
  return {
    head: slice(run.span.start, end),
    tail: `${prefixOf(file, run)}${words}${slice(first.span.start, run.span.end)}`,
  };
}

/** The commands from `from` up to `to` as a RUN of their own, where `splitRun` cuts before both. */
export function partOfRun(
  file: Dockerfile,
  run: RunInstruction,
  { commands }: ShellScript,
  { from, to }: { readonly from: number; readonly to: number },
): string {
  const own = commands.slice(from, to);
  const end = to === commands.length ? run.span.end : Math.max(...own.map(({ span }) => span.end));
  const start = from === 0 ? run.textSpan.start : (own[0]?.span.start ?? end);
  const words = (carriedBy(commands.slice(0, from)) ?? [])
    .map((one) => `${file.text.slice(one.span.start, one.span.end)}${jointBehind(file, one)}`)
    .join('');
  return `${prefixOf(file, run)}${words}${file.text.slice(start, end)}`;
}

/** `; ` where a command is followed by one, else ` && `. */
function jointBehind({ text }: Dockerfile, { span }: ShellCommand): string {
  return /^[ \t]*;/.test(text.slice(span.end, span.end + 80)) ? '; ' : ' && ';
}

/** `RUN --mount=… `, as written. */
export function prefixOf(file: Dockerfile, run: RunInstruction): string {
  return file.text.slice(run.span.start, run.textSpan.start);
}

/**
 * A cut before that command leaves what the RUN does as it is, but for what its head sets up. All commands must be certain to run, unless
 * those at the ends of the parts are known to be.
 */
export function canCut(
  run: RunInstruction,
  script: ShellScript,
  first: ShellCommand,
  others: 'certain' | 'perhaps' = 'certain',
): boolean {
  if (script.language !== 'shell' || !script.complete || run.heredocs.length > 0 || first.depth !== 0) return false;
  if (run.flags.some(({ name, value }) => name === 'mount' && forgotten.test(value ?? ''))) return false;
  // The last word of the command before.
  if (/\$(?:_(?!\w)|\{_\W)/.test(run.text)) return false;
  const list = placeOf(first)?.list;
  const isGroup = script.commands[0]?.span.start !== run.textSpan.start;
  if (isGroup || script.commands.some((command) => command.depth === 0 && placeOf(command)?.list !== list))
    return false;
  const isStrict = script.failsFast && !script.commands.some(clearsErrexit);
  return script.commands.every(
    ({ depth, certain, piped, joinedBy }) =>
      depth > 0 ||
      ((certain || others === 'perhaps') &&
        !piped &&
        (joinedBy === undefined || joinedBy === '&&' || (joinedBy === ';' && isStrict))),
  );
}

/** Mounts whose content ends with the RUN. */
const forgotten = /type=tmpfs|(?:^|,)(?:rw|readwrite)(?:,|$|=true)|(?:ro|readonly)=false/;

/** Commands whose effect the tail needs; undefined where one cannot be repeated. */
export function carriedBy(commands: readonly ShellCommand[]): readonly ShellCommand[] | undefined {
  const carried: ShellCommand[] = [];
  for (const command of commands) {
    if (command.depth > 0) continue;
    const { name } = command;
    if (command.args.some(({ text }) => setting.test(text))) return undefined;
    if (name === 'cd') carried.push(command);
    else if (name === 'set' && command.args.every(({ value }) => value !== undefined)) carried.push(command);
    else if (name === 'export' && command.args.every(({ value }) => value !== undefined)) carried.push(command);
    else if (setsVariable(command)) return undefined;
    else if (
      name === undefined ||
      command.args.some(({ value }) => value !== undefined && lastingVerb.test(value)) ||
      /^(?:|export|set|shift|source|\.|eval|pushd|popd|umask|alias|unset|shopt|trap|ulimit|exec|nvm)$/.test(name)
    )
      return undefined;
  }
  return carried.some(({ name }) => name === 'cd') && mayTakeFolder(commands) ? undefined : carried;
}

/** A word sets a variable where it is expanded: `${A:=1}`, `$((A = 1))`. */
const setting = /\$\{\w+:?=|\$\(\(/;

/** A program of the shell that gives a variable of its own a value. */
function setsVariable({ name = '', args }: ShellCommand): boolean {
  return (
    /^(?:read|readonly|declare|typeset|local|let|getopts|mapfile|readarray)$/.test(name) ||
    (name === 'printf' && args[0]?.text.startsWith('-v') === true)
  );
}

/** A `cd` that is repeated would not find its folder: a later command removes it or gives it another name. */
function mayTakeFolder(commands: readonly ShellCommand[]): boolean {
  const visited = new Set<string>();
  let here = startingFolder;
  for (const { name = '', args, depth } of commands) {
    const words = args.flatMap(({ value, text }) => (text.startsWith('-') ? [] : [value ?? text.replace(/["']/g, '')]));
    if (name === 'cd' && depth === 0) {
      here = joinPath(here, words[0] ?? '/root');
      visited.add(here);
    } else if (/^(?:rm|rmdir|mv)$/.test(name) && words.some((word) => holdsOne(word, here, visited))) return true;
  }
  return false;
}

/** Where a script starts, as far as it is not known. */
const startingFolder = '/?/?/?';

/** What a word names, or a part of what its wildcards may match, is one of the folders or above one. */
function holdsOne(word: string, here: string, folders: ReadonlySet<string>): boolean {
  const wild = word.search(/[*?[{]/);
  const path = joinPath(here, wild === -1 ? word : word.slice(0, word.lastIndexOf('/', wild) + 1));
  const isHeld = (folder: string) => {
    const inner = relativeTo(path, folder);
    return inner !== undefined && (wild === -1 || inner !== '');
  };
  return [...folders].some(
    (folder) =>
      isHeld(folder) ||
      // Of one of the two it is only known what it is called.
      (folder.startsWith(startingFolder) !== path.startsWith(startingFolder) && baseName(folder) === baseName(path)),
  );
}

/** Only one `&&` or `;`, blanks and continuations between two commands. */
export function isPlainJoint(text: string): boolean {
  return /^[ \t]*(?:[\\`][ \t]*\r?\n[ \t]*)*(?:&&|;)[ \t]*(?:[\\`][ \t]*\r?\n[ \t]*)*$/.test(text);
}

/** The script of a RUN and where in it a command stands; undefined where it is not there. */
export function scriptAt(
  file: Dockerfile,
  run: RunInstruction,
  shell: readonly string[],
  command: ShellCommand,
): { readonly script: ShellScript; readonly at: number } | undefined {
  const script = parseShell(file, run, shell);
  const at = script.commands.indexOf(command);
  return at === -1 ? undefined : { script, at };
}
