/** A set of small numbers of a known range. */
export type Bits = Uint32Array;

export function noBits(size: number): Bits {
  return new Uint32Array((size + 31) >> 5);
}

export function bitsOf(size: number, members: Iterable<number>): Bits {
  const bits = noBits(size);
  for (const member of members) addBit(bits, member);
  return bits;
}

export function addBit(bits: Bits, member: number): void {
  const word = member >> 5;
  bits[word] = ((bits[word] ?? 0) | (1 << (member & 31))) >>> 0;
}

export function hasBit(bits: Bits, member: number): boolean {
  return (((bits[member >> 5] ?? 0) >>> (member & 31)) & 1) === 1;
}

export function unionOf(a: Bits, b: Bits): Bits {
  const union = new Uint32Array(a.length);
  for (let word = 0; word < a.length; word++) union[word] = (a[word] ?? 0) | (b[word] ?? 0);
  return union;
}

/** Whether all of `a` is in `b`, or in `c`. */
export function isWithin(a: Bits, b: Bits, c: Bits = b): boolean {
  for (let word = 0; word < a.length; word++)
    if (((a[word] ?? 0) & ~((b[word] ?? 0) | (c[word] ?? 0))) !== 0) return false;
  return true;
}

export function membersOf(bits: Bits): number[] {
  const members: number[] = [];
  for (let word = 0; word < bits.length; word++) {
    for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1) {
      const low = rest & -rest;
      members.push(word * 32 + (31 - Math.clz32(low)));
    }
  }
  return members;
}

/** What is in `a` and not in `b`. */
export function without(a: Bits, b: Bits): Bits {
  const rest = new Uint32Array(a.length);
  for (let word = 0; word < a.length; word++) rest[word] = (a[word] ?? 0) & ~(b[word] ?? 0);
  return rest;
}

/** Members of `a` that are not in `b`. */
export function newMembers(a: Bits, b: Bits): number[] {
  return membersOf(without(a, b));
}

/** The weights of the members, summed. */
export function weightOf(bits: Bits, weights: Float64Array): number {
  let sum = 0;
  for (let word = 0; word < bits.length; word++) {
    for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1) {
      sum += weights[word * 32 + (31 - Math.clz32(rest & -rest))] ?? 0;
    }
  }
  return sum;
}
