import type { ShellCommand, ShellWord } from '../syntax/shell.js';

/** A call of apt, apt-get or aptitude. */
export interface AptCall {
  readonly program: 'apt' | 'apt-get' | 'aptitude';
  /** `update`, `install`, … */
  readonly verb: string;
  readonly verbWord: ShellWord;
  /** Words after the verb that are not options. */
  readonly packages: readonly ShellWord[];
}

const takesValue = new Set([
  '-o',
  '--option',
  '-c',
  '--config-file',
  '-t',
  '--target-release',
  '--default-release',
  '-a',
  '--host-architecture',
  '-P',
  '--build-profiles',
]);

/** Undefined for another program, and where the verb cannot be known. */
export function aptCall({ name, args }: ShellCommand): AptCall | undefined {
  if (name !== 'apt' && name !== 'apt-get' && name !== 'aptitude') return undefined;
  const words: ShellWord[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (!word) break;
    if (word.value !== undefined && takesValue.has(word.value)) at++;
    else if (!word.value?.startsWith('-')) words.push(word);
  }
  const [verbWord, ...packages] = words;
  if (verbWord?.value === undefined) return undefined;
  return { program: name, verb: verbWord.value, verbWord, packages };
}
