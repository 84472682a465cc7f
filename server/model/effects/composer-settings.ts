import type { ShellCommand, ShellWord } from '../../syntax/shell.js';
import { member, parseJson } from '../manifests/reading.js';
import { tree } from './area.js';
import { type Kept, keptNothing, placeOf, type Setting } from './setting.js';

/** `composer config --global KEY VALUE…` (https://getcomposer.org/doc/03-cli.md#config). */
export function settingsOfComposer(
  { name, args }: ShellCommand,
  resolve: (word: ShellWord) => string | undefined,
): readonly Setting[] {
  if (name !== 'composer') return [];
  const [first, key, ...values] = args.filter(({ text }) => !text.startsWith('-'));
  const isOther = args.some(({ text }) => /^(?:-l|--list|--unset|--auth|-a|-e|--editor|-f|--file(?:=.*)?)$/.test(text));
  if (first?.text !== 'config' || isOther) return [];
  const by = '`composer config`';
  if (!key || values.length === 0) return [];
  const texts = values.map(resolve);
  return [{ of: 'composer', by, key: resolve(key), value: texts.includes(undefined) ? undefined : texts.join(' ') }];
}

/** Settings of `config.json` in the home of Composer. */
export function settingsInComposerFile(text: string): readonly Setting[] {
  const parsed = parseJson(text);
  const by = 'config.json';
  if (typeof parsed !== 'object' || parsed === null) return [{ of: 'composer', by, key: undefined, value: undefined }];
  const entries = (name: string) => Object.entries(member(parsed, name) ?? {});
  const plain = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return [
    ...entries('config').map(([key, value]) => ({ of: 'composer', by, key, value: plain(value) }) as const),
    ...entries('repositories').map(
      ([key, value]) => ({ of: 'composer', by, key: `repositories.${key}`, value: plain(value) }) as const,
    ),
  ];
}

/** What changes neither where packages come from nor where they go to (https://getcomposer.org/doc/06-config.md). */
const harmless =
  /^(?:process-timeout|preferred-install(?:\..*)?|source-fallback|audit(?:\..*)?|use-parent-dir|store-auths|github-(?:protocols|oauth|domains|expose-hostname)(?:\..*)?|gitlab-(?:oauth|token|domains|protocol)(?:\..*)?|bitbucket-oauth(?:\..*)?|forgejo-.*|http-basic(?:\..*)?|bearer(?:\..*)?|disable-tls|secure-http|use-github-api|notify-on-install|discard-changes|htaccess-protect|sort-packages|optimize-autoloader|prepend-autoloader|classmap-authoritative|apcu-autoloader|platform-check|cache-(?:ttl|files-ttl|files-maxsize|read-only)|allow-missing-requirements|bump-after-update)$/;

/** What a setting of Composer makes an install read and write; undefined where that may be anything. */
export function keptByComposer(key: string, value: string | undefined, home: string | undefined): Kept | undefined {
  if (harmless.test(key)) return keptNothing;
  if (/^repo(?:s|sitories)?\./.test(key)) {
    const isOff = value === 'false';
    const isOfNetwork = /^(?:(?:composer|vcs|git|github|pear)\s+)?https?:\/\/\S+$/.test(value ?? '');
    const url = member(parseJson(value), 'url');
    return isOff || isOfNetwork || (typeof url === 'string' && /^https?:/.test(url)) ? keptNothing : undefined;
  }
  const place = placeOf(value, home);
  const isFolder = /^(?:cache-(?:dir|files-dir|repo-dir|vcs-dir)|data-dir)$/.test(key);
  return isFolder && place !== undefined ? { reads: [], writes: [tree(place)] } : undefined;
}
