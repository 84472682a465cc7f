import type { Build, Stage } from '../model/build.js';
import type { Span } from '../syntax/text.js';
import { textWithHeredocs } from '../syntax/text-with-heredocs.js';
import type { Instruction } from '../syntax/tree.js';
import { variablesOf } from '../syntax/variable-uses.js';
import { innerOf } from './instruction-at.js';

/** A place where a Dockerfile sets or uses a variable. */
export interface VariableMention {
  readonly name: string;
  /** Of the name alone. */
  readonly span: Span;
  readonly instruction: Instruction;
  /** Undefined before the first FROM, and for a FROM itself. */
  readonly stage: Stage | undefined;
  /** `ENV NAME=…`, `ARG NAME`, `ARG NAME=…`; undefined for a use. */
  readonly sets: 'env' | 'arg' | undefined;
  /** A use in a script that gives the name a value itself. */
  readonly isLocal: boolean;
}

/** All mentions of one variable in the order of the text. */
export function variableMentions(build: Build, name: string): readonly VariableMention[] {
  const { instructions, text } = build.file;
  return instructions
    .filter(({ span }) => text.slice(span.start, span.end).includes(name))
    .flatMap((instruction) => mentionsIn(build, instruction).filter((mention) => mention.name === name));
}

/** The variables that one instruction sets or uses. */
export function mentionsIn(build: Build, outer: Instruction): readonly VariableMention[] {
  const instruction = innerOf(outer);
  const stage = instruction.keyword === 'FROM' ? undefined : build.stageOf(outer);
  const found: VariableMention[] = [];
  if (instruction.keyword === 'ENV' || instruction.keyword === 'ARG') {
    const sets = instruction.keyword === 'ENV' ? 'env' : 'arg';
    for (const { key, keySpan } of instruction.pairs) {
      found.push({ name: key, span: keySpan, instruction: outer, stage, sets, isLocal: false });
    }
  }
  for (const { name, nameSpan } of variablesOf(instruction, build.file)) {
    const isLocal = isSetInScript(instruction, name);
    found.push({ name, span: nameSpan, instruction: outer, stage, sets: undefined, isLocal });
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** `NAME=…`, `for NAME in`, `read NAME`: what `$NAME` means there is the script's own business. */
function isSetInScript(instruction: Instruction, name: string): boolean {
  const { keyword } = instruction;
  if (keyword !== 'RUN' && keyword !== 'CMD' && keyword !== 'ENTRYPOINT' && keyword !== 'HEALTHCHECK') return false;
  const script = textWithHeredocs(instruction);
  return (
    script.includes(name) && new RegExp(`(?:^|[\\s;&|({])(?:${name}=|(?:for|read(?: -\\w+)*) ${name}\\b)`).test(script)
  );
}

/**
 * The mentions that mean the same variable as the one given: those of its stage, of the stages that inherit from it or that it
 * inherits from, and, as one build argument sets all ARGs of a name, those of every stage that declares it so.
 */
export function sameVariable(build: Build, mention: VariableMention): readonly VariableMention[] {
  const all = variableMentions(build, mention.name).filter(({ isLocal }) => !isLocal);
  const scopes = new Scopes();
  const argScope = 'arguments';
  for (const one of all) if (one.stage === undefined || one.sets === 'arg') scopes.join(one.stage, argScope);
  const seen = new Set<Stage>();
  for (const { stage } of all) {
    // Through a chain of stages that do not mention it the value is handed on all the same.
    for (let at = stage; at && !seen.has(at) && at.base.kind === 'stage'; at = at.base.stage) {
      seen.add(at);
      scopes.join(at, at.base.stage);
    }
  }
  const wanted = scopes.of(mention.stage ?? argScope);
  return all.filter(({ stage }) => scopes.of(stage ?? argScope) === wanted);
}

type Scope = Stage | 'arguments' | undefined;

/** Which scopes belong together. */
class Scopes {
  readonly #parents = new Map<Scope, Scope>();

  of(scope: Scope): Scope {
    let at = scope;
    for (let next = this.#parents.get(at); next !== undefined; next = this.#parents.get(at)) {
      const above = this.#parents.get(next);
      if (above !== undefined) this.#parents.set(at, above);
      at = next;
    }
    return at;
  }

  join(one: Scope, other: Scope): void {
    const [a, b] = [this.of(one ?? 'arguments'), this.of(other ?? 'arguments')];
    if (a !== b) this.#parents.set(a, b);
  }
}

/** The mention that gives a variable the value it has at a use: the last ENV or ARG before it. */
export function definitionOf(build: Build, mention: VariableMention): VariableMention | undefined {
  const setters = variableMentions(build, mention.name).filter(({ sets }) => sets !== undefined);
  const globals = setters.filter(({ stage }) => stage === undefined);
  const isBareArg = mention.sets === 'arg' && !hasValue(mention);
  if (mention.sets !== undefined && !isBareArg) return mention;
  if (mention.stage === undefined)
    return globals.findLast(({ span }) => span.start < mention.span.start) ?? mentionIfSet(mention);
  if (isBareArg) return globals.at(-1) ?? mention;
  for (let stage: Stage | undefined = mention.stage, before = mention.span.start; stage; ) {
    const own = setters.findLast((one) => one.stage === stage && one.span.start < before);
    if (own) return own.sets === 'arg' && !hasValue(own) ? (globals.at(-1) ?? own) : own;
    stage = stage.base.kind === 'stage' ? stage.base.stage : undefined;
    before = Number.POSITIVE_INFINITY;
  }
  return undefined;
}

function mentionIfSet(mention: VariableMention): VariableMention | undefined {
  return mention.sets === undefined ? undefined : mention;
}

function hasValue({ instruction, span }: VariableMention): boolean {
  const inner = innerOf(instruction);
  if (inner.keyword !== 'ARG' && inner.keyword !== 'ENV') return false;
  return inner.pairs.some(({ keySpan, rawValue }) => keySpan.start === span.start && rawValue !== undefined);
}
