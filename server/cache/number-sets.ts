/** Sets of small numbers, each known by a number of its own (0 is the empty one), so that a union is made once. */
export class NumberSets {
  readonly #sets: ReadonlySet<number>[] = [new Set()];
  readonly #byText = new Map<string, number>([['', 0]]);
  readonly #unions = new Map<string, number>();

  single(member: number): number {
    return this.#numberOf([member]);
  }

  union(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    let union = this.#unions.get(key);
    if (union === undefined) {
      union = this.#numberOf([...new Set([...this.members(a), ...this.members(b)])].sort((x, y) => x - y));
      this.#unions.set(key, union);
    }
    return union;
  }

  members(set: number): ReadonlySet<number> {
    return this.#sets[set] ?? new Set();
  }

  #numberOf(members: readonly number[]): number {
    const text = members.join(' ');
    let number = this.#byText.get(text);
    if (number === undefined) {
      number = this.#sets.push(new Set(members)) - 1;
      this.#byText.set(text, number);
    }
    return number;
  }
}
