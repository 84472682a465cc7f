import type { BuildContext } from '../model/context.js';
import { hasWildcard } from '../syntax/path-match.js';
import { linkTargets } from './link-targets.js';
import type { Input, Plan, Vertex } from './plan.js';
import { type Selection, selectionOf } from './selection.js';
import type { FileChange } from './side.js';

/** Files of the context that enter a step's key. */
export interface WatchedInput {
  readonly index: number;
  readonly input: Input;
  readonly selection: Selection;
}

/**
 * What one change means to a build: changes of one class are alike to every step, so that of the changes of a commit only
 * their classes need be looked at.
 */
export interface ChangeClass {
  /** Equal text, equal class. */
  readonly key: string;
  /** Indexes of the watched inputs that take the change. */
  readonly takers: readonly number[];
  /** The first change of the class that was seen. */
  readonly example: FileChange;
}

/** The inputs of a plan that come from the context, and the classes into which they divide changes. */
export interface WatchedFiles {
  readonly inputs: readonly WatchedInput[];
  indexOf(input: Input): number | undefined;
  /** Undefined for a change that no step takes. */
  classOf(change: FileChange): ChangeClass | undefined;
}

/** Of one plan, or of several of one side, whose inputs are the same. */
export function watchedFiles(...plans: readonly Plan[]): WatchedFiles {
  const inputs: WatchedInput[] = [];
  const context = plans[0]?.side.context;
  const byText = new Map<string, number>();
  const indexes = new Map<Input, number>();
  for (const { inputs: own } of plans.flatMap(({ vertices }) => vertices)) {
    for (const input of own) {
      if (input.origin.kind !== 'context') continue;
      const text = JSON.stringify([input.paths, input.exclude, input.parents]);
      const index = byText.get(text) ?? inputs.length;
      if (index === inputs.length) {
        byText.set(text, index);
        inputs.push({ index, input, selection: selectionOf(withLinks(input, context)) });
      }
      indexes.set(input, index);
    }
  }
  const placed = new Set(plans.flatMap(placedInputs).flatMap((input) => indexes.get(input) ?? []));
  return { inputs, indexOf: (input) => indexes.get(input), classOf: classifier(inputs, placed) };
}

/** A source that is a symbolic link, or lies behind one, takes what that leads to. */
function withLinks(input: Input, context: BuildContext | undefined): Input {
  if (!context) return input;
  const targets = input.paths.flatMap((path) =>
    path === undefined || hasWildcard(path) ? [] : linkTargets(context, path.slice(1)),
  );
  return targets.length === 0 ? input : { ...input, paths: [...input.paths, ...targets.map((path) => `/${path}`)] };
}

function classifier(inputs: readonly WatchedInput[], placed: ReadonlySet<number>): WatchedFiles['classOf'] {
  const byKey = new Map<string, ChangeClass>();
  const byChange = new Map<string, ChangeClass | undefined>();
  const read = (change: FileChange): ChangeClass | undefined => {
    const takers = inputs.flatMap(({ index, selection }) =>
      !selection.known || selection.rootFor(change) !== undefined ? [index] : [],
    );
    if (takers.length === 0) return undefined;
    const place = takers.some((index) => placed.has(index)) ? `\0${change.kind}\0${change.folder}\0${change.path}` : '';
    const key = takers.join(' ') + place;
    const known = byKey.get(key);
    if (known) return known;
    const made = { key, takers, example: change };
    byKey.set(key, made);
    return made;
  };
  return (change) => {
    const name = `${change.kind}${change.folder ? '/' : ' '}${change.path}`;
    if (byChange.has(name)) return byChange.get(name);
    const found = read(change);
    byChange.set(name, found);
    return found;
  };
}

/**
 * Inputs whose files can be told apart in another stage: a step copies from a stage whose last copies come after its last RUN, so
 * it matters where each file lands.
 */
function placedInputs(plan: Plan): readonly Input[] {
  const seen = new Set<Vertex>();
  for (const { inputs } of plan.vertices) {
    for (const { origin } of inputs) {
      if (origin.kind !== 'stage') continue;
      let at = origin.stage.last;
      while (at.role !== 'root' && at.role !== 'run') {
        const vertex: Vertex = at.merged ?? at;
        if (seen.has(vertex)) break;
        seen.add(vertex);
        if (at.previous === undefined) break;
        at = at.previous;
      }
    }
  }
  return [...seen].flatMap(({ inputs }) => inputs);
}
