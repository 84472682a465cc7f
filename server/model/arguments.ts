import type { PackageManager } from '../knowledge/package-managers.js';
import type { ShellWord } from '../syntax/shell.js';

export interface Option {
  /** `--file` of `--file=x`; of `-rreq.txt` the `-r`. */
  readonly name: string;
  readonly word: ShellWord;
  /** As written, of `--file=x`, `--file x` and `-rreq.txt`; undefined for a flag, or where an expansion decides. */
  readonly value: string | undefined;
}

/** The words after a program, told apart with what the table says of its options. */
export interface Arguments {
  readonly options: readonly Option[];
  readonly operands: readonly ShellWord[];
}

/** Reads the words of a package manager's command, MSBuild's `/p:A=1` among the options; an option that the table does not know takes no value from the next word. */
export function readArguments(manager: PackageManager, words: readonly ShellWord[]): Arguments {
  const taking = takingOf(manager);
  const options: Option[] = [];
  const operands: ShellWord[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word) break;
    const text = word.value ?? word.text;
    if (text === '--') {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (/^\/[A-Za-z]+:/.test(text)) options.push(readOption(word, text, taking));
    else if (!text.startsWith('-') || text === '-') operands.push(word);
    else if (taking.has(text)) options.push({ name: text, word, value: words[++at]?.value });
    else options.push(readOption(word, text, taking));
  }
  return { options, operands };
}

const known = new WeakMap<PackageManager, ReadonlySet<string>>();

/** Options that take a value. */
function takingOf(manager: PackageManager): ReadonlySet<string> {
  const { valueOptions = [], directoryOptions = [], manifestOptions = [] } = manager;
  const taking = known.get(manager) ?? new Set([...valueOptions, ...directoryOptions, ...manifestOptions]);
  known.set(manager, taking);
  return taking;
}

function readOption(word: ShellWord, text: string, taking: ReadonlySet<string>): Option {
  const equals = text.indexOf('=');
  if (equals !== -1) {
    return { name: text.slice(0, equals), word, value: word.value === undefined ? undefined : text.slice(equals + 1) };
  }
  const short = text.slice(0, 2);
  if (!text.startsWith('--') && text.length > 2 && taking.has(short)) {
    return { name: short, word, value: word.value === undefined ? undefined : text.slice(2) };
  }
  return { name: text, word, value: undefined };
}

export function hasOption({ options }: Arguments, names: readonly string[]): boolean {
  return options.some(({ name, word }) => names.includes(name) || names.includes(word.value ?? word.text));
}
