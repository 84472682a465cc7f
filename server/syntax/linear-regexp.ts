import { parseRegexp, type RegexpStep } from './regexp-program.js';

/** A regular expression that takes time linear in the text, whatever the pattern. */
export interface LinearRegexp {
  /** Searches from the start of the text, as every pattern of an ignore file begins with `^`. */
  test(text: string): boolean;
}

/**
 * Compiles what `patternmatcher` hands to Go's `regexp`: no alternation, no counted repeats, groups only as `(…)?`.
 * Undefined where Go does not compile it.
 */
export function compileRegexp(source: string): LinearRegexp | undefined {
  const program = parseRegexp(source);
  return program && new Automaton(program);
}

/** What stands before a position: the start of the text, a word character, something else. */
type Before = 'start' | 'word' | 'other';

interface State {
  readonly steps: readonly number[];
  readonly before: Before;
  readonly next: Map<number, State | boolean>;
  atEnd: boolean | undefined;
}

const MOST_CACHED = 5000;

/** Thompson's simulation; the sets of live steps met so far are kept as the states of a deterministic automaton. */
class Automaton implements LinearRegexp {
  readonly #program: readonly RegexpStep[];
  readonly #readsWords: boolean;
  readonly #states = new Map<string, State>();
  #start: State | undefined;
  #cached = 0;

  constructor(program: readonly RegexpStep[]) {
    this.#program = program;
    this.#readsWords = program.some((step) => step.kind === 'boundary');
  }

  test(text: string): boolean {
    this.#start ??= this.#state([0], 'start');
    let state = this.#start;
    for (let at = 0; at < text.length; ) {
      const code = text.codePointAt(at) ?? 0;
      at += code > 0xffff ? 2 : 1;
      let next = state.next.get(code);
      if (next === undefined) {
        next = this.#advance(state, code);
        if (this.#cached++ > MOST_CACHED) this.#forget();
        else state.next.set(code, next);
      }
      if (typeof next === 'boolean') return next;
      state = next;
    }
    state.atEnd ??= this.#live(state, undefined) === true;
    return state.atEnd;
  }

  #forget(): void {
    this.#states.clear();
    this.#start = undefined;
    this.#cached = 0;
  }

  #state(steps: readonly number[], before: Before): State {
    const key = `${before}${steps.join()}`;
    let state = this.#states.get(key);
    if (!state) {
      state = { steps, before, next: new Map(), atEnd: undefined };
      this.#states.set(key, state);
    }
    return state;
  }

  /** The state after `code`, or the verdict where the rest of the text no longer matters. */
  #advance(state: State, code: number): State | boolean {
    const live = this.#live(state, code);
    if (live === true) return true;
    const steps: number[] = [];
    for (const index of live) {
      const step = this.#program[index];
      if (step?.kind === 'char' && step.accepts(code)) steps.push(index + 1);
    }
    if (steps.length === 0) return false;
    steps.sort((a, b) => a - b);
    return this.#state(steps, this.#readsWords && isWord(code) ? 'word' : 'other');
  }

  /** Steps that wait for a character right before `code` (undefined: the end of the text), or true for a match. */
  #live(state: State, code: number | undefined): readonly number[] | true {
    const seen = new Set<number>();
    const todo = [...state.steps];
    const waiting: number[] = [];
    for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
      if (seen.has(index)) continue;
      seen.add(index);
      const step = this.#program[index];
      if (!step) return true;
      if (step.kind === 'char') waiting.push(index);
      else if (step.kind === 'jump') todo.push(step.to);
      else if (step.kind === 'split') todo.push(index + 1, step.to);
      else if (holds(step, state.before, code)) todo.push(index + 1);
    }
    return waiting;
  }
}

function holds(step: RegexpStep, before: Before, code: number | undefined): boolean {
  if (step.kind === 'start') return before === 'start';
  if (step.kind === 'end') return code === undefined;
  if (step.kind !== 'boundary') return false;
  const between = (before === 'word') !== (code !== undefined && isWord(code));
  return between !== step.negated;
}

/** RE2's `\w`. */
function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
