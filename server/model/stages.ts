import { parseImageReference } from '../syntax/image-ref.js';
import type { Dockerfile, FromInstruction, Instruction } from '../syntax/tree.js';
import { type Lookup, unknown } from '../syntax/variables.js';
import type { Base, Stage } from './build.js';
import { expandWith } from './expand.js';
import { assumedPlatform, platformArgument } from './platform-args.js';

/** Global ARGs (before the first FROM) by name; undefined where nothing in the file gives a value. */
export type Globals = ReadonlyMap<string, string | undefined>;

/** Reads them one after another: each may use those before it (`dockerfile2llb/convert.go`). */
export function globalsOf(file: Dockerfile): Globals {
  const globals = new Map<string, string | undefined>();
  const lookup = lookupIn(globals);
  for (const instruction of file.instructions) {
    if (instruction.keyword === 'FROM') break;
    if (instruction.keyword !== 'ARG') continue;
    for (const { key, rawValue } of instruction.pairs) {
      globals.set(key, rawValue === undefined ? undefined : expandWith(rawValue, lookup, file.escape));
    }
  }
  return globals;
}

/** Set by the builder. */
export function isAutomatic(name: string): boolean {
  return platformArgument.test(name) || name === 'TARGETSTAGE';
}

/** A build argument can only set what is declared: any other name is unset. */
function lookupIn(globals: Globals): Lookup {
  return (name) => globals.get(name) ?? (globals.has(name) || isAutomatic(name) ? unknown : undefined);
}

export interface Stages {
  readonly stages: readonly Stage[];
  /** By lower-cased name; of several with one name the last in the file, which is what `COPY --from` means. */
  readonly byName: ReadonlyMap<string, Stage>;
}

export function readStages(file: Dockerfile, globals: Globals): Stages {
  const stages: Stage[] = [];
  const byName = new Map<string, Stage>();
  const lookup = lookupIn(globals);
  let instructions: Instruction[] = [];
  for (const instruction of file.instructions) {
    if (instruction.keyword !== 'FROM') {
      instructions.push(instruction);
      continue;
    }
    instructions = [];
    const name = instruction.alias?.text.toLowerCase();
    const base = baseOf(instruction, byName, lookup, file.escape);
    const stage: Stage = { index: stages.length, name, from: instruction, base, instructions };
    stages.push(stage);
    if (name !== undefined) byName.set(name, stage);
  }
  return { stages, byName };
}

/** The name is not lower-cased here: `FROM Build` does not find the stage `build` (`convert.go:addState`). */
function baseOf(
  from: FromInstruction,
  byName: ReadonlyMap<string, Stage>,
  lookup: Lookup,
  escapeWith: Dockerfile['escape'],
): Base {
  const image = from.image && expandWith(from.image.text, lookup, escapeWith);
  if (!from.image || image === '') return { kind: 'unknown' };
  const assumed = (name: string) => {
    const value = lookup(name);
    return value === unknown ? (assumedPlatform.get(name) ?? unknown) : value;
  };
  const stage = byName.get(image ?? expandWith(from.image.text, assumed, escapeWith) ?? '');
  if (stage) return { kind: 'stage', stage };
  if (image === undefined) return { kind: 'unknown' };
  if (image === 'scratch') return { kind: 'scratch' };
  return parseImageReference(image) ? { kind: 'image', image } : { kind: 'unknown' };
}
