import { assumedPlatform, platformArgument } from '../model/platform-args.js';
import { cleanPath } from '../syntax/go-path.js';
import { parseImageReference } from '../syntax/image-ref.js';
import type { Dockerfile, FromInstruction, Instruction } from '../syntax/tree.js';
import { expandWord, unknown } from '../syntax/variables.js';
import { compileStep } from './compile.js';
import type { Compiling } from './compiling.js';
import { Environment } from './environment.js';
import type { Step } from './key.js';
import type { CacheBuilder, Side } from './side.js';
import { targetStage } from './target-stage.js';

/** What a stage starts from. */
export interface Root {
  readonly role: 'root';
  /** In its normal form; undefined for `scratch`. */
  readonly image: string | undefined;
  /** As the FROM names it; undefined where that is the builder's own. */
  readonly platform?: string | undefined;
}

/** Files that enter a vertex by their content. */
export interface Input {
  readonly origin:
    | { readonly kind: 'context' }
    | { readonly kind: 'stage'; readonly stage: PlanStage }
    | { readonly kind: 'image'; readonly image: string }
    /** `checksum` as ADD has it; `keepGit` for a Git repository with its `.git`. */
    | {
        readonly kind: 'remote';
        readonly url: string;
        readonly checksum?: string | undefined;
        readonly keepGit?: boolean;
      }
    | { readonly kind: 'inline'; readonly text: string };
  /** Absolute in the origin, as BuildKit cleans them; a context path is relative. Undefined where a variable is not known. */
  readonly paths: readonly (string | undefined)[];
  readonly exclude: readonly string[];
  readonly parents: boolean;
}

/** One operation with a cache key of its own; `COPY --link` has two. */
export interface Vertex {
  readonly role: 'run' | 'copy' | 'workdir' | 'merge';
  readonly step: Step;
  readonly stage: PlanStage;
  /** One number for operations of the build that are equal in all, what stands below them included: BuildKit does them once. */
  readonly definition: number;
  /** All that enters the key except the previous operation and contents; equal text, equal operation. */
  readonly own: string;
  /** The operation below it; undefined for the copy of a `COPY --link`, which is made on nothing. */
  readonly previous: Vertex | Root | undefined;
  /** A merge has the copy here. */
  readonly merged: Vertex | undefined;
  readonly inputs: readonly Input[];
  /** Where a copy or WORKDIR writes; undefined for a RUN, `unknown` where a variable is not known. */
  readonly target: string | undefined;
  /** It mounts the build context with `rw`. */
  readonly writesContext: boolean;
}

export interface PlanStage {
  readonly index: number;
  readonly name: string | undefined;
  readonly from: FromInstruction;
  readonly base: PlanStage | undefined;
  readonly root: Root;
  /** In the order of the file. */
  readonly vertices: readonly Vertex[];
  readonly steps: readonly Step[];
  /** State at its end. */
  readonly last: Vertex | Root;
  readonly environment: Environment;
}

/** A build compiled to the operations whose keys decide: those of the stages that the target needs. */
export interface Plan {
  readonly side: Side;
  readonly stages: readonly PlanStage[];
  /** In the order in which they can be decided. */
  readonly vertices: readonly Vertex[];
  /** Instructions that would be steps but belong to stages that are not needed. */
  readonly notNeeded: readonly { readonly instruction: Instruction; readonly stage: number }[];
}

interface RawStage {
  readonly index: number;
  readonly name: string | undefined;
  readonly from: FromInstruction;
  readonly base: RawStage | undefined;
  readonly image: string | undefined;
  readonly platform: string | undefined;
  /** With the ONBUILD triggers of the stage it is built from at the start. */
  readonly instructions: readonly Instruction[];
}

export type Globals = ReadonlyMap<string, string | undefined>;

/** Compiles one side. Linear in the file. */
export function planOf(side: Side, builder: CacheBuilder): Plan {
  const globals = globalsOf(side);
  const raw = rawStages(side, globals);
  const target = targetStage(raw, side.target, builder);
  const needed = target ? neededBy(raw, target) : new Set<RawStage>();
  const stages = new Map<RawStage, PlanStage>();
  const byReference = (reference: string, before: number): PlanStage | undefined => {
    const found = stageNamed(raw, reference, before);
    return found && stages.get(found);
  };
  const vertices: Vertex[] = [];
  const definitions = new Map<string, number>();
  const notNeeded: { instruction: Instruction; stage: number }[] = [];
  for (const one of raw) {
    if (!needed.has(one)) {
      for (const instruction of one.instructions)
        if (isStep(instruction)) notNeeded.push({ instruction, stage: one.index });
      continue;
    }
    const stage = compileStage(
      { side, builder, globals, target: target?.name ?? 'default', definitions },
      one,
      one.base && stages.get(one.base),
      (reference) => byReference(reference, one.index),
    );
    stages.set(one, stage);
    vertices.push(...stage.vertices);
  }
  return { side, stages: [...stages.values()], vertices, notNeeded };
}

function isStep(instruction: Instruction): boolean {
  return (
    ['RUN', 'COPY', 'ADD'].includes(instruction.keyword) ||
    (instruction.keyword === 'WORKDIR' && cleanPath(instruction.text) !== '/')
  );
}

interface Setting {
  readonly side: Side;
  readonly builder: CacheBuilder;
  readonly globals: Globals;
  readonly target: string;
  readonly definitions: Map<string, number>;
}

function compileStage(
  setting: Setting,
  raw: RawStage,
  base: PlanStage | undefined,
  byReference: (reference: string) => PlanStage | undefined,
): PlanStage {
  const environment = base ? base.environment.continued() : Environment.ofImage();
  const stage = {
    index: raw.index,
    name: raw.name,
    from: raw.from,
    base,
    environment,
    vertices: [] as Vertex[],
    steps: [] as Step[],
  };
  const draft = stage as typeof stage & { root: Root; last: Vertex | Root };
  draft.root = base?.root ?? { role: 'root', image: raw.image, platform: raw.platform };
  draft.last = base?.last ?? draft.root;
  const compiling: Compiling = {
    ...setting,
    stage: draft,
    declared: new Set(base ? declaredIn.get(base) : []),
    environment,
    cwd: base ? endOf.get(base)?.cwd : '/',
    user: base ? (endOf.get(base)?.user ?? '') : '',
    shell: base ? (endOf.get(base)?.shell ?? defaultShell) : defaultShell,
    byReference,
    previous: draft.last,
  };
  for (const instruction of raw.instructions) {
    const made = compileStep(compiling, instruction);
    if (!made) continue;
    draft.steps.push(made.step);
    draft.vertices.push(...made.vertices);
    compiling.previous = made.vertices.at(-1) ?? compiling.previous;
  }
  draft.last = compiling.previous;
  endOf.set(draft, { cwd: compiling.cwd, user: compiling.user, shell: compiling.shell });
  declaredIn.set(draft, compiling.declared);
  return draft;
}

const defaultShell: readonly string[] = ['/bin/sh', '-c'];
const endOf = new WeakMap<PlanStage, { cwd: string | undefined; user: string; shell: readonly string[] }>();
const declaredIn = new WeakMap<PlanStage, Set<string>>();

/** Values of the ARGs in front of the first FROM, and of the platform as far as a build argument names it. */
export function globalsOf({ file, buildArgs }: Pick<Side, 'file' | 'buildArgs'>): Globals {
  const globals = new Map<string, string | undefined>([...buildArgs].filter(([name]) => platformArgument.test(name)));
  for (const instruction of file.instructions) {
    if (instruction.keyword === 'FROM') break;
    if (instruction.keyword !== 'ARG') continue;
    for (const { key, rawValue } of instruction.pairs) {
      const own = rawValue === undefined ? globals.get(key) : expandGlobal(rawValue, globals, file.escape);
      globals.set(key, buildArgs.get(key) ?? own);
    }
  }
  return globals;
}

/** Unknown values of the platform keep the text as it is: which they are does not matter, only that both sides have the same. */
export function expandGlobal(text: string, globals: Globals, escapeWith: '\\' | '`'): string {
  const lookup = (name: string) => globals.get(name) ?? (platformArgument.test(name) ? unknown : undefined);
  return expandWord(text, lookup, { escape: escapeWith }).value ?? text;
}

/** The stage that a FROM means, `image` being its expanded text: where a platform decides, that of `assumedPlatform`. */
export function stageMeant<Stage>(
  { image: word }: FromInstruction,
  image: string,
  globals: Globals,
  file: Dockerfile,
  find: (name: string) => Stage | undefined,
): Stage | undefined {
  const lookup = (name: string) => globals.get(name) ?? assumedPlatform.get(name);
  return find(image) ?? find(expandWord(word?.text ?? '', lookup, { escape: file.escape }).value ?? '');
}

function rawStages(side: Side, globals: Globals): RawStage[] {
  const { file } = side;
  const stages: RawStage[] = [];
  const byName = new Map<string, RawStage>();
  let instructions: Instruction[] = [];
  for (const instruction of file.instructions) {
    if (instruction.keyword !== 'FROM') {
      if (stages.length > 0) instructions.push(instruction);
      continue;
    }
    const image = expandGlobal(instruction.image?.text ?? '', globals, file.escape);
    const base = stageMeant(instruction, image, globals, file, (name) => byName.get(name));
    instructions = triggersOf(base);
    const name = instruction.alias?.text.toLowerCase();
    const stage: RawStage = {
      index: stages.length,
      name,
      from: instruction,
      base,
      image: base || image === 'scratch' ? undefined : normalReference(image),
      platform: platformOf(instruction, globals, file.escape),
      instructions,
    };
    stages.push(stage);
    if (name !== undefined) byName.set(name, stage);
  }
  return stages;
}

/** That of the build and that of its target are taken to be one, as they are where nobody asks for another. */
function platformOf(from: FromInstruction, globals: Globals, escapeWith: '\\' | '`'): string | undefined {
  const text = from.flags.find(({ name }) => name === 'platform')?.value;
  const isOwn = !text || /^\$\{?(?:BUILD|TARGET)PLATFORM\}?$/.test(text);
  return isOwn ? undefined : expandGlobal(text, globals, escapeWith);
}

/** `node` is `docker.io/library/node:latest`. */
export function normalReference(image: string): string {
  const reference = parseImageReference(image);
  if (!reference) return image;
  const name = `${reference.registry}/${reference.repository}`;
  return reference.digest ? `${name}@${reference.digest}` : `${name}:${reference.tag ?? 'latest'}`;
}

function triggersOf(base: RawStage | undefined): Instruction[] {
  return (base?.instructions ?? []).flatMap((one) => (one.keyword === 'ONBUILD' && one.trigger ? [one.trigger] : []));
}

/** The last stage of that name in the file, if it stands before `before`; or the one of that number. */
function stageNamed(stages: readonly RawStage[], reference: string, before: number): RawStage | undefined {
  const found = /^\d+$/.test(reference) ? stages[Number(reference)] : namesOf(stages).get(reference.toLowerCase());
  return found && found.index < before ? found : undefined;
}

const nameIndexes = new WeakMap<readonly RawStage[], Map<string, RawStage>>();

function namesOf(stages: readonly RawStage[]): Map<string, RawStage> {
  let index = nameIndexes.get(stages);
  if (!index) {
    index = new Map(stages.flatMap((stage) => (stage.name === undefined ? [] : [[stage.name, stage] as const])));
    nameIndexes.set(stages, index);
  }
  return index;
}

function neededBy(stages: readonly RawStage[], target: RawStage): Set<RawStage> {
  const needed = new Set<RawStage>();
  const open = [target];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (needed.has(stage)) continue;
    needed.add(stage);
    if (stage.base) open.push(stage.base);
    for (const instruction of stage.instructions) {
      for (const reference of referencesOf(instruction)) {
        const used = stageNamed(stages, reference, stage.index);
        if (used) open.push(used);
      }
    }
  }
  return needed;
}

function referencesOf(instruction: Instruction): string[] {
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
    return instruction.flags.flatMap(({ name, value }) => (name === 'from' && value ? [value] : []));
  }
  if (instruction.keyword !== 'RUN') return [];
  return instruction.flags.flatMap(({ name, value }) => {
    const from = name === 'mount' ? /(?:^|,)from=([^,]*)/i.exec(value ?? '')?.[1] : undefined;
    return from ? [from] : [];
  });
}
