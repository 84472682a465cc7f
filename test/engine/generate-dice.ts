/** Chooses by a row of random numbers, over and over. */
export class Dice {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  next(): number {
    return this.#numbers[this.#at++ % this.#numbers.length] ?? 0;
  }

  one<T>(values: readonly T[]): T {
    const value = values[this.next() % values.length];
    if (value === undefined) throw new Error('nothing to choose from');
    return value;
  }

  chance(percent: number): boolean {
    return this.next() % 100 < percent;
  }
}
