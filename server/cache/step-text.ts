import type { Dockerfile, Instruction } from '../syntax/tree.js';

/**
 * How BuildKit names the step of an instruction in its logs, variables not expanded: `RUN npm ci`, flags and all, continuations
 * joined, blanks made one.
 */
export function stepText({ text: source }: Dockerfile, instruction: Instruction): string {
  const flags = instruction.flags.map(({ span }) => source.slice(span.start, span.end));
  return normalStepText([instruction.keyword, ...flags, instruction.text].join(' '));
}

export function normalStepText(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Of the script in a heredoc BuildKit shows the first line: `RUN <<EOF (apt-get update...)`. */
const SCRIPT = / \((.*)\)$/;
const VARIABLE = /\$(?:\w+|\{[^}]*\})/;

/**
 * True where a name in a log may be that of the instruction: equal but for variables, which BuildKit expands there. Linear in
 * both texts.
 */
export function isStepName(name: string, text: string, instruction: Instruction): boolean {
  const [first] = instruction.heredocs;
  const shown = first && instruction.keyword === 'RUN' ? SCRIPT.exec(name) : undefined;
  if (first && shown) {
    const line = normalStepText((first.content.trim().split('\n', 1)[0] ?? '').trim());
    if (shown[1]?.replace(/\.\.\.$/, '') !== line) return false;
    return fits(name.slice(0, shown.index), text);
  }
  return fits(name, text);
}

/** What stands between variables must come in order, the first and last piece at the ends. */
function fits(name: string, text: string): boolean {
  const [start = '', ...rest] = text.split(VARIABLE);
  const end = rest.pop();
  if (end === undefined) return name === text;
  if (!name.startsWith(start) || !name.endsWith(end) || name.length < start.length + end.length) return false;
  let at = start.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= name.length - end.length;
}
