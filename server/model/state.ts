import { cleanPath } from '../syntax/go-path.js';
import type { Dockerfile, Instruction, Pair } from '../syntax/tree.js';
import { unknown } from '../syntax/variables.js';
import { baseImageOf } from './base-image.js';
import type { Build, Stage, State } from './build.js';
import { expandWith, knownOrUnknown } from './expand.js';
import { define, definitionBefore, record, type Scope, scope, type Timeline, timeline, valueBefore } from './scope.js';
import type { Globals } from './stages.js';

/** PATH_MAX of Linux. */
const longestPath = 4096;
const defaultShell: readonly string[] = ['/bin/sh', '-c'];

/** Cwd, user and shell of one stage; index -1 holds what the base brings. */
interface StageStates {
  readonly scope: Scope;
  readonly cwd: Timeline<string | undefined>;
  readonly user: Timeline<string | undefined>;
  readonly shell: Timeline<readonly string[]>;
}

export type States = Pick<Build, 'stateBefore' | 'variable' | 'expand'>;

/** Runs through the file once and notes each change of state where it happens. */
export function statesOf(file: Dockerfile, stages: readonly Stage[], globals: Globals): States {
  const states = new Map<Stage, StageStates>();
  const owner: (StageStates | undefined)[] = [];
  for (const stage of stages) {
    const here = startOf(stage, states);
    states.set(stage, here);
    for (const instruction of stage.instructions) {
      owner[instruction.index] = here;
      apply(instruction, here, globals, file.escape);
    }
  }
  const known: (State | undefined)[] = [];
  const stateBefore = ({ index }: Instruction): State => {
    const state = known[index] ?? stateIn(owner[index], index);
    known[index] = state;
    return state;
  };
  const variable = (instruction: Instruction, name: string): string | undefined => {
    const here = owner[instruction.index];
    return here ? definitionBefore(here.scope, instruction.index, name)?.value : globals.get(name);
  };
  return {
    stateBefore,
    variable,
    expand: (instruction, text) => expandWith(text, (name) => variable(instruction, name) ?? unknown, file.escape),
  };
}

function stateIn(here: StageStates | undefined, index: number): State {
  if (!here) return { cwd: '/', user: undefined, shell: defaultShell };
  return {
    cwd: valueBefore(here.cwd, index),
    user: valueBefore(here.user, index),
    shell: valueBefore(here.shell, index) ?? defaultShell,
  };
}

function startOf(stage: Stage, states: ReadonlyMap<Stage, StageStates>): StageStates {
  const base = stage.base.kind === 'stage' ? states.get(stage.base.stage) : undefined;
  const facts = stage.base.kind === 'image' ? baseImageOf(stage.base.image) : undefined;
  return {
    scope: scope(base?.scope, facts?.env ?? {}),
    cwd: timeline(-1, base ? base.cwd.values.at(-1) : (facts?.workdir ?? '/')),
    user: timeline(-1, base ? base.user.values.at(-1) : facts?.user),
    shell: timeline(-1, base?.shell.values.at(-1) ?? defaultShell),
  };
}

const changing: ReadonlySet<Instruction['keyword']> = new Set(['WORKDIR', 'USER', 'SHELL', 'ENV', 'ARG']);

function apply(instruction: Instruction, here: StageStates, globals: Globals, escapeWith: Dockerfile['escape']): void {
  if (!changing.has(instruction.keyword)) return;
  const { index } = instruction;
  const lookup = knownOrUnknown((name) => definitionBefore(here.scope, index, name)?.value);
  const expand = (text: string) => expandWith(text, lookup, escapeWith);
  if (instruction.keyword === 'WORKDIR') {
    record(here.cwd, index, joinCwd(here.cwd.values.at(-1), expand(instruction.text)));
  } else if (instruction.keyword === 'USER') {
    record(here.user, index, expand(instruction.text) ?? instruction.text);
  } else if (instruction.keyword === 'SHELL' && instruction.strings) {
    const shell = instruction.strings.map((word) => word.text);
    record(here.shell, index, shell);
  } else if (instruction.keyword === 'ENV') {
    for (const { key, rawValue } of instruction.pairs) {
      define(here.scope, index, expand(key) ?? key, { kind: 'env', value: expand(rawValue ?? ''), unset: false });
    }
  } else if (instruction.keyword === 'ARG') {
    for (const pair of instruction.pairs) applyArg(pair, index, here.scope, globals, expand);
  }
}

/** An `ARG NAME` that gets no value leaves what NAME was (`convert.go:dispatchArg`). */
function applyArg(
  { key, rawValue }: Pair,
  index: number,
  here: Scope,
  globals: Globals,
  expand: (text: string) => string | undefined,
): void {
  const value = rawValue === undefined ? globals.get(key) : expand(rawValue);
  const unset = rawValue === undefined && value === undefined;
  if (unset && definitionBefore(here, index, key)) return;
  define(here, index, key, { kind: 'arg', value, unset });
}

/** Absolute and clean; undefined where either part is not known, or a path is one of Windows. */
function joinCwd(cwd: string | undefined, path: string | undefined): string | undefined {
  if (path === undefined || path.length + (cwd?.length ?? 0) > longestPath || /^[A-Za-z]:|\\/.test(path))
    return undefined;
  if (path.startsWith('/')) return cleanPath(path);
  return cwd === undefined ? undefined : cleanPath(`${cwd}/${path}`);
}
