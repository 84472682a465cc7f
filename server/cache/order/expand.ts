import { distributionManagers } from '../../knowledge/known-commands.js';
import { type Build, buildOf, type Stage } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { areasMeet, tree } from '../../model/effects/area.js';
import type { Acceptance, CommandEffects } from '../../model/effects/command-effects.js';
import type { Effects } from '../../model/effects/instruction-effects.js';
import { commandsOfRun } from '../../model/effects/run-effects.js';
import { callOf } from '../../model/installs.js';
import { type Landing, landingOf } from '../../model/landing.js';
import { type Sources, separatesLists } from '../../model/package-lists.js';
import { partOfRun, type SplitRun, splitRun } from '../../model/split-run.js';
import { contextTransfers } from '../../model/transfers.js';
import { parseDockerfile } from '../../syntax/dockerfile.js';
import { mountsOf } from '../../syntax/mounts.js';
import type { ShellCommand } from '../../syntax/shell.js';
import { lineEnding } from '../../syntax/text.js';
import type { Dockerfile, Instruction, RunInstruction } from '../../syntax/tree.js';
import { downloadSteps } from './downloads.js';
import { withoutLockfiles } from './lockfiles.js';
import { manifestCopies } from './manifest-copies.js';
import { ownInstallSteps, type Repeated } from './own-installs.js';
import { type Placed, placedCopies } from './placed.js';
import { postpone } from './postpone.js';
import { removing } from './removing.js';
import { splitTasks } from './split-tasks.js';
import { type StageEffects, stageEffects } from './stage-effects.js';
import type { Warm } from './warm.js';

/** What an instruction of the expanded file is of the author's. */
export interface Part {
  /** Index of the author's instruction. */
  readonly origin: number;
  /**
   * `manifests`: the first of what that COPY brings, copied once more; `head` and `tail`: that RUN cut, `tail` its last; `download`: a
   * RUN in front of that one which fetches what it would fetch itself; `redone`: such a one whose other files that one writes anew;
   * `rest`: that COPY without lockfiles that a RUN writes anew, which one of `manifests` brings; `repeated`: that RUN itself, in front
   * of it, with the manifests alone.
   */
  readonly role: 'own' | 'manifests' | 'head' | 'tail' | 'download' | 'redone' | 'rest' | 'repeated';
  /** Of a `head` or `tail`: which commands of the RUN it is; left out where it is not just what stands between two of them. */
  readonly commands?: { readonly from: number; readonly to: number };
  /** Of a `rest`: where the lockfiles are in the image. */
  readonly without?: readonly string[];
  /** Of a download. */
  readonly caveats?: readonly string[];
  /** Of the first of two installs; `restoredBy` is the index of the author's instruction. */
  readonly repeated?: Repeated;
  /** Of a download that also compiles. */
  readonly warm?: Warm;
  /** Of a COPY, and of what is made of it. */
  readonly placed?: Placed;
}

/** A part that the author's file does not have in any form. */
export function isNew(part: Part | undefined): boolean {
  return part?.role === 'manifests' || isDownload(part);
}

/** The second part goes on where the first one ends. */
export function goesOnFrom(part: Part | undefined, next: Part | undefined): boolean {
  if (part?.role !== 'head' || next?.origin !== part.origin || (next.role !== 'head' && next.role !== 'tail'))
    return false;
  return part.commands?.to === next.commands?.from;
}

export function isDownload(part: Part | undefined): boolean {
  return part?.role === 'download' || part?.role === 'redone' || part?.role === 'repeated';
}

/**
 * The Dockerfile with its COPYs and RUNs split where a part might go elsewhere, and with downloads that might go there. It builds the
 * same image as the author's.
 */
export interface Expanded {
  readonly author: Dockerfile;
  readonly build: Build;
  /** For each instruction of the expanded file. */
  readonly parts: readonly Part[];
  /** By stage index; undefined for stages that stay as they are. */
  readonly effects: readonly (StageEffects | undefined)[];
}

interface Pieces {
  readonly build: Build;
  readonly parts: readonly Part[];
}

export function expandDockerfile(
  build: Build,
  context: BuildContext,
  stages: ReadonlySet<number>,
  {
    acceptance = 'proved',
    targets = [],
    spared = new Set(),
  }: {
    readonly acceptance?: Acceptance;
    readonly targets?: readonly Stage[];
    /** COPYs, by their index in the author's file, that leave nothing out. */
    readonly spared?: ReadonlySet<number>;
  } = {},
): Expanded | undefined {
  // A `cd` may go to another folder then.
  if (/\bCDPATH\b/.test(build.file.text)) return undefined;
  const asked: Asked = { context, stages, acceptance, targets };
  const own: Pieces = {
    build,
    parts: build.file.instructions.map(({ index }) => ({ origin: index, role: 'own' })),
  };
  const placed = rewrite(own, placeCopies(build, stages)) ?? own;
  const fetching = rewrite(placed, addDownloads(placed.build, asked)) ?? placed;
  const split = rewrite(fetching, cutRuns(fetching.build, asked));
  const helped = split && helpCut(split, asked);
  const cut = helped && rewrite(helped, repeatInstalls(helped, asked));
  const effects = cut && effectsOfStages(cut, asked);
  const whole = cut && effects && rewrite(cut, splitCopies(cut, context, effects, spared));
  return whole && { ...whole, author: build.file, effects: effectsOfStages(whole, asked) };
}

interface Asked {
  readonly context: BuildContext;
  readonly stages: ReadonlySet<number>;
  readonly acceptance: Acceptance;
  readonly targets: readonly Stage[];
}

function effectsOfStages(
  { build, parts }: Pieces,
  { context, stages, acceptance }: Asked,
): (StageEffects | undefined)[] {
  const redone = new Set(build.file.instructions.filter(({ index }) => parts[index]?.role === 'redone'));
  const repeated = new Map(
    build.file.instructions.flatMap((one) => {
      const found = parts[one.index]?.repeated;
      return found ? [[one, found] as const] : [];
    }),
  );
  const warm = new Map<Instruction, Warm>();
  for (const one of build.file.instructions) {
    const own = parts[one.index]?.warm;
    if (own) warm.set(one, own);
  }
  const labels = new Map(
    build.file.instructions.flatMap((one) => {
      const { role, placed } = parts[one.index] ?? {};
      return placed && role === 'own' ? [[one, placed.label] as const] : [];
    }),
  );
  const options = { acceptance, redone, repeated, warm, labels };
  return build.stages.map((stage) =>
    stages.has(stage.index) ? stageEffects(build, stage, context, options) : undefined,
  );
}

/** Installs of the project itself get a step in front of them: themselves, or an install of what the project depends on. */
function repeatInstalls({ build, parts }: Pieces, { context, stages }: Asked): Texts {
  const steps = build.stages.flatMap((stage) =>
    stages.has(stage.index) ? ownInstallSteps(build, stage, context) : [],
  );
  return new Map(
    steps.map(({ run, text, repeated }): readonly [number, readonly Piece[]] => {
      const restoredBy = repeated?.restoredBy === undefined ? undefined : parts[repeated.restoredBy]?.origin;
      const own = build.file.text.slice(run.span.start, run.span.end);
      const piece: Piece = repeated
        ? { text, role: 'repeated', repeated: { ...repeated, restoredBy } }
        : { text, role: 'download' };
      return [run.index, [piece, { text: own, role: 'own' }]];
    }),
  );
}

/** Of the expanded file. */
export interface Piece extends Omit<Part, 'origin'> {
  readonly text: string;
}

/** Texts that stand for an instruction, in order; the last one is the instruction itself or its rest. */
type Texts = ReadonlyMap<number, readonly Piece[]>;

/** Undefined where the result does not read as it should. */
function rewrite({ build, parts }: Pieces, texts: Texts): Pieces | undefined {
  if (texts.size === 0) return { build, parts };
  const { file } = build;
  const eol = lineEnding(file.text);
  let text = '';
  let at = 0;
  const made: Part[] = [];
  for (const { index, span } of file.instructions) {
    const part = parts[index];
    if (!part) return undefined;
    const pieces = texts.get(index);
    if (!pieces) {
      made.push(part);
      continue;
    }
    text += file.text.slice(at, span.start) + pieces.map((piece) => piece.text).join(eol);
    at = span.end;
    const { origin, placed } = part;
    for (const { text: _, role, ...more } of pieces)
      made.push(role === 'own' ? { ...part, ...more } : { origin, role, ...(placed ? { placed } : {}), ...more });
  }
  const result = parseDockerfile(text + file.text.slice(at));
  if (result.problems.length > 0 || result.instructions.length !== made.length) return undefined;
  return { build: buildOf(result), parts: made };
}

function placeCopies(build: Build, stages: ReadonlySet<number>): Texts {
  return new Map(
    placedCopies(build, stages).map(({ index, text, placed }) => [index, [{ text, role: 'own', placed } as const]]),
  );
}

/** What is left of a RUN that was cut may be helped where the whole could not. */
function helpCut(split: Pieces, asked: Asked): Pieces {
  const { build, parts } = split;
  const has = (stage: Stage, is: (part: Part | undefined) => boolean) =>
    stage.instructions.some(({ index }) => is(parts[index]));
  const open = build.stages.filter(
    (stage) => asked.stages.has(stage.index) && has(stage, (part) => part?.role === 'tail') && !has(stage, isDownload),
  );
  const stages = new Set(open.map(({ index }) => index));
  return rewrite(split, addDownloads(build, { ...asked, stages })) ?? split;
}

function addDownloads(build: Build, { context, stages, acceptance, ...asked }: Asked): Texts {
  // Those of the author's build, which may have been rewritten.
  const targets = asked.targets.flatMap(({ index }) => build.stages[index] ?? []);
  const steps = build.stages.flatMap((stage) =>
    stages.has(stage.index) ? downloadSteps(build, stage, context, { acceptance, targets }) : [],
  );
  return new Map(
    steps.map(({ before, text, redone, caveats, warm }) => {
      const { span } = build.file.instructions[before] ?? { span: { start: 0, end: 0 } };
      const own = build.file.text.slice(span.start, span.end);
      return [
        before,
        [
          {
            text,
            role: redone ? 'redone' : 'download',
            ...(caveats.length > 0 ? { caveats } : {}),
            ...(warm ? { warm } : {}),
          } as const,
          { text: own, role: 'own' } as const,
        ],
      ];
    }),
  );
}

function cutRuns(build: Build, asked: Asked): Texts {
  const texts = new Map<number, readonly Piece[]>();
  for (const stage of build.stages) {
    if (!asked.stages.has(stage.index)) continue;
    const first = contextTransfers(build).find((transfer) => transfer.stage === stage)?.instruction.index;
    for (const run of stage.instructions) {
      if (run.keyword !== 'RUN' || first === undefined || run.index < first) continue;
      const pieces = cutRun(build, stage, run, asked);
      if (pieces) texts.set(run.index, pieces);
    }
  }
  return texts;
}

/** Cut before the first command that may need the sources, if something is installed before it, and between installs. */
function cutRun(
  build: Build,
  stage: Stage,
  run: RunInstruction,
  { context, acceptance }: Asked,
): readonly Piece[] | undefined {
  if (mountsOf(build.file, run).mounts.some(({ type }) => type === 'tmpfs')) return undefined;
  const landings = contextTransfers(build).flatMap((transfer) =>
    transfer.stage === stage && transfer.instruction.index < run.index
      ? (landingOf(build, context, transfer) ?? [])
      : [],
  );
  const { script, effects } = commandsOfRun(build, stage, run, context, landings, acceptance);
  const brought = landings.map(({ target }) => tree(target));
  const touches = ({ reads, writes }: CommandEffects) =>
    [...reads, ...writes].some((area) => brought.some((one) => areasMeet(one, area)));
  const at = effects.findIndex(
    (one, index) => one.unknown !== undefined || (!passesOn(script.commands[index]) && touches(one)),
  );
  const tasks = at === -1 ? undefined : splitTasks(build.file, run, script, at, acceptance);
  if (tasks && !removing.test(tasks.tail) && isKnown(build, stage, run, tasks.head, landings, { context, acceptance }))
    return inTwo(tasks);
  const isFile = (path: string) => context.entry(path)?.type === 'file';
  const sources: Sources = { context, landings, cwd: build.stateBefore(run).cwd, text: build.file.text };
  const found = postpone({ file: build.file, run, script, effects, sources, touches, isInstall, isFile });
  if (found && !removing.test(found.tail)) return inTwo(found);
  const known =
    at === -1 ? script.commands.length : script.commands.slice(0, at).findLastIndex(({ name }) => name !== 'cd') + 1;
  const isLast = at > 0 && script.commands.slice(0, known).some(isInstall);
  const cuts = [...betweenInstalls(script.commands.slice(0, known)), ...(isLast ? [known] : [])].filter((one) => {
    const cut = splitRun(build.file, run, script, one);
    const isApart = separatesLists(script.commands.slice(0, one), script.commands.slice(one), sources);
    return cut && !removing.test(cut.tail) && !isApart;
  });
  const bounds = [0, ...cuts, script.commands.length];
  if (cuts.length === 0) return undefined;
  return bounds.slice(1).map((to, index) => {
    const commands = { from: bounds[index] ?? 0, to };
    const role = index === cuts.length ? 'tail' : 'head';
    return { text: partOfRun(build.file, run, script, commands), role, commands };
  });
}

/** It may stand in front of a cut: an install is moved with it, and a `cd` is repeated behind it. */
function passesOn(command: ShellCommand | undefined): boolean {
  return command?.name === 'cd' || isInstall(command);
}

function inTwo({ head, tail }: SplitRun): readonly Piece[] {
  return [
    { text: head, role: 'head' },
    { text: tail, role: 'tail' },
  ];
}

/** Where another package manager begins to install than any before. */
function betweenInstalls(commands: readonly ShellCommand[]): readonly number[] {
  const seen = new Set<string>();
  return commands.flatMap((command, index) => {
    const manager = distributionManagers.has(command.name ?? '') ? 'distribution' : callOf(command)?.manager.name;
    if (manager === undefined || seen.has(manager)) return [];
    seen.add(manager);
    return seen.size > 1 ? [index] : [];
  });
}

/** It is known what a RUN with another script does at that place. */
function isKnown(
  { file }: Build,
  { index }: Stage,
  run: RunInstruction,
  text: string,
  landings: readonly Landing[],
  { context, acceptance }: Pick<Asked, 'context' | 'acceptance'>,
): boolean {
  const build = buildOf(parseDockerfile(file.text.slice(0, run.span.start) + text + file.text.slice(run.span.end)));
  const [stage, own] = [build.stages[index], build.file.instructions[run.index]];
  if (!stage || own?.keyword !== 'RUN') return false;
  const { effects } = commandsOfRun(build, stage, own, context, landings, acceptance);
  return effects.every(({ unknown }) => unknown === undefined);
}

function isInstall(command: ShellCommand | undefined): boolean {
  const { name = '' } = command ?? {};
  return (
    command !== undefined && (distributionManagers.has(name) || name === 'rustup' || callOf(command) !== undefined)
  );
}

function splitCopies(
  { build, parts }: Pieces,
  context: BuildContext,
  effects: readonly (StageEffects | undefined)[],
  spared: ReadonlySet<number>,
): Texts {
  const texts = new Map<number, Piece[]>();
  for (const stage of effects) {
    if (!stage) continue;
    const copies = [...stage.effects.entries()].filter(([, { copied }]) => copied?.origin === 'context');
    for (const [later, reader] of stage.effects.entries()) {
      if (reader.instruction.keyword !== 'RUN' || reader.unknown !== undefined || reader.reads.length === 0) continue;
      for (const [earlier, from] of copies) {
        if (earlier >= later) break;
        if (stage.reason(earlier, later) === undefined || bringsNothingElse(from, reader)) continue;
        const mayLack =
          !isDownload(parts[reader.instruction.index]) && !spared.has(parts[from.instruction.index]?.origin ?? -1);
        const already = texts.get(from.instruction.index)?.at(-1)?.without;
        const rest = mayLack ? withoutLockfiles(build, stage, earlier, later, already) : undefined;
        if (!rest && !mayLeave(stage, earlier, later)) continue;
        const lines = manifestCopies(build, context, from, reader);
        if (lines) addLines(texts, build, from.instruction, lines, rest);
      }
    }
  }
  return texts;
}

/** Nothing but the files that it reads keeps the RUN behind the COPY. */
function mayLeave(stage: StageEffects, earlier: number, later: number): boolean {
  return stage.reasonWithCopies(earlier, later) === undefined;
}

/** All that a COPY brings are files that a RUN reads. */
export function bringsNothingElse({ copied }: Effects, { reads }: Effects): boolean {
  const mappings = copied?.mappings ?? [];
  return mappings.every(({ kind, image }) => kind === 'file' && reads.some(({ path }) => path === image));
}

function addLines(
  texts: Map<number, Piece[]>,
  { file }: Build,
  { index, span }: Instruction,
  lines: readonly string[],
  rest: Piece | undefined,
): void {
  const old = texts.get(index) ?? [{ text: file.text.slice(span.start, span.end), role: 'own' } as const];
  const more = lines.filter((line) => !old.some(({ text }) => text === line));
  const last = rest ?? old.at(-1);
  texts.set(index, [
    ...old.slice(0, -1),
    ...more.map((text) => ({ text, role: 'manifests' }) as const),
    ...(last ? [last] : []),
  ]);
}
