import type { KeyInput } from './key.js';

type Variable = Extract<KeyInput, { kind: 'variable' }>;

/** Stands for the variables that the base image brings; what they are is in the image's own key. */
export const imageVariables = '';

/** PATH as long as only the base image, or BuildKit where it has none, sets it. */
const imagePath: Variable = { kind: 'variable', name: 'PATH', value: '', from: 'ENV' };

/**
 * The ordered environment of a stage as BuildKit's `llb.EnvList` keeps it: a variable stands where it was last assigned. The image
 * config keeps its own list, in the order of the first assignment, ENV only; it is applied again where a stage is built from
 * another one (`dockerfile2llb/convert.go:dispatchStages`).
 */
export class Environment {
  readonly #state: Map<string, Variable>;
  readonly #config: Map<string, Variable>;
  #list: readonly Variable[] | undefined;

  private constructor(state: Map<string, Variable>, config: Map<string, Variable>) {
    this.#state = state;
    this.#config = config;
  }

  /** That of an image, or of `scratch`. PATH is always set. */
  static ofImage(): Environment {
    const marker: Variable = { kind: 'variable', name: imageVariables, value: '', from: 'ENV' };
    const start = () => new Map([marker, imagePath].map((variable) => [variable.name, variable]));
    return new Environment(start(), start());
  }

  /** That of a stage built FROM the one whose environment this is. */
  continued(): Environment {
    const next = new Environment(new Map(this.#state), new Map(this.#config));
    for (const variable of this.#config.values()) next.#put(variable);
    return next;
  }

  setEnv(name: string, value: string): void {
    const variable: Variable = { kind: 'variable', name, value, from: 'ENV' };
    this.#put(variable);
    this.#config.set(name, variable);
  }

  setArg(name: string, value: string): void {
    this.#put({ kind: 'variable', name, value, from: 'ARG' });
  }

  /** Undefined too for what the base image sets. */
  get(name: string): string | undefined {
    const variable = this.#state.get(name);
    return variable === imagePath ? undefined : variable?.value;
  }

  /** What the file sets, in order; the same array as long as nothing is assigned. */
  list(): readonly Variable[] {
    this.#list ??= [...this.#state.values()].filter(({ name }) => name !== imageVariables);
    return this.#list;
  }

  /** Names in order, with `imageVariables` for those of the image. */
  order(): readonly string[] {
    return [...this.#state.keys()];
  }

  /** Whether the value is the image's own. */
  static isOfImage(variable: Variable): boolean {
    return variable === imagePath;
  }

  #put(variable: Variable): void {
    this.#state.delete(variable.name);
    this.#state.set(variable.name, variable);
    this.#list = undefined;
  }
}
