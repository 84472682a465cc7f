import { cleanPath } from '../syntax/go-path.js';
import { expandWord, unknown, variableNames } from '../syntax/variables.js';
import type { Environment } from './environment.js';
import type { KeyInput, Step } from './key.js';
import type { Input, PlanStage, Root, Vertex } from './plan.js';
import { normalReference } from './plan.js';
import type { CacheBuilder, Side } from './side.js';
import { isUnknownText, unknownText } from './unknown-text.js';

/** State while a stage is compiled from its first instruction to its last. */
export interface Compiling {
  readonly side: Side;
  readonly builder: CacheBuilder;
  readonly globals: ReadonlyMap<string, string | undefined>;
  /** Value of TARGETSTAGE. */
  readonly target: string;
  readonly stage: PlanStage;
  /** ARG names declared so far: their value is known, or they are unset. */
  readonly declared: Set<string>;
  readonly environment: Environment;
  /** As WORKDIR has it: absolute, not cleaned where it was written as an absolute path. Undefined where a variable is not known. */
  cwd: string | undefined;
  user: string;
  shell: readonly string[];
  readonly byReference: (reference: string) => PlanStage | undefined;
  /** Numbers of equal operations of this build, by definition. */
  readonly definitions: Map<string, number>;
  previous: Vertex | Root;
}

/** What an instruction adds. */
export interface Made {
  readonly step: Step;
  readonly vertices: readonly Vertex[];
}

/** Undefined where a variable decides whose value only the base image knows. */
export function expand(at: Compiling, text: string, mode: 'word' | 'heredoc' = 'word'): string | undefined {
  const lookup = (name: string) => {
    const value = at.environment.get(name);
    if (value !== undefined) return isUnknownText(value) ? unknown : value;
    return at.declared.has(name) || at.stage.root.image === undefined ? undefined : unknown;
  };
  return expandWord(text, lookup, { escape: at.side.file.escape, mode }).value;
}

/** The value, or where it is not known the text with the values that are: equal on both sides if these are. */
export function textOf(at: Compiling, text: string, mode: 'word' | 'heredoc' = 'word'): string {
  const known = expand(at, text, mode);
  if (known !== undefined) return known;
  const names = variableNames(text, { escape: at.side.file.escape, mode });
  return unknownText(text, new Map(names.map((name) => [name, at.environment.get(name)])));
}

/** Absolute and clean; undefined where a variable is not known. */
export function pathOf(at: Compiling, text: string): string | undefined {
  const path = expand(at, text);
  if (path === undefined) return undefined;
  if (path.startsWith('/')) return cleanPath(path);
  return at.cwd === undefined ? undefined : cleanPath(`${at.cwd}/${path}`);
}

export function originOf(at: Compiling, from: string | undefined): Input['origin'] {
  if (from === undefined || from === '' || from === 'context') return { kind: 'context' };
  const stage = at.byReference(from);
  return stage ? { kind: 'stage', stage } : { kind: 'image', image: normalReference(from) };
}

/** Equal text: one input for BuildKit, whatever it is called. */
export function originKey(origin: Input['origin']): string {
  switch (origin.kind) {
    case 'stage':
      return stateKey(origin.stage.last);
    case 'image':
      return stateKey({ role: 'root', image: origin.image });
    case 'remote':
      return `remote ${origin.url} ${origin.checksum ?? ''} ${origin.keepGit === true}`;
    case 'inline':
      return `inline ${origin.text}`;
    default:
      return 'context';
  }
}

export function stateKey(state: Vertex | Root): string {
  return state.role === 'root' ? rootKey(state) : `operation ${state.definition}`;
}

/** Names an image with its platform. */
export function rootKey({ image, platform }: Root): string {
  return `image ${image ?? ''}${platform === undefined ? '' : ` ${platform}`}`;
}

/** `written`: the texts of the paths, for those that are not known. */
export function filesInput({ origin, paths, exclude, parents }: Input, written: readonly string[] = []): KeyInput {
  const known = paths.map((path, index) => path ?? `/${(written[index] ?? '?').replace(/^\/+/, '')}`);
  const from = origin.kind === 'inline' ? ({ kind: 'inline' } as const) : origin;
  return { kind: 'files', origin: from, paths: known, exclude, parents };
}

export function previousInput(at: Compiling): KeyInput {
  const { previous } = at;
  return previous.role === 'root' && previous.image !== undefined
    ? { kind: 'base-image', image: previous.image }
    : { kind: 'previous' };
}

interface Parts {
  readonly inputs?: readonly Input[];
  readonly target?: string | undefined;
  /** What more the operation itself says: which of its inputs are one. */
  readonly shape?: string;
  readonly previous: Vertex | Root | undefined;
  readonly merged?: Vertex;
  readonly writesContext?: boolean;
}

/** An operation; equal ones of a build get one number. */
export function newVertex(at: Compiling, role: Vertex['role'], step: Step, parts: Parts): Vertex {
  const { inputs = [], target, shape = '', previous, merged, writesContext = false } = parts;
  const own = role === 'merge' ? 'merge' : JSON.stringify([role, shape, step.inputs.flatMap(ownInput)]);
  const text = JSON.stringify([
    own,
    previous && stateKey(previous),
    merged?.definition,
    inputs.map((input) => [originKey(input.origin), input.paths, input.exclude, input.parents]),
  ]);
  const definition = at.definitions.get(text) ?? at.definitions.size;
  at.definitions.set(text, definition);
  return { role, step, stage: at.stage, definition, own, previous, merged, inputs, target, writesContext };
}

/** The part of a key input that belongs to the operation itself. Whether ARG or ENV set a variable does not matter. */
function ownInput(input: KeyInput): unknown[] {
  switch (input.kind) {
    case 'previous':
    case 'base-image':
    case 'files':
    case 'text':
      return [];
    case 'variable':
      return [[input.kind, input.name, input.value]];
    default:
      return [input];
  }
}
