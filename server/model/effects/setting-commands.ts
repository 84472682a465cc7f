import type { ShellCommand, ShellWord } from '../../syntax/shell.js';
import { settingsOfComposer } from './composer-settings.js';
import { settingsOfNuget } from './nuget-settings.js';
import { settingsOfPip } from './pip-settings.js';
import type { Setting } from './setting.js';

/** Programs that set what a manager heeds. */
const heeded: ReadonlyMap<string, readonly string[]> = new Map([
  ['npm', ['npm']],
  ['pnpm', ['npm', 'pnpm']],
  ['yarn', ['npm', 'yarn']],
  ['bun', ['npm']],
  ['bundler', ['bundle', 'bundler']],
  ['poetry', ['poetry']],
  ['conda', ['conda', 'mamba', 'micromamba']],
]);

/** Managers that use pip, or are pip. */
const usingPip = /^(?:pip|pip-tools|pipenv|conda)$/;

/** What a command sets that the manager heeds. */
export function settingsOf(
  manager: string,
  command: ShellCommand,
  resolve: (word: ShellWord) => string | undefined,
): readonly Setting[] {
  if (manager === 'composer') return settingsOfComposer(command, resolve);
  if (manager === 'dotnet') return settingsOfNuget(command, resolve);
  const ofPip = usingPip.test(manager) ? settingsOfPip(command, resolve) : [];
  return heeded.get(manager)?.includes(command.name ?? '') ? [...ofPip, ...settingsSet(command, resolve)] : ofPip;
}

/** Options of the programs whose value is the next word. */
const taking = /^(?:-L|--location|--registry|--loglevel|-C|--prefix|--dir|--cwd)$/;

/** What `npm config set`, `yarn config set`, `bundle config` and the like set. */
function settingsSet(command: ShellCommand, resolve: (word: ShellWord) => string | undefined): readonly Setting[] {
  const { name = '', args } = command;
  const words = args.filter(
    ({ text }, index) => !(text.startsWith('-') || taking.test(args[index - 1]?.text ?? '')) || index === 0,
  );
  const [first, second] = words.map(({ text }) => text);
  if (name === 'yarn' && first === 'set' && second === 'version')
    return [{ of: 'yarn', by: '`yarn set version`', key: undefined, value: undefined }];
  const by = `\`${name === 'bundler' ? 'bundle' : name} config\``;
  if (name.startsWith('bundle')) {
    if (first !== 'config' || /^(?:get|list|unset)$/.test(second ?? '')) return [];
    const [key, ...values] = words.slice(second === 'set' ? 2 : 1);
    // Values that look like options are dropped with them: `build.x --with-y`.
    const value = values.some((word) => resolve(word) === undefined) ? undefined : values.map(resolve).join(' ');
    return key && (values.length > 0 || second === 'set') ? [{ of: 'bundler', by, key: resolve(key), value }] : [];
  }
  if (/^(?:conda|mamba|micromamba)$/.test(name)) return first === 'config' ? settingsOfConda(args, resolve) : [];
  if (name === 'poetry') {
    const [key, value] = words.slice(1);
    return first === 'config' && key && value ? [{ of: 'poetry', by, key: resolve(key), value: resolve(value) }] : [];
  }
  const isSet = first === 'set' || (/^(?:config|c)$/.test(first ?? '') && second === 'set');
  if (!isSet) return [];
  const of = name === 'pnpm' || name === 'yarn' ? name : 'npm';
  return pairsIn(words.slice(first === 'set' ? 1 : 2), { of, by }, resolve);
}

/** `conda config --add KEY VALUE` and the like; micromamba says `conda config append KEY VALUE`. */
function settingsOfConda(
  args: readonly ShellWord[],
  resolve: (word: ShellWord) => string | undefined,
): readonly Setting[] {
  return args.flatMap(({ text }, index) => {
    const [key, value] = args.slice(index + 1);
    if (!/^(?:--)?(?:add|set|append|prepend)$/.test(text) || !key || !value) return [];
    return [{ of: 'conda', by: '`conda config`', key: resolve(key), value: resolve(value) }];
  });
}

/** `KEY VALUE` and `KEY=VALUE`, as npm takes them. */
function pairsIn(
  words: readonly ShellWord[],
  setter: Pick<Setting, 'of' | 'by'>,
  resolve: (word: ShellWord) => string | undefined,
): readonly Setting[] {
  const found: Setting[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word) break;
    const text = resolve(word) ?? word.text.replace(/^["']/, '');
    const equals = text.indexOf('=');
    const key = equals === -1 ? text : text.slice(0, equals);
    const next = equals === -1 ? words[++at] : undefined;
    const whole = resolve(word) === undefined ? undefined : text.slice(equals + 1);
    found.push({ ...setter, key: keyOf(key), value: next ? resolve(next) : equals === -1 ? '' : whole });
  }
  return found;
}

/** Of a registry that only a variable names it is known all the same what is set. */
function keyOf(text: string): string | undefined {
  if (!/[$`]/.test(text)) return text;
  return /^\/\/[^=]*:(?:_authToken|_auth|_password|username|email|always-auth)$/.exec(text)?.[0];
}
