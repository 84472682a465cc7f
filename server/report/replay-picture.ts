import { htmlText } from './html-text.js';
import {
  certainRateOf,
  costText,
  heatOf,
  type ReplayedFile,
  type ReplayedHistory,
  type ReplayedStage,
  type ReplayedStep,
  rateOf,
} from './replay-report.js';

const WIDTH = 300;
const HEIGHT = 40;
const GAP = 6;
const HEAD = 46;
const BETWEEN_COLUMNS = 70;
const BETWEEN_STAGES = 26;
const MARGIN = 20;
/** Characters of an instruction that fit into a box. */
const CHARACTERS = 38;

interface Placed {
  readonly stage: ReplayedStage;
  readonly steps: readonly ReplayedStep[];
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** An SVG of the stages, each right of those it takes from; its colours are classes of the page. */
export function replayPicture(file: ReplayedFile, history: ReplayedHistory): string {
  const placed = place(file);
  const all = [...placed.values()];
  const width = Math.max(0, ...all.map(({ x }) => x + WIDTH)) + MARGIN;
  const height = Math.max(0, ...all.map(({ y, height: own }) => y + own)) + MARGIN;
  const edges = all.flatMap((stage) => edgesOf(stage, placed));
  const stages = all.map((stage) => drawStage(stage, history));
  const label = `Stages of ${file.dockerfile}, each step coloured by how often it ran again; the table below says the same`;
  return `<svg role="img" aria-label="${htmlText(label)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
${edges.join('\n')}
${stages.join('\n')}
</svg>`;
}

/** Columns by the longest way from a stage that takes from no other; in a column in file order. */
function place({ stages, steps }: ReplayedFile): ReadonlyMap<number, Placed> {
  const placed = new Map<number, Placed>();
  const columns = new Map<number, number>();
  const bottoms: number[] = [];
  const byStage = new Map<ReplayedStage, ReplayedStep[]>(stages.map((stage) => [stage, []]));
  for (const step of steps) byStage.get(step.stage)?.push(step);
  for (const stage of stages) {
    const own = byStage.get(stage) ?? [];
    const needs = [...(stage.base === undefined ? [] : [stage.base]), ...own.flatMap(({ sources }) => sources)];
    const column = Math.max(-1, ...needs.map((index) => columns.get(index) ?? -1)) + 1;
    columns.set(stage.index, column);
    const y = bottoms[column] ?? MARGIN;
    const height = HEAD + own.length * (HEIGHT + GAP);
    placed.set(stage.index, { stage, steps: own, x: MARGIN + column * (WIDTH + BETWEEN_COLUMNS), y, height });
    bottoms[column] = y + height + BETWEEN_STAGES;
  }
  return placed;
}

function edgesOf(to: Placed, placed: ReadonlyMap<number, Placed>): string[] {
  const base = to.stage.base === undefined ? undefined : placed.get(to.stage.base);
  const edges = base ? [edge(base, to, to.y + HEAD / 2, `FROM ${base.stage.name}`, 'from')] : [];
  for (const [index, { sources }] of to.steps.entries()) {
    for (const source of sources) {
      const from = placed.get(source);
      const y = to.y + HEAD + index * (HEIGHT + GAP) + HEIGHT / 2;
      if (from) edges.push(edge(from, to, y, `files of ${from.stage.name}`, ''));
    }
  }
  return edges;
}

/** From the end of a stage to a place in another one. */
function edge(from: Placed, to: Placed, y: number, title: string, kind: string): string {
  const x1 = from.x + WIDTH;
  const y1 = from.y + from.height - GAP - (from.steps.length > 0 ? HEIGHT / 2 : HEAD / 2);
  const x2 = to.x - 6;
  const bend = Math.max(30, (x2 - x1) / 2);
  const path = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y} ${x2} ${y}`;
  return `<g><title>${htmlText(title)}</title><path class="edge ${kind}" d="${path}"/><path class="tip" d="M${to.x} ${y}l-8 -4v8z"/></g>`;
}

function drawStage({ stage, steps, x, y }: Placed, history: ReplayedHistory): string {
  const named = stage.name !== String(stage.index);
  const frame = `<rect class="box" x="${x - 10}" y="${y}" width="${WIDTH + 10}" height="${HEAD - GAP}" rx="5"/>`;
  const head = [
    ...(steps.length === 0 ? [frame] : []),
    `<text class="name" x="${x}" y="${y + 16}">${htmlText(named ? stage.name : `stage ${stage.index}`)}</text>`,
    `<text class="small" x="${x}" y="${y + 33}">${htmlText(cut(`FROM ${stage.from}`, CHARACTERS + 4))}</text>`,
  ];
  const boxes = steps.map((step, index) => drawStep(step, x, y + HEAD + index * (HEIGHT + GAP), history));
  return [...head, ...boxes].join('\n');
}

function drawStep(step: ReplayedStep, x: number, y: number, history: ReplayedHistory): string {
  const rate = rateOf(step, history);
  const often = `${step.rebuilds} of ${history.commits}${step.uncertain > 0 ? '?' : ''}`;
  const cost = step.rebuilds > 0 ? ` · ${costText(step.cost)}` : '';
  const bar = (kind: string, share: number) =>
    `<rect class="h${heatOf(rate)}${kind}" x="${x}" y="${y}" width="${(WIDTH * share).toFixed(1)}" height="${HEIGHT}" rx="5"/>`;
  const bars = `${step.uncertain > 0 ? bar(' maybe', rate) : ''}${bar('', certainRateOf(step, history))}`;
  return `<g><title>${htmlText(titleOf(step, history))}</title><rect class="box" x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="5"/>${bars}
<text x="${x + 8}" y="${y + 16}">${htmlText(cut(step.instruction, CHARACTERS))}</text><text class="small" x="${x + 8}" y="${y + 32}">line ${step.line}</text><text class="small" text-anchor="end" x="${x + WIDTH - 8}" y="${y + 32}">${htmlText(often + cost)}</text></g>`;
}

function titleOf(step: ReplayedStep, { commits }: ReplayedHistory): string {
  const sure = step.uncertain > 0 ? `, ${step.uncertain} of them only if what it copies differs` : '';
  const causes = step.causes.map(({ path, commits: count }) => `  ${path}  ${count}`);
  return [
    step.instruction,
    `ran again in ${step.rebuilds} of ${commits} commits${sure}`,
    `takes ${costText(step.cost)}${step.cost.basis === 'measured' ? ', measured' : ''}`,
    ...(causes.length > 0 ? ['because of', ...causes] : []),
  ].join('\n');
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
