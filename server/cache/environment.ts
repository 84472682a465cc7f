import type { KeyInput } from './key.js';

type Variable = Extract<KeyInput, { kind: 'variable' }>;

/** Stands for the variables that the base image brings; what they are is in the image's own key. */
export const imageVariables = '';

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

  /** That of an image, or of `scratch`. */
  static ofImage(): Environment {
    const marker: Variable = { kind: 'variable', name: imageVariables, value: '', from: 'ENV' };
    return new Environment(new Map([[imageVariables, marker]]), new Map([[imageVariables, marker]]));
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

  get(name: string): string | undefined {
    return this.#state.get(name)?.value;
  }

  /** In order, `imageVariables` for those of the image; the same array as long as nothing is assigned. */
  list(): readonly Variable[] {
    this.#list ??= [...this.#state.values()];
    return this.#list;
  }

  #put(variable: Variable): void {
    this.#state.delete(variable.name);
    this.#state.set(variable.name, variable);
    this.#list = undefined;
  }
}
