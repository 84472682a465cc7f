import type { Edit, Fix } from '../../core/finding.js';
import { aptCall, mayRefreshLists } from '../../model/apt.js';
import { instructionsBetween } from '../../model/between.js';
import type { Build, Stage } from '../../model/build.js';
import { parseShell, type ShellCommand } from '../../syntax/shell.js';
import { wholeLines } from '../../syntax/text.js';
import type { Instruction, RunInstruction } from '../../syntax/tree.js';
import type { AptLists } from './split-apt-update-commands.js';

/** An update this many instructions away stays where it is, so that time stays linear. */
const farthest = 100;

/** Puts an update in front of the install; takes the old one away where nothing else needs it. None where the shell is too odd to edit. */
export function joinFix(
  build: Build,
  stage: Stage,
  lists: AptLists,
  run: RunInstruction,
  install: ShellCommand,
): Fix[] {
  const script = scriptOf(build, run);
  if (script.language !== 'shell' || !script.complete || !install.certain || install.piped || install.depth > 0)
    return [];
  if (install.wrappers.some((wrapper) => wrapper !== 'sudo')) return [];
  const near = lists.stage === stage && run.index - lists.run.index < farthest;
  const between = near ? instructionsBetween(stage, lists.run, run) : undefined;
  const moves =
    isOnlyUpdate(build, lists) && between?.every((instruction) => needsNoLists(build, instruction)) === true;
  const edits: Edit[] = [
    {
      span: { start: install.span.start, end: install.span.start },
      text: `${updateText(build, lists, stage, install)} && `,
    },
  ];
  if (moves) edits.push({ span: wholeLines(build.file.text, lists.run.span), text: '' });
  const safe =
    between?.every(isNeutral) === true &&
    sameFlags(lists.run, run) &&
    isFirst(script.commands, install) &&
    keepsSources(build, lists);
  const update = `${aptCall(lists.update)?.program ?? 'apt-get'} update`;
  const title = moves ? `Move ${update} into this step` : `Run ${update} in this step too`;
  if (safe) return [{ title, safety: 'safe', edits }];
  const caveat =
    'the update then also reads package sources and apt settings that the commands between the two have changed';
  return [{ title, safety: 'unsafe', caveat, edits }];
}

function scriptOf(build: Build, run: RunInstruction) {
  return parseShell(build.file, run, build.stateBefore(run).shell);
}

function isOnlyUpdate(build: Build, { run, mounted }: AptLists): boolean {
  const { commands, language, complete } = scriptOf(build, run);
  return !mounted && language === 'shell' && complete && commands.length === 1 && run.heredocs.length === 0;
}

/** With the options it has in the old place, where they can be copied as they stand. */
function updateText({ file }: Build, lists: AptLists, stage: Stage, install: ShellCommand): string {
  const { update } = lists;
  const written = file.text.slice(update.nameSpan.start, update.span.end);
  const copied =
    lists.stage === stage &&
    !update.piped &&
    update.wrappers.every((wrapper) => wrapper === 'sudo') &&
    !/[\r\n$`]/.test(written);
  const sudo = install.wrappers.includes('sudo') ? 'sudo ' : '';
  return sudo + (copied ? written : 'apt-get update');
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
      return !instruction.pairs.some(({ key }) => /proxy|^apt|^ssl|^path$|^home$|^tz$/i.test(key));
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

/** After its update, the old step does nothing but install packages of the archive. */
function keepsSources(build: Build, { run, update }: AptLists): boolean {
  const { commands } = scriptOf(build, run);
  return commands.slice(commands.indexOf(update) + 1).every((command) => {
    const call = aptCall(command);
    return (
      call?.verb === 'clean' ||
      (call?.verb === 'install' && call.packages.every(({ value }) => value !== undefined && !value.includes('/')))
    );
  });
}
