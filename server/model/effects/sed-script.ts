/**
 * Whether a script of sed may read, write or run something that it names itself, or is not understood: `w`, `r`, `e`, and `s` with such
 * flags (https://www.gnu.org/software/sed/manual/sed.html#Other-Commands).
 */
export function mayTouchFiles(script: string): boolean {
  let at = 0;
  while (at < script.length) {
    const part = plainCommand(script, at);
    if (part === 0) return true;
    at += part;
  }
  return false;
}

/** What stands between commands, and addresses in front of one. */
const before = /(?:[\s;{}!,~+$\d]|#[^\n]*)+/y;

/** An address that is an expression, with its flags. */
const address = /(?:\/((?:[^/\\\n]|\\[\s\S])*)\/|\\([^\s\\])(?:(?!\2)[^\\\n]|\\[\s\S])*\2)[IM]*/y;

/** Commands of one letter, with a number or a label. */
const plain = /(?:[dDgGhHnNpPxz=F}]|[lLqQ][ \t]*\d*|[btT:][^;}\n]*)[ \t]*(?=[;}\n#]|$)/y;

/** `a text`, up to the end of the line. */
const text = /[aic](?:\\\n|(?![;}])[^\n])(?:[^\\\n]|\\[\s\S])*(?=\n|$)/y;

const changing =
  /([sy])([^\s\\])((?:(?!\2)[^\\]|\\[\s\S])*)\2((?:(?!\2)[^\\]|\\[\s\S])*)\2([gpIiMm\d]*)[ \t]*(?=[;}\n#]|$)/y;

/** The length of what is known to touch nothing at this place, 0 if it is not. */
function plainCommand(script: string, at: number): number {
  for (const pattern of [before, address, changing, plain, text]) {
    pattern.lastIndex = at;
    const [found] = pattern.exec(script) ?? [];
    if (found) return found.length;
  }
  return 0;
}
