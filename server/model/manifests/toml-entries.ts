/** One `key = value` of a TOML text. */
export interface TomlEntry {
  /** Name of its table, without quotes and spaces; '' before the first header. */
  readonly table: string;
  /** As written, a dotted one too; without quotes. */
  readonly key: string;
  /** As written, comments left out. */
  readonly value: string;
}

/** All entries of a TOML text in order, and the tables that have none as `key` ''. Undefined where a string or list does not end. */
export function tomlEntries(text: string): readonly TomlEntry[] | undefined {
  const entries: TomlEntry[] = [];
  let table = '';
  for (let at = 0; at < text.length; ) {
    const end = statementEnd(text, at);
    if (end === undefined) return undefined;
    const statement = withoutComments(text.slice(at, end)).trim();
    at = end + 1;
    const header = /^\[\[?([^[\]]*)\]?\]$/.exec(statement);
    if (header) {
      table = bare(header[1] ?? '');
      entries.push({ table, key: '', value: '' });
      continue;
    }
    const key = /^((?:[\w-]+|"[^"\n]*"|'[^'\n]*'|[ \t]*\.[ \t]*)+)[ \t]*=/.exec(statement);
    if (key) entries.push({ table, key: bare(key[1] ?? ''), value: statement.slice(key[0].length).trim() });
    else if (statement !== '') return undefined;
  }
  return entries;
}

function bare(name: string): string {
  return name.replace(/["'\s]/g, '');
}

const quoted = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;

/** Where the line ends that closes all brackets and strings opened behind `start`. */
function statementEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const char = text[at] ?? '';
    if (char === '"' || char === "'") {
      quoted.lastIndex = at;
      const string = quoted.exec(text);
      if (!string) return undefined;
      at += string[0].length;
      continue;
    }
    if (char === '#') {
      at = lineEnd(text, at);
      continue;
    }
    if (char === '\n' && depth === 0) return at;
    if (char === '[' || char === '{') depth++;
    if (char === ']' || char === '}') depth--;
    at++;
  }
  return depth === 0 ? text.length : undefined;
}

function withoutComments(statement: string): string {
  return statement.replaceAll(/"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*/g, (found) =>
    found.startsWith('#') ? '' : found,
  );
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** The strings of a value that is a string or a list of strings; undefined of any other value. */
export function tomlStrings(value: string): readonly string[] | undefined {
  const found: string[] = [];
  const rest = value.replaceAll(
    /"""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'/g,
    (_, a, b, c, d) => {
      found.push(String(a ?? b ?? c ?? d).replaceAll(/\\(["\\])/g, '$1'));
      return '_';
    },
  );
  if (rest === '_') return found;
  return /^\[\s*(?:_\s*,\s*)*(?:_\s*)?\]$/.test(rest) ? found : undefined;
}
