import type { Edit, Fix } from '../../core/finding.js';
import { aptCall, mayRefreshLists } from '../../model/apt.js';
import { instructionsBetween } from '../../model/between.js';
import type { Build, Stage } from '../../model/build.js';
import { joinRuns } from '../../model/join-runs.js';
import { parseDockerfile } from '../../syntax/dockerfile.js';
import { parseShell, type Redirect, type ShellCommand, type ShellScript } from '../../syntax/shell.js';
import { setsErrexit } from '../../syntax/shell-commands.js';
import { placeOf } from '../../syntax/shell-places.js';
import { wholeLines } from '../../syntax/text.js';
import type { Instruction, RunInstruction } from '../../syntax/tree.js';
import type { AptLists, StaleInstall } from './split-apt-update-commands.js';

/** An update this many instructions away stays where it is, so that time stays linear. */
const farthest = 100;

/**
 * Puts an update in front of the first install, joins those that follow right behind it, and puts an update in front of every other;
 * takes the old update away where nothing else needs it. None where one of the installs cannot be edited for certain.
 */
export function joinFix(build: Build, stage: Stage, lists: AptLists, installs: readonly StaleInstall[]): Fix[] {
  const edits: Edit[] = [];
  const count = { joined: 0, updates: 0 };
  let previous = lists.run;
  let [moves, neutral, safe, stops] = [false, keepsSources(build, lists.run, lists.update), true, true];
  const changed = changedUpdate(build, lists, stage);
  for (const install of installs) {
    const { run, command } = install;
    const first = install === installs[0];
    const near = lists.stage === stage && run.index - previous.index < farthest;
    const between = near ? instructionsBetween(stage, previous, run) : undefined;
    const joint = !first && between?.length === 0 ? joinRuns(build, previous, run) : undefined;
    neutral &&= between?.every(isNeutral) === true;
    if (joint) {
      edits.push(...joint);
      count.joined++;
    } else {
      if (!isEditable(build, install)) return [];
      const { start } = command.span;
      const update = updateText(build, lists, stage, command);
      const joint = jointBehind(build, install, update);
      edits.push({ span: { start, end: start }, text: `${update}${joint ?? ' && '}` });
      stops &&= joint !== undefined;
      safe &&= neutral && sameFlags(lists.run, run) && isFirst(scriptOf(build, run).commands, command);
      count.updates++;
      if (first) moves = isOnlyUpdate(build, lists) && between?.every((one) => needsNoLists(build, one)) === true;
    }
    neutral &&= keepsSources(build, run);
    previous = run;
  }
  if (moves) edits.push({ span: wholeLines(build.file.text, lists.run.span), text: '' });
  const title = titleOf(lists, moves, count);
  const caveats = [
    ...(safe ? [] : [otherSources]),
    ...(changed === undefined ? [] : [changed]),
    ...(stops ? [] : ['the build then goes on where the update fails']),
  ];
  return caveats.length === 0
    ? [{ title, safety: 'safe', edits }]
    : [{ title, safety: 'unsafe', caveat: caveats.join('; '), edits }];
}

const otherSources =
  'the update then also reads package sources and apt settings that the commands between the two have changed';

/**
 * What joins the update to the install so that the build stops where the update fails: under `set -e` a shell passes over what fails in
 * front of `&&`, and without it over all but the last command. Undefined where the build would go on.
 */
function jointBehind(build: Build, { run, command }: StaleInstall, update: string): ' && ' | '; ' | undefined {
  const { text } = build.file;
  const before = text.slice(run.span.start, command.span.start);
  const head = `# escape=${build.file.escape}\nFROM scratch\n${before}${update} && `;
  const file = parseDockerfile(head + text.slice(command.span.start, run.span.end));
  const { shell } = build.stateBefore(run);
  const commands = file.instructions.flatMap((one) =>
    one.keyword === 'RUN' ? parseShell(file, one, shell).commands : [],
  );
  // Certain means that the RUN does not succeed without it.
  if (commands.some(({ span, certain }) => certain && span.start === head.length)) return ' && ';
  return startsUnderErrexit(scriptOf(build, run), command) ? '; ' : undefined;
}

/** `set -e; …; COMMAND` */
function startsUnderErrexit({ commands, failsFast }: ShellScript, command: ShellCommand): boolean {
  const [first] = commands;
  const [own, place] = [placeOf(command), first && placeOf(first)];
  return (
    failsFast &&
    first !== undefined &&
    setsErrexit(first) &&
    own !== undefined &&
    own.list === place?.list &&
    own.list.elements[own.index]?.alternative === false &&
    command.joinedBy === ';'
  );
}

/** What the update in the new place does not do as the one in the old place does. */
function changedUpdate(build: Build, lists: AptLists, stage: Stage): string | undefined {
  const { update, run } = lists;
  if (copiedText(build, lists, stage) === undefined && !isUsual(update))
    return 'the update then runs without the options and variables that it has now';
  const { commands, failsFast } = scriptOf(build, run);
  const next = commands[commands.indexOf(update) + 1];
  return !failsFast || update.piped || next?.joinedBy === '||'
    ? 'the build then stops where the update fails'
    : undefined;
}

/** `> /dev/null`, `2>&1` */
function isSilencing({ operator, target }: Redirect): boolean {
  return target?.value === '/dev/null' || (/&$/.test(operator) && /^\d$/.test(target?.value ?? ''));
}

/** Does what a plain `apt-get update` does. */
function isUsual({ args, assignments, redirects }: ShellCommand): boolean {
  return (
    redirects.every(isSilencing) &&
    assignments.every(({ name }) => name === 'DEBIAN_FRONTEND') &&
    args.every(({ value }) => value !== undefined && /^(?:update|-[yq]+|--(?:yes|assume-yes|quiet))$/.test(value))
  );
}

function titleOf(lists: AptLists, moves: boolean, { joined, updates }: { joined: number; updates: number }): string {
  const update = `${aptCall(lists.update)?.program ?? 'apt-get'} update`;
  if (updates > 1) return `Run ${update} in each step that installs`;
  if (joined > 0) return `Run ${update} and the ${joined + 1} installs in one step`;
  return moves ? `Move ${update} into this step` : `Run ${update} in this step too`;
}

function isEditable(build: Build, { run, command }: StaleInstall): boolean {
  const { language, complete } = scriptOf(build, run);
  if (language !== 'shell' || !complete || !command.certain || command.piped || command.depth > 0) return false;
  if (placeOf(command) === undefined) return false;
  return command.wrappers.every((wrapper) => wrapper === 'sudo');
}

function scriptOf(build: Build, run: RunInstruction) {
  return parseShell(build.file, run, build.stateBefore(run).shell);
}

function isOnlyUpdate(build: Build, { run, update, mounted }: AptLists): boolean {
  const { commands, language, complete } = scriptOf(build, run);
  if (!update.redirects.every(isSilencing)) return false;
  return !mounted && language === 'shell' && complete && commands.length === 1 && run.heredocs.length === 0;
}

/** With the options it has in the old place, where they can be copied as they stand. */
function updateText(build: Build, lists: AptLists, stage: Stage, install: ShellCommand): string {
  const sudo = install.wrappers.includes('sudo') ? 'sudo ' : '';
  return sudo + (copiedText(build, lists, stage) ?? 'apt-get update');
}

function copiedText({ file }: Build, { update, stage }: AptLists, into: Stage): string | undefined {
  const written = file.text.slice(update.nameSpan.start, update.span.end);
  return stage === into &&
    !update.piped &&
    update.redirects.every(isSilencing) &&
    update.assignments.every(({ name }) => name === 'DEBIAN_FRONTEND') &&
    update.wrappers.every((wrapper) => wrapper === 'sudo') &&
    !/[\r\n$`]/.test(written)
    ? written
    : undefined;
}

/** Whether an instruction between update and install gets along without the lists. */
function needsNoLists(build: Build, instruction: Instruction): boolean {
  if (instruction.keyword !== 'RUN') return instruction.keyword !== 'ONBUILD';
  const { commands, language } = scriptOf(build, instruction);
  return (
    language === 'shell' &&
    commands.every(
      (command, index) =>
        !aptCall(command) && !/^apt-/.test(command.name ?? '') && !mayRefreshLists(command, commands[index + 1]),
    )
  );
}

/** Nothing that apt could notice. */
function isNeutral(instruction: Instruction): boolean {
  switch (instruction.keyword) {
    case 'LABEL':
    case 'EXPOSE':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
    case 'STOPSIGNAL':
    case 'MAINTAINER':
    case 'WORKDIR':
      return true;
    case 'ARG':
    case 'ENV':
      return !instruction.pairs.some(({ key }) => /proxy|^apt|^ssl|^ld_|^path$|^home$|^tmpdir$|^tz$/i.test(key));
    default:
      return false;
  }
}

function sameFlags(a: RunInstruction, b: RunInstruction): boolean {
  const written = (run: RunInstruction) => run.flags.map(({ name, value }) => `${name}=${value}`).join('\n');
  return written(a) === written(b);
}

/** Nothing before the install in its own step that could change the sources. */
function isFirst(commands: readonly ShellCommand[], install: ShellCommand): boolean {
  return commands.every(
    (command) => command === install || command.span.start > install.span.start || command.name === 'set',
  );
}

/** The step does nothing but install packages of the archive; what stands before `update`, where it is given, does not count. */
function keepsSources(build: Build, run: RunInstruction, update?: ShellCommand): boolean {
  const { commands } = scriptOf(build, run);
  return commands.slice(update ? commands.indexOf(update) + 1 : 0).every((command) => {
    const call = aptCall(command);
    return (
      call?.verb === 'clean' ||
      (call?.verb === 'install' && call.packages.every(({ value }) => value !== undefined && !value.includes('/')))
    );
  });
}
