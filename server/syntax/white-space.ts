/** Go's `unicode.IsSpace`: what BuildKit trims, and what separates ENV, LABEL and ARG words. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13);
  if (code <= 0xff) return code === 0x85 || code === 0xa0;
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** A character that separates a keyword and plain words: `[\t\v\f\r ]` (`parser.go:reWhitespace`). */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || (code >= 11 && code <= 13);
}

/** The first position in [from, to) that holds no space, or `to`. */
export function skipSpaces(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The position after the last character of [from, to) that is no space, or `from`. */
export function trimSpacesEnd(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}
