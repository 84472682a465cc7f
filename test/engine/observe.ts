import { planOf } from '../../server/cache/plan.js';
import type { Rebuild, StepResult } from '../../server/cache/rebuild.js';
import type { ShownVertex } from './build.js';
import { type SaltedCase, sideOf } from './case.js';

/**
 * What an engine did with each step of the model, one letter each: `c` cached, `r` ran, `l` a linked copy that was cached and
 * linked again, `.` not shown. A capital: it is shown under the name of an equal step of another stage.
 */
export function observe(one: SaltedCase, { steps }: Rebuild, vertices: readonly ShownVertex[]): string {
  const shown = vertices.flatMap((vertex) => shownStep(vertex) ?? []);
  const stages = stagesOf(one);
  const numbers = new Map<number, number>();
  return steps
    .map((step) => {
      const stage = stages[step.stage];
      const number = (numbers.get(step.stage) ?? (stage?.fromImage ? 1 : 0)) + 1;
      numbers.set(step.stage, number);
      if (!stage) return '.';
      const own = shown.filter((vertex) => isOf(vertex, stage, number, step));
      const linked = own.find(({ link }) => link);
      // An equal copy on nothing, of another stage, is the same vertex: only that it is linked is then shown here.
      const copy = own.find(({ link }) => !link) ?? (linked && shown.find((one) => !one.link && says(one, step)));
      if (copy) return copy.state === 'cached' && linked?.state === 'ran' ? 'l' : letterOf(copy);
      const twin = shown.find((vertex) => !vertex.link && vertex.number === number && says(vertex, step));
      return twin ? letterOf(twin).toUpperCase() : '.';
    })
    .join('');
}

function letterOf({ state }: ShownVertex): string {
  return state === 'ran' ? 'r' : 'c';
}

/** `[stage 2/4] LINK COPY …` */
interface ShownStep extends ShownVertex {
  /** Undefined where there is only one stage. */
  readonly stage: string | undefined;
  /** A FROM of an image is number 1. */
  readonly number: number;
  readonly link: boolean;
  readonly text: string;
}

function shownStep(vertex: ShownVertex): ShownStep | undefined {
  const read = /^\[\s*(?:(\S+) +)?(\d+)\/\d+\] (?:ONBUILD )?(LINK )?(.*)$/s.exec(vertex.name);
  if (!read) return undefined;
  return { ...vertex, stage: read[1], number: Number(read[2]), link: read[3] !== undefined, text: read[4] ?? '' };
}

interface Stage {
  readonly name: string;
  /** Several stages have the name. */
  readonly ambiguous: boolean;
  readonly fromImage: boolean;
}

/** The stages that the target needs, as BuildKit names them. */
function stagesOf({ after }: SaltedCase): readonly (Stage | undefined)[] {
  const { file } = sideOf(after);
  const froms = file.instructions.filter((one) => one.keyword === 'FROM');
  const names = froms.map(({ alias }, index) => alias?.text.toLowerCase() ?? `stage-${index}`);
  const { stages } = planOf(sideOf(after), 'buildkit');
  return names.map((name, index) => {
    const stage = stages.find((one) => one.index === index);
    const ambiguous = names.indexOf(name) !== names.lastIndexOf(name);
    return { name, ambiguous, fromImage: stage?.base === undefined && stage?.root.image !== undefined };
  });
}

function isOf(vertex: ShownStep, { name, ambiguous }: Stage, number: number, step: StepResult): boolean {
  if (vertex.number !== number || (vertex.stage !== undefined && vertex.stage !== name)) return false;
  return !ambiguous || says(vertex, step);
}

/** Variables are expanded in what is shown, so that a step with some is not found by its text. */
function says({ text }: ShownStep, { instruction }: StepResult): boolean {
  return text.startsWith(`${instruction.keyword} `) && text.includes(instruction.text.split('\n', 1)[0] ?? '');
}
