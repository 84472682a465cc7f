/** What was worked out of an object, remembered as long as the object lives. */
export interface Memo<Key extends object, Value> {
  /** Undefined where nothing was remembered. */
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
}

/**
 * Does what a WeakMap does, but keeps the value at the object itself, in a private field: copies and comparisons do not see it. While
 * V8 collects young objects, what a WeakMap holds counts as alive (`src/heap/scavenger.cc`, `VisitEphemeron`), and a value that leads
 * back to its key keeps both: each version of a file would live until the next full collection, which pauses an editor.
 */
export function createMemo<Key extends object, Value>(): Memo<Key, Value> {
  class Remembered extends Itself {
    #value: Value;

    constructor(key: Key, value: Value) {
      super(key);
      this.#value = value;
    }

    static get(key: object): Value | undefined {
      return #value in key ? key.#value : undefined;
    }

    static set(key: Key, value: Value): void {
      if (#value in key) key.#value = value;
      else new Remembered(key, value);
    }
  }
  return Remembered;
}

/** Constructs what it is given, so that a class derived from it puts its fields there. */
class Itself {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is its purpose
    return object;
  }
}
