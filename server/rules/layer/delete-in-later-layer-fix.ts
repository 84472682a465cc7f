import type { Fix } from '../../core/finding.js';
import type { DockerfileCheck } from '../../core/rule.js';
import { aptCall } from '../../model/apt.js';
import type { Build } from '../../model/build.js';
import { canAppend, joinRuns } from '../../model/join-runs.js';
import { parseShell } from '../../syntax/shell.js';
import { continuationStyle, removeCommand, removeWords } from '../../syntax/shell-edits.js';
import { wholeLines } from '../../syntax/text.js';
import type { Instruction, RunInstruction } from '../../syntax/tree.js';
import type { Deletion } from './delete-in-later-layer-deletions.js';
import type { Write } from './delete-in-later-layer-writes.js';

/** What can be done by editing just the two steps; often nothing. */
export function deletionFixes(
  build: Build,
  run: RunInstruction,
  deletion: Deletion,
  write: Write,
  settings: DockerfileCheck<object>['settings'],
): Fix[] {
  const between = instructionsBetween(build, write.instruction, run);
  if (!between) return [];
  if (write.instruction.keyword === 'RUN') {
    const edits = between.length === 0 ? joinRuns(build, write.instruction, run) : undefined;
    if (edits) return [{ title: 'Join the two steps', safety: 'safe', edits }];
    return listsFix(build, write, run, between);
  }
  if (settings.builder === 'classic' || settings.builder === 'kaniko') return [];
  return bindFix(build, run, deletion, write, between);
}

/** Undefined where the two are not in one stage. */
function instructionsBetween(build: Build, first: Instruction, last: Instruction): readonly Instruction[] | undefined {
  const stage = build.stageOf(last);
  if (!stage || build.stageOf(first) !== stage) return undefined;
  return stage.instructions.filter(({ index }) => index > first.index && index < last.index);
}

/** The later step fetches lists of its own, so those of the earlier one can go where they were fetched. */
function listsFix(
  build: Build,
  { instruction, paths }: Write,
  run: RunInstruction,
  between: readonly Instruction[],
): Fix[] {
  if (instruction.keyword !== 'RUN' || !paths.includes('/var/lib/apt/lists') || !canAppend(build, instruction))
    return [];
  if (![...between, run].every((one) => one.keyword !== 'RUN' || updatesFirst(build, one))) return [];
  const { eol, indent } = continuationStyle(build.file, instruction.span);
  const broken = build.file.text.slice(instruction.span.start, instruction.span.end).includes('\n');
  const text = `${broken ? ` && ${build.file.escape}${eol}${indent}` : ' && '}rm -rf /var/lib/apt/lists/*`;
  const { end } = instruction.textSpan;
  return [
    {
      title: "Delete apt's lists in the step that fetches them",
      safety: 'safe',
      edits: [{ span: { start: end, end }, text }],
    },
  ];
}

function updatesFirst(build: Build, run: RunInstruction): boolean {
  const { commands } = parseShell(build.file, run, build.stateBefore(run).shell);
  const verbs = commands.flatMap((command) => (command.certain ? (aptCall(command)?.verb ?? []) : []));
  return verbs[0] === 'update';
}

/** Mounts the file during the step instead of copying it. */
function bindFix(
  build: Build,
  run: RunInstruction,
  deletion: Deletion,
  write: Write,
  between: readonly Instruction[],
): Fix[] {
  const { placement } = write;
  const copy = placement?.instruction;
  if (!placement || copy?.keyword !== 'COPY' || copy.sources.length !== 1 || copy.heredocs.length > 0) return [];
  if (copy.flags.some(({ name }) => name !== 'from' && name !== 'link') || placement.type === 'directory') return [];
  if (between.some(({ keyword }) => keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD')) return [];
  const from = copy.flags.find(({ name }) => name === 'from')?.value;
  const source = placement.source ?? '';
  const target = deletion.path;
  if (/[\s,"'$*?[]/.test(`${source}${target}${from ?? ''}`) || !write.paths.includes(target)) return [];
  const removal = removalOf(build, run, deletion);
  if (!removal) return [];
  const mount = ` --mount=type=bind${from === undefined ? '' : `,from=${from}`},source=${source},target=${target}`;
  const { end } = run.keywordSpan;
  return [
    {
      title: `Mount ${source} for this step instead of copying it`,
      safety: 'unsafe',
      caveat:
        'the file is then read-only and there during this step only, and the builder has to be BuildKit or buildah',
      edits: [
        { span: wholeLines(build.file.text, copy.span), text: '' },
        { span: { start: end, end }, text: mount },
        ...removal,
      ],
    },
  ];
}

/** Takes the path out of the `rm`, or the whole `rm` where it has no other. */
function removalOf({ file, stateBefore }: Build, run: RunInstruction, { command, word }: Deletion) {
  const script = parseShell(file, run, stateBefore(run).shell);
  const operands = command.args.filter(({ value, text }) => !(value ?? text).startsWith('-'));
  if (operands.length > 1) return removeWords(file, script, [word]);
  return removeCommand(file, script, command);
}
