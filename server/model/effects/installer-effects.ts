import { installerScripts } from '../../knowledge/installer-scripts.js';
import type { Redirect, ShellCommand } from '../../syntax/shell.js';
import { joinPath } from '../path.js';
import { tree } from './area.js';
import { type CommandEffects, type CommandSetting, nothing } from './command-effects.js';
import { modulesBefore } from './own-modules.js';

/**
 * What `curl -fsSL https://deb.nodesource.com/setup_22.x | bash -` does, of its second command; undefined where the script is not
 * known, or may write into the working folder.
 */
export function installerEffects(
  feeder: ShellCommand,
  { name = '', args, wrappers, redirects }: ShellCommand,
  { folder, home, resolve }: CommandSetting,
): CommandEffects | undefined {
  const urls = fetchedBy(feeder, resolve);
  if (!urls) return undefined;
  const [url] = urls;
  const found = installerScripts.find((one) => one.by.test(name) && url !== undefined && one.url.test(url));
  if (!found || urls.length !== 1 || wrappers.some((wrapper) => wrapper !== 'sudo' && wrapper !== 'env'))
    return undefined;
  // Another input would be another script, and what it says may go to a file of the project.
  const isQuiet = ({ operator, target }: Redirect) =>
    !operator.includes('<') &&
    (target === undefined || /^(?:\/dev\/(?:null|stderr|stdout)|\d|-)$/.test(target.value ?? '?'));
  if (!redirects.every(isQuiet)) return undefined;
  const texts = args.map((word) => resolve(word));
  if (texts.includes(undefined) || (found.home.length > 0 && home === undefined)) return undefined;
  // The first word that is no option would be a script of its own, but behind `-s` and `--`.
  const first = texts.findIndex((text) => text === '-s' || text === '--' || !text?.startsWith('-'));
  const isEnd = texts[first] === '-s' || (texts[first] === '--' && !/sh$/.test(name));
  if (first !== -1 && !isEnd) return undefined;
  if (found.needs && !texts.some((text) => found.needs?.test(text ?? ''))) return undefined;
  const writes = found.home.map((one) => tree(joinPath(home ?? '/', one)));
  const looksFor = name.startsWith('python') ? modulesBefore(folder) : [];
  return { ...nothing, reads: writes, writes, looksFor, system: true, network: true, variables: 'any' };
}

/** Addresses that curl or wget fetches; undefined where it is another command. */
export function fetchedBy(
  { name, args }: Pick<ShellCommand, 'name' | 'args'>,
  resolve: CommandSetting['resolve'],
): readonly string[] | undefined {
  if (name !== 'curl' && name !== 'wget') return undefined;
  return args.flatMap((word) => {
    const text = resolve(word)?.replace(/^[\w-]+=/, '') ?? '?';
    return /:\/\/|\?/.test(text) ? [text] : [];
  });
}
