import type { BuildContext } from '../model/context.js';
import { platformArgument } from '../model/platform-args.js';
import { compilePathPattern, hasWildcard } from '../syntax/path-match.js';
import type { Instruction } from '../syntax/tree.js';
import { type ChainedBuilder, type ChainedStage, type ChainedStages, chainedStages } from './chained-stages.js';
import { type InstructionText, instructionText } from './chained-text.js';
import { compileStep } from './compile.js';
import { type Compiling, textOf } from './compiling.js';
import { Environment } from './environment.js';
import type { Input, PlanStage, Root, Vertex } from './plan.js';
import type { Side } from './side.js';

/** One instruction of a stage, with all that enters its key but what stands below it. */
export interface ChainedStep extends InstructionText {
  readonly instruction: Instruction;
  readonly stage: number;
  /** Files that count by their content. */
  readonly files: readonly Input[];
  /** Names of the sources where these count, wildcards resolved. */
  readonly names: readonly string[];
  /** Other stages and images that count as a whole: Buildah's bind mounts. */
  readonly states: readonly Input[];
  /** What it does to the files of the image; undefined for an instruction that only sets something. */
  readonly vertex: Vertex | undefined;
}

export interface ChainedPlanStage {
  readonly index: number;
  readonly base: ChainedPlanStage | undefined;
  readonly root: Root;
  readonly steps: readonly ChainedStep[];
  readonly plan: PlanStage;
  /** Whether it ends in an instruction that makes no layer. */
  readonly endsInSetting: boolean;
}

export interface ChainedPlan {
  /** Those that are built, in the order in which they are. */
  readonly stages: readonly ChainedPlanStage[];
  readonly notNeeded: readonly { readonly instruction: Instruction; readonly stage: number }[];
}

/** Compiles one side. Linear in the file. */
export function chainedPlan(side: Side, builder: ChainedBuilder): ChainedPlan {
  const read = chainedStages(side, builder);
  const done = new Map<number, End>();
  const definitions = new Map<string, number>();
  const notNeeded: { instruction: Instruction; stage: number }[] = [];
  for (const stage of read.stages) {
    if (stage.needed) done.set(stage.index, compileStage({ side, builder, read, done, definitions }, stage));
    else for (const instruction of stage.instructions) notNeeded.push({ instruction, stage: stage.index });
  }
  return { stages: [...done.values()].map(({ stage }) => stage), notNeeded };
}

/** State at the end of a stage, for those that are built from it. */
interface End {
  readonly stage: ChainedPlanStage;
  readonly at: Compiling;
  readonly args: ReadonlyMap<string, string | undefined>;
  readonly env: ReadonlyMap<string, string>;
}

interface Setting {
  readonly side: Side;
  readonly builder: ChainedBuilder;
  readonly read: ChainedStages;
  readonly done: ReadonlyMap<number, End>;
  readonly definitions: Map<string, number>;
}

const defaultShell: readonly string[] = ['/bin/sh', '-c'];

function compileStage(setting: Setting, raw: ChainedStage): End {
  const base = raw.base && setting.done.get(raw.base.index);
  const env = new Map(base?.env);
  const ownEnv = new Map<string, string>();
  const args = new Map(argsBelow(setting, base));
  const at = compilingOf(setting, raw, base, env, args);
  const steps: ChainedStep[] = [];
  for (const instruction of raw.instructions) {
    const vertex = apply(setting, at, instruction, args, env, ownEnv);
    if (vertex) at.previous = vertex;
    const inputs = vertex?.inputs ?? [];
    const files = filesOf(setting, inputs);
    const names = setting.builder === 'classic' ? files.flatMap(({ paths }) => paths.map((path) => path ?? '?')) : [];
    const isState = ({ origin }: Input) =>
      setting.builder === 'buildah' && instruction.keyword === 'RUN' && origin.kind !== 'context';
    steps.push({
      ...instructionText(setting.builder, instruction, { at, args, env, ownEnv }),
      ...{ instruction, stage: raw.index, vertex, names },
      files: files.filter((input) => !isState(input)),
      states: files.filter(isState),
    });
  }
  const last = raw.instructions.at(-1)?.keyword;
  const plan = Object.assign(at.stage, { last: at.previous });
  const stage: ChainedPlanStage = {
    ...{ index: raw.index, base: base?.stage, root: plan.root, steps, plan },
    endsInSetting: last !== undefined && last !== 'RUN' && last !== 'COPY' && last !== 'ADD',
  };
  return { stage, at, args, env };
}

/** The classic builder forgets arguments at each FROM, Buildah hands those of the stage below on, kaniko all there were. */
function argsBelow({ builder, done }: Setting, base: End | undefined): ReadonlyMap<string, string | undefined> {
  if (builder === 'classic') return new Map();
  return (builder === 'buildah' ? base : [...done.values()].at(-1))?.args ?? new Map();
}

function compilingOf(
  setting: Setting,
  raw: ChainedStage,
  base: End | undefined,
  env: ReadonlyMap<string, string>,
  args: ReadonlyMap<string, string | undefined>,
): Compiling {
  const environment = Environment.ofImage();
  for (const [name, value] of args) if (value !== undefined) environment.setArg(name, value);
  for (const [name, value] of env) environment.setEnv(name, value);
  const root: Root = base?.stage.root ?? { role: 'root', image: raw.image };
  const previous = base?.at.previous ?? root;
  const { index, name, from } = raw;
  const stage: PlanStage = {
    ...{ index, name, from, base: base?.stage.plan, root, environment },
    ...{ vertices: [], steps: [], last: previous },
  };
  return {
    ...{ side: setting.side, builder: 'buildkit-graphdriver', globals: setting.read.globals, target: '' },
    ...{ stage, environment, definitions: setting.definitions, declared: new Set(args.keys()), previous },
    cwd: base ? base.at.cwd : '/',
    user: base?.at.user ?? '',
    shell: base?.at.shell ?? defaultShell,
    byReference: (reference) => {
      const found = setting.read.byReference(reference, index);
      return found && setting.done.get(found.index)?.stage.plan;
    },
  };
}

/** An ENV wins over an ARG of the same name, wherever it stands. */
function apply(
  { builder, read, side }: Setting,
  at: Compiling,
  instruction: Instruction,
  args: Map<string, string | undefined>,
  env: Map<string, string>,
  ownEnv: Map<string, string>,
): Vertex | undefined {
  if (instruction.keyword === 'ARG') {
    for (const { key, rawValue } of instruction.pairs) {
      const inherited =
        read.globals.get(key) ?? (builder !== 'classic' && platformArgument.test(key) ? `$${key}` : undefined);
      const value = side.buildArgs.get(key) ?? (rawValue === undefined ? inherited : textOf(at, rawValue));
      args.set(key, value);
      at.declared.add(key);
      if (value !== undefined && !env.has(key)) at.environment.setArg(key, value);
    }
    return undefined;
  }
  const values =
    instruction.keyword === 'ENV'
      ? instruction.pairs.map(({ key, rawValue }) => [textOf(at, key), textOf(at, rawValue ?? '')] as const)
      : [];
  const made = compileStep(at, instruction);
  for (const [name, value] of values) {
    env.set(name, value);
    ownEnv.set(name, value);
  }
  return made?.vertices[0];
}

/**
 * One input per source, in their order, wildcards resolved: so the sums of classic and Buildah are made. The classic builder takes
 * `--exclude` and `--link`, and does nothing about them.
 */
function filesOf({ builder, side: { context } }: Setting, inputs: readonly Input[]): readonly Input[] {
  if (builder === 'kaniko') return inputs;
  return inputs.flatMap((input): Input[] => {
    const plain = builder === 'classic' ? { ...input, exclude: [], parents: false } : input;
    if (plain.parents) return [plain];
    const isHere = plain.origin.kind === 'context';
    const matched = (path: string | undefined): readonly (string | undefined)[] =>
      isHere && context && path !== undefined && hasWildcard(path) ? matchesOf(context, path.slice(1)) : [path];
    return plain.paths.flatMap(matched).map((path) => ({ ...plain, paths: [path] }));
  });
}

function matchesOf(context: BuildContext, source: string): readonly string[] {
  const depth = source.split('/').length;
  const pattern = compilePathPattern(source);
  const found: string[] = [];
  const enter = ({ path }: { readonly path: string }) => path.split('/').length < depth;
  for (const { path } of context.walk({ enter })) if (pattern?.matches(path)) found.push(`/${path}`);
  return found;
}
