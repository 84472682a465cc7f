/** Values of one thing over the instructions of a stage: the entry that counts is the last one before an instruction. */
export interface Timeline<T> {
  /** Indexes into `Dockerfile.instructions`, ascending. */
  readonly at: number[];
  readonly values: T[];
}

/** With its first entry, made by the instruction at `index`. */
export function timeline<T>(index: number, value: T): Timeline<T> {
  const at = [index];
  const values = [value];
  return { at, values };
}

/** Adds an entry that counts for the instructions after `index`; of several at one index the last one stays. */
export function record<T>(line: Timeline<T>, index: number, value: T): void {
  const last = line.at.length - 1;
  if (last >= 0 && line.at[last] === index) line.values[last] = value;
  else {
    line.at.push(index);
    line.values.push(value);
  }
}

/** Position of the last entry made by an instruction before `index`; -1 for none. */
function positionBefore(at: readonly number[], index: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function valueBefore<T>(line: Timeline<T>, index: number): T | undefined {
  return line.values[positionBefore(line.at, index)];
}

/** What an ENV or ARG made of a name. */
export interface Definition {
  readonly kind: 'env' | 'arg';
  /** Undefined where it is not known. */
  readonly value: string | undefined;
  /** `ARG NAME` that nothing gives a value: only a build argument would. */
  readonly unset: boolean;
}

/** The variables of one stage, linked to those of the stage it is built from. */
export interface Scope {
  readonly parent: Scope | undefined;
  /** Environment of the base image as far as it is known. */
  readonly image: Readonly<Record<string, string>>;
  readonly names: Map<string, Timeline<Definition>>;
  /** Answers of `definitionAtEnd`, so that a chain of stages is walked once per name. */
  readonly ends: Map<string, Definition | undefined>;
}

export function scope(parent: Scope | undefined, image: Readonly<Record<string, string>>): Scope {
  return { parent, image, names: new Map(), ends: new Map() };
}

export function define(target: Scope, index: number, name: string, definition: Definition): void {
  const line = target.names.get(name);
  if (line === undefined) target.names.set(name, timeline(index, definition));
  else record(line, index, definition);
}

/** What `name` is for the instruction at `index`, which must be in this stage. */
export function definitionBefore(here: Scope, index: number, name: string): Definition | undefined {
  const line = here.names.get(name);
  return (line && valueBefore(line, index)) ?? inherited(here, name);
}

function inherited(here: Scope, name: string): Definition | undefined {
  if (here.parent) return definitionAtEnd(here.parent, name);
  return Object.hasOwn(here.image, name) ? { kind: 'env', value: here.image[name], unset: false } : undefined;
}

/**
 * What a stage hands to one built FROM it. BuildKit applies the image's environment again at the start of such a stage, so an
 * ENV wins over an ARG that came after it (`dockerfile2llb/convert.go:dispatchStages`).
 */
function definitionAtEnd(last: Scope, name: string): Definition | undefined {
  const chain: Scope[] = [];
  let at: Scope | undefined = last;
  while (at && !at.ends.has(name)) {
    chain.push(at);
    at = at.parent;
  }
  let found = at?.ends.get(name);
  for (const link of chain.reverse()) {
    if (!link.parent) found = inherited(link, name);
    found = ownAtEnd(link, name, found);
    link.ends.set(name, found);
  }
  return found;
}

function ownAtEnd(here: Scope, name: string, before: Definition | undefined): Definition | undefined {
  const own = here.names.get(name)?.values ?? [];
  const env = own.findLast((definition) => definition.kind === 'env') ?? (before?.kind === 'env' ? before : undefined);
  return env ?? own.at(-1) ?? before;
}
