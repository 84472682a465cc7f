import type { Build } from '../../model/build.js';
import type { Touches } from '../../model/effects.js';
import { wordValue } from '../../model/installs.js';
import type { Landing } from '../../model/landing.js';
import { joinPath } from '../../model/path.js';
import { baseName } from '../../syntax/go-path.js';
import { mountsOf } from '../../syntax/mounts.js';
import { parseShell, type ShellWord } from '../../syntax/shell.js';
import { lineAt } from '../../syntax/text.js';
import type { Instruction, RunInstruction, TransferInstruction } from '../../syntax/tree.js';
import { type Defect, touchesMoved } from './copy-before-install-find.js';
import { areAside } from './copy-before-install-places.js';
import { isIndexOf } from './copy-before-install-run.js';

/** Why the sources cannot be moved behind what stands between them and the install; undefined where they can. */
export function whatStandsBetween(build: Build, defect: Defect): string | undefined {
  const { install, offenders } = defect;
  const moved = new Set<Instruction>(offenders.map(({ transfer }) => transfer.instruction));
  const first = offenders[0].transfer.instruction.index;
  const touches = touchesMoved(defect);
  for (const instruction of install.stage.instructions) {
    if (instruction.index <= first || instruction.index >= install.run.index || moved.has(instruction)) continue;
    const reason = reasonFor(build, defect, instruction, touches);
    if (reason !== undefined) return `line ${lineAt(build.file.lineStarts, instruction.span.start) + 1} ${reason}`;
  }
  for (const { transfer } of offenders) {
    const words = [
      ...transfer.instruction.sources,
      ...(transfer.instruction.destination ? [transfer.instruction.destination] : []),
    ];
    const texts = [...words.map(({ text }) => text), ...transfer.instruction.flags.map(({ value }) => value ?? '')];
    if (texts.some((text) => build.expand(transfer.instruction, text) !== build.expand(install.run, text))) {
      return 'a variable in the COPY has another value behind the install';
    }
  }
  return undefined;
}

function reasonFor(build: Build, defect: Defect, instruction: Instruction, touches: Touches): string | undefined {
  if (instruction.keyword === 'RUN') {
    return runLeavesAlone(build, defect, instruction) ? undefined : 'runs a command that may read the sources';
  }
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
    return overlaps(build, defect, instruction, touches) ? 'copies to the same place' : undefined;
  }
  return instruction.keyword === 'UNKNOWN' ? 'is no instruction' : undefined;
}

function runLeavesAlone(build: Build, defect: Defect, run: RunInstruction): boolean {
  const { shell } = build.stateBefore(run);
  const script = parseShell(build.file, run, shell);
  if (script.language === 'none' || !script.complete || script.commands.length === 0) return false;
  if (mountsOf(build.file, run).mounts.some(({ type, from }) => type === 'bind' && from === undefined)) return false;
  const resolve = (word: ShellWord) => wordValue(build, run, word);
  const aside = areAside(build, defect, run, script, resolve);
  return script.commands.every((command, index) => aside[index] || isIndexOf(command, defect));
}

/** Whether another transfer writes a path that one of those that move writes too, with another content, owner or mode. */
function overlaps(
  build: Build,
  { landings, offenders }: Defect,
  instruction: TransferInstruction,
  touches: Touches,
): boolean {
  const moved = offenders.flatMap(({ landing }) => landing ?? []);
  const landing = landings.find(({ transfer }) => transfer.instruction === instruction);
  const isUnpacked = instruction.keyword === 'ADD' && instruction.sources.some(({ text }) => archive.test(text));
  if (landing && isUnpacked) return touches(landing.target);
  if (landing) return [...landing.taken.entries].slice(0, 500).some(({ path }) => clashes(path, landing, moved));
  const { cwd } = build.stateBefore(instruction);
  const word = instruction.destination && build.expand(instruction, instruction.destination.text);
  if (word === undefined || (cwd === undefined && !word.startsWith('/'))) return true;
  const target = joinPath(cwd ?? '/', word);
  const isFolder = /(?:^|\/)\.{0,2}$/.test(word);
  const names = [
    ...instruction.sources.map(({ text }) => (isFile(text) ? baseName(text) : '')),
    ...instruction.heredocs.map(({ name }) => name),
  ];
  return names.some((name) => touches(isFolder && name ? joinPath(target, name) : target));
}

const archive = /\.(?:tar|tgz|tbz2?|txz|tzst|tar\.\w+)["']?$/i;

/** By its name; of a folder what is in it lands in the destination itself. */
function isFile(source: string): boolean {
  const path = source.replace(/["']/g, '');
  return /[^/.][^/]*\.\w+$|(?:^|\/)s?bin\/[^/]+$/.test(path) && !/\.git$/.test(path);
}

function clashes(path: string, landing: Landing, moved: readonly Landing[]): boolean {
  const place = landing.imagePathOf(path);
  return moved.some((one) => {
    const other = place === undefined ? undefined : one.contextPathOf(place);
    return other !== undefined && (other !== path || ownerOf(one) !== ownerOf(landing));
  });
}

/** What a COPY makes of the owner and mode of its files. */
function ownerOf({ transfer }: Landing): string {
  const flags = transfer.instruction.flags.filter(({ name }) => name === 'chown' || name === 'chmod');
  return flags
    .map(({ name, value }) => `${name}=${value}`)
    .sort()
    .join(' ');
}
