/** One field of a message of Protocol Buffers: a number, or bytes (a text, a message). */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The fields of a message in order; what does not fit the format ends them. Numbers above 2^53 lose their last digits. */
export function readFields(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const readNumber = (): number | undefined => {
    let value = 0;
    for (let factor = 1; at < bytes.length; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    const tag = readNumber();
    if (tag === undefined) return fields;
    const number = Math.floor(tag / 8);
    const kind = tag % 8;
    if (kind === 0) {
      const value = readNumber();
      if (value === undefined) return fields;
      fields.push({ number, value });
      continue;
    }
    const size = kind === 2 ? readNumber() : kind === 1 ? 8 : kind === 5 ? 4 : undefined;
    if (size === undefined || at + size > bytes.length) return fields;
    if (kind === 2) fields.push({ number, value: bytes.subarray(at, at + size) });
    at += size;
  }
  return fields;
}
