import type { Edit, Fix } from '../../core/finding.js';
import { instructionsBetween } from '../../model/between.js';
import type { Build, Stage } from '../../model/build.js';
import { rootImageOf, startsFromKnownImage } from '../../model/caches.js';
import { relativeTo } from '../../model/path.js';
import { isUsualFolder, type Placement } from '../../model/placements.js';
import type { ShellCommand, ShellScript } from '../../syntax/shell.js';
import { removeCommand, removeWords, type TextEdit } from '../../syntax/shell-edits.js';
import { lineEnding, type Span, wholeLines } from '../../syntax/text.js';
import type { Instruction, RunInstruction, TransferInstruction } from '../../syntax/tree.js';
import { type Chown, ownerFlag } from './chown-after-copy-command.js';

const account = /^(?:useradd|adduser|groupadd|addgroup|usermod|groupmod)$/;

/** What the chown is about: files of COPYs, and whether these bring others too. */
export interface Owned {
  readonly placements: readonly Placement[];
  readonly alone: boolean;
  /** One of the files has a bit that chown takes away (`man 2 chown`; seen with BuildKit 0.25, which gives it back to a file with `--chown`). */
  readonly setsId: boolean;
}

/** `COPY --chown` in place of the chown, or why not: "a RUN between the two may write there". */
export function chownFix(
  build: Build,
  run: RunInstruction,
  script: ShellScript,
  chown: Chown,
  { placements, alone, setsId }: Owned,
  stage: Stage,
): { readonly fix: Fix } | { readonly reason: string } {
  const owner = ownerFlag(chown.owner);
  if (owner === undefined) return { reason: `COPY --chown cannot say ${chown.owner.text}` };
  const copies = [...new Set(placements.map(({ instruction }) => instruction))];
  const first = copies[0];
  const before = script.commands.filter(({ span }) => span.start < chown.command.span.start);
  const between = first ? instructionsBetween(stage, first, run) : [];
  const reason =
    reasonInCommand(build, run, script, chown) ??
    (alone ? undefined : 'the COPY brings more than what gets the owner') ??
    (setsId ? 'chown takes away a bit that a copied file has' : undefined) ??
    reasonInFiles(build, chown, placements, owner) ??
    reasonInSteps(between, before);
  if (reason !== undefined || !first) return { reason: reason ?? 'there is no COPY' };
  const flags = copies.flatMap((copy) => ownerEdit(copy, owner));
  const title = `Give the owner with COPY --chown=${owner}`;
  if (!/^\d+:\d+$/.test(owner) && script.commands.some(({ name = '' }) => account.test(name))) {
    const moved = moveAbove(build, run, script, chown, first, between);
    return moved
      ? { fix: unsafe(title, chown, [...flags, ...moved]) }
      : { reason: 'the step that creates the user cannot simply be moved above the COPY' };
  }
  const rest = dropFrom(build, run, script, chown, placements);
  if (!rest) return { reason: 'the chown cannot be cut out of its step' };
  const exact =
    between.length === 0 &&
    before.length === 0 &&
    placements.every(
      ({ type, paths }) => type === 'file' && paths.length === 1 && chown.paths.includes(paths[0] ?? ''),
    );
  const edits = [...flags, ...rest];
  if (!exact) return { fix: unsafe(title, chown, edits) };
  const made = placements.flatMap(
    ({ instruction, paths }) => madeFolder(build, stage, instruction, paths[0] ?? '') ?? [],
  )[0];
  const caveat = `${made} gets that owner too where the COPY makes it`;
  return { fix: made === undefined ? { title, safety: 'safe', edits } : { title, safety: 'unsafe', caveat, edits } };
}

/** The folder of a copied file, unless the image has it for certain: BuildKit gives the owner to the folders that it makes. */
function madeFolder(build: Build, stage: Stage, copy: TransferInstruction, path: string): string | undefined {
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  const { cwd } = build.stateBefore(copy);
  const isThere = hasFolder(stage, folder) || (cwd !== undefined && relativeTo(folder, cwd) !== undefined);
  return isThere ? undefined : folder;
}

/** Images that are made of busybox alone have no `/opt` and no `/usr/local`; what an unknown image has is not known. */
function hasFolder(stage: Stage, folder: string): boolean {
  if (/^\/(?:bin|etc|tmp|usr|usr\/bin)?$/.test(folder)) return true;
  return isUsualFolder(folder) && startsFromKnownImage(stage) && rootImageOf(stage) !== 'busybox';
}

function reasonInCommand(
  build: Build,
  run: RunInstruction,
  { language, commands }: ShellScript,
  { command, recursive, paths }: Chown,
): string | undefined {
  if (!isRoot(build.stateBefore(run).user)) return 'the chown does not run as root';
  const writes = command.redirects.some(({ target }) => !target?.value?.startsWith('/dev/'));
  if (language !== 'shell' || command.wrappers.length > 0 || command.depth > 0 || run.heredocs.length > 0 || writes)
    return 'the chown is not a plain command';
  const same = new Set([...paths, ...command.args.map(({ text }) => withoutSlash(text))]);
  const modes = commands.some(
    ({ name, args }) =>
      name === 'chmod' &&
      args.some(({ value }) => value !== undefined && /^-[a-zA-Z]*R|^--recursive$/.test(value)) &&
      args.some(({ text }) => !text.startsWith('-') && same.has(withoutSlash(text))),
  );
  return recursive && modes ? 'chmod -R in this step stores it again as well; COPY also has --chmod' : undefined;
}

function withoutSlash(path: string): string {
  return path.replace(/(?<=.)\/+$/, '');
}

function reasonInFiles(
  build: Build,
  { paths, owner: written }: Chown,
  placements: readonly Placement[],
  owner: string,
): string | undefined {
  if (placements.some(({ unpacked }) => unpacked)) return 'ADD unpacks an archive, whose owners it keeps';
  const unknown = paths.find((path) => !placements.some((one) => isAt(path, one)));
  if (unknown !== undefined) return `what else is in ${unknown} is not known`;
  const copies = new Set(placements.map(({ instruction }) => instruction));
  const isPartial = /^["']?:|^[^:]*$/.test(written.text);
  const problems = [...copies].flatMap(
    (copy) => flagProblem(copy, isPartial) ?? ownerProblem(build, copy, owner) ?? [],
  );
  return problems[0];
}

function reasonInSteps(between: readonly Instruction[], before: readonly ShellCommand[]): string | undefined {
  if (between.some(({ keyword }) => keyword === 'RUN'))
    return 'a RUN between the two may write there; let it run as that user instead';
  return before.every(({ name = '' }) => account.test(name) || name === 'chmod' || name === 'set')
    ? undefined
    : 'the step does more before the chown, and may write there';
}

function unsafe(title: string, { paths }: Chown, edits: readonly Edit[]): Fix {
  return {
    title,
    safety: 'unsafe',
    caveat: `what the base image or an earlier step has put below ${paths.join(' and ')} keeps its owner`,
    edits,
  };
}

function isRoot(user: string | undefined): boolean {
  return user === undefined || /^(?:root|0)(?::|$)/.test(user);
}

function isAt(path: string, { paths }: Placement): boolean {
  return paths.every((one) => relativeTo(path, one) !== undefined);
}

/** Why the flags that the COPY has forbid the owner: `chown user` leaves the group, and chown takes the set-uid bit away. */
function flagProblem({ flags }: TransferInstruction, isPartial: boolean): string | undefined {
  const written = (flag: string) => flags.find(({ name }) => name === flag)?.value;
  if (isPartial && written('chown') !== undefined) return 'the COPY gives an owner of which the chown leaves a half';
  return /^0?[2-7][0-7]{3}$|s|\$/.test(written('chmod') ?? '')
    ? 'chown takes away a bit that --chmod gives'
    : undefined;
}

/** Why this COPY cannot give that owner. */
function ownerProblem(build: Build, copy: TransferInstruction, owner: string): string | undefined {
  const value = build.expand(copy, owner);
  if (value === undefined || !/^[^:]+:[^:]+$/.test(value)) return `what ${owner} stands for is not known at the COPY`;
  const link = copy.flags.some(({ name, value }) => name === 'link' && value !== 'false');
  return link && !/^\d+:\d+$/.test(value) ? 'COPY --link takes an owner only as numbers' : undefined;
}

function ownerEdit({ flags, keywordSpan }: TransferInstruction, owner: string): Edit[] {
  const given = flags.find(({ name }) => name === 'chown');
  if (given?.valueSpan) return given.value === owner ? [] : [{ span: given.valueSpan, text: owner }];
  const { end } = keywordSpan;
  return [{ span: { start: end, end }, text: ` --chown=${owner}` }];
}

/** The chown without its `-R`, or nothing of it where only files are meant. */
function dropFrom(
  { file }: Build,
  run: RunInstruction,
  script: ShellScript,
  chown: Chown,
  placements: readonly Placement[],
): readonly Edit[] | undefined {
  const isFile = (path: string) => placements.some(({ type, paths }) => type === 'file' && paths.includes(path));
  if (!chown.paths.every(isFile)) return withoutRecursion(file, script, chown);
  if (script.commands.length === 1) return [{ span: wholeLines(file.text, run.span), text: '' }];
  return removeCommand(file, script, chown.command);
}

function withoutRecursion(
  file: Build['file'],
  script: ShellScript,
  { recursiveWord }: Chown,
): readonly TextEdit[] | undefined {
  if (!recursiveWord) return [];
  if (/^-[a-zA-Z]{2,}$/.test(recursiveWord.text))
    return [{ span: recursiveWord.span, text: recursiveWord.text.replace('R', '') }];
  return removeWords(file, script, [recursiveWord]);
}

/**
 * The step that creates the user, put above the first COPY; with the chown of the folder where the folder is there by then, else
 * the COPY makes the folder with that owner.
 */
function moveAbove(
  build: Build,
  run: RunInstruction,
  script: ShellScript,
  chown: Chown,
  first: TransferInstruction,
  between: readonly Instruction[],
): Edit[] | undefined {
  const { file } = build;
  const { text } = file;
  if (!script.commands.every(({ name = '' }) => account.test(name) || name === 'chown')) return undefined;
  if (
    between.some(
      ({ keyword }) =>
        keyword === 'ARG' || keyword === 'ENV' || keyword === 'SHELL' || keyword === 'USER' || keyword === 'WORKDIR',
    )
  )
    return undefined;
  const { cwd } = build.stateBefore(first);
  const isThere = chown.paths.every((path) => cwd !== undefined && relativeTo(path, cwd) !== undefined);
  const inner = isThere ? withoutRecursion(file, script, chown) : removeCommand(file, script, chown.command);
  if (!inner) return undefined;
  const from = withComments(text, wholeLines(text, run.span));
  const eol = lineEnding(text);
  const block = applied(text, from, inner);
  const apart = blankBefore(text, from.start);
  const moved = `${block.endsWith('\n') ? block : block + eol}${apart < from.start ? eol : ''}`;
  const at = withComments(text, wholeLines(text, first.span)).start;
  const gap = /^[ \t]*\r?(?:\n|$)/.test(text.slice(from.end, from.end + 200)) ? apart : from.start;
  return [
    { span: { start: at, end: at }, text: moved },
    { span: { start: gap, end: from.end }, text: '' },
  ];
}

/** Where the blank line above the line at `start` begins; `start` where there is none. */
function blankBefore(text: string, start: number): number {
  const line = text.lastIndexOf('\n', start - 2) + 1;
  return start > 0 && text.slice(line, start).trim() === '' ? line : start;
}

/** With the comment lines right above. */
function withComments(text: string, { start, end }: Span): Span {
  let first = start;
  while (first > 0) {
    const line = text.lastIndexOf('\n', first - 2) + 1;
    if (!/^[ \t]*#(?!\s*(?:syntax|escape|check)\s*=)/i.test(text.slice(line, first))) break;
    first = line;
  }
  return { start: first, end };
}

/** A piece of the text with edits inside it made. */
function applied(text: string, { start, end }: Span, edits: readonly TextEdit[]): string {
  let result = '';
  let at = start;
  for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return result + text.slice(at, end);
}
