import type { ShellCommand, ShellWord } from '../../syntax/shell.js';
import { entry, tree } from './area.js';
import { type Kept, keptNothing, placeOf, type Setting } from './setting.js';

/** `pip config set`, of pip by any of its names (https://pip.pypa.io/en/stable/cli/pip_config/). */
export function settingsOfPip(
  { name = '', args }: ShellCommand,
  resolve: (word: ShellWord) => string | undefined,
): readonly Setting[] {
  const isModule = /^python[\d.]*$/.test(name);
  if (isModule && (args[0]?.text !== '-m' || args[1]?.text !== 'pip')) return [];
  if (!isModule && !/^pip[\d.]*$/.test(name)) return [];
  const words = args.slice(isModule ? 2 : 0).filter(({ text }) => !text.startsWith('-'));
  const [first, second, key, value] = words;
  if (first?.text !== 'config') return [];
  const by = '`pip config`';
  if (second?.text !== 'set' || !key) return [];
  return [{ of: 'pip', by, key: resolve(key)?.replace(/^[^.]*\./, ''), value: value && resolve(value) }];
}

/** Settings of all sections of `pip.conf` (https://pip.pypa.io/en/stable/topics/configuration/). */
export function settingsInPipFile(text: string): readonly Setting[] {
  const found: { key: string; value: string }[] = [];
  for (const line of text.split('\n')) {
    const [, key, value = ''] = /^([A-Za-z][\w-]*)[ \t]*[=:](.*)$/.exec(line.replace(/\r$/, '')) ?? [];
    const last = found.at(-1);
    if (key !== undefined) found.push({ key, value: value.trim() });
    // What is indented goes on with the value before it.
    else if (last && /^[ \t]+[^\s#;]/.test(line)) last.value = `${last.value} ${line.trim()}`.trim();
  }
  return found.map((one) => ({ of: 'pip', by: 'pip.conf', ...one }));
}

/** What changes neither where packages come from nor where they go to. */
const harmless =
  /^(?:trusted-host|(?:default-)?timeout|retries|no-cache-dir|disable-pip-version-check|root-user-action|break-system-packages|no-color|no-input|progress-bar|prefer-binary|quiet|verbose|no-warn-script-location|no-python-version-warning|proxy|only-binary|no-binary|pre|use-pep517|keyring-provider|no-compile|compile|require-hashes|require-virtualenv|ignore-requires-python|use-feature|use-deprecated|no-deps|format|resume-retries)$/;

/** What a setting of pip makes an install read and write; undefined where that may be anything. */
export function keptByPip(key: string, value: string | undefined, home: string | undefined): Kept | undefined {
  const name = key.replaceAll('_', '-').toLowerCase();
  if (harmless.test(name)) return keptNothing;
  const isOfNetwork = (value ?? '').split(/\s+/).every((one) => /^(?:https?:\/\/|$)/.test(one));
  if (/^(?:index-url|extra-index-url)$/.test(name)) return value === undefined || isOfNetwork ? keptNothing : undefined;
  if (value === undefined) return undefined;
  if (name === 'no-index' || name === 'user') return /^(?:false|no|off|0)$/i.test(value) ? keptNothing : undefined;
  const place = placeOf(value, home);
  if (name === 'find-links' && isOfNetwork) return keptNothing;
  if (place === undefined || /\s/.test(place)) return undefined;
  if (name === 'cache-dir') return { reads: [], writes: [tree(place)] };
  if (name === 'cert' || name === 'client-cert') return { reads: [entry(place)], writes: [] };
  return name === 'find-links' ? { reads: [tree(place)], writes: [] } : undefined;
}
