/**
 * A text with variables whose value only the base image knows, as it stands in cache keys: equal where the text and the values
 * that are known are equal. Other texts may hold it, and the values may hold such texts themselves.
 */
export function unknownText(text: string, values: ReadonlyMap<string, string | undefined>): string {
  return `\u0001${text}${[...values].map(([name, value]) => `\u0002${name}=${value ?? ''}`).join('')}\u0003`;
}

/** The value of a variable depends on the base image. */
export function isUnknownText(value: string): boolean {
  return value.includes('\u0001');
}

/** For a reader: each such text as it is written, with the values that are known. */
export function shownText(text: string): string {
  const innermost = /\u0001([^\u0001-\u0003]*)([^\u0001\u0003]*)\u0003/g;
  for (let shown = text; ; ) {
    const next = shown.replace(innermost, (_, written: string, values: string) => withValues(written, values));
    if (next === shown) return shown;
    shown = next;
  }
}

/** `values`: each `\u0002NAME=VALUE`. An escaped `$` is none. */
function withValues(text: string, values: string): string {
  const known = new Map(
    values
      .split('\u0002')
      .slice(1)
      .map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  return text.replace(
    /[\\`].|\$(?:\{(\w+)\}|(\w+))/gs,
    (whole, braced: string, bare: string) => known.get(braced ?? bare) || whole,
  );
}
