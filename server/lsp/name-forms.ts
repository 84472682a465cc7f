/** How names of files are written at one kind of place, such that Docker reads these files and no others. */
export interface NameForm {
  /** A name as it is written; undefined where it cannot be. `first`: nothing of the path stands before it. */
  write(name: string, first: boolean): string | undefined;
  /** The path that is written; undefined where it stands for several, or for one that is not known. */
  read(text: string): string | undefined;
}

/**
 * A source of COPY in the shell form: a word that ends at any blank, is expanded, and is then a wildcard. A `\` before a wildcard
 * makes BuildKit look for a name with the `\` in it, so only brackets help: `arr[[]0].txt`. `startsLine`: the word is the first of
 * a continuation line, where `#` would start a comment.
 */
export function sourceForm(escapeToken: '\\' | '`', startsLine: boolean): NameForm {
  return {
    write(name, first) {
      if (/[\s\\`<]/.test(name) || (first && name.startsWith('--'))) return undefined;
      const text = name.replace(/[[*?]/g, '[$&]').replace(/[$'"]/g, `${escapeToken}$&`);
      return first && startsLine && text.startsWith('#') ? `${escapeToken}${text}` : text;
    },
    read(text) {
      const expanded = text.replace(escapeToken === '\\' ? /\\(.)/gs : /`(.)/gs, '$1');
      return unescaped(expanded, /\[([[*?])\]/g, /[*?[\\]/);
    },
  };
}

/** A field of `RUN --mount=`, which is a record of CSV in a word that is expanded; wildcards have no meaning. */
export const mountForm: NameForm = {
  write: (name) => (/[\s\\`$'",]/.test(name) ? undefined : name),
  read: (text) => (/[\\`$'",]/.test(text) ? undefined : text),
};

/** A pattern of an ignore file: the rest of a line, trimmed, with `\` before what has a meaning. */
export const ignoreForm: NameForm = {
  write(name, first) {
    if (/[\r\n]|\s$/.test(name) || (first && /^\s/.test(name))) return undefined;
    const text = name.replace(/[[*?^\\]/g, '\\$&');
    return first && /^[#!]/.test(text) ? `\\${text}` : text;
  },
  read: (text) => unescaped(text, /\\(.)/gs, /[*?[\\]/),
};

/** Takes the escapes away. Undefined where something of the `special` is not escaped. */
function unescaped(text: string, escapes: RegExp, special: RegExp): string | undefined {
  return special.test(text.replace(escapes, '')) ? undefined : text.replace(escapes, '$1');
}
