import { entry } from '../../model/effects/area.js';
import { partOfRun } from '../../model/split-run.js';
import { parseShell } from '../../syntax/shell.js';
import type { Instruction } from '../../syntax/tree.js';
import type { Item } from './compose.js';
import { type Expanded, goesOnFrom, isNew, type Part } from './expand.js';
import { leavingOut } from './lockfiles.js';
import { foldersIn, writtenFrom } from './placed.js';
import type { StageEffects } from './stage-effects.js';

/** How many instructions leave their place, or are new: all but the longest line of those that keep their order. */
export function movesIn(order: readonly number[], author: readonly number[]): number {
  const own = new Set(author);
  const longest: number[] = [];
  for (const [at, position] of order.entries()) {
    let best = 0;
    if (own.has(position))
      for (let before = 0; before < at; before++)
        if ((order[before] ?? 0) < position) best = Math.max(best, longest[before] ?? 0);
    longest.push(own.has(position) ? best + 1 : 0);
  }
  return order.length - Math.max(0, ...longest);
}

/** Leaves out copies of manifests that are there already, or come once more directly behind. */
export function withoutDoubles(
  { parts }: Expanded,
  effects: StageEffects,
  order: readonly number[],
): readonly number[] {
  const isCopied = (position: number) => parts[effects.stage.instructions[position]?.index ?? -1]?.role === 'manifests';
  const kept: number[] = [];
  for (const [at, position] of order.entries()) {
    const end = order.findIndex((other, index) => index > at && !isCopied(other));
    const next = order.slice(at + 1, end === -1 ? undefined : end);
    const isDouble = isCopied(position) && (effects.isThere(kept, position) || effects.isThere(next, position));
    if (!isDouble) kept.push(position);
  }
  return kept;
}

/** Leaves out copies of manifests that nothing needs before the rest comes. */
export function withoutUseless(
  { parts }: Expanded,
  effects: StageEffects,
  order: readonly number[],
): readonly number[] {
  const { instructions } = effects.stage;
  const partOf = (position: number) => parts[instructions[position]?.index ?? -1];
  const rank = new Map(order.map((position, at) => [position, at]));
  return order.filter((position) => {
    const part = partOf(position);
    if (part?.role !== 'manifests') return true;
    const rest = instructions.findIndex(
      (one) => parts[one.index]?.origin === part.origin && parts[one.index]?.role !== 'manifests',
    );
    const brings = (path: string) => effects.effects[position]?.copied?.mayBring(entry(path));
    if (neededOf({ parts }, effects, order, rest).some(brings)) return true;
    const [from, to] = [rank.get(position) ?? 0, rank.get(rest) ?? 0];
    return order.slice(from + 1, to).some((other) => other > position && effects.reason(position, other) !== undefined);
  });
}

/** Lockfiles that a COPY leaves out for the sake of a RUN that writes them anew and comes before it now. */
export function neededOf(
  { parts }: Pick<Expanded, 'parts'>,
  { stage: { instructions }, effects }: StageEffects,
  order: readonly number[],
  position: number,
): readonly string[] {
  const { without = [] } = parts[instructions[position]?.index ?? -1] ?? {};
  const before = without.length === 0 ? [] : order.slice(0, order.indexOf(position));
  return without.filter((path) => before.some((other) => other > position && effects[other]?.rewrites.includes(path)));
}

/** The instructions of the new stage, those of the author's as they stand where nothing is taken from them. */
export function itemsOf(
  { parts, build, author }: Expanded,
  effects: StageEffects,
  order: readonly number[],
): readonly Item[] {
  const { instructions } = effects.stage;
  const items: Item[] = [];
  const folders = foldersIn(build, effects, order);
  for (const [at, position] of order.entries()) {
    const one = instructions[position];
    const part = one && parts[one.index];
    if (!part) continue;
    const needed = neededOf({ parts }, effects, order, position);
    const text = leavingOut(build.file.text.slice(one.span.start, one.span.end), part, needed);
    const other = (offset: number) => parts[instructions[order[at + offset] ?? -1]?.index ?? -1];
    if (goesOnFrom(other(-1), part)) continue;
    let last = part;
    for (let next = 1; goesOnFrom(last, other(next)); next++) last = other(next) ?? last;
    const isWhole =
      (part.role === 'head' && last.role === 'tail' && !part.commands?.from) ||
      part.role === 'own' ||
      (part.role === 'rest' && needed.length === 0);
    const isJoined = !isWhole && last !== part;
    const isPlaced = part.placed !== undefined && folders[at] !== part.placed.folder;
    const plain = isJoined ? joinedText({ author, build }, one, part, last) : text;
    items.push({
      origin: part.origin,
      text: isWhole && !isPlaced ? undefined : part.placed ? writtenFrom(plain, folders[at]) : plain,
      comments: part.role === 'own' || part.role === 'rest' || (part.role === 'head' && !part.commands?.from),
      copy: isNew(part),
    });
  }
  return items;
}

/** Neighbouring parts of a RUN that was cut more than once, as one RUN. */
export function joinedText(
  { author, build }: Pick<Expanded, 'author' | 'build'>,
  piece: Instruction,
  first: Part,
  last: Part,
): string {
  const run = author.instructions[first.origin];
  if (run?.keyword !== 'RUN' || !first.commands || !last.commands) return '';
  const script = parseShell(author, run, build.stateBefore(piece).shell);
  return partOfRun(author, run, script, { from: first.commands.from, to: last.commands.to });
}
