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

/** Programs of which it is known that they leave the package lists and the package sources as they are. */
const harmless =
  /^(?:apt-get|apt|aptitude|apt-cache|apt-mark|apt-config|basename|cat|cd|chmod|chown|cp|curl|cut|date|debconf-set-selections|dirname|dpkg|echo|env|export|false|find|getent|git|gpg|grep|groupadd|addgroup|adduser|gunzip|head|hostname|id|install|jq|ldconfig|ln|locale-gen|ls|mkdir|mktemp|mv|npm|pip3?|printf|pwd|readlink|rm|rmdir|sed|set|shift|sleep|sort|tail|tar|tee|test|touch|tr|true|umask|uname|unset|unzip|update-alternatives|update-ca-certificates|useradd|usermod|wget|which|xargs|\[{1,2}|:|)$/;

/** An update, or a program that may do one: a script, a repository tool, anything not known. `next` is the command behind it. */
export function mayRefreshLists(command: ShellCommand, next: ShellCommand | undefined): boolean {
  const call = aptCall(command);
  if (call) return call.verb === 'update';
  const { name, span } = command;
  if (name === undefined) return true;
  // what `sh -c '…'` runs is listed behind it
  if (/^(?:ba|da|z|a|k)?sh$/.test(name)) return !next || next.span.start < span.start || span.end < next.span.end;
  return !harmless.test(name);
}
