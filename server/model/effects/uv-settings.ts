import { isTable, parseToml, tablesIn } from '../../syntax/toml.js';
import { tree } from './area.js';
import { type Kept, keptNothing, placeOf, type Setting } from './setting.js';

/** Settings of a `uv.toml` that is not the project's own (https://docs.astral.sh/uv/concepts/configuration-files/). */
export function settingsInUvFile(text: string): readonly Setting[] {
  const by = 'uv.toml';
  const parsed = parseToml(text);
  if (!parsed) return [{ of: 'uv', by, key: undefined, value: undefined }];
  const tables = [parsed, ...(isTable(parsed.pip) ? [parsed.pip] : [])];
  return [
    ...tables.flatMap((table) =>
      Object.entries(table).flatMap(([key, value]): Setting[] =>
        key === 'pip' || key === 'index' ? [] : [{ of: 'uv', by, key, value: [value].flat().map(String).join(' ') }],
      ),
    ),
    ...tablesIn(parsed.index).map(({ url }): Setting => ({ of: 'uv', by, key: 'index-url', value: String(url) })),
  ];
}

/** What changes neither where packages come from nor where they go to (https://docs.astral.sh/uv/reference/settings/). */
const harmless =
  /^(?:link-mode|python-(?:preference|downloads|install-mirror)|pypy-install-mirror|compile-bytecode|concurrent-\w+|native-tls|system-certs|no-cache|keyring-provider|allow-insecure-host|required-version|preview|index-strategy|prerelease|resolution|exclude-newer|fork-strategy|no-binary|no-binary-package|no-build|no-build-package|http-proxy|https-proxy|no-proxy)$/;

/** What a setting of uv makes an install read and write; undefined where that may be anything. */
export function keptByUv(key: string, value: string | undefined, home: string | undefined): Kept | undefined {
  if (harmless.test(key)) return keptNothing;
  const isOfNetwork = (value ?? '').split(' ').every((one) => /^https?:\/\//.test(one));
  if (/^(?:default-index|index-url|extra-index-url|find-links)$/.test(key) && isOfNetwork) return keptNothing;
  const place = placeOf(value, home);
  return key === 'cache-dir' && place !== undefined ? { reads: [], writes: [tree(place)] } : undefined;
}
