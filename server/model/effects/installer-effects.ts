import { installerScripts } from '../../knowledge/installer-scripts.js';
import type { ShellCommand } from '../../syntax/shell.js';
import { joinPath } from '../path.js';
import { tree } from './area.js';
import { type CommandEffects, type CommandSetting, nothing } from './command-effects.js';

/**
 * What `curl -fsSL https://deb.nodesource.com/setup_22.x | bash -` does, of its second command; undefined where the script is not
 * known, or may write into the working folder.
 */
export function installerEffects(
  feeder: ShellCommand,
  { name = '', args, wrappers }: ShellCommand,
  { home, resolve }: CommandSetting,
): CommandEffects | undefined {
  if (feeder.name !== 'curl' && feeder.name !== 'wget') return undefined;
  const urls = feeder.args.flatMap((word) => {
    const text = resolve(word)?.replace(/^[\w-]+=/, '') ?? '?';
    return /:\/\/|\?/.test(text) ? [text] : [];
  });
  const [url] = urls;
  const found = installerScripts.find((one) => one.by.test(name) && url !== undefined && one.url.test(url));
  if (!found || urls.length !== 1 || wrappers.some((wrapper) => wrapper !== 'sudo' && wrapper !== 'env'))
    return undefined;
  const texts = args.map((word) => resolve(word));
  if (texts.includes(undefined) || (found.home.length > 0 && home === undefined)) return undefined;
  // The first word that is no option would be a script of its own, but behind `-s` and `--`.
  const first = texts.findIndex((text) => text === '-s' || text === '--' || !text?.startsWith('-'));
  if (first !== -1 && !/^-(?:s|-)$/.test(texts[first] ?? '')) return undefined;
  if (found.needs && !texts.some((text) => found.needs?.test(text ?? ''))) return undefined;
  const writes = found.home.map((one) => tree(joinPath(home ?? '/', one)));
  return { ...nothing, reads: writes, writes, system: true, network: true, variables: 'any' };
}
