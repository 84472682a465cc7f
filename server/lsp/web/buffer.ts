// Takes the place of the global `Buffer` in the bundle for web workers.

/** What is used of Node's `Buffer`. */
export class Bytes extends Uint8Array {
  override toString(_encoding?: string, start = 0, end = this.length): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.subarray(start, end));
  }

  equals(other: Uint8Array): boolean {
    return this.length === other.length && this.every((byte, index) => byte === other[index]);
  }
}

export const Buffer = {
  from: (text: string) => new Bytes(new TextEncoder().encode(text)),
  alloc: (length: number) => new Bytes(length),
};
