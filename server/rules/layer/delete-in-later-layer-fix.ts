import type { Edit, Fix } from '../../core/finding.js';
import type { DockerfileCheck } from '../../core/rule.js';
import { aptCall, mayRefreshLists } from '../../model/apt.js';
import { instructionsBetween } from '../../model/between.js';
import type { Build } from '../../model/build.js';
import { canAppend, joinRuns } from '../../model/join-runs.js';
import type { Placement } from '../../model/placements.js';
import { hasNoMounts } from '../../syntax/frontend.js';
import { parseShell, type ShellCommand } from '../../syntax/shell.js';
import { continuationStyle, removeCommand, removeWords } from '../../syntax/shell-edits.js';
import { wholeLines } from '../../syntax/text.js';
import type { Instruction, RunInstruction, TransferInstruction } from '../../syntax/tree.js';
import type { Deletion } from './delete-in-later-layer-deletions.js';
import type { Write } from './delete-in-later-layer-writes.js';

/** Steps so far apart are left alone, so that time stays linear. */
const farthest = 100;

/** What can be done by editing just the two steps, or why that is nothing: "COPY stands between the two steps". */
export function deletionFixes(
  build: Build,
  run: RunInstruction,
  deletion: Deletion,
  write: Write,
  settings: DockerfileCheck<object>['settings'],
): { readonly fixes: readonly Fix[] } | { readonly reason: string } {
  const stage = build.stageOf(run);
  if (!stage || build.stageOf(write.instruction) !== stage) return { reason: 'another stage writes it' };
  if (run.index - write.instruction.index > farthest) return { reason: 'many steps stand between the two' };
  const between = instructionsBetween(stage, write.instruction, run);
  if (write.instruction.keyword !== 'RUN') return mountInstead(build, run, deletion, write, { between, settings });
  const steps = [write.instruction, ...between, run];
  const lists = listsFix(build, write, run, between);
  const edits = joinAll(build, steps);
  if (edits && steps.length <= mostJoined) {
    const title = between.length === 0 ? 'Join the two steps' : `Join the ${steps.length} steps`;
    return { fixes: [...lists, { title, safety: 'safe', edits }] };
  }
  if (lists.length > 0) return { fixes: lists };
  if (edits) return { reason: `${steps.length} steps would become one` };
  const other = between.find(({ keyword }) => keyword !== 'RUN')?.keyword;
  return {
    reason: other
      ? `${other} stands between the two steps`
      : 'joined with &&, the steps would not do the same, or hide a failure',
  };
}

/** More steps than this are not made one: their layers are worth keeping apart. */
const mostJoined = 4;

function joinAll(build: Build, steps: readonly Instruction[]): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  for (const [index, second] of steps.entries()) {
    const first = steps[index - 1];
    if (!first) continue;
    const joint = first.keyword === 'RUN' && second.keyword === 'RUN' ? joinRuns(build, first, second) : undefined;
    if (!joint) return undefined;
    edits.push(...joint);
  }
  return edits;
}

/** Nothing from here to there reads the lists of the earlier step, so they can go where they were fetched. */
function listsFix(
  build: Build,
  { instruction, paths, span }: Write,
  run: RunInstruction,
  between: readonly Instruction[],
): Fix[] {
  if (instruction.keyword !== 'RUN' || !paths.includes('/var/lib/apt/lists') || !canAppend(build, instruction))
    return [];
  if (build.stages.some(({ base }) => base.kind === 'stage' && base.stage === build.stageOf(run))) return [];
  if (![...between, run].every((one) => one.keyword !== 'RUN' || needsNoLists(build, one))) return [];
  const { commands } = parseShell(build.file, instruction, build.stateBefore(instruction).shell);
  const wrappers = commands.find((command) => command.span.start === span.start)?.wrappers ?? [];
  if (wrappers.some((wrapper) => wrapper !== 'sudo')) return [];
  const sudo = wrappers.length > 0 ? 'sudo ' : '';
  const { eol, indent } = continuationStyle(build.file, instruction.span);
  const broken = build.file.text.slice(instruction.span.start, instruction.span.end).includes('\n');
  const text = `${broken ? ` && ${build.file.escape}${eol}${indent}` : ' && '}${sudo}rm -rf /var/lib/apt/lists/*`;
  const { end } = instruction.textSpan;
  return [
    {
      title: "Delete apt's lists in the step that fetches them",
      safety: 'safe',
      edits: [{ span: { start: end, end }, text }],
    },
  ];
}

function needsNoLists(build: Build, run: RunInstruction): boolean {
  const { commands, language } = parseShell(build.file, run, build.stateBefore(run).shell);
  if (language !== 'shell') return false;
  for (const [index, command] of commands.entries()) {
    const verb = aptCall(command)?.verb;
    if (verb === 'update' && command.certain) return true;
    if (command.name !== 'rm' && readsLists(command)) return false;
    if (
      verb !== undefined
        ? !/^(?:clean|auto-?clean|auto-?remove|remove|purge)$/.test(verb)
        : mayRefreshLists(command, commands[index + 1])
    )
      return false;
  }
  return true;
}

/** `apt-cache policy`, or a word that names the folder or one that holds it. */
function readsLists({ name, args, redirects }: ShellCommand): boolean {
  const words = [...args, ...redirects.flatMap(({ target }) => target ?? [])];
  return (
    name === 'apt-cache' ||
    words.some(({ text }) => /(?:^|[^\w/])\/var\/?(?:["'\s*]|$|lib\/?(?:["'\s*]|$|apt\b))/.test(text))
  );
}

/** Mounts the file during the step instead of copying it. */
function mountInstead(
  build: Build,
  run: RunInstruction,
  deletion: Deletion,
  { placement, paths }: Write,
  { between, settings }: { between: readonly Instruction[]; settings: DockerfileCheck<object>['settings'] },
): { readonly fixes: readonly Fix[] } | { readonly reason: string } {
  if (settings.builder === 'classic' || settings.builder === 'kaniko') return { reason: 'this builder has no mounts' };
  if (hasNoMounts(build.file.text)) return { reason: 'the frontend that the syntax directive names has no mounts' };
  const copy = placement?.instruction;
  if (placement?.origin === 'remote') return { reason: 'download it in the step that deletes it, instead of with ADD' };
  if (placement?.type === 'directory')
    return {
      reason: paths.includes(deletion.path)
        ? 'a mount in its place would be read-only'
        : 'keep it out with .dockerignore, unless a step needs it',
    };
  if (between.some(({ keyword }) => keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD'))
    return { reason: 'the steps between the two may need it' };
  const fix = placement && copy && bindFix(build, run, deletion, { placement, copy });
  return fix ? { fixes: [fix] } : { reason: 'this COPY cannot be replaced by a mount as it is written' };
}

function bindFix(
  build: Build,
  run: RunInstruction,
  deletion: Deletion,
  { placement, copy }: { placement: Placement; copy: TransferInstruction },
): Fix | undefined {
  if (copy.keyword !== 'COPY' || copy.sources.length !== 1 || copy.heredocs.length > 0) return undefined;
  if (copy.flags.some(({ name }) => name !== 'from' && name !== 'link')) return undefined;
  const from = copy.flags.find(({ name }) => name === 'from')?.value;
  const source = placement.source ?? '';
  const target = deletion.path;
  if (/[\s,"'$*?[]/.test(`${source}${target}${from ?? ''}`) || !placement.paths.includes(target)) return undefined;
  const removal = removalOf(build, run, deletion);
  if (!removal) return undefined;
  const mount = ` --mount=type=bind${from === undefined ? '' : `,from=${from}`},source=${source},target=${target}`;
  const { end } = run.keywordSpan;
  return {
    title: `Mount ${source} for this step instead of copying it`,
    safety: 'unsafe',
    caveat: 'the file is then read-only and there during this step only, and the builder has to be BuildKit or buildah',
    edits: [
      { span: wholeLines(build.file.text, copy.span), text: '' },
      { span: { start: end, end }, text: mount },
      ...removal,
    ],
  };
}

/** Takes the path out of the `rm`, or the whole `rm` where it has no other. */
function removalOf({ file, stateBefore }: Build, run: RunInstruction, { command, word }: Deletion) {
  const script = parseShell(file, run, stateBefore(run).shell);
  const operands = command.args.filter(({ value, text }) => !(value ?? text).startsWith('-'));
  if (operands.length > 1) return removeWords(file, script, [word]);
  return removeCommand(file, script, command);
}
