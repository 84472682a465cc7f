import { baseName, parentOf } from '../../syntax/go-path.js';
import { parseShell } from '../../syntax/shell.js';
import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import type { Instruction } from '../../syntax/tree.js';
import type { Build, Stage } from '../build.js';
import { stagesDown } from '../caches.js';
import { foldersOf, wordValue } from '../installs.js';
import { joinPath, relativeTo } from '../path.js';
import { type Area, areasMeet, entry, isSystem, tree } from './area.js';
import type { Effects } from './instruction-effects.js';

/** A symbolic link that a RUN makes. Paths of the image. */
export interface MadeLink {
  readonly by: Instruction;
  readonly path: string;
  readonly target: string;
}

/** Links that the RUNs of a stage and of those below it make with `ln -s`, as far as their words are known. */
export function madeLinks(build: Build, stage: Stage): readonly MadeLink[] {
  return stagesDown(stage).flatMap(({ instructions }) =>
    instructions.flatMap((run) => {
      if (run.keyword !== 'RUN' || !/\bln\b/.test(textWithHeredocs(run))) return [];
      const script = parseShell(build.file, run, build.stateBefore(run).shell);
      const folders = foldersOf(script, build.stateBefore(run).cwd, (word) => wordValue(build, run, word));
      return script.commands.flatMap(({ name, args }, index): readonly MadeLink[] => {
        if (name !== 'ln' || !args.some(({ text }) => /^-\w*s|^--symbolic$/.test(text))) return [];
        const words = args.flatMap((word) => (word.text.startsWith('-') ? [] : [wordValue(build, run, word)]));
        return linksOf(words, folders[index]).map((one) => ({ by: run, ...one }));
      });
    }),
  );
}

function linksOf(words: readonly (string | undefined)[], folder: string | undefined): Omit<MadeLink, 'by'>[] {
  const last = words.length > 1 ? words.at(-1) : '.';
  if (last === undefined || (folder === undefined && !last.startsWith('/'))) return [];
  const place = joinPath(folder ?? '/', last);
  return (words.length > 1 ? words.slice(0, -1) : words).flatMap((word) => {
    if (word === undefined || /^\/(?:dev|proc)\//.test(word)) return [];
    // The last word may be a folder already.
    return [place, joinPath(place, baseName(word))].map((path) => ({
      path,
      target: joinPath(parentOf(path) || '/', word),
    }));
  });
}

/** A place that one of two instructions reaches by its name and the other one by a link that was made before them. */
export function metByLink(links: readonly MadeLink[], earlier: Effects, later: Effects): string | undefined {
  return links.find(
    ({ by, path, target }) =>
      by.index < later.instruction.index &&
      by !== earlier.instruction &&
      ((reaches(earlier, path) && touches(later, target)) || (reaches(later, path) && touches(earlier, target))),
  )?.target;
}

/** A place where package managers and what they run look for settings and files without being told to; programs are run by name. */
export function isSearched(path: string): boolean {
  return isSystem(entry(path)) && !/\/s?bin\//.test(path);
}

/** It follows the link. */
function reaches({ copied, reads, writes, folders, network }: Effects, path: string): boolean {
  const isIn = (other: string) => relativeTo(path, other) !== undefined;
  if (!copied && network && isSearched(path)) return true;
  if (copied)
    return copied.mappings.some(({ image }) => isIn(image)) || (copied.mayBring(tree(path)) && copied.hasNow(path));
  return [...reads, ...writes, ...folders].some((one) => isIn(one.path));
}

function touches({ copied, reads, writes, folders }: Effects, path: string): boolean {
  const area: Area = tree(path);
  if (copied?.mayBring(area)) return true;
  return [...reads, ...writes, ...folders.map((one) => entry(one.path))].some((one) => areasMeet(one, area));
}
