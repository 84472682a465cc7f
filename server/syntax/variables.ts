import { LexDepthError, LexError, type Lookup, ShellLexer, unknown } from './shell-lex.js';

export { type Lookup, unknown } from './shell-lex.js';

export interface ExpandOptions {
  /** The Dockerfile's escape character; a heredoc body always has `\`. */
  readonly escape: '\\' | '`';
  /** `word` (the default) takes quotes away, `heredoc` leaves them as they are. */
  readonly mode?: 'word' | 'heredoc';
}

export interface Expansion {
  /** Undefined beside an error, and where a variable that decides is unknown. */
  readonly value: string | undefined;
  /** BuildKit's reason, true for every value that the unknown variables may have. */
  readonly error: string | undefined;
}

/** What variables may add to a text; a longer value counts as unknown: `ENV A=$A$A` doubles one on every line. */
const mostAdded = 65_536;

/** Expands `text` as BuildKit does for the arguments it expands (`shell/lex.go:ProcessWord`). */
export function expandWord(text: string, lookup: Lookup, options: ExpandOptions): Expansion {
  if (isPlain(text)) return { value: text, error: undefined };
  const found = expandSpecial(text, lookup, options);
  return (found.value?.length ?? 0) > text.length + mostAdded ? { ...found, value: undefined } : found;
}

/** An expansion leaves the text as it is. */
export function isPlain(text: string): boolean {
  return !/[$'"\\`\uFEFF]/.test(text);
}

function expandSpecial(text: string, lookup: Lookup, options: ExpandOptions): Expansion {
  const heredoc = options.mode === 'heredoc';
  const lexer = new ShellLexer(text, { escape: heredoc ? '\\' : options.escape, lookup, plainQuotes: heredoc });
  return guard(() => lexer.run());
}

/** Names of all variables that an expansion of `text` may ask for, each once, in order of their first use. */
export function variableNames(text: string, options: ExpandOptions = { escape: '\\' }): readonly string[] {
  const names = new Set<string>();
  if (!text.includes('$')) return [];
  const note = (name: string): typeof unknown => {
    names.add(name);
    return unknown;
  };
  expandWord(text, note, options);
  return [...names];
}

function guard(run: () => string | undefined): Expansion {
  try {
    return { value: run(), error: undefined };
  } catch (error) {
    if (error instanceof LexError) return { value: undefined, error: error.message };
    if (error instanceof LexDepthError) return { value: undefined, error: undefined };
    throw error;
  }
}
