/** A text in Go's `%q`, shortened where it is long. */
export function goQuote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}

const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-9],
  ['us', 1e-6],
  ['µs', 1e-6],
  ['μs', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
]);

/** Seconds of a Go duration such as `1m30s`, or the reason why it is none (`time.ParseDuration`). */
export function parseGoDuration(text: string): number | { readonly error: string } {
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  const invalid = { error: `time: invalid duration ${goQuote(text)}` };
  if (rest === '') return invalid;
  let seconds = 0;
  while (rest !== '') {
    const number = /^[0-9]*(?:\.[0-9]*)?/.exec(rest)?.[0] ?? '';
    if (!/[0-9]/.test(number)) return invalid;
    rest = rest.slice(number.length);
    const unit = /^[^0-9.]*/.exec(rest)?.[0] ?? '';
    if (unit === '') return { error: `time: missing unit in duration ${goQuote(text)}` };
    const factor = UNIT_SECONDS.get(unit);
    if (factor === undefined) return { error: `time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}` };
    seconds += Number(number) * factor;
    rest = rest.slice(unit.length);
  }
  return text.startsWith('-') ? -seconds : seconds;
}
