import { distributionManagers, plainPrograms } from '../../knowledge/known-commands.js';
import { type Area, areasMeet, entry, isSystem } from '../../model/effects/area.js';
import type { CommandEffects } from '../../model/effects/command-effects.js';
import { type Sources, separatesLists } from '../../model/package-lists.js';
import { relativeTo } from '../../model/path.js';
import { canCut, carriedBy, isPlainJoint, prefixOf, type SplitRun } from '../../model/split-run.js';
import type { ShellCommand, ShellScript } from '../../syntax/shell.js';
import type { Dockerfile, RunInstruction } from '../../syntax/tree.js';

/** A RUN with what is known of its commands. */
export interface KnownRun {
  readonly file: Dockerfile;
  readonly run: RunInstruction;
  readonly script: ShellScript;
  /** Of each command. */
  readonly effects: readonly CommandEffects[];
  readonly sources: Sources;
  /** It works on what a COPY brings. */
  touches(effects: CommandEffects): boolean;
  isInstall(command: ShellCommand): boolean;
  /** A path of the context. */
  isFile(path: string): boolean;
}

/**
 * Cuts a RUN in which commands that work on the sources stand before installs that have nothing to do with them: the installs come
 * first, and those commands with what follows. Undefined where there are none, or where it is not certain that both come to the same.
 */
export function postpone(known: KnownRun): SplitRun | undefined {
  const { file, run, script } = known;
  const { first, behind, end } = sorted(known);
  const [start] = behind;
  const last = first.findLast((index) => known.isInstall(commandAt(script, index)));
  if (start === undefined || last === undefined || last < start) return undefined;
  const head = first.filter((index) => index <= last);
  const others = script.commands.filter((_, at) => !head.includes(at));
  if (
    separatesLists(
      head.map((at) => commandAt(script, at)),
      others,
      known.sources,
    )
  )
    return undefined;
  const moved = behind.filter((index) => index < last);
  const carried = carriedBy(script.commands.slice(0, last + 1));
  if (!carried || !canCut(run, script, commandAt(script, start))) return undefined;
  if (!script.commands.slice(0, Math.min(end, script.commands.length - 1)).every((_, at) => isJoined(file, script, at)))
    return undefined;
  const isBehind = (one: number) =>
    mayFollow(
      known,
      one,
      head.filter((other) => other > one),
    );
  if (!moved.every(isBehind)) return undefined;
  const rest = script.commands[last + 1];
  const isCarried = (index: number) => carried.includes(commandAt(script, index));
  const again = script.commands.flatMap((_, at) => (at <= last && (isCarried(at) || moved.includes(at)) ? [at] : []));
  const prefix = prefixOf(file, run);
  const tail = rest
    ? again.map((at) => chunkOf(file, script, at)).join('') + file.text.slice(rest.span.start, run.span.end)
    : joined(file, script, again);
  return { head: prefix + joined(file, script, head), tail: prefix + tail };
}

/** Up to the first command of which something is not known: those that can come first, and those that work on the sources. */
function sorted({ script, effects, touches, isInstall }: KnownRun) {
  const [first, behind]: [number[], number[]] = [[], []];
  const end = script.commands.findIndex(
    (command, index) => command.depth > 0 || effects[index]?.unknown !== undefined || command.wrappers.length > 0,
  );
  const until = end === -1 ? script.commands.length : end;
  for (const [index, one] of effects.slice(0, until).entries()) {
    const command = commandAt(script, index);
    (touches(one) && command.name !== 'cd' && !isInstall(command) ? behind : first).push(index);
  }
  return { first, behind, end: until };
}

/** A command that works on the sources may come after installs as well: on what they bring, as far as it writes. */
function mayFollow(known: KnownRun, one: number, installs: readonly number[]): boolean {
  const own = known.effects[one];
  if (!own || own.system || own.network || own.accounts !== 'none') return false;
  const made = [...own.writes, ...own.folders.map(entry)];
  // What lies elsewhere may be read without being named: settings in `/etc` or a home, what a variable names, programs.
  const areBrought = made.every((area) =>
    known.sources.landings.some(({ target }) => relativeTo(target, area.path) !== undefined),
  );
  if (!areBrought) return false;
  const isOfSystem = [...made, ...own.reads, ...own.looksFor].some(isSystem);
  return installs.every((install) => !(isOfSystem && known.effects[install]?.system) && mayChange(known, one, install));
}

/** The command and an install have nothing to do with each other. */
function mayChange(known: KnownRun, one: number, install: number): boolean {
  const { script, effects } = known;
  const [command, other] = [commandAt(script, one), commandAt(script, install)];
  const [own, its] = [effects[one], effects[install]];
  if (!own || !its) return false;
  const isPlain = plainPrograms.has(command.name ?? '') && command.name !== 'cd';
  if (!isPlain && (command.name !== 'sed' || distributionManagers.has(other.name ?? ''))) return false;
  const made = [...own.writes, ...own.folders.map(entry)];
  const meet = (some: readonly Area[], others: readonly Area[]) =>
    some.some((area) => others.some((another) => areasMeet(area, another)));
  if (meet(made, [...its.reads, ...its.writes, ...its.looksFor, ...its.folders.map(entry)])) return false;
  if (meet([...own.reads, ...own.looksFor], [...its.writes, ...its.folders.map(entry)])) return false;
  return made.every((area) => !meet([area], its.projects) || isFamiliar(area, known));
}

/** A file that the sources have already: a new one might be looked for. */
function isFamiliar({ path }: Area, { sources: { landings }, isFile }: KnownRun): boolean {
  return landings.some((landing) => {
    const source = landing.contextPathOf(path);
    return source !== undefined && isFile(source);
  });
}

function commandAt(script: ShellScript, index: number): ShellCommand {
  const found = script.commands[index];
  if (!found) throw new RangeError(`no command ${index}`);
  return found;
}

/** Nothing but `&&` or `;` stands between it and the next one. */
function isJoined({ text }: Dockerfile, script: ShellScript, at: number): boolean {
  const [one, next] = [commandAt(script, at), script.commands[at + 1]];
  return next === undefined || isPlainJoint(text.slice(one.span.end, next.span.start));
}

/** A command with what joins the next one to it. */
function chunkOf({ text }: Dockerfile, script: ShellScript, at: number): string {
  const next = script.commands[at + 1];
  const { span } = commandAt(script, at);
  return next ? text.slice(span.start, next.span.start) : `${text.slice(span.start, span.end)} && `;
}

function joined(file: Dockerfile, script: ShellScript, commands: readonly number[]): string {
  return commands
    .map((at, index) => {
      const { span } = commandAt(script, at);
      return index === commands.length - 1 ? file.text.slice(span.start, span.end) : chunkOf(file, script, at);
    })
    .join('');
}
