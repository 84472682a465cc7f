import type { FromInstruction, Instruction } from '../syntax/tree.js';
import { expandGlobal, globalsOf, normalReference, stageMeant } from './plan.js';
import type { CacheBuilder, Side } from './side.js';
import { targetStage } from './target-stage.js';

/** Builders that make every instruction a link of one chain of images. */
export type ChainedBuilder = Extract<CacheBuilder, 'classic' | 'buildah' | 'kaniko'>;

export interface ChainedStage {
  readonly index: number;
  /** In lower case. */
  readonly name: string | undefined;
  readonly from: FromInstruction;
  readonly base: ChainedStage | undefined;
  /** In its normal form; undefined for `scratch` and for a stage that is built from another one. */
  readonly image: string | undefined;
  /** With the ONBUILD triggers of the stage it is built from at the start. */
  readonly instructions: readonly Instruction[];
  /** False where the builder leaves it out. */
  readonly needed: boolean;
}

/** The stages of a file. `globals` are the values of the ARGs in front of the first FROM. */
export interface ChainedStages {
  readonly stages: readonly ChainedStage[];
  readonly globals: ReadonlyMap<string, string | undefined>;
  /** By name or number, among those in front of a stage. */
  byReference(reference: string, before: number): ChainedStage | undefined;
}

/** Classic and kaniko build all stages up to the target, Buildah those that the target needs. */
export function chainedStages(side: Side, builder: ChainedBuilder): ChainedStages {
  const globals = globalsOf(side);
  const stages: ChainedStage[] = [];
  const byName = new Map<string, ChainedStage>();
  let instructions: Instruction[] = [];
  for (const instruction of side.file.instructions) {
    if (instruction.keyword !== 'FROM') {
      if (stages.length > 0) instructions.push(instruction);
      continue;
    }
    const image = expandGlobal(instruction.image?.text ?? '', globals, side.file.escape);
    const base = stageMeant(instruction, image, globals, side.file, (name) => byName.get(name.toLowerCase()));
    // Images in OCI's format, Buildah's default, have no triggers.
    instructions = builder === 'buildah' ? [] : triggersOf(base);
    const name = instruction.alias?.text.toLowerCase();
    const reference = base || image === 'scratch' ? undefined : imageOf(image, instruction);
    const stage: ChainedStage = {
      ...{ index: stages.length, name, from: instruction, base, image: reference },
      ...{ instructions, needed: true },
    };
    stages.push(stage);
    if (name !== undefined) byName.set(name, stage);
  }
  const byReference = (reference: string, before: number) => {
    const found =
      byName.get(reference.toLowerCase()) ?? (/^\d+$/.test(reference) ? stages[Number(reference)] : undefined);
    return found && found.index < before ? found : undefined;
  };
  const target = targetStage(stages, side.target, builder);
  const needed = neededBy(target, byReference, builder, stages);
  const marked = new Map(stages.map((stage) => [stage, { ...stage, needed: needed.has(stage) }]));
  return {
    globals,
    stages: stages.map((stage) => ({
      ...stage,
      base: stage.base && marked.get(stage.base),
      needed: needed.has(stage),
    })),
    byReference,
  };
}

function imageOf(image: string, from: FromInstruction): string {
  const platform = from.flags.find(({ name }) => name === 'platform')?.value;
  return platform ? `${normalReference(image)} ${platform}` : normalReference(image);
}

function triggersOf(base: ChainedStage | undefined): Instruction[] {
  return (base?.instructions ?? []).flatMap((one) => (one.keyword === 'ONBUILD' && one.trigger ? [one.trigger] : []));
}

function neededBy(
  target: ChainedStage | undefined,
  byReference: ChainedStages['byReference'],
  builder: ChainedBuilder,
  stages: readonly ChainedStage[],
): ReadonlySet<ChainedStage> {
  if (!target) return new Set();
  if (builder !== 'buildah') return new Set(stages.slice(0, target.index + 1));
  const needed = new Set<ChainedStage>();
  const open = [target];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (needed.has(stage)) continue;
    needed.add(stage);
    if (stage.base) open.push(stage.base);
    for (const reference of stage.instructions.flatMap(referencesOf)) {
      const used = byReference(reference, stage.index);
      if (used) open.push(used);
    }
  }
  return needed;
}

function referencesOf({ keyword, flags }: Instruction): string[] {
  return flags.flatMap(({ name, value = '' }) => {
    if (keyword !== 'RUN') return name === 'from' && value !== '' ? [value] : [];
    const from = name === 'mount' ? /(?:^|,)from=([^,]*)/i.exec(value)?.[1] : undefined;
    return from ? [from] : [];
  });
}
