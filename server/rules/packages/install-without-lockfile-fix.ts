import type { Edit } from '../../core/finding.js';
import type { LockedInstall } from '../../knowledge/locked-installs.js';
import type { Build } from '../../model/build.js';
import type { Install } from '../../model/installs.js';
import type { Transfer } from '../../model/transfers.js';
import { baseName } from '../../syntax/go-path.js';
import { parseShell } from '../../syntax/shell.js';
import { insertAfterWord, removeWords } from '../../syntax/shell-edits.js';
import { verbsOf } from './install-without-lockfile-commands.js';

/** Makes the command insist on the lockfile; none to make where the command is right as it is, undefined where it cannot be edited. */
export function insistEdits(
  { file, stateBefore }: Build,
  install: Install,
  locking: LockedInstall,
): readonly Edit[] | undefined {
  const { insist, drops = [] } = locking;
  if (!insist) return [];
  const { command, run } = install;
  const script = parseShell(file, run, stateBefore(run).shell);
  const verb = verbsOf(install, locking).at(-1);
  const needless = install.options.filter(({ name }) => drops.includes(name)).map(({ word }) => word);
  const removed = needless.length > 0 ? removeWords(file, script, needless) : [];
  if (!removed) return undefined;
  if ('variable' in insist) {
    if (script.language !== 'shell' || command.wrappers.length > 0) return undefined;
    return [{ span: { start: command.nameSpan.start, end: command.nameSpan.start }, text: `${insist.variable} ` }];
  }
  if ('word' in insist) return verb ? [{ span: verb.span, text: insist.word }, ...removed] : undefined;
  if (verb) return [insertAfterWord(script, verb, insist.option), ...removed];
  if (script.language !== 'shell') return undefined;
  return [{ span: { start: command.nameSpan.end, end: command.nameSpan.end }, text: ` ${insist.option}` }];
}

/** Copies a file beside a manifest that is copied by its own name. */
export function copyEdits(
  { file }: Build,
  { instruction, sources }: Transfer,
  manifest: string,
  name: string,
): readonly Edit[] | undefined {
  const source = sources.find(({ path }) => path === manifest);
  const target = instruction.destination;
  if (!source || !target || instruction.json) return undefined;
  const written = file.text.slice(source.word.span.start, source.word.span.end);
  const base = baseName(manifest);
  if (!written.endsWith(base) || /["'$]/.test(written)) return undefined;
  const { end } = source.word.span;
  const added: Edit = { span: { start: end, end }, text: ` ${written.slice(0, -base.length)}${name}` };
  if (instruction.sources.length > 1 || /(?:^|\/)\.{0,2}$/.test(target.text)) return [added];
  if (baseName(target.text) !== base) return undefined;
  return [added, { span: target.span, text: target.text.slice(0, -base.length) || './' }];
}
