import type { Build } from '../../model/build.js';
import { oneLine } from '../../model/effects/instruction-effects.js';
import { joinPath } from '../../model/path.js';
import type { TransferInstruction, ValueInstruction } from '../../syntax/tree.js';
import type { StageEffects } from './stage-effects.js';

/** A COPY whose destination the author wrote from the working folder, and the expanded file from the root: it may pass a WORKDIR. */
export interface Placed {
  /** The author's, in one line. */
  readonly label: string;
  /** The working folder of the author's. */
  readonly folder: string;
}

/** A destination and a folder that mean the same in any order of the file. */
const plain = /^[\w./@+-]+$/;

/** By index, the text of the COPYs with another WORKDIR behind them, in front of some RUN. */
export function placedCopies(
  build: Build,
  stages: ReadonlySet<number>,
): readonly { readonly index: number; readonly text: string; readonly placed: Placed }[] {
  return build.stages.flatMap(({ index, instructions }) => {
    if (!stages.has(index)) return [];
    const run = instructions.findLastIndex(({ keyword }) => keyword === 'RUN');
    const last = instructions.slice(0, Math.max(run, 0)).findLastIndex(({ keyword }) => keyword === 'WORKDIR');
    return instructions.slice(0, Math.max(last, 0)).flatMap((one) => {
      const placed = one.keyword === 'COPY' || one.keyword === 'ADD' ? placeOf(build, one) : undefined;
      return placed ? [{ index: one.index, ...placed }] : [];
    });
  });
}

function placeOf(build: Build, copy: TransferInstruction): { text: string; placed: Placed } | undefined {
  const { destination, heredocs, span, json } = copy;
  const folder = build.stateBefore(copy).cwd;
  if (!destination || json || heredocs.length > 0 || folder === undefined || !plain.test(folder)) return undefined;
  if (!plain.test(destination.text) || destination.text.startsWith('/')) return undefined;
  const isFolder = /(?:^|\/)\.{0,2}$/.test(destination.text);
  const path = joinPath(folder, destination.text);
  const { text } = build.file;
  const written = isFolder && path !== '/' ? `${path}/` : path;
  return {
    text: text.slice(span.start, destination.span.start) + written + text.slice(destination.span.end, span.end),
    placed: { label: `\`${oneLine(text.slice(span.start, span.end))}\``, folder },
  };
}

/** Such a line, or one of manifests that was made of it, as the author would write it in that working folder. */
export function writtenFrom(text: string, folder: string | undefined): string {
  if (folder === undefined || text.endsWith(']')) return text;
  const [, before = '', path = ''] = /^([\s\S]*\s)(\S+)$/.exec(text) ?? [];
  if (folder === '/' || !`${path}/`.startsWith(`${folder}/`)) return text;
  const rest = path.slice(folder.length).replace(/^\//, '');
  return before + (rest === '' ? './' : rest);
}

/** The working folder at each place of a new order; undefined where the base image decides. */
export function foldersIn(
  build: Build,
  { stage: { instructions } }: StageEffects,
  order: readonly number[],
): readonly (string | undefined)[] {
  const [first] = instructions;
  let folder = first && build.stateBefore(first).cwd;
  return order.map((position) => {
    const here = folder;
    const one = instructions[position];
    if (one?.keyword === 'WORKDIR') folder = folderSetBy(build, one);
    return here;
  });
}

/** Puts such a COPY behind the WORKDIR that follows it, where that leads back to its folder: it can be written there as it was. */
export function nearHome(
  build: Build,
  effects: StageEffects,
  order: readonly number[],
  placedAt: (position: number) => Placed | undefined,
): readonly number[] {
  const next = [...order];
  for (let at = next.length - 2; at >= 0; at--) {
    const [copy, other] = [next[at] ?? 0, next[at + 1] ?? 0];
    const one = effects.stage.instructions[other];
    const placed = placedAt(copy);
    if (!placed || one?.keyword !== 'WORKDIR' || folderSetBy(build, one) !== placed.folder) continue;
    if (effects.reason(Math.min(copy, other), Math.max(copy, other)) !== undefined) continue;
    [next[at], next[at + 1]] = [other, copy];
  }
  return next;
}

function folderSetBy(build: Build, workdir: ValueInstruction): string | undefined {
  const { cwd } = build.stateBefore(workdir);
  const path = build.expand(workdir, workdir.text);
  if (path === undefined || (cwd === undefined && !path.startsWith('/'))) return undefined;
  return joinPath(cwd ?? '/', path);
}
