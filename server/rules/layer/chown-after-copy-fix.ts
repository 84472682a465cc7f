import type { Edit, Fix } from '../../core/finding.js';
import { instructionsBetween } from '../../model/between.js';
import type { Build, Stage } from '../../model/build.js';
import { relativeTo } from '../../model/path.js';
import type { Placement } from '../../model/placements.js';
import type { ShellScript } from '../../syntax/shell.js';
import { removeCommand, removeWords, type TextEdit } from '../../syntax/shell-edits.js';
import { lineEnding, type Span, wholeLines } from '../../syntax/text.js';
import type { Instruction, RunInstruction, TransferInstruction } from '../../syntax/tree.js';
import { type Chown, ownerFlag } from './chown-after-copy-command.js';

const account = /^(?:useradd|adduser|groupadd|addgroup|usermod|groupmod)$/;

/** `COPY --chown` in place of the chown; none where the result could be another owner somewhere that matters. */
export function chownFix(
  build: Build,
  run: RunInstruction,
  script: ShellScript,
  chown: Chown,
  placements: readonly Placement[],
  stage: Stage,
): Fix[] {
  const owner = ownerFlag(chown.owner);
  const copies = [...new Set(placements.map(({ instruction }) => instruction))];
  const first = copies[0];
  if (owner === undefined || !first || script.language !== 'shell' || !isRoot(build.stateBefore(run).user)) return [];
  if (chown.command.wrappers.length > 0 || chown.command.depth > 0 || run.heredocs.length > 0) return [];
  if (
    placements.some(({ unpacked }) => unpacked) ||
    !chown.paths.every((path) => placements.some((one) => isAt(path, one)))
  )
    return [];
  if (!copies.every((copy) => canOwn(build, copy, owner))) return [];
  const between = instructionsBetween(stage, first, run);
  if (between.some(({ keyword }) => keyword === 'RUN')) return [];
  const before = script.commands.filter(({ span }) => span.start < chown.command.span.start);
  if (!before.every(({ name = '' }) => account.test(name) || name === 'chmod' || name === 'set')) return [];
  const flags = copies.flatMap((copy) => ownerEdit(copy, owner));
  const named = !/^\d+:\d+$/.test(owner);
  const title = isRootOwner(owner)
    ? 'Take the -R off: COPY gives its files to root'
    : `Give the owner with COPY --chown=${owner}`;
  if (named && script.commands.some(({ name = '' }) => account.test(name))) {
    const moved = moveAbove(build, run, script, chown, first, between);
    return moved ? [unsafe(title, chown, [...flags, ...moved])] : [];
  }
  const rest = dropFrom(build, run, script, chown, placements);
  if (!rest) return [];
  const exact =
    between.length === 0 &&
    before.length === 0 &&
    placements.every(
      ({ type, paths }) => type === 'file' && paths.length === 1 && chown.paths.includes(paths[0] ?? ''),
    );
  return exact ? [{ title, safety: 'safe', edits: [...flags, ...rest] }] : [unsafe(title, chown, [...flags, ...rest])];
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

/** What COPY does without `--chown`. */
function isRootOwner(owner: string): boolean {
  return /^(?:0|root):(?:0|root)$/.test(owner);
}

function isAt(path: string, { paths }: Placement): boolean {
  return paths.every((one) => relativeTo(path, one) !== undefined);
}

/** Whether the owner means the same for this COPY, and its flags allow it. */
function canOwn(build: Build, copy: TransferInstruction, owner: string): boolean {
  const value = build.expand(copy, owner);
  if (value === undefined || /^:|:$/.test(value)) return false;
  const link = copy.flags.some(({ name, value }) => name === 'link' && value !== 'false');
  return !link || /^\d+:\d+$/.test(value);
}

function ownerEdit({ flags, keywordSpan }: TransferInstruction, owner: string): Edit[] {
  const given = flags.find(({ name }) => name === 'chown');
  if (!given && isRootOwner(owner)) return [];
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
  const moved = applied(text, from, inner);
  const at = withComments(text, wholeLines(text, first.span)).start;
  return [
    { span: { start: at, end: at }, text: moved.endsWith('\n') ? moved : moved + eol },
    { span: from, text: '' },
  ];
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
