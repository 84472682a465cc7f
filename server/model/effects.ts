import { pathPrograms, setupCommands, wordPrograms } from '../knowledge/bystanders.js';
import type { ShellCommand, ShellWord } from '../syntax/shell.js';
import { callOf } from './installs.js';
import { joinPath } from './path.js';
import { makesEnvironment } from './virtual-environment.js';

/** Whether an absolute path of the image is one of certain files, a folder above them or below one of theirs. */
export type Touches = (path: string) => boolean;

/** Resolves the variables of a word that the Dockerfile sets; undefined where something else decides. */
export type Resolve = (word: ShellWord) => string | undefined;

/**
 * True where a command surely neither reads nor changes the files, so that they may as well come after it. It may read them where
 * it is not known or names one of them. `folder` is its working folder.
 */
export function leavesAlone(
  command: ShellCommand,
  folder: string | undefined,
  touches: Touches,
  resolve: Resolve,
): boolean {
  const { name, args } = command;
  if (name === undefined) return false;
  const touched = (word: ShellWord) => names({ ...word, value: word.value ?? resolve(word) }, folder, touches);
  if (command.redirects.some(({ target }) => target && touched(target))) return false;
  if (looksAround(command) && (folder === undefined || touches(folder))) return false;
  if (/^(?:echo|printf|set)$/.test(name) && isKept(command) && args.some((word) => hasWildcard(word) && touched(word)))
    return false;
  if (name === 'test' || name === '[') return !args.some((word, at) => isFileTest(args[at - 1]) && touched(word));
  if (/^(?:apt-key|debconf-set-selections|pecl|localedef)$/.test(name))
    return !args.filter(({ value }) => value?.includes('.')).some(touched);
  if (name === '' || wordPrograms.has(name) || installsApart(command, touched)) return true;
  // A folder that is there already stays as it is, and one that is not gets its files later.
  if (name === 'mkdir')
    return (
      (!args.some(({ text }) => /^(?:-m|--mode)/.test(text)) && args.some(({ text }) => text === '-p')) ||
      !args.some(touched)
    );
  if (makesEnvironment(command)) return true;
  if (isSetup(command)) return !args.filter(({ text }) => /^[./~]/.test(text)).some(touched);
  if (!pathPrograms.has(name)) return false;
  return !pathsOf(name, args).some(touched);
}

/** Lists the working folder, which it need not name. */
function looksAround(command: ShellCommand): boolean {
  const { name, args } = command;
  const words = args.map(({ text }) => text);
  if (name === 'find') return words[0] === undefined || /^[-(!\\]/.test(words[0]);
  return name === 'ls' && isKept(command) && words.every((text) => text.startsWith('-'));
}

/** What the command says is not only shown: it goes to a file or another command, or is kept by the shell. */
function isKept({ name, piped, depth, redirects }: ShellCommand): boolean {
  const isFile = (target: ShellWord | undefined) =>
    target !== undefined && !/^(?:\d|\/dev\/.*)$/.test(target.value ?? '');
  return name === 'set' || piped || depth > 0 || redirects.some(({ target }) => isFile(target));
}

function hasWildcard({ text }: ShellWord): boolean {
  return /[*?]/.test(text.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, ''));
}

/** Words that may be paths: not the script of sed; of downloads neither variables nor addresses, but the name that one ends in. */
function pathsOf(name: string, args: readonly ShellWord[]): readonly ShellWord[] {
  if (name === 'curl' || name === 'wget')
    return args.flatMap((word) => {
      const { value = ':' } = word;
      const file = /^https?:\/\/[^?#]*\/([\w.-]+)(?:[?#].*)?$/i.exec(value)?.[1] ?? value.replace(/^@/, '');
      return /[:\s]/.test(file) ? [] : [{ ...word, value: file }];
    });
  if (name !== 'sed' || args.some(({ text }) => /^(?:-f|--file)/.test(text))) return args;
  const script = args.find(({ text }) => !text.startsWith('-'));
  return args.filter((word) => word !== script && !/^-e/.test(word.text));
}

function isFileTest(operator: ShellWord | undefined): boolean {
  return /^-(?:[a-hkprsuwxLOGSN]|nt|ot|ef)$/.test(operator?.value ?? '');
}

/** Installs named packages somewhere outside the project. */
function installsApart(command: ShellCommand, touched: (word: ShellWord) => boolean): boolean {
  const call = callOf(command);
  if (!call || (call.shape.kind !== 'packages' && call.shape.kind !== 'index')) return false;
  if (call.rest.some((word) => /^(?:\.|\/|~|file:)|\.(?:whl|tgz|deb|rpm|apk|gem)$/.test(word.value ?? word.text)))
    return false;
  if (call.options.some(({ name, word, value }) => namesFile(name, value) && touched({ ...word, value }))) return false;
  if (call.manager.manifests.length === 0) return true;
  const whole = [command.name, ...command.args.map((word) => word.text)].join(' ');
  const global = call.options.some(({ name }) => name === '-g' || name === '--global');
  return (
    global ||
    /^(?:uv (?:pip|tool)|go install \S+@|cargo (?:b?install)|mix local|mix archive|yarn global|flutter|dart pub global)/.test(
      whole,
    )
  );
}

/** `--find-links wheels`, `--constraint=config/versions.txt` */
function namesFile(option: string, value: string | undefined): boolean {
  if (value === undefined || value.startsWith('$')) return false;
  return /\/|\.\w*[a-z]\w*$/i.test(value) || /^(?:-f|--find-links)$/.test(option);
}

function isSetup(command: ShellCommand): boolean {
  const pattern = command.name === undefined ? undefined : setupCommands.get(command.name);
  return pattern?.test(command.args.map((word) => word.value ?? word.text).join(' ')) ?? false;
}

/** A word may name one of the files: as a path, or because an expansion or a wildcard decides. */
function names(word: ShellWord, folder: string | undefined, touches: Touches): boolean {
  const text = word.value ?? word.text.replace(/["']/g, '');
  const path = text.replace(/^--?[\w-]+=/, '');
  if (/^-/.test(path) || /^[a-z][a-z+.-]*:\/\//i.test(path)) return false;
  const plain = path.split(/[*?$`{[]/, 1)[0] ?? '';
  if (plain !== path && plain === '') return !/^\$\{?HOME\b|^\$\{?TMPDIR\b/.test(path);
  if (path === '' || path.startsWith('~')) return false;
  if (!plain.startsWith('/') && folder === undefined) return true;
  const at = joinPath(folder ?? '/', plain === path ? path : plain.slice(0, plain.lastIndexOf('/') + 1) || '.');
  return touches(at);
}
