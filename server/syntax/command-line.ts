import type { ShellCommand, ShellWord } from './shell.js';
import { span } from './text.js';

/** The word as far as it can be read: an expansion in it stays as written. */
function readable(word: ShellWord): string {
  return word.value ?? word.text.replace(/["']/g, '');
}

/** The arguments before a `--`. */
function options(command: ShellCommand): readonly ShellWord[] {
  const end = command.args.findIndex((arg) => arg.value === '--');
  return end === -1 ? command.args : command.args.slice(0, end);
}

/**
 * Whether one of the flags is given: `-y` also in a bundle (`-qy`), `--yes` also as `--yes=…`. The value of another flag that looks
 * like it counts too.
 */
export function hasFlag(command: ShellCommand, ...names: readonly string[]): boolean {
  return options(command).some((arg) => {
    const text = readable(arg);
    return text.startsWith('-') && names.some((name) => isFlag(text, name));
  });
}

function isFlag(text: string, name: string): boolean {
  if (text === name) return true;
  if (text.startsWith(`${name}=`)) return true;
  return name.length === 2 && /^-[A-Za-z]{2,5}$/.test(text) && text.includes(name.charAt(1));
}

/**
 * The values given to a flag, in order: `-r x`, `--requirement x`, `--requirement=x`, and `-rx.txt` where `x.txt` cannot be a bundle
 * of flags. For the last two the word is the part behind the flag.
 */
export function flagValue(command: ShellCommand, names: readonly string[]): ShellWord[] {
  const values: ShellWord[] = [];
  const args = options(command);
  for (const [index, arg] of args.entries()) {
    const text = readable(arg);
    if (!text.startsWith('-')) continue;
    const next = args[index + 1];
    if (names.includes(text)) {
      if (next !== undefined) values.push(next);
      continue;
    }
    const name = names.find((one) => text.startsWith(`${one}=`) || isAttached(text, one));
    if (name !== undefined) values.push(behind(arg, text[name.length] === '=' ? name.length + 1 : name.length));
  }
  return values;
}

function isAttached(text: string, name: string): boolean {
  return /^-[A-Za-z]$/.test(name) && text.startsWith(name) && /[./\d]/.test(text.slice(2));
}

/** The part of a word from its `from`-th readable character on. */
function behind(word: ShellWord, from: number): ShellWord {
  const quote = /^["']/.test(word.text) ? 1 : 0;
  const start = word.span.start + from + quote;
  const closing = quote === 1 && word.text.at(-1) === word.text[0] ? 1 : 0;
  const end = Math.max(start, word.span.end - closing);
  return {
    text: word.text.slice(start - word.span.start, end - word.span.start),
    value: word.value?.slice(from),
    span: span(start, end),
  };
}

/** The arguments that are neither flags nor the values of `valueFlags`; everything behind `--`, and a lone `-`. */
export function positionals(command: ShellCommand, valueFlags: ReadonlySet<string>): ShellWord[] {
  const found: ShellWord[] = [];
  for (let index = 0; index < command.args.length; index++) {
    const arg = command.args[index];
    if (arg === undefined) break;
    const text = readable(arg);
    if (arg.value === '--') return [...found, ...command.args.slice(index + 1)];
    if (!text.startsWith('-') || text === '-') found.push(arg);
    else if (valueFlags.has(text)) index++;
  }
  return found;
}
