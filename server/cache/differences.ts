import type { Comparison } from './content.js';
import { hasMoved } from './content.js';
import type { KeyInput } from './key.js';
import type { Plan, PlanStage, Vertex } from './plan.js';
import type { Reason } from './reason.js';

/** Most cells of the table by which the steps of two stages are paired; longer stages are paired by position. */
const mostCells = 250_000;

/** For each vertex of the later build the one of the earlier build that stands for the same step, if there is one. */
export function counterpartsOf(earlier: Plan, later: Plan): ReadonlyMap<Vertex, Vertex> {
  const pairs = new Map<Vertex, Vertex>();
  // Of several with one name the first.
  const byName = new Map(earlier.stages.toReversed().map((stage) => [stage.name, stage]));
  const byIndex = new Map(earlier.stages.map((stage) => [stage.index, stage]));
  for (const stage of later.stages) {
    const named = stage.name === undefined ? undefined : byName.get(stage.name);
    const other = named ?? byIndex.get(stage.index);
    if (other) pairStages(other, stage, pairs);
  }
  return pairs;
}

function pairStages(earlier: PlanStage, later: PlanStage, pairs: Map<Vertex, Vertex>): void {
  const [a, b] = [earlier.vertices, later.vertices];
  const equal = (i: number, j: number) =>
    a[i]?.own === b[j]?.own ? 2 : sameText(a[i], b[j]) ? 2 : a[i]?.role === b[j]?.role ? 1 : 0;
  if (a.length * b.length > mostCells) {
    for (const [index, vertex] of b.entries()) {
      const other = a[index];
      if (other?.role === vertex.role) pairs.set(vertex, other);
    }
    return;
  }
  const best = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number) => best[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = best[i];
    if (!row) continue;
    for (let j = b.length - 1; j >= 0; j--) {
      const score = equal(i, j);
      row[j] = Math.max(score > 0 ? at(i + 1, j + 1) + score : 0, at(i + 1, j), at(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const score = equal(i, j);
    const [one, other] = [a[i], b[j]];
    if (score > 0 && at(i, j) === at(i + 1, j + 1) + score && one && other) {
      pairs.set(other, one);
      i++;
      j++;
    } else if (at(i, j) === at(i + 1, j)) i++;
    else j++;
  }
}

function sameText(a: Vertex | undefined, b: Vertex | undefined): boolean {
  return a?.role === b?.role && a?.step.instruction.text === b?.step.instruction.text;
}

/** What differs between the inputs of two steps, contents and what stands below them left out. */
export function differencesOf(before: Vertex, after: Vertex, comparison: Comparison): Reason[] {
  const found: Reason[] = [];
  const [a, b] = [before.step.inputs, after.step.inputs];
  for (const kind of ['command', 'folder', 'user', 'destination', 'source-names', 'mount', 'text', 'option'] as const) {
    const [old, now] = [describe(a, kind), describe(b, kind)];
    if (old !== now) found.push({ kind, before: old || undefined, after: now || undefined });
  }
  const changed = variables(a, b);
  found.push(...changed);
  if (changed.length === 0 && orderOf(a) !== orderOf(b)) found.push({ kind: 'environment-order' });
  const [imageA, imageB] = [imageOf(a), imageOf(b)];
  if (imageB !== undefined && imageA !== imageB && !hasMoved(comparison, imageB))
    found.push({ kind: 'base-image', image: imageB });
  return found;
}

function describe(inputs: readonly KeyInput[], kind: KeyInput['kind']): string {
  return inputs
    .filter((input) => input.kind === kind)
    .map((input) => {
      switch (input.kind) {
        case 'command':
          return input.argv.length > 2 && input.argv[1]?.startsWith('-')
            ? input.argv.slice(2).join(' ') +
                (isDefaultShell(input.argv) ? '' : ` (${input.argv.slice(0, 2).join(' ')})`)
            : input.argv.join(' ');
        case 'folder':
        case 'destination':
          return input.path;
        case 'user':
          return input.user;
        case 'mount':
          return input.text;
        case 'option':
          return `${input.name}=${input.value}`;
        case 'source-names':
          return input.names.join(' ');
        case 'text':
          return `${input.name}\n${input.content}`;
        default:
          return '';
      }
    })
    .join('\n');
}

function isDefaultShell(argv: readonly string[]): boolean {
  return argv[0] === '/bin/sh' && argv[1] === '-c';
}

function variables(before: readonly KeyInput[], after: readonly KeyInput[]): Reason[] {
  const old = new Map(before.flatMap((input) => (input.kind === 'variable' ? [[input.name, input] as const] : [])));
  const found: Reason[] = [];
  for (const input of after) {
    if (input.kind !== 'variable') continue;
    const other = old.get(input.name);
    old.delete(input.name);
    if (other?.value !== input.value)
      found.push({ kind: 'variable', name: input.name, from: input.from, before: other?.value, after: input.value });
  }
  for (const { name, value, from } of old.values())
    found.push({ kind: 'variable', name, from, before: value, after: undefined });
  return found;
}

function orderOf(inputs: readonly KeyInput[]): string {
  return JSON.stringify(inputs.find((input) => input.kind === 'environment-order'));
}

function imageOf(inputs: readonly KeyInput[]): string | undefined {
  return inputs.find((input) => input.kind === 'base-image')?.image;
}
