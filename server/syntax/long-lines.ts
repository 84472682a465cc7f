import type { LineStarts, Span } from './text.js';

/** The most bytes that a physical line may have without its newline: Go's `bufio.MaxScanTokenSize`, less one. */
const MAX_BYTES = 65_535;

/** Physical lines too long for BuildKit's scanner (`parser.go:handleScannerError`). */
export function findLongLines(text: string, starts: LineStarts): { message: string; span: Span }[] {
  const problems: { message: string; span: Span }[] = [];
  // No line of a short text is too long: a UTF-16 unit has at most three bytes.
  if (text.length * 3 <= MAX_BYTES) return problems;
  for (let line = 0; line < starts.length; line++) {
    const start = starts[line] ?? 0;
    const next = starts[line + 1];
    const end = next === undefined ? text.length : next - 1;
    if ((end - start) * 3 <= MAX_BYTES || byteLength(text, start, end) <= MAX_BYTES) continue;
    problems.push({ message: `dockerfile line greater than max allowed size of ${MAX_BYTES}`, span: { start, end } });
  }
  return problems;
}

function byteLength(text: string, from: number, to: number): number {
  let bytes = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    // Each half of a surrogate pair counts for two of its four bytes.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}
