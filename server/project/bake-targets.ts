import type { BakeAttributes, BakeFile } from './bake-file.js';
import { type BakeResult, type BakeScope, bakeFields, bakeItems, bakeText, evaluateBake } from './bake-value.js';

/** A target with what it inherits, paths as written. */
export interface BakeTarget {
  readonly name: string;
  /** `.` where it is not given. */
  readonly context: string;
  /** `Dockerfile` where it is not given; undefined for an inline one and where it is not known. */
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
  readonly args: ReadonlyMap<string, string | undefined>;
  readonly contexts: ReadonlyMap<string, string>;
}

type Results = ReadonlyMap<string, BakeResult>;

/** More than anybody writes; a matrix grows by its product. */
const MOST_TARGETS = 1000;

/**
 * The targets that are built, those of a matrix one by one; left out are those of which the context is not known, and those that
 * others only inherit from (https://docs.docker.com/build/bake/reference/#target).
 */
export function bakeTargets(file: BakeFile): readonly BakeTarget[] {
  const scope = variableScope(file);
  const own = new Map<string, Results>();
  for (const [name, attributes] of file.targets) {
    for (const [inner, results] of expandTarget(name, attributes, scope)) {
      if (own.size < MOST_TARGETS) own.set(inner, results);
    }
  }
  const parents = new Set([...own.values()].flatMap((results) => inheritedBy(results) ?? []));
  const listed = new Set(file.grouped.flatMap((names) => textsOf(evaluateBake(names, scope)) ?? []));
  const resolve = inheritance(own);
  return [...own.keys()].flatMap((name) => {
    const results = resolve(name);
    const isAbstract =
      parents.has(name) && !listed.has(name) && !results?.has('context') && !results?.has('dockerfile');
    return (results && !isAbstract ? targetOf(name, results) : undefined) ?? [];
  });
}

/** Variables may name each other; nothing is taken from the environment, so that the result is the same everywhere. */
function variableScope({ variables }: BakeFile): BakeScope {
  const known = new Map<string, BakeResult>();
  const scope: BakeScope = (name) => {
    if (!known.has(name)) {
      // Of variables that need themselves nothing is known.
      known.set(name, undefined);
      known.set(name, evaluateBake(variables.get(name), scope));
    }
    return known.get(name);
  };
  return scope;
}

/** By the names that a matrix gives them (https://docs.docker.com/build/bake/matrices/). */
function expandTarget(name: string, attributes: BakeAttributes, scope: BakeScope): [string, Results][] {
  return combinations(bakeFields(evaluateBake(attributes.get('matrix'), scope))).map((values, index) => {
    const inner: BakeScope = (one) => (values.has(one) ? values.get(one) : scope(one));
    const results = new Map([...attributes].map(([key, value]) => [key, evaluateBake(value, inner)]));
    const named = values.size === 0 ? name : (bakeText(results.get('name')) ?? `${name}-${index}`);
    return [named, results];
  });
}

/** One without values where there is no matrix, or it is not known. */
function combinations(matrix: Results | undefined): readonly Results[] {
  let found: Results[] = [new Map()];
  for (const [name, values] of matrix ?? []) {
    const items = bakeItems(values);
    if (!items || found.length * items.length > MOST_TARGETS) return [new Map()];
    found = found.flatMap((one) => items.map((item) => new Map([...one, [name, item]])));
  }
  return found;
}

/** Own attributes hold before inherited ones, and of those the last named; undefined where it is not known what it inherits. */
function inheritance(own: ReadonlyMap<string, Results>): (name: string) => Results | undefined {
  const known = new Map<string, Results | undefined>();
  const resolve = (name: string): Results | undefined => {
    if (!known.has(name)) {
      // Of targets that inherit from themselves nothing is known.
      known.set(name, undefined);
      const results = own.get(name);
      const parents = (results && inheritedBy(results))?.map(resolve) ?? [undefined];
      if (results && !parents.includes(undefined)) {
        const chain = [...parents, results].map((one) => one ?? new Map());
        known.set(name, chain.reduce<Results>(mergeResults, new Map()));
      }
    }
    return known.get(name);
  };
  return resolve;
}

function mergeResults(first: Results, second: Results): Results {
  const merged = new Map(first);
  for (const [key, value] of second) {
    const [before, after] = [bakeFields(merged.get(key)), bakeFields(value)];
    const both = (key === 'args' || key === 'contexts') && before && after;
    merged.set(key, both ? { fields: new Map([...before, ...after]) } : value);
  }
  return merged;
}

/** Undefined where that is not known. */
function inheritedBy(results: Results): readonly string[] | undefined {
  return results.has('inherits') ? textsOf(results.get('inherits')) : [];
}

function textsOf(result: BakeResult): readonly string[] | undefined {
  const texts = bakeItems(result)?.map(bakeText);
  return texts?.every((text) => text !== undefined) ? texts : undefined;
}

function targetOf(name: string, results: Results): BakeTarget | undefined {
  const given = (key: string) => results.has(key) && results.get(key) !== null;
  const context = given('context') ? bakeText(results.get('context')) : '.';
  if (context === undefined) return undefined;
  const dockerfile = given('dockerfile') ? bakeText(results.get('dockerfile')) : 'Dockerfile';
  const contexts = [...(bakeFields(results.get('contexts')) ?? [])].flatMap(([key, value]) => {
    const text = bakeText(value);
    return text === undefined ? [] : [[key, text] as const];
  });
  return {
    name,
    context,
    dockerfile: given('dockerfile-inline') ? undefined : dockerfile,
    target: bakeText(results.get('target')),
    args: new Map([...(bakeFields(results.get('args')) ?? [])].map(([key, value]) => [key, bakeText(value)])),
    contexts: new Map(contexts),
  };
}
