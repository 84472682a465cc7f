import { baseName } from './go-path.js';
import type { Assignment, ShellWord } from './shell.js';
import { span } from './text.js';

/** How a program that runs another one is called. */
interface Wrapper {
  /** Flags that take the next word as their value. */
  readonly values?: readonly string[];
  /** Words between the flags and the program: `10` of `timeout 10 npm ci`. */
  readonly operands?: number;
  /** `A=1` words may stand before the program. */
  readonly assignments?: boolean;
  /** Flags with which it runs nothing: `command -v npm`. */
  readonly not?: readonly string[];
  /** Flags with which it may run the program more than once or never. */
  readonly repeats?: RegExp;
  /** The only programs that make it a wrapper. */
  readonly only?: ReadonlySet<string>;
}

const PLAIN: Wrapper = {};
const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  [
    'sudo',
    {
      values: ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '-T', '-U', '-D', '-R', '--user', '--group', '--host'],
      assignments: true,
      not: ['-l', '-v', '-e', '-k', '-K', '--list', '--validate', '--edit'],
    },
  ],
  ['doas', { values: ['-u', '-C', '-a'] }],
  ['env', { values: ['-u', '--unset', '-C', '--chdir'], assignments: true, not: ['-S', '--split-string'] }],
  ['time', { values: ['-f', '-o', '--format', '--output'] }],
  ['exec', { values: ['-a'] }],
  ['command', { not: ['-v', '-V'] }],
  ['builtin', PLAIN],
  ['nice', { values: ['-n', '--adjustment'] }],
  ['ionice', { values: ['-c', '-n', '--class', '--classdata'], not: ['-p', '--pid'] }],
  ['chrt', { operands: 1, not: ['-p', '-m'] }],
  ['taskset', { operands: 1, not: ['-p'] }],
  ['timeout', { values: ['-s', '-k', '--signal', '--kill-after'], operands: 1 }],
  ['nohup', PLAIN],
  ['setsid', PLAIN],
  ['stdbuf', { values: ['-i', '-o', '-e', '--input', '--output', '--error'] }],
  ['unbuffer', PLAIN],
  ['chronic', PLAIN],
  ['eatmydata', PLAIN],
  ['fakeroot', { values: ['-l', '-s', '-i', '-b', '--lib', '--faked'] }],
  ['linux32', PLAIN],
  ['linux64', PLAIN],
  ['setarch', { operands: 1 }],
  ['flock', { values: ['-w', '-E', '--timeout', '--wait'], operands: 1, not: ['-c', '--command'] }],
  ['xvfb-run', { values: ['-e', '-f', '-n', '-p', '-s', '--error-file', '--server-num', '--server-args'] }],
  ['dbus-run-session', { values: ['--config-file'] }],
  ['gosu', { operands: 1, not: ['--version', '-v'] }],
  ['su-exec', { operands: 1 }],
  ['s6-setuidgid', { operands: 1 }],
  ['setpriv', { values: ['--reuid', '--regid', '--groups', '--inh-caps', '--bounding-set', '--ambient-caps'] }],
  ['runuser', { values: ['-u', '--user', '-g', '-G', '-s'], not: ['-l', '-c', '-', '--login', '--command'] }],
  ['busybox', { not: ['--install', '--list', '--help'] }],
  ['tini', { values: ['-p', '-e'] }],
  ['tini-static', { values: ['-p', '-e'] }],
  ['catatonit', PLAIN],
  ['dumb-init', { values: ['-r', '--rewrite'] }],
  ['corepack', { only: new Set(['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg']) }],
  [
    'xargs',
    {
      values: [
        '-n',
        '-L',
        '-P',
        '-I',
        '-d',
        '-a',
        '-E',
        '-s',
        '--max-args',
        '--max-procs',
        '--arg-file',
        '--delimiter',
      ],
      repeats: /^(?:-[a-zA-Z0-9]*[nLIir].*|--(?:max-args|max-lines|replace|no-run-if-empty).*)$/,
    },
  ],
]);

/** The words of a simple command with the programs that only run another one taken off. */
export interface Unwrapped {
  /** Index of the program's word. */
  readonly program: number;
  /** Base names, outermost first. */
  readonly wrappers: readonly string[];
  readonly assignments: readonly Assignment[];
  /** False behind an `xargs` that may run the program several times or never. */
  readonly once: boolean;
}

/** Looks through `sudo -E`, `env A=1`, `timeout 10` and their like. Stops where it is not sure, so the wrapper stays the program. */
export function unwrap(words: readonly ShellWord[]): Unwrapped {
  const first = programName(words[0]);
  return first !== undefined && WRAPPERS.has(first) ? unwrapAll(words) : BARE;
}

const BARE: Unwrapped = { program: 0, wrappers: [], assignments: [], once: true };

function unwrapAll(words: readonly ShellWord[]): Unwrapped {
  const wrappers: string[] = [];
  const assignments: Assignment[] = [];
  let program = 0;
  let once = true;
  for (;;) {
    const name = programName(words[program]);
    const wrapper = name === undefined ? undefined : WRAPPERS.get(name);
    if (name === undefined || wrapper === undefined) break;
    const inner = programBehind(words, program + 1, wrapper);
    if (inner === undefined) break;
    wrappers.push(name);
    assignments.push(...inner.assignments);
    once = once && inner.once;
    program = inner.program;
  }
  return { program, wrappers, assignments, once };
}

/** Base name of a program word, undefined where an expansion decides. */
export function programName(word: ShellWord | undefined): string | undefined {
  return word?.value === undefined ? undefined : baseName(word.value);
}

function programBehind(words: readonly ShellWord[], from: number, wrapper: Wrapper): Unwrapped | undefined {
  let at = from;
  let once = true;
  for (; at < words.length; at++) {
    const flag = words[at]?.value;
    if (flag === '--') {
      at++;
      break;
    }
    if (flag === undefined || !flag.startsWith('-')) break;
    if (wrapper.not?.includes(flag)) return undefined;
    if (wrapper.repeats?.test(flag)) once = false;
    if (wrapper.values?.includes(flag)) at++;
  }
  at += wrapper.operands ?? 0;
  const assignments: Assignment[] = [];
  for (; wrapper.assignments && at < words.length; at++) {
    const assignment = assignmentOf(words[at]);
    if (assignment === undefined) break;
    assignments.push(assignment);
  }
  const program = words[at];
  if (program === undefined) return undefined;
  if (wrapper.only && !wrapper.only.has(program.value ?? '')) return undefined;
  return { program: at, wrappers: [], assignments, once };
}

function assignmentOf(word: ShellWord | undefined): Assignment | undefined {
  if (word === undefined) return undefined;
  const match = /^["']?([A-Za-z_]\w*)=/.exec(word.text);
  const name = match?.[1];
  if (name === undefined) return undefined;
  return { name, value: word.value?.slice(name.length + 1), span: span(word.span.start, word.span.end) };
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'mksh', 'zsh']);

export function isShell(name: string | undefined): boolean {
  return name !== undefined && SHELLS.has(name);
}

/** What the options of a shell say about the script it runs. */
export interface ShellCall {
  /** Index of the argument that is the script (`sh -c SCRIPT`); undefined where there is none. */
  readonly script: number | undefined;
  /** It reads its script from standard input: `bash <<EOF`. */
  readonly readsInput: boolean;
  /** `-e`: the first failing command ends it. */
  readonly failsFast: boolean;
}

/** Reads the options of `sh`, `bash` and their like; `su` and `runuser` take the script as the value of `-c`. */
export function readShellCall(name: string, args: readonly ShellWord[]): ShellCall | undefined {
  if (name === 'su' || name === 'runuser') return readUserSwitch(args);
  if (!isShell(name)) return undefined;
  let command = false;
  let failsFast = false;
  let input = true;
  let at = 0;
  for (; at < args.length; at++) {
    const flag = args[at]?.value;
    if (flag === undefined || !/^[-+]./.test(flag)) break;
    if (flag === '--') {
      at++;
      break;
    }
    if (/^(?:--rcfile|--init-file)$/.test(flag)) at++;
    if (flag.startsWith('--')) continue;
    if (/^-[a-zA-Z]*c/.test(flag)) command = true;
    if (/^-[a-zA-Z]*e/.test(flag)) failsFast = true;
    if (/^[-+][a-zA-Z]*[oO]$/.test(flag)) {
      if (flag.startsWith('-') && args[at + 1]?.value === 'errexit') failsFast = true;
      at++;
    } else if (/^-[a-zA-Z]*s/.test(flag)) break;
  }
  if (args[at] !== undefined && !/^-s?$/.test(args[at]?.value ?? '')) input = false;
  return { script: command && at < args.length ? at : undefined, readsInput: !command && input, failsFast };
}

function readUserSwitch(args: readonly ShellWord[]): ShellCall | undefined {
  for (let at = 0; at < args.length; at++) {
    const flag = args[at]?.value;
    if (flag === '-c' || flag === '--command' || flag === '-lc') {
      return { script: at + 1 < args.length ? at + 1 : undefined, readsInput: false, failsFast: false };
    }
    if (/^-[sgGwu]$/.test(flag ?? '')) at++;
  }
  return undefined;
}
