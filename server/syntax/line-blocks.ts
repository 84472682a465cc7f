/** Start of the comment lines that stand right above an instruction; directives at the start of the file are none. */
export function commentsAbove(text: string, start: number): number {
  let at = start;
  while (at > 0) {
    const lineStart = text.lastIndexOf('\n', at - 2) + 1;
    const line = text.slice(lineStart, at);
    if (!/^[ \t]*#/.test(line) || /^#\s*(?:syntax|escape|check)\s*=/i.test(line)) break;
    at = lineStart;
  }
  return at;
}

/** Start of the line behind what stands from `start` to `end`; one blank line less where there would be two without it. */
export function afterLine(text: string, start: number, end: number): number {
  const newline = text.indexOf('\n', end);
  if (newline === -1) return text.length;
  const blankBefore = /\n[ \t]*\r?\n$/.test(text.slice(Math.max(0, start - 200), start));
  const next = /^[ \t]*\r?\n/.exec(text.slice(newline + 1, newline + 201))?.[0];
  return newline + 1 + (blankBefore && next ? next.length : 0);
}
