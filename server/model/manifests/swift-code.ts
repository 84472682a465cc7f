/** A Swift program without its comments. */
export interface SwiftCode {
  /** Strings are their index in `strings`, in quotes. */
  readonly code: string;
  readonly strings: readonly string[];
  /** It only says what a package is made of: it cannot look at files or variables. */
  readonly isPlain: boolean;
}

/** Reads a manifest of SwiftPM. */
export function swiftCode(text: string): SwiftCode {
  const strings: string[] = [];
  let isOdd = /#"|#\//.test(text);
  const code = text.replaceAll(parts, (part, long: string | undefined, short: string | undefined) => {
    const value = long ?? short;
    if (value === undefined) {
      // Comments may lie in each other.
      isOdd ||= part.startsWith('/*') && part.includes('/*', 2);
      return ' ';
    }
    isOdd ||= value.includes('\\(');
    return `"${strings.push(value) - 1}"`;
  });
  return { code, strings, isPlain: !isOdd && isPlain(code) };
}

const parts = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"""([\s\S]*?)(?:"""|$)|"((?:[^"\\\n]|\\.)*)"/g;

/** Modules that only describe packages: `PackageDescription` is what it is given, of Foundation and the C library nothing is seen. */
const modules = /^(?:PackageDescription|CompilerPluginSupport)$/;

/** Functions and types that a manifest calls by name; conditions of `#if`. */
const callable = /^(?:Package|Version|os|arch|swift|compiler|targetEnvironment|if|for|while|switch|return|in)$/;

/** What tells of the machine, with or without a call. */
const telling =
  /\b(?:Context|ProcessInfo|CommandLine|Foundation|Glibc|Musl|Darwin|FileManager|Process|Bundle|Data|URL|contentsOf\w*|readLine|getenv|environ|dlopen|canImport|unsafe(?!Flags\b)\w*|Unsafe\w*|withUnsafe\w*)\b|@_|#file|#embed|`/;

function isPlain(code: string): boolean {
  if (telling.test(code)) return false;
  for (const [, name = ''] of code.matchAll(
    /\bimport\s+(?:(?:struct|class|enum|func|var|let|typealias|protocol)\s+)?([\w.]*)/g,
  ))
    if (!modules.test(name)) return false;
  for (const [, name = ''] of code.matchAll(/(?<![\w.])([A-Za-z_]\w*)\s*\(/g)) if (!callable.test(name)) return false;
  // A member of something, other than what begins with a dot.
  for (const [, name = ''] of code.matchAll(/[\w)\]"!?]\s*\.\s*([A-Za-z_]\w*)\s*[({]/g))
    if (name !== 'append') return false;
  return true;
}
